// Package inflate reads gzip members (RFC 1952, 1951) faster than the general
// library does, for an audit is little else than inflating and hashing.
//
// It guarantees that what it returns is what the member's checksum and length
// were made of, or an error; that it takes no byte behind the member from its
// input; and that its memory is fixed, whatever the member claims: some 150 KiB
// a [Reader], which is meant to be used again with [Reader.Reset]. Damaged and
// hostile input gives [ErrCorrupt], [ErrHeader], [ErrChecksum] or
// [io.ErrUnexpectedEOF], never a panic. It accepts and refuses what the standard
// library accepts and refuses; tests compare the two.
//
// It does not bound how much a member unfolds into: that is for who reads.
package inflate

import (
	"bufio"
	"errors"
	"hash/crc32"
	"io"
)

var (
	// ErrHeader says that no gzip member begins here, or not of a known kind.
	ErrHeader = errors.New("gzip: invalid header")
	// ErrCorrupt says that the compressed bytes are no DEFLATE stream.
	ErrCorrupt = errors.New("gzip: corrupt deflate data")
	// ErrChecksum says that the bytes do not have the checksum or the length
	// that the member's end gives.
	ErrChecksum = errors.New("gzip: invalid checksum")
)

const (
	history = 32 << 10 // how far back a match can reach
	fresh   = 64 << 10 // bytes decoded before the window moves
	slack   = 300      // one match and the overshoot of wide copies
)

// state is what comes next in the stream.
type state uint8

const (
	atBlock  state = iota // a block's header
	inStored              // left bytes of a stored block
	inCodes               // symbols of a compressed block
	atEnd                 // the member's trailer
)

// Reader reads one gzip member at a time. The zero value is not ready: Reset
// comes first.
type Reader struct {
	in  *bufio.Reader
	buf []byte // what in has buffered
	ip  int    // how much of it is taken
	eof bool   // in has no more than buf

	bits  uint64 // the next bits of the stream, lowest first
	nbits uint   // how many

	state state
	final bool // the block in hand is the last
	left  int  // bytes of a stored block
	codes *tables
	fixed *tables // made when first needed
	own   tables
	sizes [maxLit + maxDist]uint8 // of a dynamic block's codes

	out  []byte // window
	r, w int    // out[r:w] is decoded and not read

	crc  uint32
	size uint32
	err  error // what Read returns once out[r:w] is empty
}

// Reset makes r read the member that begins at in's next byte. It reads the
// member's header, and returns io.EOF when in is at its end. Whatever was left
// of the member before is forgotten; its input stays where reading it ended.
func (r *Reader) Reset(in *bufio.Reader) error {
	r.in, r.buf, r.ip, r.eof = in, nil, 0, false
	r.bits, r.nbits, r.state, r.final = 0, 0, atBlock, false
	r.r, r.w, r.crc, r.size = 0, 0, 0, 0
	if r.out == nil {
		r.out = make([]byte, history+fresh+slack)
	}
	r.err = readHeader(in)
	return r.err
}

// Flags of a member's header.
const (
	flagHeaderCRC = 1 << 1
	flagExtra     = 1 << 2
	flagName      = 1 << 3
	flagComment   = 1 << 4
)

func readHeader(in *bufio.Reader) error {
	head, err := in.Peek(10)
	if err != nil {
		if err == io.EOF && len(head) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	if head[0] != 0x1f || head[1] != 0x8b || head[2] != 8 {
		return ErrHeader
	}
	flags := head[3]
	crc := crc32.ChecksumIEEE(head)
	in.Discard(10) // buffered: cannot fail
	take := func() (byte, error) {
		c, err := in.ReadByte()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		crc = crc32.Update(crc, crc32.IEEETable, []byte{c})
		return c, err
	}
	if flags&flagExtra != 0 {
		lo, _ := take()
		hi, err := take()
		for n := int(lo) | int(hi)<<8; n > 0 && err == nil; n-- {
			_, err = take()
		}
		if err != nil {
			return err
		}
	}
	for _, flag := range [...]byte{flagName, flagComment} {
		if flags&flag == 0 {
			continue
		}
		for n := 0; ; n++ {
			c, err := take()
			if err != nil {
				return err
			}
			if c == 0 {
				break
			}
			if n == 511 {
				return ErrHeader
			}
		}
	}
	if flags&flagHeaderCRC != 0 {
		want := uint16(crc)
		lo, _ := take()
		hi, err := take()
		if err != nil {
			return err
		}
		if uint16(lo)|uint16(hi)<<8 != want {
			return ErrHeader
		}
	}
	return nil
}

// Read implements [io.Reader]. It returns io.EOF at the member's end, after its
// checksum was compared.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for r.r == r.w {
		if r.err != nil {
			return 0, r.err
		}
		r.more()
	}
	n := copy(p, r.out[r.r:r.w])
	r.r += n
	return n, nil
}

// more decodes until the window is full, the member ends or something is wrong.
func (r *Reader) more() {
	if r.w > history {
		copy(r.out, r.out[r.w-history:r.w])
		r.w = history
	}
	r.r = r.w
	r.buf, _ = r.in.Peek(r.in.Buffered())
	r.ip, r.eof = 0, false
	for r.err == nil && r.w < history+fresh && r.state < atEnd {
		switch r.state {
		case atBlock:
			r.err = r.block()
		case inStored:
			r.err = r.stored()
		case inCodes:
			r.err = r.symbols()
		}
	}
	r.crc = crc32.Update(r.crc, crc32.IEEETable, r.out[r.r:r.w])
	r.size += uint32(r.w - r.r)
	if r.err == nil && r.state == atEnd {
		if r.err = r.trailer(); r.err == nil {
			r.err = io.EOF
		}
	}
	r.giveBack()
	r.in.Discard(r.ip) // buffered: cannot fail
	r.buf, r.ip = nil, 0
}

// endBlock leaves a block.
func (r *Reader) endBlock() {
	if r.state = atBlock; r.final {
		r.state = atEnd
	}
}

// trailer compares checksum and length (RFC 1952 §2.3.1).
func (r *Reader) trailer() error {
	r.align()
	crc, err := r.take(32)
	if err != nil {
		return err
	}
	size, err := r.take(32)
	if err != nil {
		return err
	}
	if uint32(crc) != r.crc || uint32(size) != r.size {
		return ErrChecksum
	}
	return nil
}

// stored copies a stored block, as far as the window has room.
func (r *Reader) stored() error {
	for r.left > 0 && r.w < history+fresh {
		if r.ip == len(r.buf) {
			if r.eof {
				return io.ErrUnexpectedEOF
			}
			if err := r.fetch(); err != nil {
				return err
			}
			continue
		}
		n := copy(r.out[r.w:min(r.w+r.left, history+fresh)], r.buf[r.ip:])
		r.ip += n
		r.w += n
		r.left -= n
	}
	if r.left == 0 {
		r.endBlock()
	}
	return nil
}
