package log

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestTileKeys(t *testing.T) {
	for _, c := range []struct {
		t    tile
		want string
	}{
		{tile{0, 0, full}, "log/tile/0/000"},
		{tile{1, 5, 17}, "log/tile/1/005.p/17"},
		{tile{entries, 1234067, full}, "log/tile/entries/x001/x234/067"},
		{tile{7, 1000, 255}, "log/tile/7/x001/000.p/255"},
	} {
		if got := c.t.key(); got != c.want {
			t.Errorf("%v: %s, want %s", c.t, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		want := tile{rapid.IntRange(entries, maxLevel).Draw(t, "l"), rapid.Int64Range(0, 1<<54).Draw(t, "n"), rapid.IntRange(1, full).Draw(t, "w")}
		if got, ok := parseTile(want.key()); !ok || got != want {
			t.Fatalf("%s: %v", want.key(), got)
		}
	})
	for _, bad := range []string{
		"log/tile/0", "log/tile/0/", "log/tile/8/000", "log/tile/-1/000", "log/tile/00/000", "log/tile/+1/000", "log/tile/0/0", "log/tile/0/0000",
		"log/tile/0/x000/000", "log/tile/0/x001", "log/tile/0/001/000", "log/tile/0/x001/x000", "log/tile/0/000.p/0", "log/tile/0/000.p/256",
		"log/tile/0/000.p/01", "log/tile/0/000.p/", "log/tile/0/000.p/1/2", "log/tile/data/000", "tile/0/000", "log/tile/0/+01", "log/tile/0/-01",
		"log/tile/entries/x999/x999/x999/x999/x999/x999/x999/999",
	} {
		if got, ok := parseTile(bad); ok {
			t.Errorf("%s was read as %v", bad, got)
		}
	}
}

func FuzzTileKey(f *testing.F) {
	f.Add("log/tile/0/x001/000.p/3")
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := parseTile(s); ok && got.key() != s {
			t.Errorf("%q was read as %v", s, got)
		}
	})
}

func FuzzBundle(f *testing.F) {
	f.Add(appendBundle(nil, entryList(0, 3)), 3)
	f.Add([]byte{0, 0}, 1)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		if list, err := parseBundle(b, n); err == nil && (len(list) != n || !bytes.Equal(appendBundle(nil, list), b)) {
			t.Errorf("%d entries from %q", len(list), b)
		} else if err != nil && !errors.Is(err, ErrDamaged) {
			t.Error(err)
		}
	})
}

func FuzzHead(f *testing.F) {
	m, _ := tiny(f)
	f.Add(m.get(HeadKey))
	keys := &keyring{}
	w := openWriter(f, newMemory(), keys)
	rotate(f, w, keys)
	f.Add(w.appender.at.headData)
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := parseHead(b)
		if err != nil {
			return
		}
		// The signature is in the input alone; the rest follows from the head.
		batch := appendBundle(nil, h.batch)
		if !bytes.HasSuffix(b, batch) || !bytes.Contains(b, []byte(h.text(batch)+"\n")) {
			t.Errorf("%q was read as %v", b, h)
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	m, w := tiny(f)
	f.Add(m.get(CheckpointKey))
	f.Add([]byte("a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n\n— a AAAAAAAA\n"))
	chain := w.Keychain()
	f.Fuzz(func(t *testing.T, b []byte) {
		text, _, err := noteSigners(b, "")
		if err != nil {
			return
		}
		origin, tr, err := parseCheckpointText(text)
		if err == nil && !bytes.HasPrefix(b, []byte(checkpointText(origin, tr))) {
			t.Errorf("%q was read as %v of %s", b, tr, origin)
		}
		if c, err := chain.Open(b); err == nil && (c.Origin != origin || c.tree() != tr) {
			t.Errorf("%q was opened as %v", b, c)
		}
	})
}

func FuzzIntroduction(f *testing.F) {
	_, w := tiny(f)
	f.Add(w.Keychain().Introductions()[0].Note)
	f.Fuzz(func(t *testing.T, b []byte) {
		if i, err := ParseIntroduction(b); err == nil && !bytes.HasPrefix(b, []byte(i.text()+"\n")) {
			t.Errorf("%q was read as %v", b, i)
		}
	})
}

func FuzzProofs(f *testing.F) {
	_, w := tiny(f)
	list, err := w.ProveInclusion(f.Context(), 3)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(list[0].String())
	list[0].Extra = []byte{1, 2}
	f.Add(list[0].String())
	p, err := w.ProveConsistency(f.Context(), 2, 5)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(p.String())
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParseInclusion(s); err == nil {
			if p.String() != s {
				t.Errorf("%q was read as %v", s, p)
			}
			_, _ = VerifyInclusion(p, []byte("x"), w.Keychain()) // no panic
		}
		if p, err := ParseConsistency(s); err == nil {
			if p.String() != s {
				t.Errorf("%q was read as %v", s, p)
			}
			_ = VerifyConsistency(p, w.Checkpoint(), w.Checkpoint())
		}
	})
}
