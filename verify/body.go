package verify

import (
	"bytes"
	"compress/zlib"
	"io"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/ibid-archive/ibid/archive"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// textLimit is how much of a decoded body the rules read, in bytes: walls and
// login forms stand near the start, and a bomb must not be unpacked.
const textLimit = 64 << 10

// decodedHead returns the first textLimit bytes of x's body without content
// coding. Whatever is wrong with the coding, what could be read is returned:
// this is evidence, not the archived copy.
func decodedHead(x *archive.Exchange) []byte {
	r := x.Payload()
	codings := strings.Split(strings.ToLower(strings.Join(x.Header.Values("Content-Encoding"), ",")), ",")
	const layers = 2 // more is no honest page
	if len(codings) > layers {
		return nil
	}
	for i := len(codings) - 1; i >= 0; i-- {
		next, done := decoder(strings.TrimSpace(codings[i]), r)
		if next == nil {
			return nil
		}
		defer done()
		r = next
	}
	var head bytes.Buffer
	_, _ = io.Copy(&head, io.LimitReader(r, textLimit))
	return head.Bytes()
}

// decoder undoes one content coding (RFC 9110 §8.4.1); nil for one that it
// does not know or that is not what it says.
func decoder(coding string, r io.Reader) (io.Reader, func()) {
	nothing := func() {}
	switch coding {
	case "", "identity":
		return r, nothing
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, nil
		}
		return z, nothing
	case "deflate":
		// Meant is zlib; many servers send bare deflate.
		start := make([]byte, 2)
		n, _ := io.ReadFull(r, start)
		r = io.MultiReader(bytes.NewReader(start[:n]), r)
		if n == 2 && start[0]&0x0f == 8 && (int(start[0])<<8|int(start[1]))%31 == 0 {
			z, err := zlib.NewReader(r)
			if err != nil {
				return nil, nil
			}
			return z, nothing
		}
		return flate.NewReader(r), nothing
	case "br":
		return brotli.NewReader(r), nothing
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(16<<20), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, nil
		}
		return z, z.Close
	}
	return nil, nil
}

// isPredecessor reports two decimal numbers of which a is b-1.
func isPredecessor(a, b string) bool {
	x, errA := strconv.ParseInt(a, 10, 64)
	y, errB := strconv.ParseInt(b, 10, 64)
	return errA == nil && errB == nil && x >= 0 && x == y-1
}
