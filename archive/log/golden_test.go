package log

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestGolden fixes the format: every object of a small log, byte for byte. A log
// that was written once must be readable for good, so a difference means a new
// version of the format.
func TestGolden(t *testing.T) {
	const name = "testdata/log.txt"
	m, keys := newMemory(), &keyring{}
	w := openWriter(t, m, keys)
	w.appender.id = "0123456789abcdef"
	appendTo(t, w, entryList(0, 2))
	rotate(t, w, keys)
	appendTo(t, w, entryList(3, 5))
	var b strings.Builder
	b.WriteString("Every object of a small log, each line of it in quotes; rewrite with go test -update and read the difference.\n")
	for _, key := range m.keys() {
		fmt.Fprintf(&b, "\n-- %s --\n", key)
		for line := range bytes.Lines(m.get(key)) {
			fmt.Fprintf(&b, "%+q\n", line)
		}
	}
	p, err := w.ProveInclusion(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.ProveConsistency(t.Context(), 3, 5)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "\n-- proof of entry 3 --\n%s\n-- proof of consistency --\n%s", p[0], c)
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); d != "" {
		t.Error(d)
	}
}
