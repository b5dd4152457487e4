package catalog

import (
	"context"
	"errors"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Bounds of one transaction of a Batcher. Half of what a capture costs is
// writing the pages that it touches in the indexes, and captures of one
// transaction share them.
const (
	batchCount = 512
	batchDelay = 250 * time.Millisecond
)

// ErrClosed is the error of a Batcher that is used after Close.
var ErrClosed = errors.New("the catalog's batcher is closed")

// Batcher gathers the captures of many workers into few transactions. It is
// safe for concurrent use.
type Batcher struct {
	add   chan *archive.Capture
	flush chan chan error
	quit  chan struct{} // receives once
	done  chan struct{} // closed when the goroutine has ended
	err   error         // the first error of a transaction; read after done

	failed chan struct{} // closed after err was set
}

// Batch starts a Batcher, which must be closed. Its transactions are not
// stopped when ctx ends: what was kept before an interruption is indexed.
func (c *Catalog) Batch(ctx context.Context) *Batcher {
	b := &Batcher{
		add:    make(chan *archive.Capture),
		flush:  make(chan chan error),
		quit:   make(chan struct{}),
		done:   make(chan struct{}),
		failed: make(chan struct{}),
	}
	go b.run(context.WithoutCancel(ctx), c)
	return b
}

// Add hands a capture over, which must not be changed afterwards. It does not
// wait for the transaction. Once a transaction has failed, Add, Flush and Close
// return its error, and nothing is stored any more: the archive has what the
// catalog misses from there on.
func (b *Batcher) Add(ctx context.Context, capture *archive.Capture) error {
	select {
	case <-b.failed:
		return b.err
	default:
	}
	select {
	case b.add <- capture:
		return nil
	case <-b.done:
		return b.closed()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Flush returns when everything that was added before is committed.
func (b *Batcher) Flush(ctx context.Context) error {
	reply := make(chan error, 1)
	select {
	case b.flush <- reply:
		return <-reply
	case <-b.done:
		return b.closed()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close commits what was added and ends the Batcher. It may be called again.
func (b *Batcher) Close() error {
	select {
	case b.quit <- struct{}{}:
	case <-b.done:
	}
	<-b.done
	return b.err
}

func (b *Batcher) closed() error {
	if b.err != nil {
		return b.err
	}
	return ErrClosed
}

// run gathers captures, also while the transaction before is under way: who
// adds them must not wait for the disk.
func (b *Batcher) run(ctx context.Context, c *Catalog) {
	defer close(b.done)
	timer := time.NewTimer(batchDelay)
	timer.Stop()
	defer timer.Stop()
	var (
		pending, writing []*archive.Capture
		due              bool                  // what is pending has waited long enough
		result           = make(chan error, 1) // of the transaction under way
	)
	ended := func(err error) {
		clear(writing)
		writing = writing[:0]
		if err != nil && b.err == nil {
			b.err = err
			close(b.failed)
		}
	}
	begin := func() {
		if len(pending) == 0 || len(writing) > 0 {
			return
		}
		timer.Stop()
		due = false
		pending, writing = writing, pending
		if b.err != nil {
			ended(nil)
			return
		}
		go func(captures []*archive.Capture) { result <- c.PutCaptures(ctx, captures...) }(writing)
	}
	commit := func() error {
		for len(pending)+len(writing) > 0 {
			begin()
			if len(writing) > 0 {
				ended(<-result)
			}
		}
		return b.err
	}
	for {
		add := b.add
		if len(pending) == batchCount {
			add = nil
		}
		select {
		case capture := <-add:
			pending = append(pending, capture)
			switch len(pending) {
			case 1:
				timer.Reset(batchDelay)
			case batchCount:
				begin()
			}
		case <-timer.C:
			due = true
			begin()
		case err := <-result:
			ended(err)
			if due || len(pending) == batchCount {
				begin()
			}
		case reply := <-b.flush:
			reply <- commit()
		case <-b.quit:
			_ = commit() // kept in b.err
			return
		}
	}
}
