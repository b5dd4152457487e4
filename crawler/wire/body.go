package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// body reads an answer's body without its transfer coding and shows the
// observer the bytes with it.
type body struct {
	x       *exchange
	h       *header
	left    int64 // of the length, or of the current chunk
	started bool  // at least one chunk was read
	raw     bool  // said to be chunked, is not
	done    bool
	err     error

	window time.Time // when the current rate window ends
	got    int64     // bytes in it
}

func newBody(x *exchange, h *header) *body {
	b := &body{x: x, h: h, left: h.length}
	if h.length == 0 {
		b.finish(h.keep)
	}
	return b
}

// Chunked reports whether res, from a Transport, has a body that carried
// chunked framing. It is known for sure once the body has been read: some
// servers announce chunks and send none.
func Chunked(rc io.ReadCloser) bool {
	b, ok := rc.(*body)
	return ok && b.h.chunked && !b.raw
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err := b.read(p)
	if err != nil {
		b.end(err)
	}
	return n, b.err
}

func (b *body) read(p []byte) (int, error) {
	switch {
	case b.h.chunked && !b.raw:
		return b.readChunk(p)
	case b.h.length >= 0:
		if int64(len(p)) > b.left {
			p = p[:b.left]
		}
		n, err := b.fill(p)
		b.left -= int64(n)
		if b.left == 0 {
			return n, io.EOF
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return n, err
	}
	return b.fill(p)
}

// fill reads from the connection and keeps the minimum rate.
func (b *body) fill(p []byte) (int, error) {
	for {
		if err := b.pace(); err != nil {
			return 0, err
		}
		n, err := b.x.c.br.Read(p)
		b.got += int64(n)
		if n > 0 {
			if oerr := b.x.obs.Received(p[:n]); oerr != nil {
				return n, oerr
			}
		}
		if n == 0 && b.windowEnded(err) {
			continue
		}
		return n, err
	}
}

// windowEnded reports that a read was woken by the end of the rate window
// alone: look at the rate, go on.
func (b *body) windowEnded(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) && b.x.req.Context().Err() == nil && !time.Now().Before(b.window)
}

// pace begins a new rate window when the last has ended, unless that was too slow.
func (b *body) pace() error {
	rate, window := b.x.t.cfg.MinRate, b.x.t.cfg.RateWindow
	now := time.Now()
	if now.Before(b.window) {
		return nil
	}
	if !b.window.IsZero() && rate > 0 && b.got < int64(float64(rate)*window.Seconds()) {
		return fmt.Errorf("%w: %d bytes in %s", errTooSlow, b.got, window)
	}
	b.window, b.got = now.Add(window), 0
	return b.x.readWithin(window)
}

// maxChunkLine bounds a chunk's size line and one trailer line.
const maxChunkLine = 8 << 10

// readChunk reads chunked framing (RFC 9112 §7.1).
func (b *body) readChunk(p []byte) (int, error) {
	if b.left <= 0 {
		if err := b.nextChunk(); err != nil || b.raw {
			if b.raw && err == nil {
				return b.fill(p)
			}
			return 0, err
		}
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.fill(p)
	b.left -= int64(n)
	if err == nil && b.left == 0 {
		err = b.chunkEnd()
	}
	return n, unexpected(err)
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// nextChunk reads a size line; after the last chunk it reads the trailer and
// returns io.EOF. When the very first line is no size, the body is not chunked
// whatever its header says: b.raw is set and nothing is consumed.
func (b *body) nextChunk() error {
	if err := b.pace(); err != nil {
		return err
	}
	if !b.started {
		head, err := b.x.c.br.Peek(1)
		for b.windowEnded(err) {
			if err := b.pace(); err != nil {
				return err
			}
			head, err = b.x.c.br.Peek(1)
		}
		if err != nil {
			return unexpected(err)
		}
		if !isHex(head[0]) {
			b.raw = true
			return nil
		}
		line, _ := b.x.c.br.Peek(b.x.c.br.Buffered())
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			if !sizeLine(line[:i]) {
				b.raw = true
				return nil
			}
		}
		b.started = true
	}
	line, err := b.line()
	if err != nil {
		return unexpected(err)
	}
	n, ok := chunkSize(line)
	if !ok {
		return &Error{Phase: "body", Kind: KindFraming, Err: fmt.Errorf("bad chunk size %.20q", line)}
	}
	if n > 0 {
		b.left = n
		return nil
	}
	for range b.x.t.cfg.MaxHeaderLines {
		line, err := b.line()
		if err != nil {
			return unexpected(err)
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return errWhole
		}
	}
	return &Error{Phase: "body", Kind: KindHeader, Err: errors.New("too many trailer lines")}
}

// errWhole ends a chunked body; a plain io.EOF there means a cut connection.
var errWhole = errors.New("last chunk")

func (b *body) chunkEnd() error {
	line, err := b.line()
	if err != nil {
		return err
	}
	if len(bytes.TrimRight(line, "\r\n")) != 0 {
		return &Error{Phase: "body", Kind: KindFraming, Err: errors.New("a chunk is longer than its size")}
	}
	return nil
}

// line reads through a line feed, no longer than maxChunkLine.
func (b *body) line() ([]byte, error) {
	var line []byte
	for len(line) < maxChunkLine {
		if err := b.pace(); err != nil {
			if oerr := b.x.obs.Received(line); oerr != nil {
				return line, oerr
			}
			return line, err
		}
		c, err := b.x.c.br.ReadByte()
		if b.windowEnded(err) {
			continue
		}
		if err != nil {
			if oerr := b.x.obs.Received(line); oerr != nil {
				return line, oerr
			}
			return line, err
		}
		line = append(line, c)
		b.got++
		if c == '\n' {
			return line, b.x.obs.Received(line)
		}
	}
	if err := b.x.obs.Received(line); err != nil {
		return line, err
	}
	return line, &Error{Phase: "body", Kind: KindFraming, Err: errors.New("a chunk's size line is too long")}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// sizeLine reports whether a line was meant as a chunk's size, right or wrong.
func sizeLine(line []byte) bool {
	size, _, _ := bytes.Cut(line, []byte(";"))
	size = bytes.TrimSpace(size)
	return len(size) > 0 && len(bytes.TrimLeft(size, "0123456789abcdefABCDEF")) == 0
}

func chunkSize(line []byte) (int64, bool) {
	s, _, _ := strings.Cut(string(line), ";")
	n, err := strconv.ParseUint(strings.TrimSpace(s), 16, 63)
	return int64(n), err == nil
}

// end keeps the first error for every later Read.
func (b *body) end(err error) {
	switch {
	case errors.Is(err, errWhole), err == io.EOF && (b.h.length >= 0 || !b.h.chunked || b.raw):
		b.err = io.EOF
		b.finish(b.h.keep && !b.raw && (b.h.length >= 0 || b.h.chunked))
	default:
		b.done = true
		b.err = b.x.fail("body", err)
	}
}

func (b *body) finish(reuse bool) {
	b.done = true
	b.err = io.EOF
	b.x.release(reuse)
}

// Close ends the exchange; before the end of the body it closes the connection.
func (b *body) Close() error {
	if !b.done {
		b.done = true
		b.err = net.ErrClosed
		b.x.close()
	}
	return nil
}
