// Package blobtest holds the tests that every [blob.Store] has to pass, stores
// that fail on demand, and a real S3 server to test against.
//
// [Run] states the contract of package blob as tests. [Faulty] lets a caller of a
// store see every failure at every step. [FaultProxy] does to HTTP what networks
// and overloaded services do.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Run checks that the stores made by open keep the contract of [blob.Store] and
// that of [blob.Cells], which they must have, too. Each call of open must return a fresh and empty store, which it closes with
// t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, blob.Store)
	}{
		{"ReadYourWrites", readYourWrites},
		{"EmptyObject", emptyObject},
		{"PutAgain", putAgain},
		{"Conflict", conflict},
		{"Mismatch", mismatch},
		{"BadKeys", badKeys},
		{"NotExist", notExist},
		{"Ranges", ranges},
		{"ListOrder", listOrder},
		{"ListPages", listPages},
		{"ListStops", listStops},
		{"Racers", racers},
		{"EqualRacers", equalRacers},
		{"Cancelled", cancelled},
		{"Big", big},
		{"Cell", cell},
		{"CellStale", cellStale},
		{"CellSizes", cellSizes},
		{"CellErrors", cellErrors},
		{"CellIsListed", cellIsListed},
		{"CellCreators", cellCreators},
		{"CellCounters", cellCounters},
		{"CellReaders", cellReaders},
		{"Quarantine", quarantine},
		{"QuarantineErrors", quarantineErrors},
		{"QuarantineRacers", quarantineRacers},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func put(t *testing.T, s blob.Store, key string, b []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, blob.Bytes(b)); err != nil {
		t.Fatal(err)
	}
}

// read returns what Open(key, off, n) yields.
func read(ctx context.Context, s blob.Store, key string, off, n int64) ([]byte, error) {
	r, err := s.Open(ctx, key, off, n)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	return b, errors.Join(err, r.Close())
}

func wantBytes(t *testing.T, s blob.Store, key string, want []byte) {
	t.Helper()
	got, err := read(t.Context(), s, key, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s holds %d bytes with SHA-256 %x, want %d bytes with %x", key, len(got), sha256.Sum256(got), len(want), sha256.Sum256(want))
	}
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

// keys collects the keys of a listing, and fails if it isn't one.
func keys(t *testing.T, seq iter.Seq2[blob.Info, error]) []string {
	t.Helper()
	var keys []string
	for info, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

func wantKeys(t *testing.T, s blob.Store, prefix string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, keys(t, s.List(t.Context(), prefix))); diff != "" {
		t.Errorf("list %q (-want +got):\n%s", prefix, diff)
	}
}

// noise returns n bytes that don't compress and are the same for the same seed.
func noise(seed uint64, n int) []byte {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	b := make([]byte, n)
	_, _ = rand.NewChaCha8(key).Read(b)
	return b
}

func name(i int) string { return fmt.Sprintf("captures/%02x/%04d", i%7, i) }
