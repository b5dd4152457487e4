package crawltest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/andybalholm/brotli"
)

// bombSize is the decoded size of the bombs in bytes.
const bombSize = 1 << 30

// encodingCases are content codings that bomb or lie (RFC 9110, section 8.4).
// All of them arrive whole: what is kept is the coded bytes.
func encodingCases() []trouble {
	text := simple("Encoded", "What this page is coded with is not always what it says.")
	packed := gzipped(text)
	unsure := []string{"alive", "unknown", "unreachable", "invalid"}
	coded := func(name string, want []string, note, coding, body string) trouble {
		return trouble{Case: Case{Name: name, Want: want, Stable: true, Note: note},
			page: page{ctype: typeHTML, fields: "Content-Encoding: " + coding + "\r\n", body: body}}
	}
	bomb := func(name, note, coding string, make func() string) trouble {
		return trouble{Case: Case{Name: name, Want: unsure, Stable: true, Note: note}, later: func() page {
			return page{ctype: typeHTML, fields: "Content-Encoding: " + coding + "\r\n", body: make()}
		}}
	}
	return []trouble{
		bomb("gzip-bomb", "1 MiB of gzip that decodes to 1 GiB", "gzip", func() string { return gzipBomb(bombSize) }),
		bomb("nested-gzip-bomb", "gzip in gzip: a few KiB that decode to 1 GiB", "gzip, gzip", func() string { return gzipped(gzipBomb(bombSize)) }),
		bomb("brotli-bomb", "a few KiB of brotli that decode to 1 GiB", "br", func() string { return brotliBomb(bombSize) }),
		coded("gzip", alive(), "gzip as it should be", "gzip", packed),
		coded("gzip-twice", unsure, "gzip in gzip, and it says so", "gzip, gzip", gzipped(packed)),
		coded("gzip-members", alive(), "gzip in two members, which is one body", "gzip", gzipped(text[:100])+gzipped(text[100:])),
		coded("gzip-lie", []string{"alive", "unknown"}, "says gzip and is plain", "gzip", text),
		coded("gzip-cut", unsure, "gzip whose second half is missing, in a message that is whole", "gzip", packed[:len(packed)/2]),
		coded("gzip-bad-sum", unsure, "gzip with a wrong checksum", "gzip", packed[:len(packed)-8]+"\x00\x01\x02\x03"+packed[len(packed)-4:]),
		coded("gzip-tail", unsure, "gzip with bytes after its end", "gzip", packed+"\r\n<!-- served in 3 ms -->"),
		coded("x-gzip", alive(), "gzip under its old name in upper case", "X-GZIP", packed),
		coded("identity", alive(), "Content-Encoding: identity", "identity", text),
		coded("unknown-coding", []string{"alive", "unknown"}, "a coding that nobody knows", "x-rot13", rot13(text)),
		coded("many-codings", unsure, "forty codings, one in the other, says the header", strings.Repeat("gzip, ", 39)+"gzip", text),
		coded("brotli", alive(), "brotli", "br", brotlied(text)),
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.String()
}

func brotlied(text string) string {
	var b bytes.Buffer
	z := brotli.NewWriterLevel(&b, brotli.DefaultCompression)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

// gzipBomb is one gzip member of size zeros, a multiple of a mebibyte. A flushed deflate stream is byte
// aligned, and its second part refers to zeros only, so that part can be
// repeated instead of compressing a gibibyte.
func gzipBomb(size int) string {
	const part = 1 << 20
	zeros := make([]byte, part)
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = z.Write(zeros)
	_ = z.Flush()
	first := b.Len()
	_, _ = z.Write(zeros)
	_ = z.Flush()
	second := b.Len()
	_ = z.Close()
	all := b.Bytes()
	out := append([]byte{}, all[:first]...)
	var sum uint32
	for i := range size / part {
		sum = crc32.Update(sum, crc32.IEEETable, zeros)
		if i > 0 {
			out = append(out, all[first:second]...)
		}
	}
	out = append(out, all[second:len(all)-8]...)
	out = binary.LittleEndian.AppendUint32(out, sum)
	return string(binary.LittleEndian.AppendUint32(out, uint32(size)))
}

// brotliBomb is size zeros, a multiple of 8 MiB and 16 MiB at least. It
// repeats the part between two flushes as gzipBomb does; the coder needs one
// part more to come to its steady state.
func brotliBomb(size int) string {
	const part = 8 << 20
	zeros := make([]byte, part)
	var b bytes.Buffer
	z := brotli.NewWriterLevel(&b, 5)
	var ends [3]int
	for i := range ends {
		_, _ = z.Write(zeros)
		_ = z.Flush()
		ends[i] = b.Len()
	}
	_ = z.Close()
	all := b.Bytes()
	out := append([]byte{}, all[:ends[1]]...)
	for range size/part - 2 {
		out = append(out, all[ends[1]:ends[2]]...)
	}
	return string(append(out, all[ends[2]:]...))
}

func rot13(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, text)
}
