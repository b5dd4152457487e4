package archive

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"slices"

	"github.com/ibid-archive/ibid/archive/blob"
)

// file is the WARC of a capture in the making: hashed as it is written, in
// memory while it is small. On disk it has a name only in a directory of the
// store's, which can link it; elsewhere a killed process would leave it there.
type file struct {
	dir  string
	buf  []byte
	own  bool // buf is not from spoolBuffers
	disk *os.File
	name string // of disk, "" when it has none
	hash hash.Hash
	size int64
}

func newFile(dir string) *file {
	b := spoolBuffers.Get().(*[]byte)
	return &file{dir: dir, buf: (*b)[:0], hash: sha256.New()}
}

// Write appends p.
func (f *file) Write(p []byte) (int, error) {
	f.hash.Write(p)
	f.size += int64(len(p))
	if f.disk == nil && len(f.buf)+len(p) <= SpoolMemory {
		f.buf = append(f.buf, p...)
		return len(p), nil
	}
	if f.disk == nil {
		d, err := os.CreateTemp(f.dir, "capture-*")
		if err != nil {
			return 0, fmt.Errorf("spool capture: %w", err)
		}
		f.disk, f.name = d, d.Name()
		if f.dir == "" && os.Remove(f.name) == nil { // the system may not allow it
			f.name = ""
		}
		if _, err := d.Write(f.buf); err != nil {
			return 0, fmt.Errorf("spool capture: %w", err)
		}
	}
	n, err := f.disk.Write(p)
	if err != nil {
		return n, fmt.Errorf("spool capture: %w", err)
	}
	return n, nil
}

// settle gives back what a complete file does not need while it waits, as
// Spool.Settle does.
func (f *file) settle() {
	if f.disk == nil && len(f.buf) < cap(f.buf)/2 {
		b := slices.Clone(f.buf)
		recycleBuffer(f.buf)
		f.buf, f.own = b, true
	}
}

// finish returns the complete file.
func (f *file) finish() blob.Object {
	o := blob.Object{Size: f.size}
	f.hash.Sum(o.SHA256[:0])
	if f.disk == nil {
		o.Body = bytes.NewReader(f.buf)
		return o
	}
	o.Body, o.File = f.disk, f.name
	return o
}

func (f *file) close() {
	if f.buf != nil && !f.own {
		recycleBuffer(f.buf)
	}
	f.buf = nil
	if f.disk != nil {
		f.disk.Close()
		if f.name != "" {
			_ = os.Remove(f.name)
		}
		f.disk = nil
	}
}
