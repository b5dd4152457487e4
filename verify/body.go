package verify

import (
	"bytes"
	"io"
	"strconv"

	"github.com/ibid-archive/ibid/archive"
)

// textLimit is how much of a decoded body the rules read, in bytes: walls and
// login forms stand near the start, and a bomb must not be unpacked.
const textLimit = 64 << 10

// decodedHead returns the first textLimit bytes of x's body without content
// coding. Whatever is wrong with the coding, what could be read is returned:
// this is evidence, not the archived copy.
func decodedHead(x *archive.Exchange) []byte {
	var head bytes.Buffer
	_, _ = io.Copy(&head, io.LimitReader(x.Content(archive.DecodeLimits{MaxBytes: textLimit}), textLimit))
	return head.Bytes()
}

// isPredecessor reports two decimal numbers of which a is b-1.
func isPredecessor(a, b string) bool {
	x, errA := strconv.ParseInt(a, 10, 64)
	y, errB := strconv.ParseInt(b, 10, 64)
	return errA == nil && errB == nil && x >= 0 && x == y-1
}
