package inflate

import (
	"bufio"
	"bytes"
	"io"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// BenchmarkReader compares with the library that is otherwise used.
func BenchmarkReader(b *testing.B) {
	for name, text := range texts() {
		if len(text) < 1000 {
			continue
		}
		data := pack(b, 6, text)
		in := bufio.NewReaderSize(nil, 64<<10)
		b.Run(name, func(b *testing.B) {
			var r Reader
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				in.Reset(bytes.NewReader(data))
				if err := r.Reset(in); err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, &r); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/library", func(b *testing.B) {
			var z gzip.Reader
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				in.Reset(bytes.NewReader(data))
				if err := z.Reset(in); err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, &z); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
