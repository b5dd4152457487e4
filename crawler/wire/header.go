package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// header is a status line with its fields, as far as they could be parsed,
// and the framing that follows from them (RFC 9112 §6.3).
type header struct {
	proto, status string
	code, minor   int
	fields        http.Header

	length  int64 // of the body; -1: chunked or up to the end of the connection
	chunked bool
	keep    bool // the connection may carry another exchange
}

// readHeader reads up to the first final header. What is not HTTP is shown to
// the observer all the same, as far as it came.
func (x *exchange) readHeader() (*header, error) {
	if err := x.readWithin(x.t.cfg.HeaderTimeout); err != nil {
		return nil, err
	}
	for range 10 {
		h, raw, err := x.readBlock()
		if err != nil {
			if oerr := x.obs.Received(raw); oerr != nil {
				return nil, oerr
			}
			if errors.Is(err, errNotHTTP) {
				x.keepEvidence()
				return nil, &Error{Phase: "header", Kind: KindNotHTTP, Err: err}
			}
			return nil, err
		}
		if h.code/100 != 1 || h.code == http.StatusSwitchingProtocols {
			return h, x.obs.Received(raw)
		}
		x.obs.Interim(raw)
	}
	return nil, &Error{Phase: "header", Kind: KindHeader, Err: errors.New("more than 10 interim answers")}
}

// evidence of an answer that is not HTTP: this much of it, waited for this long.
const (
	evidenceBytes = 64 << 10
	evidenceWait  = 2 * time.Second
)

func (x *exchange) keepEvidence() {
	if x.readWithin(evidenceWait) != nil {
		return
	}
	rest, _ := io.ReadAll(io.LimitReader(x.c.br, evidenceBytes))
	_ = x.obs.Received(rest)
}

// readBlock reads one status line and header, raw and parsed.
func (x *exchange) readBlock() (*header, []byte, error) {
	var (
		raw   []byte
		h     *header
		lines int
		last  string // name of the field that a folded line continues
	)
	for {
		line, err := x.readLine(len(raw))
		raw = append(raw, line...)
		if len(line) > 0 {
			x.heard = true
		}
		if err != nil {
			if h == nil && len(raw) > 0 && !couldBeHTTP(raw) {
				err = errNotHTTP
			}
			return nil, raw, err
		}
		text := bytes.TrimRight(line, "\r\n")
		switch {
		case h == nil && len(text) == 0 && len(raw) < 16:
			continue // a stray line break before the status line
		case h == nil:
			if h, err = parseStatus(text); err != nil {
				return nil, raw, err
			}
			continue
		case len(text) == 0:
			h.frame(x.req.Method)
			return h, raw, nil
		}
		if lines++; lines > x.t.cfg.MaxHeaderLines {
			return nil, raw, &Error{Phase: "header", Kind: KindHeader, Err: fmt.Errorf("more than %d header lines", x.t.cfg.MaxHeaderLines)}
		}
		last = h.addLine(text, last)
	}
}

// readLine reads through the next line feed. used is what the header took so far.
func (x *exchange) readLine(used int) ([]byte, error) {
	var line []byte
	for {
		part, err := x.c.br.ReadSlice('\n')
		line = append(line, part...)
		if used+len(line) > x.t.cfg.MaxHeaderBytes {
			return line, &Error{Phase: "header", Kind: KindHeader, Err: fmt.Errorf("header larger than %d bytes", x.t.cfg.MaxHeaderBytes)}
		}
		// A server that talks something else may never send a line feed.
		if used == 0 && len(line) >= 5 && !couldBeHTTP(line) {
			return line, errNotHTTP
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

func couldBeHTTP(b []byte) bool {
	b = bytes.TrimLeft(b, "\r\n")
	return bytes.HasPrefix([]byte("HTTP/"), b[:min(5, len(b))])
}

// parseStatus accepts what browsers accept: a missing reason, extra spaces.
func parseStatus(line []byte) (*header, error) {
	proto, rest, _ := strings.Cut(string(line), " ")
	rest = strings.TrimLeft(rest, " ")
	if !strings.HasPrefix(proto, "HTTP/") || len(rest) < 3 {
		return nil, errNotHTTP
	}
	code, err := strconv.Atoi(rest[:3])
	if err != nil || code < 100 || len(rest) > 3 && rest[3] != ' ' {
		return nil, errNotHTTP
	}
	h := &header{proto: proto, code: code, status: rest, fields: http.Header{}}
	if proto != "HTTP/1.0" && proto != "HTTP/0.9" {
		h.minor = 1
	}
	return h, nil
}

// addLine adds one field and returns the name that a folded line would
// continue. A line that is no field is skipped: the bytes are kept anyway.
func (h *header) addLine(line []byte, last string) string {
	if line[0] == ' ' || line[0] == '\t' {
		if vs := h.fields[last]; last != "" && len(vs) > 0 {
			vs[len(vs)-1] = strings.TrimSpace(vs[len(vs)-1] + " " + strings.TrimSpace(string(line)))
		}
		return last
	}
	name, value, ok := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t\x00") {
		return ""
	}
	key := textproto.CanonicalMIMEHeaderKey(string(name))
	h.fields[key] = append(h.fields[key], string(bytes.Trim(value, " \t")))
	return key
}

// frame decides how the body ends.
func (h *header) frame(method string) {
	h.keep = h.minor == 1 && !hasToken(h.fields["Connection"], "close") ||
		h.minor == 0 && hasToken(h.fields["Connection"], "keep-alive")
	h.length = -1
	if method == http.MethodHead || h.code/100 == 1 || h.code == http.StatusNoContent || h.code == http.StatusNotModified {
		h.length = 0
		h.keep = h.keep && h.code/100 != 1 // 101: what follows is not HTTP
		return
	}
	if te := h.fields["Transfer-Encoding"]; len(te) > 0 {
		codings := strings.Split(strings.Join(te, ","), ",")
		h.chunked = strings.EqualFold(strings.TrimSpace(codings[len(codings)-1]), "chunked")
		// Both lengths at once is how requests are smuggled: do not reuse.
		h.keep = h.keep && h.chunked && len(h.fields["Content-Length"]) == 0
		return
	}
	n, ok := contentLength(h.fields["Content-Length"])
	if !ok {
		h.keep = false
		return
	}
	h.length = n
}

// contentLength returns the one length that all values agree on.
func contentLength(values []string) (int64, bool) {
	length := int64(-1)
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			n, err := strconv.ParseUint(strings.TrimSpace(part), 10, 63)
			if err != nil || length >= 0 && int64(n) != length {
				return 0, false
			}
			length = int64(n)
		}
	}
	return length, length >= 0
}

func hasToken(values []string, token string) bool {
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}
