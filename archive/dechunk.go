package archive

import (
	"bufio"
	"io"
	"net/http/httputil"
)

// newDechunker removes chunked framing (RFC 9112 §7.1). What comes before
// broken framing is still read; then the error is io.ErrUnexpectedEOF or that
// of the framing.
func newDechunker(r io.Reader) io.Reader {
	return httputil.NewChunkedReader(bufio.NewReader(r))
}
