package log

import (
	"errors"
	"testing"
)

// TestTrust follows a log through a rotation and a lost key.
func TestTrust(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	appendTo(t, w, entryList(0, 2))
	first := w.Checkpoint()
	rotate(t, w, keys)
	second := w.Checkpoint()
	rotate(t, w, keys)
	third := w.Checkpoint()
	if first.Key.ID() == second.Key.ID() || second.Key.ID() == third.Key.ID() || third.Size != 4 {
		t.Fatalf("%v, %v, %v", first, second, third)
	}
	other := key(t, 77, "example.org/log").Verifier()
	chain := w.Keychain()
	for _, c := range []struct {
		name    string
		note    []byte
		trusted []*Verifier
		want    Trust
		err     error
	}{
		{"nothing trusted", third.Note, nil, SelfAsserted, nil},
		{"new by new", third.Note, []*Verifier{third.Key}, Pinned, nil},
		{"new by old", third.Note, []*Verifier{first.Key}, Chained, nil},
		{"old by new", first.Note, []*Verifier{third.Key}, Chained, nil},
		{"old by old", first.Note, []*Verifier{first.Key}, Pinned, nil},
		{"one of two", third.Note, []*Verifier{other, second.Key}, Chained, nil},
		{"another", third.Note, []*Verifier{other}, "", ErrUntrusted},
		{"another log", third.Note, []*Verifier{key(t, 1, "example.org/other").Verifier()}, "", ErrOrigin},
	} {
		got, err := chain.Open(c.note, c.trusted...)
		if got.Trust != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", c.name, got.Trust, err)
		}
	}

	// Who has the old key can't go on with it.
	tr := tree{9, Hash{1}}
	forged, err := sign(checkpointText("example.org/log", tr), "example.org/log", keys.keys[first.Key.String()])
	if err != nil {
		t.Fatal(err)
	}
	for _, trusted := range [][]*Verifier{nil, {first.Key}, {third.Key}} {
		if _, err := chain.Open(forged, trusted...); !errors.Is(err, ErrUntrusted) {
			t.Errorf("a later checkpoint by the old key: %v", err)
		}
	}
	// Nor do other signed notes pass for a checkpoint.
	for _, note := range [][]byte{chain.Introductions()[0].Note, []byte("x\n\n— x AAAAAAAA\n")} {
		if _, err := chain.Open(note); err == nil {
			t.Error("another note passed for a checkpoint")
		}
	}

	// All private keys are lost.
	cfg := m.config()
	cfg.Keys = &keyring{n: 50}
	if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrNoKey) {
		t.Errorf("open without the key: %v", err)
	}
	fresh, err := cfg.Keys.Create("example.org/log")
	if err != nil {
		t.Fatal(err)
	}
	l, i, err := ReplaceLost(t.Context(), cfg, fresh, nil)
	if err != nil || !i.Lost || i.Old.ID() != third.Key.ID() {
		t.Fatalf("%v, %v", i, err)
	}
	appendTo(t, l, entryList(4, 5))
	wantClean(t, m)
	now := l.Checkpoint()
	if c, err := l.Keychain().Open(now.Note, fresh.Verifier()); err != nil || c.Trust != Pinned {
		t.Errorf("the new key: %v, %v", c, err)
	}
	for _, v := range []*Verifier{first.Key, third.Key} {
		if _, err := l.Keychain().Open(now.Note, v); !errors.Is(err, ErrKeyLost) || !errors.Is(err, ErrUntrusted) {
			t.Errorf("the old key: %v", err)
		}
		if p := problems(t, m, v.String()); len(p) == 0 {
			t.Error("who trusts the old key is not told")
		}
		if c, err := l.Keychain().Open(third.Note, v); err != nil || c.Trust == SelfAsserted {
			t.Errorf("an old checkpoint: %v, %v", c, err)
		}
	}
	if _, _, err := ReplaceLost(t.Context(), cfg, fresh, nil); !errors.Is(err, ErrKey) {
		t.Errorf("replace a key that isn't lost: %v", err)
	}
	if _, err := l.Rotate(t.Context(), fresh, nil); !errors.Is(err, ErrKey) {
		t.Errorf("rotate to the same key: %v", err)
	}
	// A key that the others don't have is told to them.
	if _, err := w.Append(t.Context(), entryList(0, 1)); !errors.Is(err, ErrNoKey) {
		t.Errorf("append with the old key: %v", err)
	}
}

// TestKeyFollows: a writer goes on with a key that another has introduced, when
// it has it too.
func TestKeyFollows(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	a, b := openWriter(t, m, keys), openWriter(t, m, keys)
	appendTo(t, a, entryList(0, 1))
	rotate(t, a, keys)
	if at := appendTo(t, b, entryList(2, 3)); at != 2 || b.Checkpoint().Key.ID() != a.Checkpoint().Key.ID() {
		t.Errorf("%d, %v", at, b.Checkpoint().Key)
	}
	wantClean(t, m)
}

// TestOrigin: a log isn't taken for another.
func TestOrigin(t *testing.T) {
	m, _ := tiny(t)
	for _, keys := range []KeySource{nil, &keyring{}} {
		cfg := m.config()
		cfg.Keys, cfg.Origin = keys, "example.org/other"
		if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrOrigin) {
			t.Errorf("%v", err)
		}
	}
	cfg := m.config()
	cfg.Trusted = []string{key(t, 3, "example.org/other").Verifier().String()}
	if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrOrigin) {
		t.Errorf("%v", err)
	}
	if cfg.Trusted = []string{"x"}; cfg.Trusted != nil {
		if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrKey) {
			t.Errorf("%v", err)
		}
	}
}
