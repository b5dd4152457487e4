package log

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
)

// A work does things to a log and returns what was acknowledged.
type work func(ctx context.Context, m *memory, keys *keyring) (map[int64]string, error)

func noteEntry(i Introduction) ([]byte, error) { return i.Note, nil }

// appendWork makes a log, appends over a full tile, and rotates the key.
func appendWork(ctx context.Context, m *memory, keys *keyring) (map[int64]string, error) {
	acked := map[int64]string{}
	cfg := m.config()
	cfg.Keys = keys
	l, err := Open(ctx, cfg)
	if err != nil {
		return acked, err
	}
	for i, n := range []int64{3, 255, 2} {
		if i == 2 {
			key, err := keys.Create(l.Checkpoint().Origin)
			if err != nil {
				return acked, err
			}
			if _, err = l.Rotate(ctx, key, noteEntry); err != nil {
				return acked, err
			}
		}
		first, err := l.Append(ctx, entryList(0, n))
		if err != nil {
			return acked, err
		}
		for j := range n {
			acked[first+j] = string(entry(j))
		}
	}
	return acked, nil
}

// lostWork replaces the key of a log whose last append may be unfinished.
func lostWork(ctx context.Context, m *memory, keys *keyring) (map[int64]string, error) {
	key, err := keys.Create("example.org/log")
	if err != nil {
		return nil, err
	}
	cfg := m.config()
	cfg.Keys = keys
	l, _, err := ReplaceLost(ctx, cfg, key, noteEntry)
	if err != nil {
		return nil, err
	}
	first, err := l.Append(ctx, entryList(0, 1))
	if err != nil {
		return nil, err
	}
	return map[int64]string{first: string(entry(0))}, nil
}

// TestCrashes ends the process before and after each store operation, and lets
// another go on.
func TestCrashes(t *testing.T) {
	for name, run := range map[string]work{"append": appendWork, "lost key": lostWork} {
		t.Run(name, func(t *testing.T) {
			bases := []*memory{newMemory()}
			if name == "lost key" {
				bases = unfinished(t)
			}
			points := 0
			for n, base := range bases {
				for at := 1; ; at++ {
					if !crashAt(t, base, run, at, fmt.Sprintf("base %d, crash %d", n, at)) {
						break
					}
					points++
				}
			}
			t.Logf("%d crash points", points)
		})
	}
}

// unfinished returns logs as a dead process leaves them during its last append.
func unfinished(t *testing.T) (list []*memory) {
	m, keys := newMemory(), &keyring{n: 100}
	w := openWriter(t, m, keys)
	appendTo(t, w, entryList(0, 254))
	list = append(list, m.clone())
	for _, at := range []int{2, 3, 5} { // after the head, after an object, after some
		c := m.clone()
		n := 0
		cfg := c.config()
		cfg.Keys = keys
		l, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		c.strike = func(string, string, bool) error {
			if n++; n > at {
				return errCrash
			}
			return nil
		}
		if _, err := l.Append(t.Context(), entryList(0, 5)); !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		c.strike = nil
		list = append(list, c)
	}
	return list
}

// crashAt reports whether the work came as far as its at-th operation.
func crashAt(t *testing.T, base *memory, run work, at int, what string) bool {
	t.Helper()
	m, keys := base.clone(), &keyring{}
	n := 0
	m.strike = func(string, string, bool) error {
		if n++; n >= at {
			return errCrash
		}
		return nil
	}
	acked, err := run(t.Context(), m, keys)
	crashed := n >= at
	if crashed != errors.Is(err, errCrash) && err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	m.strike = nil
	ring := &keyring{keys: maps.Clone(keys.keys), n: 50}
	for range 2 {
		cfg := m.config()
		cfg.Keys = ring
		l, err := Open(t.Context(), cfg)
		if errors.Is(err, ErrNoKey) { // the lost key is still to be replaced
			if acked, err = lostWork(t.Context(), m, ring); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		appendTo(t, l, entryList(7, 8))
	}
	list, _ := readAll(t, m)
	for i, e := range acked {
		if i >= int64(len(list)) || list[i] != e {
			t.Errorf("%s: entry %d was acknowledged as %s and isn't there", what, i, e)
		}
	}
	oneHistory(t, m, list)
	wantClean(t, m)
	if t.Failed() {
		t.Fatal(what)
	}
	return crashed
}

// TestFaultsAreTold makes each store operation fail once, with the process alive:
// the same log goes on, and what it acknowledges is there.
func TestFaultsAreTold(t *testing.T) {
	for at := 1; ; at++ {
		m, keys := newMemory(), &keyring{}
		l := openWriter(t, m, keys)
		n := 0
		m.strike = func(string, string, bool) error {
			if n++; n == at {
				return errFault
			}
			return nil
		}
		acked := map[int64]string{}
		for i := range int64(4) {
			first, err := l.Append(t.Context(), [][]byte{entry(i)})
			if err == nil {
				acked[first] = string(entry(i))
			} else if !errors.Is(err, errFault) {
				t.Fatal(err)
			}
		}
		if m.strike = nil; n < at {
			break
		}
		appendTo(t, l, entryList(9, 10))
		list, _ := readAll(t, m)
		for i, e := range acked {
			if i >= int64(len(list)) || list[i] != e {
				t.Errorf("fault %d: entry %d was acknowledged as %s and isn't there", at, i, e)
			}
		}
		oneHistory(t, m, list)
		wantClean(t, m)
	}
}

// TestReadOnly checks that reading needs no key, and writes nothing.
func TestReadOnly(t *testing.T) {
	m, _ := tiny(t)
	m.strike = func(op, key string, _ bool) error {
		if op == "put" || op == "swap" {
			t.Errorf("%s %s", op, key)
		}
		return nil
	}
	l, err := Open(t.Context(), m.config())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(t.Context(), entryList(0, 1)); !errors.Is(err, blob.ErrReadOnly) {
		t.Errorf("append: %v", err)
	}
	if _, err := l.Rotate(t.Context(), nil, nil); !errors.Is(err, blob.ErrReadOnly) {
		t.Errorf("rotate: %v", err)
	}
	if _, err := Open(t.Context(), newMemory().config()); !errors.Is(err, ErrNoLog) {
		t.Errorf("open nothing: %v", err)
	}
}
