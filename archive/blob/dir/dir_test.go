package dir

import (
	"testing"

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

func TestConformance(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) *Store{
		"auto":  func(t *testing.T) *Store { return openTest(t, t.TempDir(), Config{}) },
		"files": func(t *testing.T) *Store { return openTest(t, t.TempDir(), Config{Sync: SyncFiles}) },
		"named": func(t *testing.T) *Store { s := openTest(t, t.TempDir(), Config{}); s.anonymous = false; return s },
		"nolinks": func(t *testing.T) *Store {
			s := openTest(t, t.TempDir(), Config{})
			s.links, s.anonymous = false, false
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			blobtest.Run(t, func(t *testing.T) blob.Store { return open(t) })
		})
	}
}
