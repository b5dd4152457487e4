package log

import (
	"bytes"
	"fmt"
	"testing"
)

// BenchmarkAppend appends one entry at a time, each with a checkpoint of its own.
func BenchmarkAppend(b *testing.B) {
	m := newMemory()
	memory := m.config()
	memory.Keys = &keyring{}
	for name, cfg := range map[string]Config{"memory": memory, "dir": storeConfig(openDir(b, b.TempDir()), &keyring{})} {
		b.Run(name, func(b *testing.B) {
			l, err := Open(b.Context(), cfg)
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				appendTo(b, l, [][]byte{fmt.Appendf(nil, "entry %d", i)})
			}
		})
	}
}

// BenchmarkRead reads and checks logs of 50,000 entries of 500 bytes.
func BenchmarkRead(b *testing.B) {
	const n = 50_000
	s := openDir(b, b.TempDir())
	l, err := Open(b.Context(), storeConfig(s, &keyring{}))
	if err != nil {
		b.Fatal(err)
	}
	var list [][]byte
	for i := range n {
		list = append(list, fmt.Appendf(bytes.Repeat([]byte("."), 490), "%10d", i))
	}
	appendTo(b, l, list)
	b.Run("entries", func(b *testing.B) {
		b.SetBytes(n * 500)
		for b.Loop() {
			for _, err := range l.Entries(b.Context(), 0, -1) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("check", func(b *testing.B) {
		b.SetBytes(n * 500)
		for b.Loop() {
			for p, err := range l.Check(b.Context()) {
				b.Fatal(p, err)
			}
		}
	})
}
