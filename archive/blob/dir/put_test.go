package dir

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive/blob"
)

// spied watches what is made durable, and can fail.
type spied struct {
	durable
	mu       sync.Mutex
	events   []string
	key      string // of which events tell whether it is there
	root     *os.Root
	bytesErr error
	namesErr error
}

func (d *spied) record(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.root.Lstat(d.key); err == nil {
		what += ", named"
	}
	d.events = append(d.events, what)
}

func (d *spied) bytes(f *os.File) error {
	d.record("bytes")
	return errors.Join(d.bytesErr, d.durable.bytes(f))
}

func (d *spied) names(dir string) error {
	d.record("names of " + dir)
	return errors.Join(d.namesErr, d.durable.names(dir))
}

func spy(s *Store, key string) *spied {
	d := &spied{durable: s.durable, root: s.root, key: key}
	s.durable = d
	return d
}

// TestOrder is the promise of the package: bytes are durable before there is a
// name, and the name before Put returns.
func TestOrder(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			d := spy(s, "a/b/c")
			for range 2 {
				if err := s.Put(t.Context(), "a/b/c", blob.Bytes([]byte("x"))); err != nil {
					t.Fatal(err)
				}
			}
			want := []string{"bytes", "names of a/b, named", "names of a/b, named"}
			if diff := cmp.Diff(want, d.events); diff != "" {
				t.Errorf("two puts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFailedSync(t *testing.T) {
	boom := errors.New("input/output error")
	for name, test := range map[string]struct {
		fail  func(*spied)
		there bool
	}{
		"bytes": {func(d *spied) { d.bytesErr = boom }, false},
		"names": {func(d *spied) { d.namesErr = boom }, true},
	} {
		t.Run(name, func(t *testing.T) {
			path := t.TempDir()
			s := openTest(t, path, Config{})
			d := spy(s, "k")
			test.fail(d)
			if err := s.Put(t.Context(), "k", blob.Bytes([]byte("x"))); !errors.Is(err, boom) {
				t.Errorf("put: %v, want %v", err, boom)
			}
			d.bytesErr, d.namesErr = nil, nil
			for _, key := range []string{"k", "other"} {
				if err := s.Put(t.Context(), key, blob.Bytes([]byte("x"))); !errors.Is(err, boom) {
					t.Errorf("put %s after a failed sync: %v, want %v", key, err, boom)
				}
			}
			_, err := s.Stat(t.Context(), "k")
			if there := err == nil; there != test.there {
				t.Errorf("the object is there: %v, want %v", there, test.there)
			}
			wantTemporary(t, s, 0)
			again := openTest(t, path, Config{})
			if err := again.Put(t.Context(), "k", blob.Bytes([]byte("x"))); err != nil {
				t.Errorf("put after opening again: %v", err)
			}
		})
	}
}

// wantTemporary checks how many files the store has in its TempDir.
func wantTemporary(t *testing.T, s *Store, want int) {
	t.Helper()
	entries, err := os.ReadDir(s.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != want {
		t.Errorf("TempDir holds %d files, want %d: %v", len(entries), want, entries)
	}
}

func TestFileIsLinked(t *testing.T) {
	s := openTest(t, t.TempDir(), Config{})
	if !s.links {
		t.Skip("the file system has no hard links")
	}
	body := []byte("spooled")
	write := func(dir, name string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	linked := func(key, file string) bool {
		a, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.Stat(filepath.Join(s.root.Name(), key))
		if err != nil {
			t.Fatal(err)
		}
		return os.SameFile(a, b)
	}
	for key, test := range map[string]struct {
		dir  string
		want bool
	}{"inside": {s.TempDir(), true}, "outside": {t.TempDir(), false}} {
		o := blob.Bytes(body)
		o.File = write(test.dir, "spool-"+key)
		for range 2 { // the second time it is there
			if err := s.Put(t.Context(), key, o); err != nil {
				t.Fatal(err)
			}
		}
		if got := linked(key, o.File); got != test.want {
			t.Errorf("the object from a file %s TempDir is that file: %v, want %v", key, got, test.want)
		}
		// The caller may remove its file.
		if err := os.Remove(o.File); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(s.root.Name(), key)); err != nil || string(got) != string(body) {
			t.Errorf("%s holds %q, error %v", key, got, err)
		}
	}

	wrong := blob.Bytes([]byte("promise"))
	wrong.File = write(s.TempDir(), "wrong")
	if err := s.Put(t.Context(), "wrong", wrong); !errors.Is(err, blob.ErrMismatch) {
		t.Errorf("put of a file with other bytes: %v, want a mismatch", err)
	}
	missing := blob.Bytes(body)
	missing.File = filepath.Join(s.TempDir(), "missing")
	if err := s.Put(t.Context(), "missing", missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("put of a missing file: %v", err)
	}
	if err := os.Mkdir(filepath.Join(s.TempDir(), "dir"), 0o700); err != nil {
		t.Fatal(err)
	}
	missing.File = filepath.Join(s.TempDir(), "dir")
	if err := s.Put(t.Context(), "dir", missing); err == nil {
		t.Error("put of a directory succeeds")
	}
	var keys []string
	for info, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	if diff := cmp.Diff([]string{"inside", "outside"}, keys); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

// TestTwoStores puts the same keys through two stores of one directory.
func TestTwoStores(t *testing.T) {
	for name, change := range map[string]func(*Store){
		"links":    func(*Store) {},
		"no links": func(s *Store) { s.links, s.anonymous = false, false },
	} {
		t.Run(name, func(t *testing.T) {
			path := t.TempDir()
			var both []*Store
			for range 2 {
				s := openTest(t, path, Config{})
				change(s)
				both = append(both, s)
			}
			var wg sync.WaitGroup
			var mu sync.Mutex
			won := map[string][]string{}
			for i := range 64 {
				wg.Go(func() {
					key, body := string(rune('a'+i%8)), strings.Repeat("x", i)
					err := both[i%2].Put(t.Context(), key, blob.Bytes([]byte(body)))
					if err == nil {
						mu.Lock()
						defer mu.Unlock()
						won[key] = append(won[key], body)
					} else if !errors.Is(err, blob.ErrConflict) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			for i := range 8 {
				key := string(rune('a' + i))
				got, err := os.ReadFile(filepath.Join(path, key))
				if err != nil || !slices.Equal(won[key], []string{string(got)}) {
					t.Errorf("%s holds %d bytes, error %v; %d puts succeeded", key, len(got), err, len(won[key]))
				}
			}
			for _, s := range both {
				wantTemporary(t, s, 0)
			}
		})
	}
}

func TestCancelledCopy(t *testing.T) {
	s := openTest(t, t.TempDir(), Config{})
	ctx, cancel := context.WithCancel(t.Context())
	o := blob.Bytes(make([]byte, 1<<20))
	o.Body = cancelling{o.Body, cancel}
	if err := s.Put(ctx, "k", o); !errors.Is(err, context.Canceled) {
		t.Errorf("put: %v, want that it is cancelled", err)
	}
	wantTemporary(t, s, 0)
}

// cancelling cancels a context when it is read.
type cancelling struct {
	io.ReaderAt
	cancel func()
}

func (c cancelling) ReadAt(p []byte, off int64) (int, error) {
	c.cancel()
	return c.ReaderAt.ReadAt(p, off)
}
