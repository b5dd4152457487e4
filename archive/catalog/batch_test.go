package catalog

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func count(t *testing.T, c *Catalog) int64 {
	t.Helper()
	s, err := c.Stats(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s.Captures
}

func TestBatcher(t *testing.T) {
	ctx := context.Background()
	c := openTest(t)
	b := c.Batch(ctx)
	if err := b.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	const workers, each = 8, 100 // more than one transaction
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for n := range each {
				if err := b.Add(ctx, sampleCapture(w*each+n, 0)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := b.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(t, c); n != workers*each {
		t.Errorf("%d captures after Flush, want %d", n, workers*each)
	}
	if err := b.Add(ctx, sampleCapture(1, 1)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, c); n != workers*each+1 {
		t.Errorf("%d captures after Close, want %d", n, workers*each+1)
	}
	if err := b.Add(ctx, sampleCapture(1, 2)); !errors.Is(err, ErrClosed) {
		t.Errorf("Add after Close: %v", err)
	}
	if err := b.Flush(ctx); !errors.Is(err, ErrClosed) {
		t.Errorf("Flush after Close: %v", err)
	}
}

func TestBatcherCommitsByItself(t *testing.T) {
	c := openTest(t)
	b := c.Batch(context.Background())
	defer b.Close()
	if err := b.Add(context.Background(), sampleCapture(1, 0)); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); count(t, c) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing was committed")
		}
	}
}

func TestBatcherReportsFailure(t *testing.T) {
	ctx := context.Background()
	c := openTest(t)
	b := c.Batch(ctx)
	bad := sampleCapture(1, 0)
	bad.Verdict = "fine"
	if err := b.Add(ctx, bad); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"Flush": b.Flush(ctx), "Add": b.Add(ctx, sampleCapture(2, 0)), "second Flush": b.Flush(ctx), "Close": b.Close(), "Add after Close": b.Add(ctx, bad)} {
		if err == nil || !strings.Contains(err.Error(), bad.SHA256) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	if n := count(t, c); n != 0 {
		t.Errorf("%d captures were stored after the failure", n)
	}
}

// An interrupted run indexes what it has kept.
func TestBatcherOutlivesItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	c := openTest(t)
	b := c.Batch(ctx)
	if err := b.Add(ctx, sampleCapture(1, 0)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if n := count(t, c); n != 1 {
		t.Errorf("%d captures, want 1", n)
	}
}
