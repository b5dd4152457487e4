package wacz

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// Kinds of file in the upper half of the external attributes, as Unix has them.
const (
	kindMask    = 0o170000
	kindRegular = 0o100000
	kindDir     = 0o040000

	attributeDir = 0x10 // of MS-DOS
)

func (e *entry) isDir() bool { return strings.HasSuffix(e.name, "/") }

// checkNames reports names that are unsafe, or one file on some system.
func (d *directory) checkNames(ps *problems) {
	folded := map[string]string{}
	for _, e := range d.entries {
		name := strings.TrimSuffix(e.name, "/")
		if why := checkName(name); why != "" {
			ps.add(CodeName, e.name, "the name is refused: %s", why)
		}
		if e.flags&flagUTF8 == 0 && !isASCII(name) {
			ps.add(CodeName, e.name, "the name is not ASCII, and not said to be UTF-8")
		}
		key := fold(name)
		if other, twice := folded[key]; twice {
			ps.add(CodeDuplicate, e.name, "the package has a file of that name already: %q", other)
		}
		folded[key] = e.name
		if d.byName[e.name] == nil {
			d.byName[e.name] = e
		}
		d.checkKind(e, ps)
	}
	for key, name := range folded {
		for i := strings.LastIndexByte(key, '/'); i > 0; i = strings.LastIndexByte(key[:i], '/') {
			if other, is := folded[key[:i]]; is && !strings.HasSuffix(other, "/") {
				ps.add(CodeDuplicated, name, "%q is a file, and not a directory for this one", other)
			}
		}
	}
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

func (d *directory) checkKind(e *entry, ps *problems) {
	kind := e.external >> 16 & kindMask
	switch {
	case kind != 0 && kind != kindRegular && kind != kindDir:
		ps.add(CodeSpecial, e.name, "it is a symbolic link or another special file (mode %o)", e.external>>16)
	case (kind == kindDir || e.external&attributeDir != 0) && !e.isDir(), kind == kindRegular && e.isDir():
		ps.add(CodeSpecial, e.name, "its attributes and its name differ about whether it is a directory")
	case e.isDir() && (e.size != 0 || e.packed != 0):
		ps.add(CodeSpecial, e.name, "a directory with %d bytes of data", max(e.size, e.packed))
	}
	switch {
	case e.flags&flagsEncrypted != 0:
		ps.add(CodeEncrypted, e.name, "it is encrypted")
	case e.flags&^flagsKnown != 0:
		ps.add(CodeEncrypted, e.name, "it has flags %#x, which nobody here can read", e.flags&^flagsKnown)
	}
	switch {
	case e.method != methodStored && e.method != methodDeflated:
		ps.add(CodeMethod, e.name, "compression method %d", e.method)
	case e.method == methodDeflated && mustBeStored(e.name):
		ps.add(CodeCompressed, e.name, "it is compressed in the zip file, and must be stored")
	case e.method == methodStored && e.size != e.packed:
		ps.add(CodeHeader, e.name, "it is stored, and said to have %d bytes in %d", e.size, e.packed)
	}
}

// mustBeStored names the files that are read by range, or compressed already
// (WACZ 1.1.1, "Zip Compression").
func mustBeStored(name string) bool {
	return strings.HasPrefix(name, ArchiveDir) || strings.HasSuffix(name, ".gz")
}

// checkSizes reports what would exhaust a reader, by what the directory says;
// that the files keep to it is seen when they are read.
func (d *directory) checkSizes(lim Limits, ps *problems) {
	var total int64
	for _, e := range d.entries {
		if e.size > lim.Bytes-total {
			ps.add(CodeBomb, e.name, "the files have more than %d bytes together", lim.Bytes)
			return
		}
		total += e.size
		if e.method == methodDeflated && e.size > smallFile && e.size/lim.Ratio > e.packed {
			ps.add(CodeBomb, e.name, "%d bytes are said to unfold from %d", e.size, e.packed)
		}
	}
}

// checkLayout reads all local headers and reports whatever does not follow on
// what stands before it, from the first byte to the directory.
func (d *directory) checkLayout(r io.ReaderAt, ps *problems) error {
	at, before := int64(0), ""
	list := d.sorted()
	for i, e := range list {
		next := d.start
		if i+1 < len(list) {
			next = list[i+1].offset
		}
		switch {
		case e.offset < at:
			ps.add(CodeOverlap, e.name, "it begins within %q", before)
		case e.offset > at && before == "":
			ps.add(CodeTrailing, e.name, "%d bytes stand before the first file", e.offset)
		case e.offset > at:
			ps.add(CodeTrailing, before, "%d bytes that belong to no file stand behind it", e.offset-at)
		}
		if err := d.checkLocal(r, e, next, ps); err != nil {
			return err
		}
		if at, before = max(at, e.end), e.name; at > d.start {
			ps.add(CodeOverlap, e.name, "it reaches into the directory")
			at = d.start
		}
	}
	if at < d.start {
		if before == "" {
			before = DirectoryFile
		}
		ps.add(CodeTrailing, before, "%d bytes that belong to no file stand behind it", d.start-at)
	}
	return nil
}

// checkLocal compares the local header of e with its entry in the directory and
// finds out where its bytes end; next is where something else begins.
func (d *directory) checkLocal(r io.ReaderAt, e *entry, next int64, ps *problems) error {
	e.data, e.end = e.offset, e.offset
	if e.offset+localSize > d.start {
		ps.add(CodeHeader, e.name, "no local header fits at %d", e.offset)
		return nil
	}
	b, err := readAt(r, e.offset, localSize)
	if err != nil {
		return fmt.Errorf("read local header of %q: %w", e.name, err)
	}
	le := binary.LittleEndian
	if le.Uint32(b) != localSig {
		ps.add(CodeHeader, e.name, "no local header stands at %d", e.offset)
		return nil
	}
	name, extra := int64(le.Uint16(b[26:])), int64(le.Uint16(b[28:]))
	if e.offset+localSize+name+extra > d.start {
		ps.add(CodeHeader, e.name, "its local header reaches into the directory")
		return nil
	}
	rest, err := readAt(r, e.offset+localSize, name+extra)
	if err != nil {
		return fmt.Errorf("read local header of %q: %w", e.name, err)
	}
	e.data = e.offset + localSize + name + extra
	e.end = e.data + e.packed
	if !bytes.Equal(rest[:name], []byte(e.name)) {
		ps.add(CodeHeader, e.name, "its local header calls it %.200q", rest[:name])
	}
	for _, f := range []struct {
		what        string
		local, here uint16
	}{
		{"needed version", le.Uint16(b[4:]), e.needed},
		{"flags", le.Uint16(b[6:]), e.flags},
		{"method", le.Uint16(b[8:]), e.method},
		{"time", le.Uint16(b[10:]), e.clock},
		{"date", le.Uint16(b[12:]), e.date},
	} {
		// A wide size makes the directory ask for more than the local header does.
		if f.local != f.here && (f.what != "needed version" || f.local > e.needed) {
			ps.add(CodeHeader, e.name, "%s is %d in its local header and %d in the directory", f.what, f.local, f.here)
		}
	}
	crc, packed, size := le.Uint32(b[14:]), int64(le.Uint32(b[18:])), int64(le.Uint32(b[22:]))
	described := e.flags&flagDescriptor != 0
	if why := readExtra(rest[name:], &size, &packed); why != "" && !described {
		ps.add(CodeZip64, e.name, "local header: %s", why)
	}
	// With a data descriptor the header may leave open what it could not know.
	open := func(v, known int64) bool { return described && (v == 0 || v == max32 && known >= max32) }
	if int64(crc) != int64(e.crc) && !open(int64(crc), 0) || size != e.size && !open(size, e.size) || packed != e.packed && !open(packed, e.packed) {
		ps.add(CodeHeader, e.name, "its local header gives checksum %08x and %d bytes in %d, the directory %08x and %d in %d",
			crc, size, packed, e.crc, e.size, e.packed)
	}
	if described {
		return d.checkDescriptor(r, e, next, ps)
	}
	return nil
}

// checkDescriptor reads the data descriptor of e (APPNOTE §4.3.9), whose form
// only its size up to next can tell.
func (d *directory) checkDescriptor(r io.ReaderAt, e *entry, next int64, ps *problems) error {
	n := next - e.end
	if n != 12 && n != 16 && n != 20 && n != 24 {
		ps.add(CodeHeader, e.name, "%d bytes stand where its data descriptor should", n)
		return nil
	}
	got, err := readAt(r, e.end, n)
	if err != nil {
		return fmt.Errorf("read data descriptor of %q: %w", e.name, err)
	}
	le := binary.LittleEndian
	var want []byte
	if n == 16 || n == 24 {
		want = le.AppendUint32(want, descriptorSig)
	}
	want = le.AppendUint32(want, e.crc)
	if n >= 20 {
		want = le.AppendUint64(le.AppendUint64(want, uint64(e.packed)), uint64(e.size))
	} else {
		want = le.AppendUint32(le.AppendUint32(want, uint32(e.packed)), uint32(e.size))
	}
	if !bytes.Equal(got, want) {
		ps.add(CodeHeader, e.name, "its data descriptor contradicts the directory")
	}
	e.end += n
	return nil
}
