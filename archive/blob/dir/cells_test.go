package dir

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive/blob"
)

// TestSwapOrder: the bytes of a cell are durable before its name leads to them, and
// the name before Swap returns. Load makes durable what another store may not
// have.
func TestSwapOrder(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			d := spy(s, "a/cell")
			version, err := s.Swap(t.Context(), "a/cell", "", []byte("x"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"bytes", "names of a, named"}, d.events); diff != "" {
				t.Errorf("swap (-want +got):\n%s", diff)
			}
			other := openTest(t, s.root.Name(), Config{})
			if _, err := other.Swap(t.Context(), "a/cell", version, []byte("y")); err != nil {
				t.Fatal(err)
			}
			d.events = nil
			if got, _, err := s.Load(t.Context(), "a/cell"); err != nil || string(got) != "y" {
				t.Fatalf("load: %q, error %v", got, err)
			}
			if diff := cmp.Diff([]string{"names of a, named"}, d.events); diff != "" {
				t.Errorf("load of what another store wrote (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSwapFailedSync(t *testing.T) {
	boom := errors.New("input/output error")
	for name, test := range map[string]struct {
		fail func(*spied)
		now  string
	}{
		"bytes": {func(d *spied) { d.bytesErr = boom }, "old"},
		"names": {func(d *spied) { d.namesErr = boom }, "new"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			s := openTest(t, root, Config{})
			version, err := s.Swap(t.Context(), "cell", "", []byte("old"))
			if err != nil {
				t.Fatal(err)
			}
			d := spy(s, "cell")
			test.fail(d)
			if _, err := s.Swap(t.Context(), "cell", version, []byte("new")); !errors.Is(err, boom) || errors.Is(err, blob.ErrStale) {
				t.Errorf("swap: %v, want %v", err, boom)
			}
			d.bytesErr, d.namesErr = nil, nil
			if _, err := s.Swap(t.Context(), "cell", version, []byte("newer")); !errors.Is(err, boom) {
				t.Errorf("swap after a failed sync: %v, want %v", err, boom)
			}
			// What is there can't be known to be durable any more.
			if _, _, err := s.Load(t.Context(), "cell"); !errors.Is(err, boom) {
				t.Errorf("load after a failed sync: %v, want %v", err, boom)
			}
			if b, err := os.ReadFile(filepath.Join(root, "cell")); err != nil || string(b) != test.now {
				t.Errorf("the cell holds %q, error %v; want %q", b, err, test.now)
			}
			wantTemporary(t, s, 0)
			again := openTest(t, root, Config{})
			_, version, err = again.Load(t.Context(), "cell")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := again.Swap(t.Context(), "cell", version, []byte("newer")); err != nil {
				t.Errorf("swap after opening again: %v", err)
			}
		})
	}
}

func TestCellReadOnly(t *testing.T) {
	root := t.TempDir()
	writer := openTest(t, root, Config{})
	version, err := writer.Swap(t.Context(), "cell", "", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	s := openTest(t, root, Config{ReadOnly: true})
	if got, v, err := s.Load(t.Context(), "cell"); err != nil || string(got) != "x" || v != version {
		t.Errorf("load: %q, version %s, error %v", got, v, err)
	}
	for _, old := range []string{"", version} {
		if _, err := s.Swap(t.Context(), "cell", old, []byte("y")); !errors.Is(err, blob.ErrReadOnly) {
			t.Errorf("swap: %v, want %v", err, blob.ErrReadOnly)
		}
	}
}
