package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestResultIsWhole writes results to files: what is there stays until the new one
// is whole, keeps its mode, and a link leads where it led.
func TestResultIsWhole(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "result.json"), filepath.Join(dir, "latest.json")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{}
	a.opt.output = file
	full := errors.New("no space left")
	err := a.write(func(w io.Writer) error {
		_, _ = io.WriteString(w, "ne")
		return full
	})
	if got, _ := os.ReadFile(file); !errors.Is(err, full) || string(got) != "old" {
		t.Errorf("%v leaves %q", err, got)
	}
	if runtime.GOOS != "windows" {
		if err := os.Symlink("result.json", link); err != nil {
			t.Fatal(err)
		}
		a.opt.output = link
	}
	if err := a.write(func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 2 {
		t.Errorf("%v, %v are left", left, err)
	}
}
