package crawltest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"time"
)

// maxHead bounds a request's head in bytes.
const maxHead = 1 << 20

// conn is one accepted connection.
type conn struct {
	net.Conn // what HTTP is spoken on: tcp itself, or TLS over it
	tcp      *net.TCPConn
	r        *bufio.Reader
	buf      []byte
	web      *Web
	site     *site
	secure   bool
	id       uint64
}

// head is a request's head as it came. It is valid until the next request is
// read.
type head struct {
	raw            []byte
	method, target string
	body           []byte // its beginning
}

// maxKept bounds in bytes what is kept of a request's body.
const maxKept = 64 << 10

// next reads a request's head and skips its body.
func (c *conn) next() (*head, error) {
	c.buf = c.buf[:0]
	for {
		line, err := c.r.ReadSlice('\n')
		c.buf = append(c.buf, line...)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if len(c.buf) > maxHead {
			return nil, errors.New("request head too long")
		}
		if err == nil && len(c.buf) > 2 && (string(line) == "\r\n" || string(line) == "\n") {
			break
		}
	}
	h := &head{raw: c.buf}
	first, _, _ := bytes.Cut(c.buf, []byte("\n"))
	// Between the first space and the last: a target may hold spaces.
	i, j := bytes.IndexByte(first, ' '), bytes.LastIndexByte(first, ' ')
	if i < 0 || i == j {
		return nil, errors.New("no request line")
	}
	h.method, h.target = string(first[:i]), string(first[i+1:j])
	if n, err := strconv.ParseInt(string(h.field("content-length")), 10, 64); err == nil && n > 0 {
		h.body = make([]byte, min(n, maxKept))
		if _, err := io.ReadFull(c.r, h.body); err != nil {
			return nil, err
		}
		if _, err := io.CopyN(io.Discard, c.r, n-int64(len(h.body))); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// field is the value of the first field of that lower-case name.
func (h *head) field(name string) []byte {
	rest := h.raw
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if len(line) <= len(name) || line[len(name)] != ':' {
			continue
		}
		if bytes.EqualFold(line[:len(name)], []byte(name)) {
			return bytes.TrimSpace(line[len(name)+1:])
		}
	}
	return nil
}

func (h *head) wantsClose() bool {
	return bytes.EqualFold(h.field("connection"), []byte("close"))
}

// send writes all the pieces and says whether the client still listens.
func (c *conn) send(pieces ...string) bool {
	for _, p := range pieces {
		if _, err := io.WriteString(c.Conn, p); err != nil {
			return false
		}
	}
	return true
}

// pause waits and says whether the web still runs.
func (c *conn) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-c.web.done:
		return false
	}
}

// drip sends the text byte by byte with a gap after each.
func (c *conn) drip(text string, gap time.Duration) bool {
	for i := range len(text) {
		if !c.send(text[i:i+1]) || !c.pause(gap) {
			return false
		}
	}
	return true
}

// drain reads and forgets until the other side gives up.
func (c *conn) drain() bool {
	_, _ = io.Copy(io.Discard, c.Conn)
	return false
}

// finish ends our half of the connection and waits for the client to have
// read it: closing with unread input would send a reset instead of an end.
func (c *conn) finish() bool {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = c.tcp.CloseWrite()
	_ = c.tcp.SetReadDeadline(time.Now().Add(2 * time.Second))
	_, _ = io.Copy(io.Discard, c.tcp)
	return false
}

// reset breaks the connection with a TCP reset. What was sent before is given
// the time to be read, for a reset may overtake it.
func (c *conn) reset() bool {
	c.pause(50 * time.Millisecond)
	_ = c.tcp.SetLinger(0)
	_ = c.tcp.Close()
	return false
}
