package schedule

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
)

// Bounds of what is entered into the log at once. Each time costs a checkpoint
// and the tiles at the edge of the tree, which stay for good: a run that takes
// long enters what it keeps less often, and a visit counts as done when it is
// entered. What is killed in between is in the archive, and the next run enters it.
const (
	enterCount = 1024
	enterMost  = 16 * enterCount // visits that may wait; then the crawler waits
	enterSoon  = time.Second
	enterLate  = 30 * time.Second
	enterShare = 20 // of the time that the run took so far
)

// An enterer takes visits whose captures are durable, enters them into the log
// and after that into the catalog, and then reports them.
type enterer struct {
	archive *archive.Archive
	batch   *catalog.Batcher
	done    func(crawler.Result)
	began   time.Time

	telling sync.Mutex // done is called one at a time
	mu      sync.Mutex
	room    sync.Cond // waits for pending to be taken
	pending []crawler.Result
	fresh   recent // answers of pending visits
	stale   recent // answers of those entered last: their transaction may be under way
	wake    chan struct{}
	closing chan struct{}
	closed  chan struct{}

	follows int64 // the catalog knows the log up to here; read after close
}

// newEnterer starts an enterer. The catalog knows the log's first entries, as
// many as known says. The context only carries values: what is durable is
// entered even when the run is being interrupted.
func newEnterer(ctx context.Context, a *archive.Archive, batch *catalog.Batcher, known int64, done func(crawler.Result)) *enterer {
	e := &enterer{archive: a, batch: batch, done: done, began: time.Now(), follows: known,
		fresh: recent{}, wake: make(chan struct{}, 1), closing: make(chan struct{}), closed: make(chan struct{})}
	e.room.L = &e.mu
	go e.run(context.WithoutCancel(ctx))
	return e
}

// add takes a visit over. It waits only when very many others wait.
func (e *enterer) add(r crawler.Result) {
	e.mu.Lock()
	for len(e.pending) >= enterMost {
		e.room.Wait()
	}
	e.pending = append(e.pending, r)
	if r.Err == nil {
		e.fresh.add(r.Capture)
	}
	n := len(e.pending)
	e.mu.Unlock()
	if n == 1 || n == enterCount {
		select {
		case e.wake <- struct{}{}:
		default:
		}
	}
}

// close enters what is left and returns when everything is reported.
func (e *enterer) close() {
	close(e.closing)
	<-e.closed
}

func (e *enterer) run(ctx context.Context) {
	defer close(e.closed)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-e.wake:
			if e.waiting() >= enterCount {
				break
			}
			timer.Reset(min(max(enterSoon, time.Since(e.began)/enterShare), enterLate))
			continue
		case <-timer.C:
		case <-e.closing:
			for e.waiting() > 0 {
				e.enter(ctx)
			}
			return
		}
		e.enter(ctx)
		if e.waiting() > 0 {
			timer.Reset(enterSoon)
		}
	}
}

func (e *enterer) waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.pending)
}

// enter enters what waits.
func (e *enterer) enter(ctx context.Context) {
	e.mu.Lock()
	results := e.pending
	e.pending = nil
	e.fresh, e.stale = recent{}, e.fresh
	e.room.Broadcast()
	e.mu.Unlock()
	var entries []*archive.Entry
	for _, r := range results {
		if r.Err == nil {
			entries = append(entries, archive.CaptureEntry(r.Capture))
		}
	}
	first, err := e.archive.Enter(ctx, entries...)
	if err == nil && first == e.follows {
		e.follows += int64(len(entries))
	}
	for i := range results {
		r := &results[i]
		switch {
		case r.Err != nil:
		case err != nil:
			r.Err = fmt.Errorf("%s is kept, but not entered into the log, and does not count until the next run has done so: %w", r.Capture.URL, err)
		default:
			// The visit is kept whatever becomes of its index entry. When a
			// transaction has failed, closing the batch says so again.
			_ = e.batch.Add(ctx, r.Capture)
		}
		e.quietly(func() { e.done(*r) })
	}
}

// quietly calls f while nothing is reported.
func (e *enterer) quietly(f func()) {
	e.telling.Lock()
	defer e.telling.Unlock()
	f()
}
