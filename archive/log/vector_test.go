package log

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// TestRFC6962Vectors compares roots with those that the reference
// implementation of Certificate Transparency gives for its eight test leaves.
func TestRFC6962Vectors(t *testing.T) {
	leaves := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	var e edge
	for i, want := range roots {
		if got := e.tree(); hex.EncodeToString(got.root[:]) != want || got.size != int64(i) {
			t.Errorf("%d leaves: %x, want %s", i, got.root, want)
		}
		if i < len(leaves) {
			leaf, err := hex.DecodeString(leaves[i])
			if err != nil {
				t.Fatal(err)
			}
			e.add(tlog.RecordHash(leaf), nil)
		}
	}
}

// TestProofs checks proofs between many sizes, that they survive their text
// form, and that none holds for anything else.
func TestProofs(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	var checkpoints []Checkpoint
	for _, n := range []int64{0, 1, 1, 5, 249, 1, 300, 200} {
		size := w.Checkpoint().Size
		appendTo(t, w, entryList(size, size+n))
		checkpoints = append(checkpoints, w.Checkpoint())
	}
	size := w.Checkpoint().Size
	chain, trusted := w.Keychain(), w.Checkpoint().Key
	for _, i := range []int64{0, 1, 6, 255, 256, 511, 512, size - 1} {
		list, err := w.ProveInclusion(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		list[0].Extra = []byte("extra")
		p, err := ParseInclusion(list[0].String())
		if err != nil {
			t.Fatal(err)
		}
		c, err := VerifyInclusion(p, entry(i), chain, trusted)
		if err != nil || c.Size != size || c.Trust != Pinned {
			t.Errorf("entry %d: %v, %v", i, c, err)
		}
		wrong := p
		wrong.Index = (i + 1) % size
		short := p
		short.Hashes = p.Hashes[1:]
		for _, bad := range []struct {
			p Inclusion
			e []byte
		}{{p, entry(i + 1)}, {wrong, entry(i)}, {short, entry(i)}} {
			if _, err := VerifyInclusion(bad.p, bad.e, chain, trusted); !errors.Is(err, ErrProof) {
				t.Errorf("entry %d: a wrong proof: %v", i, err)
			}
		}
	}
	for _, i := range []int64{-1, size} {
		if _, err := w.ProveInclusion(t.Context(), i); err == nil {
			t.Errorf("entry %d was proved", i)
		}
	}
	for i, was := range checkpoints {
		for j, now := range checkpoints {
			p, err := w.ProveConsistency(t.Context(), was.Size, now.Size)
			if i > j && was.Size > now.Size {
				if err == nil {
					t.Errorf("%d to %d was proved", was.Size, now.Size)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if p, err = ParseConsistency(p.String()); err != nil {
				t.Fatal(err)
			}
			if err := VerifyConsistency(p, was, now); err != nil {
				t.Errorf("%d to %d: %v", was.Size, now.Size, err)
			}
			forged := was
			forged.Root[0] ^= 1
			if err := VerifyConsistency(p, forged, now); !errors.Is(err, ErrProof) {
				t.Errorf("%d to %d: another root: %v", was.Size, now.Size, err)
			}
			p.Hashes = append(p.Hashes, Hash{})
			if err := VerifyConsistency(p, was, now); !errors.Is(err, ErrProof) {
				t.Errorf("%d to %d: one hash more: %v", was.Size, now.Size, err)
			}
		}
	}
}

// TestEntriesRange reads parts of a log.
func TestEntriesRange(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	const size = 1500
	appendTo(t, w, entryList(0, size))
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Int64Range(0, size).Draw(t, "from")
		to := rapid.Int64Range(from, size).Draw(t, "to")
		w.cfg.Parallel = rapid.IntRange(1, 3).Draw(t, "parallel")
		at := from
		for e, err := range w.Entries(t.Context(), from, to) {
			if err != nil || !bytes.Equal(e, entry(at)) {
				t.Fatalf("entry %d: %q, %v", at, e, err)
			}
			at++
		}
		if at != to {
			t.Fatalf("%d entries of %d", at-from, to-from)
		}
	})
	for _, r := range [][2]int64{{-1, 3}, {5, 4}, {0, size + 1}} {
		for _, err := range w.Entries(t.Context(), r[0], r[1]) {
			if err == nil {
				t.Errorf("entries %v", r)
			}
		}
	}
}

// TestSplit appends more than fits into a batch.
func TestSplit(t *testing.T) {
	m := newMemory()
	w := openWriter(t, m, &keyring{})
	big := slices.Repeat([][]byte{bytes.Repeat([]byte("x"), MaxEntry)}, 70) // 4.5 MB
	if first := appendTo(t, w, append(big, entryList(0, 20)...)); first != 0 || len(m.published) != 1+2 {
		t.Errorf("first %d, %d checkpoints", first, len(m.published))
	}
	if n := batchLen(entryList(0, MaxBatchEntries+5)); n != MaxBatchEntries {
		t.Errorf("a batch of %d", n)
	}
	for _, bad := range [][]byte{nil, {}, make([]byte, MaxEntry+1)} {
		if _, err := w.Append(t.Context(), [][]byte{[]byte("good"), bad}); !errors.Is(err, ErrEntry) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
	wantClean(t, m)
}
