package warc

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The two kinds of HTTP message, as in "application/http; msgtype=response".
const (
	MsgResponse = "response"
	MsgRequest  = "request"
)

// maxInterim bounds the interim responses before the final one. What follows
// after so many is taken for the final one's body.
const maxInterim = 16

// HTTPMessage is an HTTP/1 message as it crossed the wire, read from a block.
type HTTPMessage struct {
	StartLine string // without its line end

	// Of a response: "HTTP/1.1", the status code (0 when the line has none that
	// is a number of three digits) and the reason phrase.
	Proto  string
	Status int
	Reason string

	// Of a request; Proto is set, too.
	Method string
	Target string

	// Header holds the fields in order; a line that is no field has no name.
	Header Header

	// Interim are the heads of 1xx responses before the final one.
	Interim []HTTPMessage

	// HeadSize is the number of bytes before the body, interim heads included.
	HeadSize int64

	// Body is the entity-body, which payload digests cover: the chunked transfer
	// coding is removed, any Content-Encoding is kept. It ends with the block.
	Body io.Reader

	framing  io.Reader // under Body when that is chunked, else nil
	problems []Problem
}

// Problems returns the faults found so far; those of the chunked framing are
// complete once Body has been read to io.EOF.
func (m *HTTPMessage) Problems() []Problem { return m.problems }

// Payload reads the head of the HTTP message in block and returns the message
// with its body still to be read from there. msgtype is [MsgResponse] or
// [MsgRequest].
//
// It takes whatever servers send: lines that are no field are kept, line ends
// may be LF, and a body that says chunked without being so is passed on as it
// is. The error is a [*SyntaxError] when the block does not begin with an HTTP
// message at all, or else it is block's own. A head that is cut off at the end
// of the block is no error but a [Problem], for connections break there, too.
//
// Chunked framing is removed by these rules. A body whose first line is no
// chunk size, or whose first chunk visibly does not end in CRLF, is not
// chunked: [CodeChunkedInvalid]. Where a later chunk breaks the framing, the
// bytes from there on belong to the body as they are: [CodeChunkedBroken]. A
// body that ends early is what was received until then: [CodeChunkedCut].
// Trailer fields and bytes after the last chunk are not part of the body. The
// message's Content-Length is not consulted: the block is what was received.
func Payload(block io.Reader, msgtype string) (*HTTPMessage, error) {
	return payload(block, msgtype, nil)
}

// payload is Payload that uses the buffers of t, if any, and gives a chunked
// body, as it is in the block, to t.raw, as far as Body and then framing have
// been read.
func payload(block io.Reader, msgtype string, t *toolbox) (*HTTPMessage, error) {
	var br *bufio.Reader
	if t != nil {
		br = t.head
		br.Reset(block)
	} else {
		br = bufio.NewReaderSize(block, fileBuffer)
	}
	m := &HTTPMessage{}
	for {
		if err := m.readHead(br, msgtype); err != nil {
			return nil, err
		}
		if m.Status < 100 || m.Status > 199 || m.Status == 101 || len(m.Interim) == maxInterim {
			break
		}
		if next, _ := br.Peek(5); string(next) != "HTTP/" {
			break
		}
		interim := append(m.Interim, HTTPMessage{
			StartLine: m.StartLine, Proto: m.Proto, Status: m.Status, Reason: m.Reason, Header: m.Header,
		})
		*m = HTTPMessage{Interim: interim, HeadSize: m.HeadSize, problems: m.problems}
	}
	m.Body = br
	if isChunked(m.Header) {
		if t != nil {
			t.chunks.Reset(io.TeeReader(br, &t.raw))
			br = t.chunks
		}
		m.framing = br
		m.Body = &chunkedReader{r: br, m: m}
	}
	return m, nil
}

func (m *HTTPMessage) problem(p Problem) { m.problems = append(m.problems, p) }

func (m *HTTPMessage) readHead(br *bufio.Reader, msgtype string) error {
	head, err := readHead(br, nil)
	if err != nil && err != io.EOF {
		if errors.Is(err, errHeadLimit) {
			return &SyntaxError{Message: "HTTP message: " + err.Error()}
		}
		return fmt.Errorf("read http head: %w", err)
	}
	cut := err == io.EOF
	var faults headFaults
	m.StartLine, m.Header, faults = splitHead(head)
	m.HeadSize += int64(len(head))
	if !m.parseStart(msgtype) {
		return &SyntaxError{Message: fmt.Sprintf("no HTTP %s starts with %.80q", msgtype, m.StartLine)}
	}
	if cut {
		m.problem(problemf(CodeHTTPHead, "the head ends with the block"))
	}
	if faults.malformed > 0 {
		m.problem(problemf(CodeHTTPField, "%d lines of the head are no field, the first is %.80q", faults.malformed, faults.example))
	}
	return nil
}

// parseStart reads the start line (RFC 9112, sections 3 and 4), leniently.
func (m *HTTPMessage) parseStart(msgtype string) bool {
	a, rest, _ := strings.Cut(m.StartLine, " ")
	if msgtype == MsgRequest {
		i := strings.LastIndexByte(rest, ' ')
		if !isToken(a) || rest == "" {
			return false
		}
		m.Method, m.Target = a, rest
		if i >= 0 && strings.HasPrefix(rest[i+1:], "HTTP/") {
			m.Target, m.Proto = rest[:i], rest[i+1:]
		}
		return true
	}
	if !strings.HasPrefix(a, "HTTP/") {
		return false
	}
	code, reason, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	m.Proto, m.Reason = a, reason
	if n, err := strconv.ParseUint(code, 10, 16); err == nil && len(code) == 3 {
		m.Status = int(n)
	}
	return true
}

// isChunked reports whether the last transfer coding is chunked. A coding
// before it, which hardly any server sends, stays in the body.
func isChunked(h Header) bool {
	var last string
	for _, f := range h {
		if equalName(f.Name, "Transfer-Encoding") {
			last = f.Value
		}
	}
	if i := strings.LastIndexByte(last, ','); i >= 0 {
		last = last[i+1:]
	}
	return strings.EqualFold(strings.Trim(last, " \t"), "chunked")
}
