package warc

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// maxChunkLine is how long a chunk-size line may be, in bytes. Extensions are
// allowed in it and hardly ever used.
const maxChunkLine = 4 << 10

// chunkedReader removes the chunked transfer coding (RFC 9112, section 7.1) by
// the rules that [Payload] states. Unlike net/http's it never loses a byte: an
// archive has to say what the payload was even when the framing is wrong.
type chunkedReader struct {
	r     *bufio.Reader
	m     *HTTPMessage // for its problems
	state chunkState
	left  int64 // bytes of the current chunk still to come
	err   error
}

type chunkState int

const (
	chunkFirst chunkState = iota // before the first size line
	chunkSize                    // before a later size line
	chunkData                    // within a chunk
	chunkEnd                     // behind a chunk, before its CRLF
	chunkRaw                     // no framing: all the rest is body
	chunkDone                    // behind the last chunk
)

func (c *chunkedReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for c.err == nil {
		switch c.state {
		case chunkFirst, chunkSize:
			c.sizeLine()
		case chunkData:
			n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
			if c.left -= int64(n); c.left == 0 {
				c.state = chunkEnd
			}
			if n > 0 {
				return n, nil
			}
			if err != nil {
				c.cut(err)
			}
		case chunkEnd:
			c.dataEnd()
		case chunkRaw:
			n, err := c.r.Read(p)
			c.err = err
			return n, err
		case chunkDone:
			c.trailer()
		}
	}
	return 0, c.err
}

// cut ends the body where the block ends, or fails with the block's error.
func (c *chunkedReader) cut(err error) {
	if err == io.EOF {
		c.m.problem(problemf(CodeChunkedCut, "the body ends before its last chunk"))
	}
	c.err = err
}

// sizeLine reads "size [; extensions] CRLF". It looks before it takes, so that
// a line that is none stays in the body.
func (c *chunkedReader) sizeLine() {
	b, err := c.r.Peek(maxChunkLine)
	line := bytes.IndexByte(b, '\n') + 1
	size, ok := parseSize(string(b[:line]))
	switch {
	case c.state == chunkFirst && line > 0:
		ok = ok && c.framed(line, size)
	case line == 0 && len(b) < maxChunkLine && err != nil:
		if err != io.EOF || len(b) == 0 || c.state == chunkSize && couldBeSize(string(b)) {
			c.cut(err)
			return
		}
	}
	if !ok {
		if c.state == chunkFirst {
			c.m.problem(problemf(CodeChunkedInvalid, "declared chunked, but does not begin with a chunk"))
		} else {
			c.m.problem(problemf(CodeChunkedBroken, "no chunk size where one is due"))
		}
		c.state = chunkRaw
		return
	}
	c.r.Discard(line) // buffered: cannot fail
	if c.left = size; size == 0 {
		c.state = chunkDone
	} else {
		c.state = chunkData
	}
}

// framed reports whether what follows the first size line bears out that it is
// one, as far as that can be seen ahead: what lies beyond the buffer, or beyond
// the end of the block, gets the benefit of the doubt.
func (c *chunkedReader) framed(line int, size int64) bool {
	if size > fileBuffer-int64(line)-2 {
		return true
	}
	end := line + int(size)
	b, _ := c.r.Peek(end + 2)
	if len(b) < end+2 || b[end] == '\r' && b[end+1] == '\n' {
		return true
	}
	if size > 0 {
		return false
	}
	// An empty body with a trailer section.
	b, _ = c.r.Peek(maxChunkLine)
	name, _, ok := bytes.Cut(b[line:], []byte{':'})
	return ok && isToken(string(name))
}

// couldBeSize reports whether b may be the beginning of a size line.
func couldBeSize(b string) bool {
	digits, _, _ := strings.Cut(b, ";")
	_, ok := parseHex(strings.TrimRight(digits, " \t\r"))
	return ok
}

func parseSize(line string) (int64, bool) {
	line, _, _ = strings.Cut(line, ";")
	return parseHex(strings.TrimRight(line, " \t\r\n"))
}

func parseHex(s string) (int64, bool) {
	if s == "" {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		if n >= 1<<58 {
			return 0, false
		}
		n = n<<4 | int64(c)
	}
	return n, true
}

// dataEnd reads the CRLF behind a chunk.
func (c *chunkedReader) dataEnd() {
	b, err := c.r.Peek(2)
	switch {
	case string(b) == "\r\n":
		c.r.Discard(2)
		c.state = chunkSize
	case len(b) < 2 && (len(b) == 0 || b[0] == '\r'):
		c.r.Discard(len(b))
		c.cut(err)
	default:
		c.m.problem(problemf(CodeChunkedBroken, "a chunk is not followed by CRLF"))
		c.state = chunkRaw
	}
}

// trailer reads the trailer section and what should not be behind it.
func (c *chunkedReader) trailer() {
	_, err := readHead(c.r, nil)
	switch {
	case errors.Is(err, errHeadLimit):
		c.m.problem(problemf(CodeChunkedExtra, "an endless trailer section"))
	case err != nil:
		c.cut(err)
		return
	default:
		if _, err = c.r.Peek(1); err == nil {
			c.m.problem(problemf(CodeChunkedExtra, "bytes after the last chunk"))
		} else if err != io.EOF {
			c.err = err
			return
		}
	}
	c.err = io.EOF
}
