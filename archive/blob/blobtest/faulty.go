package blobtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Op names a method of [blob.Store], [blob.Cells] or [blob.Quarantiner].
type Op string

const (
	OpPut  Op = "put"
	OpOpen Op = "open"
	OpStat Op = "stat"
	OpList Op = "list"
	OpLoad Op = "load"
	OpSwap Op = "swap"

	OpQuarantine Op = "quarantine"
)

// Moment says when an operation fails.
type Moment string

const (
	// Before: nothing has happened yet.
	Before Moment = "before"
	// After: the store has done all of it, and the caller isn't told.
	After Moment = "after"
)

// A Fault makes one call fail.
type Fault struct {
	Op   Op
	N    int // which call of Op since the faults were set, counted from 1; 0 means every one
	When Moment
	// Err is what the call returns; nil means ErrFault.
	Err error
	// Cut makes every later operation fail with ErrCut, as if the program had
	// ended at this moment. The caller goes on, but can't change the store any
	// more; what is stored then is what a crash leaves.
	Cut bool
	// Kill, if set, is called at that moment, while the operation is under
	// way. It needn't return: a test that runs itself in a child process
	// can kill that here.
	Kill func()
}

var (
	// ErrFault is the error of a [Fault] that has no other.
	ErrFault = errors.New("fault injected by the test")
	// ErrCut is the error of all operations after a [Fault] with Cut.
	ErrCut = errors.New("the store was cut off by the test")
)

// Faulty is a [blob.Store] with [blob.Cells] and a [blob.Quarantiner] that passes
// everything to another and fails where it is told to.
type Faulty struct {
	store blob.Store
	watch func(op Op, key string, when Moment) error

	mu     sync.Mutex
	faults []Fault
	calls  map[Op]int
	cut    bool
}

var (
	_ blob.Store = (*Faulty)(nil)
	_ blob.Cells = (*Faulty)(nil)

	_ blob.Quarantiner = (*Faulty)(nil)
)

// NewFaulty wraps a store. What is beyond [blob.Store] fails with
// [errors.ErrUnsupported] when s hasn't got it.
func NewFaulty(s blob.Store, faults ...Fault) *Faulty {
	f := &Faulty{store: s}
	f.Set(faults...)
	return f
}

// Watch has w called before and after every operation, with the key or prefix. It
// may wait, look at the wrapped store, or return an error that the operation then
// fails with. It must be set before the store is used, and stays.
func (f *Faulty) Watch(w func(op Op, key string, when Moment) error) { f.watch = w }

// Set replaces the faults, counts calls from now on, and ends a cut.
func (f *Faulty) Set(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults, f.calls, f.cut = faults, make(map[Op]int), false
}

// Calls returns how often op was called since the last Set. A first run without
// faults tells a test how many there are to go through.
func (f *Faulty) Calls(op Op) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[op]
}

// do runs one operation with its faults around.
func (f *Faulty) do(op Op, key string, run func() error) error {
	f.mu.Lock()
	f.calls[op]++
	n, cut := f.calls[op], f.cut
	f.mu.Unlock()
	if cut {
		return ErrCut
	}
	if err := f.strike(op, key, n, Before); err != nil {
		return err
	}
	err := run()
	if fault := f.strike(op, key, n, After); fault != nil {
		return fault
	}
	return err
}

func (f *Faulty) strike(op Op, key string, n int, when Moment) error {
	if f.watch != nil {
		if err := f.watch(op, key, when); err != nil {
			return err
		}
	}
	f.mu.Lock()
	faults := f.faults
	f.mu.Unlock()
	for _, fault := range faults {
		if fault.Op != op || fault.When != when || fault.N != n && fault.N != 0 {
			continue
		}
		if fault.Kill != nil {
			fault.Kill()
		}
		if fault.Cut {
			f.mu.Lock()
			f.cut = true
			f.mu.Unlock()
		}
		if fault.Err != nil {
			return fault.Err
		}
		return fmt.Errorf("%w: %s call %d of %s", ErrFault, when, n, op)
	}
	return nil
}

// Put implements [blob.Store].
func (f *Faulty) Put(ctx context.Context, key string, o blob.Object) error {
	return f.do(OpPut, key, func() error { return f.store.Put(ctx, key, o) })
}

// Open implements [blob.Store]. A fault after it breaks the first read.
func (f *Faulty) Open(ctx context.Context, key string, off, n int64) (r io.ReadCloser, err error) {
	err = f.do(OpOpen, key, func() (err error) {
		r, err = f.store.Open(ctx, key, off, n)
		return err
	})
	if err != nil && r != nil {
		return &broken{r, err}, nil
	}
	return r, err
}

// broken is a reader that fails.
type broken struct {
	io.Closer
	err error
}

func (b *broken) Read([]byte) (int, error) { return 0, b.err }

// Stat implements [blob.Store].
func (f *Faulty) Stat(ctx context.Context, key string) (info blob.Info, err error) {
	err = f.do(OpStat, key, func() (err error) {
		info, err = f.store.Stat(ctx, key)
		return err
	})
	return info, err
}

// List implements [blob.Store]. A fault after it is yielded behind the first
// object, or at the end when there is none.
func (f *Faulty) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		listed := false
		err := f.do(OpList, prefix, func() error {
			listed = true
			return nil
		})
		if listed {
			for info, err2 := range f.store.List(ctx, prefix) {
				if !yield(info, err2) {
					return
				}
				if err != nil {
					break
				}
			}
		}
		if err != nil {
			yield(blob.Info{}, err)
		}
	}
}

// Quarantine implements [blob.Quarantiner].
func (f *Faulty) Quarantine(ctx context.Context, key string) (to string, err error) {
	err = f.do(OpQuarantine, key, func() error {
		q, ok := f.store.(blob.Quarantiner)
		if !ok {
			return fmt.Errorf("quarantine in a %T: %w", f.store, errors.ErrUnsupported)
		}
		to, err = q.Quarantine(ctx, key)
		return err
	})
	if err != nil {
		return "", err
	}
	return to, nil
}
