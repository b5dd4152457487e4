package cdxj

import (
	"bytes"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSorter(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		s := NewSorter(dir, rapid.IntRange(1, 4000).Draw(r, "memory"))
		defer s.Close()
		var want []string
		n := rapid.IntRange(0, 60).Draw(r, "lines")
		half := rapid.IntRange(0, n).Draw(r, "half")
		for i := range n {
			l := sample()
			l.Key = rapid.StringMatching(`[!-~]{1,5}`).Draw(r, "key")
			l.Offset = int64(i)
			b, err := Append(nil, l)
			if err != nil {
				r.Fatal(err)
			}
			want = append(want, string(b))
			if err := s.Add(l); err != nil {
				r.Fatal(err)
			}
			if i == half { // what was read once can be read again
				if err := s.WriteSorted(&bytes.Buffer{}); err != nil {
					r.Fatal(err)
				}
			}
		}
		sort.Strings(want)
		var got bytes.Buffer
		if err := s.WriteSorted(&got); err != nil {
			r.Fatal(err)
		}
		if got.String() != strings.Join(want, "") || s.Len() != int64(n) {
			r.Fatalf("%d lines in:\n%s\nout:\n%s", n, strings.Join(want, ""), got.String())
		}
	})
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestSorterWithoutDisk(t *testing.T) {
	s := NewSorter(t.TempDir()+"/absent", 1)
	if err := s.Add(sample()); err == nil {
		t.Error("lines went to a directory that is not there")
	}
}

func BenchmarkSorter(b *testing.B) {
	for b.Loop() {
		s := NewSorter(b.TempDir(), 1<<20)
		for i := range 20_000 {
			l := sample()
			l.Key = fmt.Sprint("org,example)/", i*7919%20_000)
			if err := s.Add(l); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.WriteSorted(&bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
