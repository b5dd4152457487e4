package blobtest

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
)

func cellsOf(t *testing.T, s blob.Store) blob.Cells {
	t.Helper()
	c, ok := s.(blob.Cells)
	if !ok {
		t.Fatalf("%T has no cells", s)
	}
	return c
}

func swap(t *testing.T, c blob.Cells, key, old string, b []byte) (version string) {
	t.Helper()
	version, err := c.Swap(t.Context(), key, old, b)
	if err != nil {
		t.Fatal(err)
	}
	if version == "" {
		t.Fatalf("swap %s: no version", key)
	}
	return version
}

func wantCell(t *testing.T, c blob.Cells, key, version string, want []byte) {
	t.Helper()
	got, v, err := c.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if v != version || !bytes.Equal(got, want) {
		t.Errorf("load %s: version %s and %.40q (%d bytes), want %s and %.40q (%d bytes)", key, v, got, len(got), version, want, len(want))
	}
}

func cell(t *testing.T, s blob.Store) {
	c := cellsOf(t, s)
	_, _, err := c.Load(t.Context(), "log/checkpoint")
	wantError(t, "load what isn't there", err, blob.ErrNotExist)
	seen := map[string]bool{}
	version := ""
	for i := range 5 {
		b := fmt.Appendf(nil, "checkpoint %d", i)
		version = swap(t, c, "log/checkpoint", version, b)
		wantCell(t, c, "log/checkpoint", version, b)
		if seen[version] {
			t.Errorf("version %s is that of other bytes, too", version)
		}
		seen[version] = true
	}
	// Another cell is another matter.
	one := swap(t, c, "log/head", "", []byte("head"))
	wantCell(t, c, "log/head", one, []byte("head"))
	wantCell(t, c, "log/checkpoint", version, []byte("checkpoint 4"))
	// Equal bytes are no change, or one that nobody can see.
	again := swap(t, c, "log/head", one, []byte("head"))
	wantCell(t, c, "log/head", again, []byte("head"))
}

func cellStale(t *testing.T, s blob.Store) {
	c := cellsOf(t, s)
	stale := func(what, old string) {
		t.Helper()
		version, err := c.Swap(t.Context(), "a/cell", old, []byte("stale"))
		wantError(t, what, err, blob.ErrStale)
		if version != "" {
			t.Errorf("%s: version %q with an error", what, version)
		}
	}
	// A version that the store could have given, of a cell that isn't there.
	elsewhere := swap(t, c, "other/cell", "", []byte("other"))
	stale("replace an absent cell", elsewhere)
	_, _, err := c.Load(t.Context(), "a/cell")
	wantError(t, "load after a refused swap", err, blob.ErrNotExist)

	first := swap(t, c, "a/cell", "", []byte("first"))
	stale("create what is there", "")
	stale("replace another version", elsewhere)
	wantCell(t, c, "a/cell", first, []byte("first"))
	second := swap(t, c, "a/cell", first, []byte("second"))
	stale("replace an old version", first)
	stale("create what was replaced", "")
	wantCell(t, c, "a/cell", second, []byte("second"))
}

func cellSizes(t *testing.T, s blob.Store) {
	c := cellsOf(t, s)
	version := swap(t, c, "cell", "", nil)
	wantCell(t, c, "cell", version, nil)
	for _, n := range []int{1, 200_000, 3, 5 << 20, 0} {
		b := noise(uint64(n), n)
		version = swap(t, c, "cell", version, b)
		wantCell(t, c, "cell", version, b)
	}
	_, err := c.Swap(t.Context(), "cell", version, make([]byte, blob.MaxCell+1))
	wantError(t, "swap of too many bytes", err, blob.ErrCellSize)
	wantCell(t, c, "cell", version, nil)
}

