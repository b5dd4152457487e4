package warc

import (
	"encoding/binary"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

// smallRecord is the block size in bytes up to which a record is compressed in
// one call. What a capture holds besides the page is that small: five records
// for one page. There a compressor without state takes a fifth less time than
// level 2 and makes the record no larger, since it needs no closing block.
const smallRecord = 6 << 10

// memberHead begins a gzip member without name and time, of an unknown system
// (RFC 1952 §2.3).
const memberHead = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

// writeSmall writes the record whose header is in w.header as one gzip member.
func (w *Writer) writeSmall(block io.Reader, length int64) error {
	// The block goes behind the header, into the buffer that is kept for it.
	if err := w.copyBlock((*appender)(&w.header), block, length); err != nil {
		return err
	}
	w.header = append(w.header, recordEnd...)
	if _, err := w.buf.WriteString(memberHead); err != nil {
		return err
	}
	if err := flate.StatelessDeflate(w.buf, w.header, true, nil); err != nil {
		return err
	}
	tail := binary.LittleEndian.AppendUint32(w.buf.AvailableBuffer(), crc32.ChecksumIEEE(w.header))
	tail = binary.LittleEndian.AppendUint32(tail, uint32(len(w.header)))
	_, err := w.buf.Write(tail)
	return err
}

type appender []byte

func (a *appender) Write(p []byte) (int, error) {
	*a = append(*a, p...)
	return len(p), nil
}
