package blobtest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
)

const racing = 32

// race calls f in many goroutines at once.
func race(f func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range racing {
		wg.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	wg.Wait()
}

// racers put different bytes under one key: one wins, and all see its bytes.
func racers(t *testing.T, s blob.Store) {
	for round := range 3 {
		key := name(round)
		var winner atomic.Int64
		winner.Store(-1)
		race(func(i int) {
			err := s.Put(t.Context(), key, blob.Bytes(noise(uint64(i), 20_000)))
			switch {
			case err == nil:
				if !winner.CompareAndSwap(-1, int64(i)) {
					t.Errorf("round %d: %d and %d both put other bytes under one key", round, i, winner.Load())
				}
			case !errors.Is(err, blob.ErrConflict):
				t.Errorf("round %d, putter %d: %v", round, i, err)
			}
			// Whoever lost can read what won.
			if b, err := read(t.Context(), s, key, 0, -1); err != nil || len(b) != 20_000 {
				t.Errorf("round %d, putter %d reads %d bytes, error %v", round, i, len(b), err)
			}
		})
		if winner.Load() < 0 {
			t.Fatalf("round %d: nobody won", round)
		}
		wantBytes(t, s, key, noise(uint64(winner.Load()), 20_000))
	}
	wantKeys(t, s, "", name(0), name(1), name(2))
}

// equalRacers put the same bytes under one key while others read: all succeed,
// and no reader sees a part.
func equalRacers(t *testing.T, s blob.Store) {
	b := noise(7, 200_000)
	race(func(i int) {
		if i%2 == 0 {
			if err := s.Put(t.Context(), "a/b/c", blob.Bytes(b)); err != nil {
				t.Errorf("putter %d: %v", i, err)
			}
			return
		}
		for range 20 {
			got, err := read(t.Context(), s, "a/b/c", 0, -1)
			if errors.Is(err, blob.ErrNotExist) {
				continue
			}
			if err != nil || !bytes.Equal(got, b) {
				t.Errorf("reader %d: %d bytes, error %v", i, len(got), err)
			}
		}
	})
	wantBytes(t, s, "a/b/c", b)
	wantKeys(t, s, "", "a/b/c")
}

func cancelled(t *testing.T, s blob.Store) {
	put(t, s, "there", noise(8, 300_000))
	ctx, cancel := context.WithCancel(t.Context())
	r, err := s.Open(ctx, "there", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cancel()
	for range 1000 { // what is buffered may still come
		if _, err = r.Read(make([]byte, 1024)); err != nil {
			break
		}
	}
	wantError(t, "read after cancel", err, context.Canceled)

	wantError(t, "put", s.Put(ctx, "new", blob.Bytes([]byte("x"))), context.Canceled)
	_, err = s.Open(ctx, "there", 0, -1)
	wantError(t, "open", err, context.Canceled)
	_, err = s.Stat(ctx, "there")
	wantError(t, "stat", err, context.Canceled)
	for _, err = range s.List(ctx, "") {
	}
	wantError(t, "list", err, context.Canceled)
	wantKeys(t, s, "", "there")
}