func cellErrors(t *testing.T, s blob.Store) {
	c := cellsOf(t, s)
	for _, key := range []string{"", "/a", "a/../b", "tmp/a", ".hidden", "a:b"} {
		_, _, err := c.Load(t.Context(), key)
		wantError(t, "load "+key, err, blob.ErrKey)
		_, err = c.Swap(t.Context(), key, "", []byte("x"))
		wantError(t, "swap "+key, err, blob.ErrKey)
	}
	version := swap(t, c, "cell", "", []byte("x"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := c.Load(ctx, "cell")
	wantError(t, "load", err, context.Canceled)
	_, err = c.Swap(ctx, "cell", version, []byte("y"))
	wantError(t, "swap", err, context.Canceled)
	wantCell(t, c, "cell", version, []byte("x"))
	wantKeys(t, s, "", "cell")
}

func cellIsListed(t *testing.T, s blob.Store) {
	c := cellsOf(t, s)
	version := swap(t, c, "log/checkpoint", "", []byte("one"))
	swap(t, c, "log/checkpoint", version, []byte("three"))
	put(t, s, "log/tile/0/000", []byte("tile"))
	wantKeys(t, s, "", "log/checkpoint", "log/tile/0/000")
	wantBytes(t, s, "log/checkpoint", []byte("three"))
	info, err := s.Stat(t.Context(), "log/checkpoint")
	if err != nil || info.Size != 5 {
		t.Errorf("stat: %+v, error %v; want 5 bytes", info, err)
	}
	wantError(t, "put other bytes over a cell", s.Put(t.Context(), "log/checkpoint", blob.Bytes([]byte("four"))), blob.ErrConflict)
	wantBytes(t, s, "log/checkpoint", []byte("three"))
}

// cellCreators create one cell: one succeeds, the others are told.
func cellCreators(t *testing.T, s blob.Store) {
	c := cellsOf(t, s)
	var mu sync.Mutex
	versions := map[int]string{}
	race(func(i int) {
		version, err := c.Swap(t.Context(), "cell", "", noise(uint64(i), 1000))
		if err == nil {
			mu.Lock()
			versions[i] = version
			mu.Unlock()
		} else if !errors.Is(err, blob.ErrStale) {
			t.Errorf("creator %d: %v", i, err)
		}
	})
	if len(versions) != 1 {
		t.Fatalf("%d creators succeeded, want one", len(versions))
	}
	for i, version := range versions {
		wantCell(t, c, "cell", version, noise(uint64(i), 1000))
	}
}

// Increment adds one to the number in a cell, n times, beginning anew whenever
// another writer was faster. Any number of goroutines and processes may do so; if
// no update is lost the cell ends as the sum of what all have added. [Count] reads it.
func Increment(ctx context.Context, c blob.Cells, key string, n int) error {
	for range n {
		for {
			data, version, err := c.Load(ctx, key)
			if err != nil && !errors.Is(err, blob.ErrNotExist) {
				return err
			}
			count := 0
			if err == nil {
				if count, err = Count(data); err != nil {
					return fmt.Errorf("load %s: %w", key, err)
				}
			}
			// With equal bytes two writers could each take the other's for its own.
			if _, err = c.Swap(ctx, key, version, fmt.Appendf(nil, "%d %s", count+1, crand.Text())); err == nil {
				break
			}
			if !errors.Is(err, blob.ErrStale) {
				return err
			}
		}
	}
	return nil
}

// Count returns the number in a cell of [Increment].
func Count(data []byte) (n int, err error) {
	number, _, _ := strings.Cut(string(data), " ")
	return strconv.Atoi(number)
}

// cellCounters count in one cell.
func cellCounters(t *testing.T, s blob.Store) {
	c := cellsOf(t, s)
	const workers, each = 8, 8
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			if err := Increment(t.Context(), c, "log/count", each); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, _, err := c.Load(t.Context(), "log/count")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := Count(got); err != nil || n != workers*each {
		t.Errorf("%d goroutines counted to %d each: the cell holds %q, error %v", workers, each, got, err)
	}
}

// cellReaders read a cell that grows and shrinks: each sees one value, and none older
// than the one it saw before.
func cellReaders(t *testing.T, s blob.Store) {
	c := cellsOf(t, s)
	value := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 1+(i*7919)%30_000) }
	version := swap(t, c, "cell", "", value(0))
	var done atomic.Bool
	var wg sync.WaitGroup
	for r := range 4 {
		wg.Go(func() {
			last := 0
			for !done.Load() {
				var b []byte
				var err error
				if r%2 == 0 {
					b, _, err = c.Load(t.Context(), "cell")
				} else {
					b, err = read(t.Context(), s, "cell", 0, -1)
				}
				if err != nil || len(b) == 0 || !bytes.Equal(b, value(int(b[0]))) {
					t.Errorf("reader %d: %d bytes that are no value, error %v", r, len(b), err)
					return
				}
				if int(b[0]) < last {
					t.Errorf("reader %d: value %d after %d", r, b[0], last)
					return
				}
				last = int(b[0])
			}
		})
	}
	for i := 1; i < 20; i++ {
		version = swap(t, c, "cell", version, value(i))
	}
	done.Store(true)
	wg.Wait()
}
