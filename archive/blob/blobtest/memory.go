package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Memory is a [blob.Store] with [blob.Cells] and a [blob.Quarantiner] that keeps
// everything in memory: a disk that is fast, never fails, and can be copied as it
// is at any moment. Make it with [NewMemory].
type Memory struct {
	mu      sync.Mutex
	objects map[string]stored
}

// stored is what lies under one key. The bytes never change.
type stored struct {
	data []byte
	at   time.Time
}

var (
	_ blob.Store       = (*Memory)(nil)
	_ blob.Cells       = (*Memory)(nil)
	_ blob.Quarantiner = (*Memory)(nil)
)

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{objects: map[string]stored{}} }

// Clone returns a store of its own that holds what m holds at this moment.
func (m *Memory) Clone() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Memory{objects: maps.Clone(m.objects)}
}

// Bytes returns all that is stored, by key. The bytes must not be changed.
func (m *Memory) Bytes() map[string][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make(map[string][]byte, len(m.objects))
	for key, o := range m.objects {
		all[key] = o.data
	}
	return all
}

// Set stores b under key, whatever is there, as no store may: it is how damage is
// made. Nil removes the key.
func (m *Memory) Set(key string, b []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b == nil {
		delete(m.objects, key)
		return
	}
	m.objects[key] = stored{b, time.Now()}
}

func (m *Memory) get(ctx context.Context, key string) (stored, error) {
	if err := errors.Join(blob.ValidKey(key), ctx.Err()); err != nil {
		return stored{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.objects[key]
	if !ok {
		return o, blob.ErrNotExist
	}
	return o, nil
}

// Put implements [blob.Store].
func (m *Memory) Put(ctx context.Context, key string, o blob.Object) error {
	if err := m.put(ctx, key, o); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

func (m *Memory) put(ctx context.Context, key string, o blob.Object) error {
	if err := errors.Join(blob.ValidKey(key), ctx.Err()); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := blob.Copy(ctx, &b, o); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	was, taken := m.objects[key]
	if taken && !bytes.Equal(was.data, b.Bytes()) {
		return blob.ErrConflict
	}
	if !taken {
		m.objects[key] = stored{b.Bytes(), time.Now()}
	}
	return nil
}

// Open implements [blob.Store].
func (m *Memory) Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error) {
	o, err := m.get(ctx, key)
	if err == nil && (off < 0 || off > int64(len(o.data))) {
		err = blob.ErrRange
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	b := o.data[off:]
	if n >= 0 {
		b = b[:min(n, int64(len(b)))]
	}
	return io.NopCloser(&cancellable{ctx, bytes.NewReader(b)}), nil
}

// cancellable is a reader that a context governs.
type cancellable struct {
	ctx context.Context //nolint:containedctx // it governs the reads, as blob.Store says
	r   io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// Stat implements [blob.Store].
func (m *Memory) Stat(ctx context.Context, key string) (blob.Info, error) {
	o, err := m.get(ctx, key)
	if err != nil {
		return blob.Info{}, fmt.Errorf("stat %s: %w", key, err)
	}
	return blob.Info{Key: key, Size: int64(len(o.data)), ModTime: o.at}, nil
}

// List implements [blob.Store].
func (m *Memory) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		now := m.Clone()
		for _, key := range slices.Sorted(maps.Keys(now.objects)) {
			if !strings.HasPrefix(key, prefix) {
				continue
			}
			if err := ctx.Err(); err != nil {
				yield(blob.Info{}, fmt.Errorf("list %q: %w", prefix, err))
				return
			}
			o := now.objects[key]
			if !yield(blob.Info{Key: key, Size: int64(len(o.data)), ModTime: o.at}, nil) {
				return
			}
		}
	}
}

// Load implements [blob.Cells].
func (m *Memory) Load(ctx context.Context, key string) (data []byte, version string, err error) {
	o, err := m.get(ctx, key)
	if err == nil && len(o.data) > blob.MaxCell {
		err = blob.ErrCellSize
	}
	if err != nil {
		return nil, "", fmt.Errorf("load %s: %w", key, err)
	}
	return slices.Clone(o.data), versionOf(o.data), nil
}

func versionOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Swap implements [blob.Cells].
func (m *Memory) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	if err := m.swap(ctx, key, old, slices.Clone(data)); err != nil {
		return "", fmt.Errorf("swap %s: %w", key, err)
	}
	return versionOf(data), nil
}

func (m *Memory) swap(ctx context.Context, key, old string, data []byte) error {
	if err := errors.Join(blob.ValidKey(key), ctx.Err()); err != nil {
		return err
	}
	if len(data) > blob.MaxCell {
		return blob.ErrCellSize
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := ""
	if o, ok := m.objects[key]; ok {
		now = versionOf(o.data)
	}
	if now != old {
		return blob.ErrStale
	}
	m.objects[key] = stored{data, time.Now()}
	return nil
}

// Quarantine implements [blob.Quarantiner].
func (m *Memory) Quarantine(ctx context.Context, key string) (string, error) {
	to, err := m.quarantine(ctx, key)
	if err != nil {
		return "", fmt.Errorf("quarantine %s: %w", key, err)
	}
	return to, nil
}

func (m *Memory) quarantine(ctx context.Context, key string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for n := 1; ; n++ {
		to, err := blob.QuarantineKey(key, n)
		if err != nil {
			return "", err
		}
		o, ok := m.objects[key]
		if !ok {
			return "", blob.ErrNotExist
		}
		if _, taken := m.objects[to]; !taken {
			m.objects[to] = o
			delete(m.objects, key)
			return to, nil
		}
	}
}
