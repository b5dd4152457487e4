package log

import (
	"errors"
	"testing"
)

// TestSeen: a machine that remembers signs nothing over a store that was rolled
// back, or replaced by another history, while no process was there to see it.
func TestSeen(t *testing.T) {
	dir, m, keys := KeyDir(t.TempDir()), newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	appendTo(t, w, entryList(0, 3))
	if err := dir.Remember(w.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	old, early := m.clone(), w.Checkpoint()
	appendTo(t, w, entryList(3, 7))
	if err := dir.Remember(w.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	if err := dir.Remember(early); err != nil { // changes nothing
		t.Fatal(err)
	}
	if b, err := dir.Seen("example.org/log"); err != nil || string(b) != string(w.Checkpoint().Note) {
		t.Errorf("%q, %v", b, err)
	}
	forked := old.clone()
	appendTo(t, openWriter(t, forked, keys), entryList(10, 20))
	for name, c := range map[string]struct {
		m    *memory
		want error
	}{"same": {m, nil}, "old": {old, ErrRollback}, "forked": {forked, ErrFork}, "empty": {newMemory(), nil}} {
		for _, ring := range []KeySource{nil, keys} {
			if name == "empty" && ring == nil {
				continue
			}
			cfg := c.m.clone().config()
			cfg.Keys, cfg.Seen, cfg.Origin = ring, dir.Seen, "example.org/log"
			n := len(c.m.published)
			l, err := Open(t.Context(), cfg)
			if name == "empty" { // a store without the log that is remembered
				c.want = ErrRollback
			}
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil && ring != nil {
				appendTo(t, l, entryList(7, 8))
			}
			if got := len(cfg.Cells.(*memory).published); err != nil && got != n {
				t.Errorf("%s: a checkpoint was published", name)
			}
		}
	}
	cfg := m.config()
	cfg.Seen = func(string) ([]byte, error) { return []byte("x"), nil }
	if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrDamaged) {
		t.Errorf("a damaged memory: %v", err)
	}
}
