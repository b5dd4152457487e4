package dir

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

func openTest(t testing.TB, path string, cfg Config) *Store {
	t.Helper()
	s, err := Open(path, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// stores are the ways to put an object.
var stores = map[string]func(t *testing.T) *Store{
	"auto":    func(t *testing.T) *Store { return openTest(t, t.TempDir(), Config{}) },
	"files":   func(t *testing.T) *Store { return openTest(t, t.TempDir(), Config{Sync: SyncFiles}) },
	"named":   func(t *testing.T) *Store { return without(openTest(t, t.TempDir(), Config{}), false) },
	"nolinks": func(t *testing.T) *Store { return without(openTest(t, t.TempDir(), Config{}), true) },
}

// without makes a store believe that its file system can do less.
func without(s *Store, links bool) *Store {
	s.anonymous = false
	s.links = s.links && !links
	return s
}

func TestConformance(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait for the disk
			blobtest.Run(t, func(t *testing.T) blob.Store { return open(t) })
		})
	}
}

func TestOpenErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path string
		cfg  Config
		want string
	}{
		{file, Config{}, "open archive directory " + file},
		{filepath.Join(file, "below"), Config{}, "open archive directory"},
		{t.TempDir(), Config{Sync: "sometimes"}, `"sometimes"`},
		{filepath.Join(t.TempDir(), "missing"), Config{ReadOnly: true}, "missing"},
	} {
		s, err := Open(test.path, test.cfg)
		if err == nil || s != nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("open %s: store %v, error %v; want an error with %q", test.path, s, err, test.want)
		}
	}
}

func TestReadOnly(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "k"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, root, Config{ReadOnly: true})
	for _, key := range []string{"k", "new"} {
		if err := s.Put(t.Context(), key, blob.Bytes([]byte("x"))); !errors.Is(err, blob.ErrReadOnly) {
			t.Errorf("put %s: %v, want %v", key, err, blob.ErrReadOnly)
		}
	}
	if info, err := s.Stat(t.Context(), "k"); err != nil || info.Size != 1 {
		t.Errorf("stat: %+v, error %v", info, err)
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v, error %v; want only k", entries, err)
	}
	if dir := s.TempDir(); dir != "" {
		t.Errorf("TempDir is %q, want none", dir)
	}
}

// TestStrangers: what isn't an object isn't seen.
func TestStrangers(t *testing.T) {
	root := t.TempDir()
	s := openTest(t, root, Config{})
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".hidden", "captures/.DS_Store", "captures/ä", "tmp/x", "captures/object"} {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	links := os.Symlink(outside, filepath.Join(root, "link")) == nil &&
		os.Symlink(filepath.Dir(outside), filepath.Join(root, "away")) == nil
	var got []string
	for info, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, info.Key)
	}
	if diff := cmp.Diff([]string{"captures/object"}, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	if !links {
		return
	}
	for _, key := range []string{"link", "away/outside"} {
		if r, err := s.Open(t.Context(), key, 0, -1); err == nil {
			r.Close()
			t.Errorf("open %s follows a link out of the directory", key)
		}
	}
	if err := s.Put(t.Context(), "away/new", blob.Bytes([]byte("x"))); err == nil {
		t.Error("put follows a link out of the directory")
	}
	if err := s.Put(t.Context(), "link", blob.Bytes([]byte("x"))); !errors.Is(err, blob.ErrConflict) {
		t.Errorf("put on a link: %v, want a conflict", err)
	}
}
