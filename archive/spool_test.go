package archive_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive"
)

// A Spool is what was written to it, wherever it keeps it.
func TestSpoolIsABuffer(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := archive.NewSpool(dir, rapid.SampledFrom([]int{0, 1, 100, 3000, 1 << 20}).Draw(t, "memory"))
		defer s.Close()
		var want []byte
		for range rapid.IntRange(0, 8).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				n := rapid.Int64Range(0, int64(len(want))+2).Draw(t, "truncate")
				if err := s.Truncate(n); err != nil {
					t.Fatal(err)
				}
				want = want[:min(n, int64(len(want)))]
			case 1:
				s.Settle()
			default:
				p := bytes.Repeat([]byte{byte(len(want)), 'x'}, rapid.IntRange(0, 3000).Draw(t, "write"))
				if n, err := s.Write(p); n != len(p) || err != nil {
					t.Fatal(n, err)
				}
				want = append(want, p...)
			}
		}
		if s.Size() != int64(len(want)) {
			t.Fatalf("size %d, want %d", s.Size(), len(want))
		}
		got, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size()))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("holds %d bytes, want %d, error %v", len(got), len(want), err)
		}
		if b, ok := s.Bytes(); ok && !bytes.Equal(b, want) {
			t.Fatalf("%d bytes in memory, want %d", len(b), len(want))
		}
		off := rapid.Int64Range(0, int64(len(want))+2).Draw(t, "offset")
		p := make([]byte, rapid.IntRange(1, 50).Draw(t, "length"))
		n, err := s.ReadAt(p, off)
		wantN, wantErr := bytes.NewReader(want).ReadAt(p, off)
		if n != wantN || err != wantErr {
			t.Fatalf("ReadAt(%d bytes, %d) = %d, %v; want %d, %v", len(p), off, n, err, wantN, wantErr)
		}
		if _, err := s.ReadAt(p, -1); err == nil {
			t.Fatal("no error at a negative offset")
		}
	})
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestSpoolClose(t *testing.T) {
	var none *archive.Spool
	if err := none.Close(); err != nil || none.Size() != 0 {
		t.Errorf("a nil Spool: size %d, close %v", none.Size(), err)
	}
	if b, ok := none.Bytes(); len(b) != 0 || !ok {
		t.Errorf("a nil Spool: bytes %q, %v", b, ok)
	}
	for _, memory := range []int{0, 1 << 20} {
		dir := t.TempDir()
		s := archive.NewSpool(dir, memory)
		if _, err := io.WriteString(s, strings.Repeat("x", 5000)); err != nil {
			t.Fatal(err)
		}
		if _, ok := s.Bytes(); ok != (memory > 0) {
			t.Errorf("memory %d: in memory is %v", memory, ok)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Errorf("memory %d: close: %v", memory, err)
			}
		}
		if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 0 {
			t.Errorf("left behind: %v", names)
		}
	}
}

// After its first error a Spool has no other answer, and the error names the
// place.
func TestSpoolWithoutRoom(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	s := archive.NewSpool(dir, 4)
	defer s.Close()
	if _, err := io.WriteString(s, "1234"); err != nil {
		t.Fatal(err)
	}
	_, err := io.WriteString(s, "5")
	if err == nil || !strings.Contains(err.Error(), dir) {
		t.Fatalf("error %v does not name %s", err, dir)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, again := io.WriteString(s, "6"); again != err {
		t.Errorf("then the error is %v, want %v", again, err)
	}
}
