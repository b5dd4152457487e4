package wacz

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Limits bound what a package may ask of its reader. A zero field is the default.
type Limits struct {
	Files   int   // entries; default 100,000
	Bytes   int64 // of all files, inflated; default 1 TiB
	Ratio   int64 // of a deflated file over 1 MiB to its packed size; default 200
	Text    int64 // bytes of a manifest or a digest; default 64 MiB
	Records int   // WARC records that an index can point to; default 4,000,000
}

func (l Limits) withDefaults() Limits {
	if l.Files <= 0 {
		l.Files = 100_000
	}
	if l.Bytes <= 0 {
		l.Bytes = 1 << 40
	}
	if l.Ratio <= 0 {
		l.Ratio = 200
	}
	if l.Text <= 0 {
		l.Text = 64 << 20
	}
	if l.Records <= 0 {
		l.Records = 4_000_000
	}
	return l
}

// smallFile is what may be inflated without regard to its ratio.
const smallFile = 1 << 20

// maxDirectory bounds the central directory that is held in memory, in bytes.
const maxDirectory = 64 << 20

// directory is the central directory of a zip file, and the end behind it.
type directory struct {
	entries []*entry // in the order of the directory
	byName  map[string]*entry
	start   int64  // where it begins
	raw     []byte // it and all that follows
}

// entry is one file as directory and local header describe it.
type entry struct {
	file
	packed         int64 // bytes in the zip file
	madeBy, needed uint16
	flags, method  uint16
	clock, date    uint16
	external       uint32
	central        []byte // its entry in the directory
	extra          []byte // of that
	data           int64  // where its packed bytes begin
	end            int64  // behind its bytes and data descriptor
}

const (
	methodStored   = 0
	methodDeflated = 8

	flagDescriptor = 1 << 3
	flagUTF8       = 1 << 11
	flagsDeflate   = 1<<1 | 1<<2 // how hard was tried
	flagsKnown     = flagDescriptor | flagUTF8 | flagsDeflate
	flagsEncrypted = 1 | 1<<6 | 1<<13
)

// readDirectory reads the directory of the zip file in r, and all local headers,
// and reports whatever could be understood in two ways. It returns nil when there
// is no directory to go on with; the error is that of reading.
func readDirectory(r io.ReaderAt, size int64, lim Limits, ps *problems) (*directory, error) {
	end, err := readEnd(r, size, ps)
	if err != nil || end == nil {
		return nil, err
	}
	if end.count > int64(lim.Files) || end.size > maxDirectory {
		ps.add(CodeBomb, DirectoryFile, "%d files in a directory of %d bytes", end.count, end.size)
		return nil, nil
	}
	d := &directory{start: end.offset, byName: map[string]*entry{}}
	if d.raw, err = readAt(r, end.offset, size-end.offset); err != nil {
		return nil, fmt.Errorf("read zip directory: %w", err)
	}
	if !d.parse(d.raw[:end.size], end.count, ps) {
		return nil, nil
	}
	d.checkNames(ps)
	d.checkSizes(lim, ps)
	if err := d.checkLayout(r, ps); err != nil {
		return nil, err
	}
	return d, nil
}

