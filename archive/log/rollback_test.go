package log

import (
	"errors"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
)

// TestRollback puts parts of an older copy back, or another history, under
// processes that saw more.
func TestRollback(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	appendTo(t, w, entryList(0, 300))
	old := m.clone()
	appendTo(t, w, entryList(300, 310))
	reader, err := Open(t.Context(), m.config())
	if err != nil {
		t.Fatal(err)
	}
	witness := w.Checkpoint().Note
	// Another history from the same point on, by the same key.
	forked := old.clone()
	f := openWriter(t, forked, keys)
	appendTo(t, f, entryList(400, 415))

	for _, c := range []struct {
		name   string
		from   *memory
		keys   []string // that are put back; nil means all
		writer []error  // one of them
	}{
		{"all", old, nil, []error{ErrRollback}},
		{"checkpoint", old, []string{CheckpointKey}, nil}, // an append that seems unfinished: it is finished again
		{"head", old, []string{HeadKey}, []error{ErrRollback}},
		{"fork", forked, nil, []error{ErrFork}},
		{"forked checkpoint", forked, []string{CheckpointKey}, []error{ErrFork, ErrRollback}},
		{"forked head", forked, []string{HeadKey}, []error{ErrFork, ErrRollback, ErrDamaged, blob.ErrNotExist}},
	} {
		bad := m.clone()
		if c.keys == nil {
			bad = c.from.clone()
			bad.serial = m.serial + 100
		}
		for _, k := range c.keys {
			bad.set(k, c.from.get(k))
		}
		for k := range bad.cells { // versions of their own
			bad.set(k, bad.get(k))
		}
		wcfg := m.config()
		wcfg.Keys = keys
		live, err := Open(t.Context(), wcfg)
		if err != nil {
			t.Fatal(err)
		}
		was := *m.shared.contents()
		m.restore(bad.shared.contents())
		published := len(m.published)
		_, err = live.Append(t.Context(), entryList(900, 901))
		if !oneOf(err, c.writer) {
			t.Errorf("%s: append: %v", c.name, err)
		}
		if c.writer != nil && len(m.published) != published {
			t.Errorf("%s: a checkpoint was published", c.name)
		}
		m.restore(bad.shared.contents())
		if c.name != "head" && c.name != "forked head" {
			if _, err := reader.Refresh(t.Context()); !errors.Is(err, ErrRollback) && !errors.Is(err, ErrFork) && !errors.Is(err, ErrDamaged) && !errors.Is(err, blob.ErrNotExist) {
				t.Errorf("%s: refresh: %v", c.name, err)
			}
			fresh, err := Open(t.Context(), m.config())
			if err != nil {
				t.Fatal(err)
			}
			result, err := fresh.CheckWitness(t.Context(), witness)
			if err != nil || len(result.Problems) == 0 {
				t.Errorf("%s: the witness sees nothing: %v", c.name, err)
			}
		} else if len(problems(t, m)) == 0 {
			t.Errorf("%s: check sees nothing", c.name)
		}
		m.restore(&was)
	}
	wantClean(t, m)
	for _, good := range [][]byte{witness, old.get(CheckpointKey), reader.Checkpoint().Note} {
		if r, err := reader.CheckWitness(t.Context(), good); err != nil || len(r.Problems) > 0 {
			t.Errorf("a good witness: %v, %v", r.Problems, err)
		}
	}
	if _, err := reader.CheckWitness(t.Context(), []byte("no note")); !errors.Is(err, ErrDamaged) {
		t.Errorf("no note: %v", err)
	}
	other, _ := tiny(t)
	stranger := other.get(CheckpointKey)
	if _, err := reader.CheckWitness(t.Context(), stranger); err == nil {
		t.Error("a checkpoint of another key was compared")
	}
}

func oneOf(err error, list []error) bool {
	if list == nil {
		return err == nil
	}
	for _, want := range list {
		if errors.Is(err, want) {
			return true
		}
	}
	return false
}
