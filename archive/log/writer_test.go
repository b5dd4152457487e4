package log

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
)

// TestAppend checks trees of many sizes against tlog, and that a writer that
// goes on from memory makes what one that starts anew does.
func TestAppend(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var list []tlog.Hash
		for _, i := range indexes {
			list = append(list, stored[i])
		}
		return list, nil
	})
	var want []string
	for i, n := range []int64{1, 0, 1, 2, 3, 248, 1, 1, 255, 256, 257, 513, 1500} {
		if i%3 == 2 {
			w = openWriter(t, m, keys)
		}
		size := int64(len(want))
		batch := entryList(size, size+n)
		for _, e := range batch {
			h, err := tlog.StoredHashes(int64(len(want)), e, reader)
			if err != nil {
				t.Fatal(err)
			}
			stored = append(stored, h...)
			want = append(want, string(e))
		}
		if first := appendTo(t, w, batch); first != size {
			t.Fatalf("append of %d returned %d, not %d", n, first, size)
		}
		got, c := readAll(t, m)
		root, err := tlog.TreeHash(int64(len(want)), reader)
		if err != nil {
			t.Fatal(err)
		}
		if c.Size != int64(len(want)) || c.Root != root {
			t.Fatalf("checkpoint of %d entries %v, want %d entries %v", c.Size, c.Root, len(want), root)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	}
}
