package wacz

import (
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

// errBody marks damage of an entry, as opposed to an error of reading.
type errBody struct {
	code Code
	text string
}

func (e *errBody) Error() string { return "wacz: " + e.text }

// body reads the bytes of an entry and holds them to size and checksum. It
// never gives more bytes than the directory promises.
type body struct {
	e    *entry
	in   io.Reader          // inflated
	raw  *countingByteInput // under in when that inflates
	left int64
	crc  hash.Hash32
	err  error
}

// open returns a reader of the bytes of e, whose structure has been checked.
func (e *entry) open(r io.ReaderAt) *body {
	b := &body{e: e, left: e.size, crc: crc32.NewIEEE()}
	section := io.NewSectionReader(r, e.data, e.packed)
	if e.method == methodDeflated {
		b.raw = &countingByteInput{r: section, buf: make([]byte, 0, 32<<10)}
		b.in = flate.NewReader(b.raw)
	} else {
		b.in = section
	}
	return b
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	// One byte more than is left tells an end from an excess.
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.in.Read(p)
	if int64(n) > b.left {
		n = int(b.left)
		err = &errBody{CodeInflate, fmt.Sprintf("it unfolds to more than the %d bytes that the directory gives", b.e.size)}
	}
	b.crc.Write(p[:n])
	b.left -= int64(n)
	if err != nil {
		b.err = b.end(err)
	}
	return n, b.err
}

// end decides what the end of the input means.
func (b *body) end(err error) error {
	var corrupt flate.CorruptInputError
	var own *errBody
	switch {
	case errors.As(err, &own):
		return err
	case b.raw != nil && b.raw.err != nil:
		return fmt.Errorf("read %q: %w", b.e.name, b.raw.err)
	case errors.As(err, &corrupt), b.raw != nil && errors.Is(err, io.ErrUnexpectedEOF):
		return &errBody{CodeInflate, "its deflated bytes are damaged"}
	case err != io.EOF:
		return fmt.Errorf("read %q: %w", b.e.name, err)
	case b.left > 0 && b.raw == nil:
		return fmt.Errorf("read %q: %w", b.e.name, io.ErrUnexpectedEOF)
	case b.left > 0:
		return &errBody{CodeInflate, fmt.Sprintf("it unfolds to %d bytes less than the directory gives", b.left)}
	case b.raw != nil && b.raw.taken != b.e.packed:
		return &errBody{CodeInflate, fmt.Sprintf("%d bytes stand behind its deflated ones", b.e.packed-b.raw.taken)}
	case b.crc.Sum32() != b.e.crc:
		return &errBody{CodeCRC, fmt.Sprintf("its bytes have the checksum %08x, the directory says %08x", b.crc.Sum32(), b.e.crc)}
	}
	return io.EOF
}

// countingByteInput gives bytes one by one, so that the inflater takes none
// behind the end of its stream, and knows how many it took.
type countingByteInput struct {
	r     io.Reader
	buf   []byte
	at    int
	taken int64
	err   error // of the input, never io.EOF
}

func (c *countingByteInput) fill() error {
	n, err := c.r.Read(c.buf[:cap(c.buf)])
	c.buf, c.at = c.buf[:n], 0
	if n > 0 {
		return nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	if err != io.EOF {
		c.err = err
	}
	return err
}

func (c *countingByteInput) ReadByte() (byte, error) {
	if c.at == len(c.buf) {
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	b := c.buf[c.at]
	c.at++
	c.taken++
	return b, nil
}

func (c *countingByteInput) Read(p []byte) (int, error) {
	if c.at == len(c.buf) {
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.buf[c.at:])
	c.at += n
	c.taken += int64(n)
	return n, nil
}
