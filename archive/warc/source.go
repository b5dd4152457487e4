package warc

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/ibid-archive/ibid/archive/warc/inflate"
)

const (
	fileBuffer   = 64 << 10 // bytes read ahead of the file
	memberBuffer = 32 << 10 // bytes read ahead of a gzip member
)

// source is the file as records see it: a run of gzip members and plain
// stretches, with exact offsets. data is what to read record bytes from.
type source struct {
	in     countingReader
	file   *bufio.Reader  // over in
	gz     inflate.Reader // over file, one member at a time
	member *bufio.Reader  // over gz
	inGzip bool           // data is member, not file
	start  int64          // where the current member starts; -1 outside
	held   int            // records begun in the current member
}

func newSource() *source {
	return &source{file: bufio.NewReaderSize(nil, fileBuffer)}
}

func (s *source) reset(r io.Reader) {
	s.in = countingReader{r: r}
	s.file.Reset(&s.in)
	s.inGzip, s.start, s.held = false, -1, 0
}

// offset is the position in the file of the next byte that nobody has taken.
// While a member is open it is somewhere within it, exact again at its end:
// the inflater takes none past the member's trailer.
func (s *source) offset() int64 { return s.in.n - int64(s.file.Buffered()) }

func (s *source) data() *bufio.Reader {
	if s.inGzip {
		return s.member
	}
	return s.file
}

// isGzip reports whether a gzip member starts here. At the end of the file it
// returns io.EOF.
func (s *source) isGzip() (bool, error) {
	b, err := s.file.Peek(2)
	if len(b) == 0 {
		return false, s.readError(err)
	}
	return b[0] == 0x1f && (len(b) < 2 || b[1] == 0x8b), nil
}

// open enters the gzip member that starts here.
func (s *source) open() error {
	s.start, s.held = s.offset(), 0
	if err := s.gz.Reset(s.file); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return s.readError(err)
	}
	if s.member == nil {
		s.member = bufio.NewReaderSize(nil, memberBuffer)
	}
	s.member.Reset(&s.gz)
	s.inGzip = true
	return nil
}

// close leaves the member, which has been read to its end.
func (s *source) close() { s.inGzip, s.start = false, -1 }

// readError turns an error of reading into one of this package's: what the file
// itself refused to give stays as it is.
func (s *source) readError(err error) error {
	switch {
	case err == nil || err == io.EOF:
		return err
	case s.in.err != nil:
		return fmt.Errorf("read warc: %w", s.in.err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("offset %d: %w", s.offset(), ErrTruncated)
	case s.start >= 0:
		return fmt.Errorf("gzip member at offset %d: %w: %w", s.start, ErrCorrupt, err)
	}
	return err
}

// countingReader counts the bytes of the file and keeps its own error apart
// from those of the layers above it.
type countingReader struct {
	r   io.Reader
	n   int64
	err error // never io.EOF
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	// An io.ErrUnexpectedEOF is a torn file too, reported by a layer below.
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		c.err = err
	}
	return n, err
}
