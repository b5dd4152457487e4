package dir

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestGroup: whoever waits gets a run that began after the call, and many share
// one.
func TestGroup(t *testing.T) {
	var begun, inside atomic.Int64
	g := group{do: func() error {
		if inside.Add(1) != 1 {
			t.Error("two runs at once")
		}
		begun.Add(1)
		time.Sleep(time.Millisecond)
		inside.Add(-1)
		return nil
	}}
	const callers, calls = 32, 10
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range calls {
				before := begun.Load()
				if err := g.wait(); err != nil {
					t.Error(err)
				}
				if begun.Load() == before {
					t.Error("wait returned, but no run began after the call")
				}
			}
		})
	}
	wg.Wait()
	if n := begun.Load(); n > callers*calls/2 {
		t.Errorf("%d runs for %d calls: they aren't shared", n, callers*calls)
	}
}

func TestGroupError(t *testing.T) {
	boom := errors.New("boom")
	next := boom
	g := group{do: func() error { return next }}
	if err := g.wait(); err != boom {
		t.Errorf("first: %v, want %v", err, boom)
	}
	next = nil
	if err := g.wait(); err != nil {
		t.Errorf("second: %v; an error belongs to its own run", err)
	}
}
