package wacz

import (
	"encoding/binary"
	"time"
)

// Signatures and sizes of the structures of a zip file (APPNOTE 6.3.10, §4.3).
const (
	localSig      = 0x04034b50
	centralSig    = 0x02014b50
	descriptorSig = 0x08074b50
	endSig        = 0x06054b50
	end64Sig      = 0x06064b50
	locatorSig    = 0x07064b50

	localSize   = 30
	centralSize = 46
	endSize     = 22
	end64Size   = 56
	locatorSize = 20

	max16 = 1<<16 - 1
	max32 = 1<<32 - 1

	zip64Extra = 1
)

// file is a stored file as our packages describe it. What stands in its headers
// follows from these fields and the package's time.
type file struct {
	name   string
	crc    uint32
	size   int64
	offset int64 // of its local header
}

const (
	versionPlain = 20
	version64    = 45
	madeByUnix   = 3 << 8
	regular      = 0o100644 << 16 // external attributes
)

// dosTime returns time and date of t in UTC as zip files have them: from 1980
// to 2107, in steps of two seconds.
func dosTime(t time.Time) (clock, date uint16) {
	t = t.UTC()
	switch {
	case t.Year() < 1980:
		t = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	case t.Year() > 2107:
		t = time.Date(2107, 12, 31, 23, 59, 58, 0, time.UTC)
	}
	return uint16(t.Hour()<<11 | t.Minute()<<5 | t.Second()/2),
		uint16((t.Year()-1980)<<9 | int(t.Month())<<5 | t.Day())
}

// appendLocal appends the local header of f.
func appendLocal(b []byte, f *file, at time.Time) []byte {
	le := binary.LittleEndian
	version, size, extra := uint16(versionPlain), uint32(f.size), 0
	if f.size >= max32 {
		version, size, extra = version64, max32, 20
	}
	clock, date := dosTime(at)
	b = le.AppendUint32(b, localSig)
	b = le.AppendUint16(b, version)
	b = le.AppendUint16(b, 0) // flags: names are ASCII, sizes stand here
	b = le.AppendUint16(b, 0) // stored
	b = le.AppendUint16(b, clock)
	b = le.AppendUint16(b, date)
	b = le.AppendUint32(b, f.crc)
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(f.name)))
	b = le.AppendUint16(b, uint16(extra))
	b = append(b, f.name...)
	if extra > 0 {
		b = appendZip64(b, f.size, f.size)
	}
	return b
}

// appendCentral appends the entry of f in the central directory.
func appendCentral(b []byte, f *file, at time.Time) []byte {
	le := binary.LittleEndian
	version, size, offset := uint16(versionPlain), uint32(f.size), uint32(f.offset)
	var wide []int64
	if f.size >= max32 {
		size, wide = max32, append(wide, f.size, f.size)
	}
	if f.offset >= max32 {
		offset, wide = max32, append(wide, f.offset)
	}
	extra := 0
	if len(wide) > 0 {
		version, extra = version64, 4+8*len(wide)
	}
	clock, date := dosTime(at)
	b = le.AppendUint32(b, centralSig)
	b = le.AppendUint16(b, madeByUnix|version)
	b = le.AppendUint16(b, version)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, clock)
	b = le.AppendUint16(b, date)
	b = le.AppendUint32(b, f.crc)
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(f.name)))
	b = le.AppendUint16(b, uint16(extra))
	b = le.AppendUint16(b, 0) // comment
	b = le.AppendUint16(b, 0) // disk
	b = le.AppendUint16(b, 0) // internal attributes
	b = le.AppendUint32(b, regular)
	b = le.AppendUint32(b, offset)
	b = append(b, f.name...)
	if extra > 0 {
		b = appendZip64(b, wide...)
	}
	return b
}

func appendZip64(b []byte, values ...int64) []byte {
	b = binary.LittleEndian.AppendUint16(b, zip64Extra)
	b = binary.LittleEndian.AppendUint16(b, uint16(8*len(values)))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, uint64(v))
	}
	return b
}

// appendEnd appends what follows a central directory of count entries that
// takes size bytes from offset on.
func appendEnd(b []byte, count, size, offset int64) []byte {
	le := binary.LittleEndian
	if count >= max16 || size >= max32 || offset >= max32 {
		b = le.AppendUint32(b, end64Sig)
		b = le.AppendUint64(b, end64Size-12)
		b = le.AppendUint16(b, madeByUnix|version64)
		b = le.AppendUint16(b, version64)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(size))
		b = le.AppendUint64(b, uint64(offset))
		b = le.AppendUint32(b, locatorSig)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(offset+size))
		b = le.AppendUint32(b, 1)
	}
	b = le.AppendUint32(b, endSig)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, uint16(min(count, max16)))
	b = le.AppendUint16(b, uint16(min(count, max16)))
	b = le.AppendUint32(b, uint32(min(size, max32)))
	b = le.AppendUint32(b, uint32(min(offset, max32)))
	return le.AppendUint16(b, 0)
}
