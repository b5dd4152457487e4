package log

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
)

// memory is one process's view of a store in memory. strike, if set, is called
// at the start of every operation and at its end; what it returns makes the
// operation fail.
type memory struct {
	*shared
	strike func(op, key string, after bool) error
}

type shared struct {
	mu      sync.Mutex
	objects map[string][]byte
	cells   map[string]cell
	serial  int
	// published holds every checkpoint that there ever was, in order.
	published [][]byte
}

type cell struct {
	data    []byte
	version string
}

func newMemory() *memory {
	return &memory{shared: &shared{objects: map[string][]byte{}, cells: map[string]cell{}}}
}

func (m *memory) fault(op, key string, after bool) error {
	if m.strike == nil {
		return nil
	}
	return m.strike(op, key, after)
}

func (m *memory) Put(_ context.Context, key string, o blob.Object) error {
	if err := blob.ValidKey(key); err != nil {
		return err
	}
	if err := m.fault("put", key, false); err != nil {
		return err
	}
	b := make([]byte, o.Size)
	if n, err := o.Body.ReadAt(b, 0); int64(n) != o.Size {
		return err
	}
	m.mu.Lock()
	old, ok := m.objects[key]
	if !ok {
		m.objects[key] = b
	}
	m.mu.Unlock()
	if ok && !bytes.Equal(old, b) {
		return fmt.Errorf("put %s: %w", key, blob.ErrConflict)
	}
	return m.fault("put", key, true)
}

func (m *memory) Open(_ context.Context, key string, off, n int64) (io.ReadCloser, error) {
	if err := m.fault("open", key, false); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.objects[key]
	if c, isCell := m.cells[key]; isCell {
		b, ok = c.data, true
	}
	if !ok {
		return nil, fmt.Errorf("open %s: %w", key, blob.ErrNotExist)
	}
	if off > int64(len(b)) {
		return nil, blob.ErrRange
	}
	if b = b[off:]; n >= 0 {
		b = b[:min(n, int64(len(b)))]
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (m *memory) List(_ context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		if err := m.fault("list", prefix, false); err != nil {
			yield(blob.Info{}, err)
			return
		}
		for _, key := range m.keys() {
			if strings.HasPrefix(key, prefix) && !yield(blob.Info{Key: key}, nil) {
				return
			}
		}
	}
}

// keys returns all keys, of cells as well.
func (m *memory) keys() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(func(yield func(string) bool) {
		for key := range maps.Keys(m.objects) {
			if !yield(key) {
				return
			}
		}
		for key := range maps.Keys(m.cells) {
			if !yield(key) {
				return
			}
		}
	})
}

func (m *memory) Load(_ context.Context, key string) ([]byte, string, error) {
	if err := m.fault("load", key, false); err != nil {
		return nil, "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.cells[key]
	if !ok {
		return nil, "", fmt.Errorf("load %s: %w", key, blob.ErrNotExist)
	}
	return c.data, c.version, nil
}

func (m *memory) Swap(_ context.Context, key, old string, data []byte) (string, error) {
	if err := m.fault("swap", key, false); err != nil {
		return "", err
	}
	m.mu.Lock()
	if m.cells[key].version != old {
		m.mu.Unlock()
		return "", fmt.Errorf("swap %s: %w", key, blob.ErrStale)
	}
	m.serial++
	version := fmt.Sprint(m.serial)
	m.cells[key] = cell{slices.Clone(data), version}
	if key == CheckpointKey {
		m.published = append(m.published, slices.Clone(data))
	}
	m.mu.Unlock()
	return version, m.fault("swap", key, true)
}

// get returns the bytes under any key.
func (m *memory) get(key string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.cells[key]; ok {
		return c.data
	}
	return m.objects[key]
}

// set replaces the bytes under any key, as whoever can write the disk can; nil
// removes them.
func (m *memory) set(key string, b []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.cells[key]; ok || key == HeadKey || key == CheckpointKey {
		if m.serial++; b == nil {
			delete(m.cells, key)
		} else {
			m.cells[key] = cell{b, fmt.Sprint(m.serial)}
		}
		return
	}
	if m.objects[key] = b; b == nil {
		delete(m.objects, key)
	}
}

// clone copies what is stored.
func (m *memory) clone() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memory{shared: &shared{objects: maps.Clone(m.objects), cells: maps.Clone(m.cells), serial: m.serial, published: slices.Clone(m.published)}}
}

func (m *memory) config() Config { return Config{Objects: m, Cells: m, Parallel: 1} }

// keyring is a KeySource in memory whose keys follow from their number.
type keyring struct {
	mu   sync.Mutex
	n    byte
	keys map[string]*Signer
}

func (k *keyring) Load(v *Verifier) (*Signer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s, ok := k.keys[v.String()]; ok {
		return s, nil
	}
	return nil, fmt.Errorf("key %s: %w", v.ID(), ErrNoKey)
}

func (k *keyring) Create(origin string) (*Signer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n++
	s, err := GenerateKey(bytes.NewReader(bytes.Repeat([]byte{k.n}, 32)), origin)
	if err != nil {
		return nil, err
	}
	if k.keys == nil {
		k.keys = map[string]*Signer{}
	}
	k.keys[s.Verifier().String()] = s
	return s, nil
}

// entry is the entry number i; lengths vary.
func entry(i int64) []byte { return fmt.Appendf(nil, "entry %d%s", i, strings.Repeat(".", int(i%7))) }

func entryList(from, to int64) [][]byte {
	var list [][]byte
	for i := from; i < to; i++ {
		list = append(list, entry(i))
	}
	return list
}

func openWriter(t testing.TB, m *memory, keys KeySource) *Log {
	t.Helper()
	cfg := m.config()
	cfg.Origin, cfg.Keys = "example.org/log", keys
	w, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func appendTo(t testing.TB, w *Log, list [][]byte) int64 {
	t.Helper()
	first, err := w.Append(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	return first
}

// readAll opens the log and returns all entries.
func readAll(t testing.TB, m *memory) ([]string, Checkpoint) {
	t.Helper()
	l, err := Open(t.Context(), m.config())
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for e, err := range l.Entries(t.Context(), 0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(e))
	}
	return list, l.Checkpoint()
}

// contents is what is stored.
type contents struct {
	objects map[string][]byte
	cells   map[string]cell
}

func (s *shared) contents() *contents {
	return &contents{maps.Clone(s.objects), maps.Clone(s.cells)}
}

// restore puts other contents under everybody who has the store open.
func (m *memory) restore(c *contents) {
	m.objects, m.cells = maps.Clone(c.objects), maps.Clone(c.cells)
}