func readAt(r io.ReaderAt, offset, n int64) ([]byte, error) {
	b := make([]byte, n)
	if got, err := r.ReadAt(b, offset); int64(got) < n {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return b, nil
}

// ending is what the end of a zip file says about its directory.
type ending struct{ count, size, offset int64 }

// readEnd reads the end of central directory record, which must be the last
// thing in the file, and the zip64 records before it (APPNOTE §4.3.14 to 16).
func readEnd(r io.ReaderAt, size int64, ps *problems) (*ending, error) {
	tail, err := readAt(r, size-min(size, endSize+locatorSize), min(size, endSize+locatorSize))
	if err != nil {
		return nil, fmt.Errorf("read end of zip file: %w", err)
	}
	le := binary.LittleEndian
	if len(tail) < endSize || le.Uint32(tail[len(tail)-endSize:]) != endSig {
		ps.add(CodeNoZip, DirectoryFile, "the file does not end in the end of a zip directory: it is no zip file, cut off, has a comment, or more behind it")
		return nil, nil
	}
	end := tail[len(tail)-endSize:]
	if le.Uint16(end[20:]) != 0 {
		ps.add(CodeComment, DirectoryFile, "the zip file says that it has a comment of %d bytes", le.Uint16(end[20:]))
		return nil, nil
	}
	if le.Uint16(end[4:]) != 0 || le.Uint16(end[6:]) != 0 || le.Uint16(end[8:]) != le.Uint16(end[10:]) {
		ps.add(CodeEnd, DirectoryFile, "the zip file is, or says that it is, one of several parts")
		return nil, nil
	}
	e := &ending{int64(le.Uint16(end[10:])), int64(le.Uint32(end[12:])), int64(le.Uint32(end[16:]))}
	behind := size - endSize // what the directory must reach up to
	if len(tail) >= endSize+locatorSize && le.Uint32(tail) == locatorSig {
		wide, at, err := readEnd64(r, size, tail[:locatorSize], ps)
		if err != nil || wide == nil {
			return nil, err
		}
		if differs(e.count, wide.count, max16) || differs(e.size, wide.size, max32) || differs(e.offset, wide.offset, max32) {
			ps.add(CodeZip64, DirectoryFile, "the zip64 end and the plain end of the directory differ")
			return nil, nil
		}
		e, behind = wide, at
	} else if e.count == max16 || e.size == max32 || e.offset == max32 {
		ps.add(CodeZip64, DirectoryFile, "the end refers to a zip64 end that is not there")
		return nil, nil
	}
	if e.count < 0 || e.size < 0 || e.offset < 0 || e.offset > behind || e.size != behind-e.offset {
		ps.add(CodeTrailing, DirectoryFile, "a directory of %d bytes at %d does not reach up to its end at %d", e.size, e.offset, behind)
		return nil, nil
	}
	return e, nil
}

// differs reports whether a field and its wide form contradict each other.
func differs(narrow, wide, sentinel int64) bool { return narrow != sentinel && narrow != wide }

func readEnd64(r io.ReaderAt, size int64, locator []byte, ps *problems) (*ending, int64, error) {
	le := binary.LittleEndian
	at := size - endSize - locatorSize - end64Size
	if le.Uint32(locator[4:]) != 0 || le.Uint32(locator[16:]) != 1 || at < 0 || le.Uint64(locator[8:]) != uint64(at) {
		ps.add(CodeZip64, DirectoryFile, "the zip64 end does not stand right before its locator")
		return nil, 0, nil
	}
	b, err := readAt(r, at, end64Size)
	if err != nil {
		return nil, 0, fmt.Errorf("read end of zip file: %w", err)
	}
	if le.Uint32(b) != end64Sig || le.Uint64(b[4:]) != end64Size-12 || le.Uint32(b[16:]) != 0 || le.Uint32(b[20:]) != 0 ||
		le.Uint64(b[24:]) != le.Uint64(b[32:]) {
		ps.add(CodeZip64, DirectoryFile, "the zip64 end is malformed")
		return nil, 0, nil
	}
	return &ending{int64(le.Uint64(b[32:])), int64(le.Uint64(b[40:])), int64(le.Uint64(b[48:]))}, at, nil
}

// parse reads count entries, which must take all of b.
func (d *directory) parse(b []byte, count int64, ps *problems) bool {
	le := binary.LittleEndian
	for len(b) > 0 {
		if len(b) < centralSize || le.Uint32(b) != centralSig {
			ps.add(CodeDirectory, DirectoryFile, "entry %d is no entry of a directory", len(d.entries)+1)
			return false
		}
		name, extra, comment := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
		whole := centralSize + name + extra + comment
		if whole > len(b) {
			ps.add(CodeDirectory, DirectoryFile, "entry %d is longer than the directory", len(d.entries)+1)
			return false
		}
		e := &entry{
			file:   file{name: string(b[centralSize : centralSize+name]), crc: le.Uint32(b[16:]), size: int64(le.Uint32(b[24:])), offset: int64(le.Uint32(b[42:]))},
			packed: int64(le.Uint32(b[20:])), madeBy: le.Uint16(b[4:]), needed: le.Uint16(b[6:]),
			flags: le.Uint16(b[8:]), method: le.Uint16(b[10:]), clock: le.Uint16(b[12:]), date: le.Uint16(b[14:]),
			external: le.Uint32(b[38:]), central: b[:whole], extra: b[centralSize+name : centralSize+name+extra],
		}
		if comment > 0 {
			ps.add(CodeComment, e.name, "its entry has a comment of %d bytes", comment)
		}
		if le.Uint16(b[34:]) != 0 {
			ps.add(CodeEnd, e.name, "it is said to be in another part of the zip file")
		}
		if why := readExtra(e.extra, &e.size, &e.packed, &e.offset); why != "" {
			ps.add(CodeZip64, e.name, "%s", why)
		}
		if e.size < 0 || e.packed < 0 || e.offset < 0 || e.packed > d.start || e.offset > d.start {
			ps.add(CodeDirectory, e.name, "its entry gives %d bytes at %d, which the zip file has not", e.packed, e.offset)
			return false
		}
		d.entries = append(d.entries, e)
		b = b[whole:]
	}
	if int64(len(d.entries)) != count {
		ps.add(CodeEnd, DirectoryFile, "it has %d entries and says that it has %d", len(d.entries), count)
		return false
	}
	return true
}

// readExtra replaces those values that are at the limit of 32 bits by their wide
// forms in an extra field (APPNOTE §4.5.3), and says what is wrong with that.
// values are in the order in which the field has them.
func readExtra(extra []byte, values ...*int64) string {
	le := binary.LittleEndian
	seen := false
	for len(extra) > 0 {
		if len(extra) < 4 || int(le.Uint16(extra[2:])) > len(extra)-4 {
			return "an extra field is malformed"
		}
		id, body := le.Uint16(extra), extra[4:4+le.Uint16(extra[2:])]
		extra = extra[4+len(body):]
		if id == 0x7075 {
			return "an extra field gives it a second name"
		}
		if id != zip64Extra {
			continue
		}
		if seen {
			return "it has two zip64 fields"
		}
		seen = true
		if why := readZip64(body, values); why != "" {
			return why
		}
	}
	for _, v := range values {
		if *v == max32 && !seen {
			return "its wide size or place is not given"
		}
	}
	return ""
}

func readZip64(body []byte, values []*int64) string {
	wanted := 0
	for _, v := range values {
		if *v == max32 {
			wanted++
		}
	}
	all := len(body) != 8*wanted
	// Some writers give values that are not at their limit, too.
	if all && len(body) != 8*len(values) && len(body) != 16 {
		return "its zip64 field has not what was asked for"
	}
	for i, v := range values {
		if !all && *v != max32 || all && 8*i >= len(body) {
			continue
		}
		at := 0
		if all {
			at = 8 * i
		}
		wide := int64(binary.LittleEndian.Uint64(body[at:]))
		if *v != max32 && wide != *v {
			return "its zip64 field contradicts the plain one"
		}
		if *v = wide; !all {
			body = body[8:]
		}
	}
	return ""
}

// sorted returns the entries by their place in the file.
func (d *directory) sorted() []*entry {
	list := slices.Clone(d.entries)
	slices.SortStableFunc(list, func(a, b *entry) int {
		switch {
		case a.offset < b.offset:
			return -1
		case a.offset > b.offset:
			return 1
		}
		return 0
	})
	return list
}
