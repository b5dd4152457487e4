package blobtest_test

import (
	"errors"
	"io"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
)

func faulty(t *testing.T, faults ...blobtest.Fault) *blobtest.Faulty {
	t.Helper()
	s, err := dir.Open(t.TempDir(), dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return blobtest.NewFaulty(s, faults...)
}

func TestFaultyPassesOn(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return faulty(t) })
}

func TestFaultyPut(t *testing.T) {
	own := errors.New("own")
	for name, test := range map[string]struct {
		fault  blobtest.Fault
		want   error
		stored bool
		later  error // of the next put
	}{
		"before":    {blobtest.Fault{Op: blobtest.OpPut, N: 2, When: blobtest.Before}, blobtest.ErrFault, false, nil},
		"after":     {blobtest.Fault{Op: blobtest.OpPut, N: 2, When: blobtest.After}, blobtest.ErrFault, true, nil},
		"own error": {blobtest.Fault{Op: blobtest.OpPut, N: 2, When: blobtest.Before, Err: own}, own, false, nil},
		"cut":       {blobtest.Fault{Op: blobtest.OpPut, N: 2, When: blobtest.Before, Cut: true}, blobtest.ErrFault, false, blobtest.ErrCut},
		"cut after": {blobtest.Fault{Op: blobtest.OpPut, N: 2, When: blobtest.After, Cut: true}, blobtest.ErrFault, true, blobtest.ErrCut},
	} {
		t.Run(name, func(t *testing.T) {
			killed := 0
			test.fault.Kill = func() { killed++ }
			f := faulty(t, test.fault)
			var errs [3]error
			for i, key := range []string{"a", "b", "c"} {
				errs[i] = f.Put(t.Context(), key, blob.Bytes([]byte(key)))
			}
			if errs[0] != nil || !errors.Is(errs[1], test.want) || !errors.Is(errs[2], test.later) {
				t.Errorf("three puts: %v, want nil, %v, %v", errs, test.want, test.later)
			}
			if killed != 1 {
				t.Errorf("Kill was called %d times, want once", killed)
			}
			if n := f.Calls(blobtest.OpPut); n != 3 {
				t.Errorf("%d puts counted, want 3", n)
			}
			f.Set()
			_, err := f.Stat(t.Context(), "b")
			if stored := err == nil; stored != test.stored {
				t.Errorf("the second object is stored: %v, want %v", stored, test.stored)
			}
		})
	}
}

func TestFaultyReads(t *testing.T) {
	f := faulty(t)
	for _, key := range []string{"a", "b"} {
		if err := f.Put(t.Context(), key, blob.Bytes([]byte(key))); err != nil {
			t.Fatal(err)
		}
	}
	fault := func(op blobtest.Op, when blobtest.Moment) { f.Set(blobtest.Fault{Op: op, When: when}) }
	list := func() (keys int, last error) {
		for _, err := range f.List(t.Context(), "") {
			if last = err; err == nil {
				keys++
			}
		}
		return keys, last
	}
	fault(blobtest.OpList, blobtest.Before)
	if n, err := list(); n != 0 || !errors.Is(err, blobtest.ErrFault) {
		t.Errorf("list, failing before: %d keys, error %v", n, err)
	}
	fault(blobtest.OpList, blobtest.After)
	if n, err := list(); n != 1 || !errors.Is(err, blobtest.ErrFault) {
		t.Errorf("list, failing after: %d keys, error %v", n, err)
	}
	fault(blobtest.OpOpen, blobtest.Before)
	if _, err := f.Open(t.Context(), "a", 0, -1); !errors.Is(err, blobtest.ErrFault) {
		t.Errorf("open, failing before: %v", err)
	}
	fault(blobtest.OpOpen, blobtest.After)
	r, err := f.Open(t.Context(), "a", 0, -1)
	if err != nil {
		t.Fatalf("open, failing after: %v", err)
	}
	defer r.Close()
	if _, err := io.ReadAll(r); !errors.Is(err, blobtest.ErrFault) {
		t.Errorf("read, failing: %v", err)
	}
}
