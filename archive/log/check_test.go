package log

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// problems opens the log and checks it; what keeps it from being opened or
// read is a problem without a rule.
func problems(t testing.TB, m *memory, trusted ...string) []Problem {
	t.Helper()
	cfg := m.config()
	cfg.Trusted = trusted
	l, err := Open(t.Context(), cfg)
	if err != nil {
		return []Problem{{Key: "open", Message: err.Error()}}
	}
	var list []Problem
	for p, err := range l.Check(t.Context()) {
		if err != nil {
			return append(list, Problem{Key: "check", Message: err.Error()})
		}
		list = append(list, p)
	}
	return list
}

func wantClean(t testing.TB, m *memory) {
	t.Helper()
	for _, p := range problems(t, m) {
		t.Errorf("%s %s: %s", p.Rule, p.Key, p.Message)
	}
}

// small returns a log with 256 and some entries, partial tiles of several sizes,
// and a rotated key.
func small(t testing.TB) (*memory, *Log) {
	t.Helper()
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	for _, n := range []int64{1, 2, 3, 248} {
		appendTo(t, w, entryList(w.Checkpoint().Size, w.Checkpoint().Size+n))
	}
	rotate(t, w, keys)
	appendTo(t, w, entryList(255, 258))
	return m, w
}

// tiny returns a log with a handful of entries and a rotated key.
func tiny(t testing.TB) (*memory, *Log) {
	t.Helper()
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	appendTo(t, w, entryList(0, 2))
	rotate(t, w, keys)
	appendTo(t, w, entryList(3, 5))
	return m, w
}

func rotate(t testing.TB, w *Log, keys *keyring) {
	t.Helper()
	key, err := keys.Create(w.Checkpoint().Origin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Rotate(t.Context(), key, func(i Introduction) ([]byte, error) { return i.Note, nil }); err != nil {
		t.Fatal(err)
	}
}

func TestCheckClean(t *testing.T) {
	m, _ := small(t)
	wantClean(t, m)
	if list, c := readAll(t, m); c.Size != 258 || len(list) != 258 {
		t.Errorf("%d entries of %d", len(list), c.Size)
	}
}

// TestFlipEveryByte changes each byte of each object of a log with few entries,
// one at a time, and some of larger ones, or all of them when IBID_EXHAUSTIVE
// isn't empty: Open or Check must name the object.
func TestFlipEveryByte(t *testing.T) {
	exhaustive := os.Getenv("IBID_EXHAUSTIVE") != ""
	m, keys := newMemory(), &keyring{}
	appendTo(t, openWriter(t, m, keys), entryList(0, 3))
	flip(t, m, 1)
	m, _ = tiny(t) // with an introduction, whose signatures take time
	if flip(t, m, 5); exhaustive {
		flip(t, m, 1)
	}
	m, _ = small(t)
	if flip(t, m, 251); exhaustive {
		flip(t, m, 1)
	}
}

func flip(t *testing.T, m *memory, step int) {
	n := 0
	for _, key := range m.keys() {
		was := m.get(key)
		for i := n % step; i < len(was); i += step {
			b := slices.Clone(was)
			// Case and the lowest bit are what lenient parsers pass over.
			b[i] ^= []byte{0x20, 0x01, 0x80}[i%3]
			m.set(key, b)
			wantNamed(t, m, key, fmt.Sprintf("byte %d", i))
			n++
		}
		m.set(key, was)
	}
	wantClean(t, m)
	t.Logf("%d bytes of %d objects", n, len(m.keys()))
}

func wantNamed(t *testing.T, m *memory, key, what string) {
	t.Helper()
	list := problems(t, m)
	if !slices.ContainsFunc(list, func(p Problem) bool { return p.Key == key || strings.Contains(p.Message, key) }) {
		t.Errorf("%s of %s: not named in %v", what, key, list)
	}
}

// TestDamage cuts, empties, removes, swaps and adds objects.
func TestDamage(t *testing.T) {
	m, _ := small(t)
	keys := m.keys()
	for i, key := range keys {
		was := m.get(key)
		for what, b := range map[string][]byte{
			"truncated": was[:len(was)-1], "empty": {}, "longer": append(slices.Clone(was), 0), "another": m.get(keys[(i+1)%len(keys)]),
			"doubled": bytes.Repeat(was, 2),
		} {
			m.set(key, b)
			wantNamed(t, m, key, what)
		}
		// Partial tiles and bundles of older sizes may be deleted.
		if tl, ok := parseTile(key); !ok || tl.w == full || tl.w == width(tl.l, tl.n, 258) && tl.n == count(tl.l, 258)>>height {
			m.set(key, nil)
			wantNamed(t, m, key, "removed")
		}
		m.set(key, was)
	}
	for _, key := range []string{"log/tile/0/002", "log/tile/0/001.p/9", "log/tile/3/000.p/1", "log/tile/entries/7.p/3", "log/other", "log/tile/0/00", "log/keys/x"} {
		m.set(key, []byte("stray"))
		wantNamed(t, m, key, "added")
		m.set(key, nil)
	}
	wantClean(t, m)
}

// TestCheckHugeClaim: a signed size costs nothing but a line.
func TestCheckHugeClaim(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	appendTo(t, w, entryList(0, 600))
	forged, err := sign(checkpointText("example.org/log", tree{maxSize - 5, Hash{1}}), "example.org/log", w.appender.signer)
	if err != nil {
		t.Fatal(err)
	}
	m.set(CheckpointKey, forged)
	if list := problems(t, m); len(list) == 0 || len(list) > 20 {
		t.Errorf("%d problems: %v", len(list), list)
	}
	if _, _, err := parseCheckpointText(checkpointText("a", tree{maxSize + 1, Hash{1}})); err == nil {
		t.Error("a tree that is too large was read")
	}
}

// TestCheckGap removes bundles together with their tiles: each is named, and so
// is damage after them.
func TestCheckGap(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	const n = 60
	appendTo(t, w, entryList(0, n*full+3))
	for i := range int64(n) {
		if i == 2 || i > 4 && i < 40 {
			m.set(tile{entries, i, full}.key(), nil)
			m.set(tile{0, i, full}.key(), nil)
		}
	}
	bad := tile{entries, 50, full}.key()
	b := slices.Clone(m.get(bad))
	b[5] ^= 1
	m.set(bad, b)
	list := problems(t, m)
	for _, key := range []string{tile{entries, 2, full}.key(), tile{0, 2, full}.key(), tile{entries, 5, full}.key(), tile{entries, 39, full}.key(), bad} {
		if !slices.ContainsFunc(list, func(p Problem) bool { return p.Key == key }) {
			t.Errorf("%s isn't named", key)
		}
	}
	if len(list) > 12 {
		t.Errorf("%d problems: %v", len(list), list)
	}
}

// TestCheckWhileAppending: a log that grows meanwhile is no damage.
func TestCheckWhileAppending(t *testing.T) {
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	appendTo(t, w, entryList(0, 250))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := int64(250); i < 290; i++ {
			if _, err := w.Append(t.Context(), entryList(i, i+1)); err != nil {
				t.Error(err)
			}
			if i%5 == 0 {
				rotate(t, w, keys)
			}
		}
	}()
	for ended := false; !ended; {
		select {
		case <-done:
			ended = true
		default:
		}
		wantClean(t, m)
	}
}
