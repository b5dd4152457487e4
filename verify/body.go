package verify

import (
	"io"
	"strconv"

	"github.com/ibid-archive/ibid/archive"
)

// textLimit is how much of a decoded body the rules read, in bytes: walls and
// login forms stand near the start, and a bomb must not be unpacked.
const textLimit = 64 << 10

// decodedHead returns the first textLimit bytes of x's body without content
// coding; they must not be changed. Whatever is wrong with the coding, what
// could be read is returned: this is evidence, not the archived copy.
func decodedHead(x *archive.Exchange) []byte {
	if raw, ok := x.Response.Bytes(); ok && !x.Chunked && x.HeaderSize > 0 && x.Header.Get("Content-Encoding") == "" {
		raw = raw[x.HeaderSize:]
		return raw[:min(len(raw), textLimit)]
	}
	head := make([]byte, textLimit)
	n, _ := io.ReadFull(x.Content(archive.DecodeLimits{MaxBytes: textLimit}), head)
	return head[:n]
}

// isPredecessor reports two decimal numbers of which a is b-1.
func isPredecessor(a, b string) bool {
	x, errA := strconv.ParseInt(a, 10, 64)
	y, errB := strconv.ParseInt(b, 10, 64)
	return errA == nil && errB == nil && x >= 0 && x == y-1
}
