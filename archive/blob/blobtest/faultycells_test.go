package blobtest_test

import (
	"errors"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

func TestFaultyCells(t *testing.T) {
	for name, test := range map[string]struct {
		fault blobtest.Fault
		want  error
		now   string
		later error // of the next load
	}{
		"before":    {blobtest.Fault{Op: blobtest.OpSwap, N: 1, When: blobtest.Before}, blobtest.ErrFault, "old", nil},
		"after":     {blobtest.Fault{Op: blobtest.OpSwap, N: 1, When: blobtest.After}, blobtest.ErrFault, "new", nil},
		"cut":       {blobtest.Fault{Op: blobtest.OpSwap, N: 1, When: blobtest.Before, Cut: true}, blobtest.ErrFault, "old", blobtest.ErrCut},
		"cut after": {blobtest.Fault{Op: blobtest.OpSwap, N: 1, When: blobtest.After, Cut: true}, blobtest.ErrFault, "new", blobtest.ErrCut},
		"load":      {blobtest.Fault{Op: blobtest.OpLoad, When: blobtest.After}, nil, "new", blobtest.ErrFault},
		"stale":     {blobtest.Fault{Op: blobtest.OpSwap, When: blobtest.Before, Err: blob.ErrStale}, blob.ErrStale, "old", nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := faulty(t)
			version, err := f.Swap(t.Context(), "cell", "", []byte("old"))
			if err != nil {
				t.Fatal(err)
			}
			f.Set(test.fault)
			if v, err := f.Swap(t.Context(), "cell", version, []byte("new")); !errors.Is(err, test.want) || err != nil && v != "" {
				t.Errorf("swap: version %q, error %v; want %v", v, err, test.want)
			}
			if _, _, err := f.Load(t.Context(), "cell"); !errors.Is(err, test.later) {
				t.Errorf("load: %v, want %v", err, test.later)
			}
			if swaps, loads := f.Calls(blobtest.OpSwap), f.Calls(blobtest.OpLoad); swaps != 1 || loads != 1 {
				t.Errorf("%d swaps and %d loads counted, want one of each", swaps, loads)
			}
			f.Set()
			if got, _, err := f.Load(t.Context(), "cell"); err != nil || string(got) != test.now {
				t.Errorf("the cell holds %q, error %v; want %q", got, err, test.now)
			}
		})
	}
}

func TestFaultyQuarantine(t *testing.T) {
	for when, moved := range map[blobtest.Moment]bool{blobtest.Before: false, blobtest.After: true} {
		f := faulty(t, blobtest.Fault{Op: blobtest.OpQuarantine, When: when})
		if err := f.Put(t.Context(), "k", blob.Bytes([]byte("x"))); err != nil {
			t.Fatal(err)
		}
		if to, err := f.Quarantine(t.Context(), "k"); !errors.Is(err, blobtest.ErrFault) || to != "" {
			t.Errorf("%s: %q, error %v; want %v", when, to, err, blobtest.ErrFault)
		}
		if _, err := f.Stat(t.Context(), "quarantine/k.1"); (err == nil) != moved {
			t.Errorf("%s: stat of what was set aside: %v; want it there: %v", when, err, moved)
		}
	}
}

func TestFaultyWithoutCells(t *testing.T) {
	f := blobtest.NewFaulty(struct{ blob.Store }{faulty(t)})
	if _, _, err := f.Load(t.Context(), "cell"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("load: %v", err)
	}
	if _, err := f.Swap(t.Context(), "cell", "", nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("swap: %v", err)
	}
	if _, err := f.Quarantine(t.Context(), "k"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("quarantine: %v", err)
	}
}
