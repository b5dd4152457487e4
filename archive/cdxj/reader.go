package cdxj

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// Reader reads the lines of an index in the order in which they stand, sorted
// or not. Empty lines and lines about the index ("!meta …") are passed over.
type Reader struct {
	in   *bufio.Reader
	line int
	raw  []byte
	err  error
}

// NewReader returns a Reader of r, which is not compressed.
func NewReader(r io.Reader) *Reader { return &Reader{in: bufio.NewReaderSize(r, 64<<10)} }

// Next returns the next line, io.EOF after the last. After a [*SyntaxError]
// about one line the next call goes on with the line after it; any other error
// is final.
func (r *Reader) Next() (Line, error) {
	for {
		if r.err != nil {
			return Line{}, r.err
		}
		long, err := r.read()
		if err != nil {
			r.err = err
			if err != io.EOF {
				r.err = fmt.Errorf("read cdxj: %w", err)
			}
			if len(r.raw) == 0 {
				return Line{}, r.err
			}
		}
		r.line++
		if long {
			return Line{}, &SyntaxError{r.line, fmt.Sprintf("longer than %d bytes", MaxLine)}
		}
		text := bytes.TrimRight(r.raw, "\r\n")
		if len(text) == 0 || bytes.HasPrefix(text, []byte("!meta ")) {
			continue
		}
		l, err := parse(text)
		if err != nil {
			return Line{}, &SyntaxError{r.line, err.Error()}
		}
		return l, nil
	}
}

// Number is that of the line that Next returned last, counted from 1.
func (r *Reader) Number() int { return r.line }

// Raw is the text of the line that Next returned last, with its line end; valid
// until the next call of Next.
func (r *Reader) Raw() []byte { return r.raw }

// read puts the next line into r.raw; of a line that is too long, its beginning.
func (r *Reader) read() (long bool, err error) {
	r.raw = r.raw[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		if keep := MaxLine + 2 - len(r.raw); len(part) > keep {
			long, part = true, part[:keep]
		}
		r.raw = append(r.raw, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return long, err
		}
	}
}

// Nearest returns the line with exactly this url whose time is nearest to at,
// the earlier of two that are equally near, and whether there is any. It reads
// the whole index and relies on no order, since keys and collations of other
// writers differ; lines that are no CDXJ are passed over.
func Nearest(r io.Reader, url string, at time.Time) (best Line, found bool, err error) {
	rd := NewReader(r)
	for {
		l, err := rd.Next()
		var syntax *SyntaxError
		switch {
		case err == io.EOF:
			return best, found, nil
		case errors.As(err, &syntax):
			continue
		case err != nil:
			return Line{}, false, err
		}
		if l.URL != url {
			continue
		}
		near, so := l.Time.Sub(at).Abs(), best.Time.Sub(at).Abs()
		if !found || near < so || near == so && l.Time.Before(best.Time) {
			best, found = l, true
		}
	}
}
