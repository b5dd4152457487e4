package dir

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive/blob"
)

// TestQuarantineOrder: the new name is durable before the old one goes.
func TestQuarantineOrder(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			if err := s.Put(t.Context(), "a/k", blob.Bytes([]byte("x"))); err != nil {
				t.Fatal(err)
			}
			d := spy(s, "a/k")
			if _, err := s.Quarantine(t.Context(), "a/k"); err != nil {
				t.Fatal(err)
			}
			want := []string{"names of quarantine/a, named", "names of a"}
			if !s.links { // a rename
				want[0] = "names of quarantine/a"
			}
			if diff := cmp.Diff(want, d.events); diff != "" {
				t.Errorf("quarantine (-want +got):\n%s", diff)
			}
		})
	}
}

// TestQuarantineInterrupted: a crash between the two names leaves both, and the
// next call goes on from there.
func TestQuarantineInterrupted(t *testing.T) {
	root := t.TempDir()
	s := openTest(t, root, Config{})
	if !s.links {
		t.Skip("the file system has no hard links")
	}
	if err := s.Put(t.Context(), "a/k", blob.Bytes([]byte("damaged"))); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("input/output error")
	d := spy(s, "a/k")
	d.namesErr = boom
	if _, err := s.Quarantine(t.Context(), "a/k"); !errors.Is(err, boom) {
		t.Errorf("quarantine: %v, want %v", err, boom)
	}
	for _, key := range []string{"a/k", "quarantine/a/k.1"} {
		if b, err := os.ReadFile(filepath.Join(root, key)); err != nil || string(b) != "damaged" {
			t.Errorf("%s holds %q, error %v", key, b, err)
		}
	}
	d.namesErr = nil
	if _, err := s.Quarantine(t.Context(), "a/k"); !errors.Is(err, boom) {
		t.Errorf("quarantine after a failed sync: %v, want %v", err, boom)
	}
	again := openTest(t, root, Config{})
	to, err := again.Quarantine(t.Context(), "a/k")
	if err != nil || to != "quarantine/a/k.1" {
		t.Errorf("quarantine after opening again: %s, error %v", to, err)
	}
	if err := again.Put(t.Context(), "a/k", blob.Bytes([]byte("good"))); err != nil {
		t.Fatal(err)
	}
	if to, err := again.Quarantine(t.Context(), "a/k"); err != nil || to != "quarantine/a/k.2" {
		t.Errorf("quarantine of the next: %s, error %v", to, err)
	}
}

func TestQuarantineReadOnly(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "k"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, root, Config{ReadOnly: true})
	if _, err := s.Quarantine(t.Context(), "k"); !errors.Is(err, blob.ErrReadOnly) {
		t.Errorf("quarantine: %v, want %v", err, blob.ErrReadOnly)
	}
}
