package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
)

func quarantinerOf(t *testing.T, s blob.Store) blob.Quarantiner {
	t.Helper()
	q, ok := s.(blob.Quarantiner)
	if !ok {
		t.Fatalf("%T is no Quarantiner", s)
	}
	return q
}

func setAside(t *testing.T, s blob.Store, key, want string) {
	t.Helper()
	to, err := quarantinerOf(t, s).Quarantine(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if to != want {
		t.Errorf("quarantine %s: it is at %s, want %s", key, to, want)
	}
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, blob.ErrNotExist) {
		t.Errorf("quarantine %s: the key isn't free: %v", key, err)
	}
}

func quarantine(t *testing.T, s blob.Store) {
	first, second, good := noise(1, 1000), noise(2, 6<<20), noise(3, 2000)
	put(t, s, "captures/ab/x.warc.gz", first)
	put(t, s, "captures/ab/y.warc.gz", good)
	setAside(t, s, "captures/ab/x.warc.gz", "quarantine/captures/ab/x.warc.gz.1")
	wantBytes(t, s, "quarantine/captures/ab/x.warc.gz.1", first)
	put(t, s, "captures/ab/x.warc.gz", second)
	setAside(t, s, "captures/ab/x.warc.gz", "quarantine/captures/ab/x.warc.gz.2")
	put(t, s, "captures/ab/x.warc.gz", good)
	put(t, s, "empty", nil)
	setAside(t, s, "empty", "quarantine/empty.1")

	wantBytes(t, s, "captures/ab/x.warc.gz", good)
	wantBytes(t, s, "captures/ab/y.warc.gz", good)
	wantBytes(t, s, "quarantine/captures/ab/x.warc.gz.1", first)
	wantBytes(t, s, "quarantine/captures/ab/x.warc.gz.2", second)
	wantBytes(t, s, "quarantine/empty.1", nil)
	wantKeys(t, s, "", "captures/ab/x.warc.gz", "captures/ab/y.warc.gz",
		"quarantine/captures/ab/x.warc.gz.1", "quarantine/captures/ab/x.warc.gz.2", "quarantine/empty.1")
	// It is an object like any other now.
	wantError(t, "put over it", s.Put(t.Context(), "quarantine/empty.1", blob.Bytes([]byte("x"))), blob.ErrConflict)
}

func quarantineErrors(t *testing.T, s blob.Store) {
	q := quarantinerOf(t, s)
	put(t, s, "a/b", []byte("x"))
	put(t, s, "quarantine/old.1", []byte("x"))
	long := "long/" + strings.Repeat("k", blob.MaxName)
	put(t, s, long, []byte("x"))
	for key, want := range map[string]error{
		"a": blob.ErrNotExist, "a/c": blob.ErrNotExist, "a/b/c": blob.ErrNotExist, "x": blob.ErrNotExist,
		"": blob.ErrKey, "../a": blob.ErrKey, "tmp/a": blob.ErrKey, "quarantine/old.1": blob.ErrKey, long: blob.ErrKey,
	} {
		to, err := q.Quarantine(t.Context(), key)
		wantError(t, "quarantine "+key, err, want)
		if to != "" {
			t.Errorf("quarantine %s: %q with an error", key, to)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := q.Quarantine(ctx, "a/b")
	wantError(t, "quarantine, cancelled", err, context.Canceled)
	wantKeys(t, s, "", "a/b", long, "quarantine/old.1")
}

// quarantineRacers set one object aside while others put it again: whatever was put
// is somewhere.
func quarantineRacers(t *testing.T, s blob.Store) {
	q := quarantinerOf(t, s)
	stored := make([]bool, racing)
	put(t, s, "k", []byte("damaged"))
	race(func(i int) {
		if i%2 == 0 {
			if _, err := q.Quarantine(t.Context(), "k"); err != nil && !errors.Is(err, blob.ErrNotExist) {
				t.Errorf("quarantiner %d: %v", i, err)
			}
			return
		}
		switch err := s.Put(t.Context(), "k", blob.Bytes(fmt.Appendf(nil, "copy %d", i))); {
		case err == nil:
			stored[i] = true
		case !errors.Is(err, blob.ErrConflict):
			t.Errorf("putter %d: %v", i, err)
		}
	})
	var all [][]byte
	for _, key := range keys(t, s.List(t.Context(), "")) {
		b, err := read(t.Context(), s, key, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	has := func(want string) bool {
		for _, b := range all {
			if bytes.Equal(b, []byte(want)) {
				return true
			}
		}
		return false
	}
	if !has("damaged") {
		t.Errorf("the first object is lost; there are %q", all)
	}
	for i, ok := range stored {
		if want := fmt.Sprintf("copy %d", i); ok && !has(want) {
			t.Errorf("%q was stored and is lost; there are %q", want, all)
		}
	}
}
