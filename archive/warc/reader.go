package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Reader reads the records of a WARC file, compressed or not, in order.
type Reader struct {
	// Strict makes the first [Problem] an error of Next, or of reading the
	// block when the fault lies at the record's end.
	Strict bool

	src   *source
	cur   *block // the record in hand, nil between records
	err   error  // final
	first bool   // no record has been read yet
	gzip  bool   // the first record was compressed
	buf   []byte // header bytes, reused
}

// NewReader returns a Reader of r, which may start at any record of a file:
// offsets count from where it starts. An empty input is a WARC without records.
// A first byte that can start no record is a [SyntaxError], or [ErrARC].
func NewReader(r io.Reader) (*Reader, error) {
	rd := new(Reader)
	if err := rd.Reset(r); err != nil {
		return nil, err
	}
	return rd, nil
}

// Reset makes r a Reader of another input, as NewReader does, and keeps its
// buffers, which are large. What was read before is invalid. A zero Reader may
// be Reset, too.
func (r *Reader) Reset(in io.Reader) error {
	if r.cur != nil {
		r.cur.stale = true
	}
	if r.src == nil {
		r.src = newSource()
	}
	r.src.reset(in)
	*r = Reader{Strict: r.Strict, src: r.src, first: true, buf: r.buf}
	packed, err := r.src.isGzip()
	if err == io.EOF || packed {
		return nil
	}
	if err == nil {
		var line []byte
		if line, err = r.src.file.Peek(len(arcMagic)); err == nil || err == io.EOF {
			err = checkMagic(line, 0)
		} else {
			err = r.src.readError(err)
		}
	}
	r.err = err
	return err
}

const (
	arcMagic  = "filedesc:"
	warcMagic = "WARC/"
)

// checkMagic returns an error unless line, or as much as there is of it, can
// start a record.
func checkMagic(line []byte, offset int64) error {
	if bytes.HasPrefix(line, []byte(arcMagic)) {
		return fmt.Errorf("offset %d: %w: convert the file first", offset, ErrARC)
	}
	if n := min(len(line), len(warcMagic)); string(line[:n]) != warcMagic[:n] {
		return &SyntaxError{Offset: offset, Message: fmt.Sprintf("no WARC record starts with %q", line)}
	}
	return nil
}

// Next returns the next record, io.EOF after the last one. The block of the
// record before it need not have been read; it is invalid afterwards.
//
// An error other than io.EOF is final and is returned again by every later
// call. It wraps [ErrTruncated], [ErrCorrupt] or [ErrARC], is a [*SyntaxError],
// in strict mode a [Problem], or else it is the input's own.
func (r *Reader) Next() (*Record, error) {
	if r.err != nil {
		return nil, r.err
	}
	if b := r.cur; b != nil {
		r.cur = nil
		b.drain()
		b.stale = true
		if r.err != nil {
			return nil, r.err
		}
	}
	rec, err := r.next()
	if err != nil {
		r.err = err
		return nil, err
	}
	return rec, nil
}

func (r *Reader) next() (*Record, error) {
	rec := &Record{}
	s := r.src
	if !s.inGzip {
		rec.Offset = s.offset()
		packed, err := s.isGzip()
		if err != nil {
			return nil, err
		}
		if r.first {
			r.gzip = packed
		} else if packed != r.gzip {
			rec.Problems = append(rec.Problems, problemf(CodeGzipMixed, "offset %d: compressed and plain records in one file", rec.Offset))
		}
		r.first = false
		if packed {
			if err := s.open(); err != nil {
				return nil, err
			}
		}
	}
	if s.inGzip {
		rec.Offset = s.start
		if s.held++; s.held > 1 {
			rec.Problems = append(rec.Problems, sharedMember(s.start))
		}
	}
	if err := r.readHeader(rec); err != nil {
		return nil, err
	}
	length, err := parseLength(rec.Header.Get(FieldContentLength))
	if err != nil {
		return nil, &SyntaxError{Offset: rec.Offset, Message: fmt.Sprintf("a record without a usable %s: %q", FieldContentLength, rec.Header.Get(FieldContentLength))}
	}
	rec.Problems = append(rec.Problems, Validate(rec.Header)...)
	if r.Strict && len(rec.Problems) > 0 {
		return nil, recordError(rec, rec.Problems[0])
	}
	r.cur = &block{r: r, rec: rec, left: length, alone: s.held <= 1}
	rec.Block = r.cur
	return rec, nil
}

// readHeader reads version line, fields and the blank line.
func (r *Reader) readHeader(rec *Record) error {
	s := r.src
	data := s.data()
	if s.inGzip && s.held == 1 {
		// The last record's end has been seen to stand in a member of its own.
		if n, err := skipLineEnds(data); err != nil && err != io.EOF {
			return s.readError(err)
		} else if n > 0 {
			rec.Problems = append(rec.Problems, problemf(CodeRecordEnd, "%d line ends stand before the record in its gzip member", n))
		}
	}
	magic, err := data.Peek(len(arcMagic))
	if err != nil && err != io.EOF {
		return s.readError(err)
	}
	if len(magic) == 0 {
		return &SyntaxError{Offset: rec.Offset, Message: "the gzip member is empty"}
	}
	if err := checkMagic(magic, rec.Offset); err != nil {
		return err
	}
	r.buf, err = readHead(data, r.buf[:0])
	switch {
	case err == nil:
	case errors.Is(err, errHeadLimit):
		return &SyntaxError{Offset: rec.Offset, Message: err.Error()}
	case err != io.EOF:
		return s.readError(err)
	case s.inGzip:
		return &SyntaxError{Offset: rec.Offset, Message: "the gzip member ends within a record header"}
	default:
		return fmt.Errorf("record header at offset %d: %w", rec.Offset, ErrTruncated)
	}
	var faults headFaults
	rec.Version, rec.Header, faults = splitHead(r.buf)
	switch {
	case rec.Version == "WARC/1.1" || rec.Version == "WARC/1.0":
	case isVersion(rec.Version):
		rec.Problems = append(rec.Problems, problemf(CodeVersion, "%s is neither WARC/1.0 nor WARC/1.1", rec.Version))
	default:
		return &SyntaxError{Offset: rec.Offset, Message: fmt.Sprintf("%q is no WARC version", rec.Version)}
	}
	if faults.bareLF {
		rec.Problems = append(rec.Problems, problemf(CodeLineEnd, "a header line ends in LF without CR"))
	}
	if faults.folded {
		rec.Problems = append(rec.Problems, problemf(CodeFieldSyntax, "a field goes on in the next line"))
	}
	if faults.malformed > 0 {
		rec.Problems = append(rec.Problems, problemf(CodeFieldSyntax, "%d lines are no field, the first is %q", faults.malformed, faults.example))
	}
	return nil
}

// isVersion reports whether line is "WARC/" and two short numbers.
func isVersion(line string) bool {
	major, minor, ok := strings.Cut(strings.TrimPrefix(line, warcMagic), ".")
	return ok && major != "" && minor != "" && len(line) < 20 && isLength(major) && isLength(minor)
}

func sharedMember(start int64) Problem {
	return problemf(CodeGzipShared, "the gzip member at offset %d holds more than one record", start)
}

func recordError(rec *Record, p Problem) error {
	return fmt.Errorf("record at offset %d: %w", rec.Offset, p)
}
