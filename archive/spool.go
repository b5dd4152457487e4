package archive

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// SpoolMemory is how many bytes a Spool usually keeps in memory before it goes
// to disk.
const SpoolMemory = 1 << 20

// Spool holds the bytes of one side of an exchange: in memory while they are
// few, in an unnamed temporary file beyond that. It is written once,
// then read; it is not safe for concurrent use.
type Spool struct {
	dir    string
	mem    int
	buf    []byte
	pooled bool // buf is from spoolBuffers
	file   *os.File
	name   string // of file, "" when it has none
	size   int64
	err    error
}

// spoolBuffers recycles buffers, never Spools: a late reader of a recycled
// Spool would see another exchange's bytes.
var spoolBuffers = sync.Pool{New: func() any { b := make([]byte, 0, 64<<10); return &b }}

// smallSpool is what is not worth a recycled buffer: a request, a header.
const smallSpool = 2 << 10

// NewSpool returns an empty spool that goes to a file in dir ("" for the
// system's temporary directory) when it grows beyond mem bytes.
func NewSpool(dir string, mem int) *Spool { return &Spool{dir: dir, mem: mem} }

// Write appends p. After an error every further Write returns that error.
func (s *Spool) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.file == nil && len(s.buf)+len(p) <= s.mem {
		if !s.pooled && len(s.buf)+len(p) > smallSpool {
			// The header came first, alone.
			b := append(*spoolBuffers.Get().(*[]byte), s.buf...)
			s.buf, s.pooled = b, true
		}
		s.buf = append(s.buf, p...)
		s.size += int64(len(p))
		return len(p), nil
	}
	if s.file == nil {
		if s.err = s.spill(); s.err != nil {
			return 0, s.err
		}
	}
	n, err := s.file.Write(p)
	s.size += int64(n)
	if err != nil {
		s.err = fmt.Errorf("spool: %w", err)
	}
	return n, s.err
}

func (s *Spool) spill() error {
	f, err := os.CreateTemp(s.dir, "spool-*")
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	// Where the system allows it the file has no name from here on, so that
	// a killed process leaves nothing behind.
	if s.file, s.name = f, f.Name(); os.Remove(s.name) == nil {
		s.name = ""
	}
	if _, err := f.Write(s.buf); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	s.recycle()
	return nil
}

func (s *Spool) recycle() {
	if s.pooled {
		recycleBuffer(s.buf)
	}
	s.buf, s.pooled = nil, false
}

// largestRecycled keeps the few buffers of large pages from staying for all.
const largestRecycled = 256 << 10

func recycleBuffer(b []byte) {
	if cap(b) <= largestRecycled {
		b = b[:0]
		spoolBuffers.Put(&b)
	}
}

// Settle gives back what a complete spool does not need. It is for those that
// have to wait, since many may; it copies.
func (s *Spool) Settle() {
	if s != nil && s.pooled && len(s.buf) < cap(s.buf)/2 {
		b := append([]byte(nil), s.buf...)
		s.recycle()
		s.buf = b
	}
}

// Size is the number of bytes written.
func (s *Spool) Size() int64 {
	if s == nil {
		return 0
	}
	return s.size
}

// Bytes returns the content while it is still in memory.
func (s *Spool) Bytes() ([]byte, bool) {
	if s == nil {
		return nil, true
	}
	return s.buf, s.file == nil
}

// ReadAt implements io.ReaderAt.
func (s *Spool) ReadAt(p []byte, off int64) (int, error) {
	if s.file != nil {
		return s.file.ReadAt(p, off)
	}
	if off < 0 {
		return 0, errors.New("spool: negative offset")
	}
	if off >= int64(len(s.buf)) {
		return 0, io.EOF
	}
	n := copy(p, s.buf[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Truncate drops everything after the first n bytes.
func (s *Spool) Truncate(n int64) error {
	if n >= s.size {
		return nil
	}
	s.size = n
	if s.file == nil {
		s.buf = s.buf[:n]
		return nil
	}
	if err := s.file.Truncate(n); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	_, err := s.file.Seek(n, io.SeekStart)
	return err
}

// Close releases memory and file. A nil Spool may be closed.
func (s *Spool) Close() error {
	if s == nil {
		return nil
	}
	s.recycle()
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if s.name != "" {
		_ = os.Remove(s.name)
	}
	s.file = nil
	return err
}

func hexString(sum [32]byte) string { return hex.EncodeToString(sum[:]) }
