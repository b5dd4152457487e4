package inflate

import (
	"encoding/binary"
	"io"
)

// symbols decodes until the block ends or the window is full. Where input and
// window have room it goes the fast way; near their ends, symbol by symbol.
func (r *Reader) symbols() error {
	for r.w < history+fresh {
		if len(r.buf)-r.ip >= ahead {
			if done, err := r.fast(); done || err != nil {
				return err
			}
			continue
		}
		if done, err := r.symbol(); done || err != nil {
			return err
		}
	}
	return nil
}

// symbol decodes one symbol and checks at every step that the input has it.
func (r *Reader) symbol() (done bool, err error) {
	// The longest: 15 + 5 bits for a length, 15 + 13 for a distance.
	if err := r.fill(48); err != nil {
		return false, err
	}
	e, err := r.next(r.codes.lit[:], r.codes.litBits)
	if err != nil {
		return false, err
	}
	if e&literal != 0 {
		r.drop(e.total())
		r.out[r.w] = byte(e.value())
		r.w++
		return false, nil
	}
	if e&special != 0 {
		r.drop(e.total())
		r.endBlock()
		return true, nil
	}
	length := int(e.value() + extra(r.bits, e))
	r.drop(e.total())
	if e, err = r.next(r.codes.dist[:], r.codes.distBits); err != nil {
		return false, err
	}
	dist := int(e.value() + extra(r.bits, e))
	r.drop(e.total())
	if dist > r.w {
		return false, ErrCorrupt
	}
	for range length {
		r.out[r.w] = r.out[r.w-dist]
		r.w++
	}
	return false, nil
}

// next looks up the next code without passing over it.
func (r *Reader) next(table []entry, wide uint) (entry, error) {
	e := table[r.bits&(1<<wide-1)]
	if e&second != 0 {
		e = table[e.value()+uint(r.bits>>wide&(1<<e.code()-1))]
	}
	switch {
	case e.total() > r.nbits:
		return 0, io.ErrUnexpectedEOF
	case e&special == 0 || e&endCode == endCode:
		return e, nil
	case e.total() == 0 && r.nbits == 0:
		return 0, io.ErrUnexpectedEOF
	}
	return 0, ErrCorrupt
}

// extra returns the extra bits of a code whose entry is e.
func extra(bits uint64, e entry) uint {
	return uint(bits & (1<<(e.total()&63) - 1) >> (e.code() & 63))
}

// ahead is how many bytes of input a round of the fast way may look at.
const ahead = 24

// fast decodes while the input has ahead bytes and the window has room for a
// match; done says that the block has ended.
func (r *Reader) fast() (done bool, err error) {
	var (
		t          = r.codes
		litMask    = uint64(1)<<t.litBits - 1
		distMask   = uint64(1)<<t.distBits - 1
		in, out    = r.buf, r.out
		ip, w      = r.ip, r.w
		bits, have = r.bits, r.nbits
	)
	for last := len(in) - ahead; ip <= last && w < history+fresh; {
		bits |= binary.LittleEndian.Uint64(in[ip:]) << (have & 63)
		ip += int(63-have) >> 3
		have |= 56 // that many bits at least
		e := t.lit[bits&litMask]
		if e&literal != 0 { // of at most 11 bits, so that three fit
			bits >>= e & 63
			have -= e.total()
			out[w] = byte(e >> 16)
			w++
			if e = t.lit[bits&litMask]; e&literal != 0 {
				bits >>= e & 63
				have -= e.total()
				out[w] = byte(e >> 16)
				w++
				if e = t.lit[bits&litMask]; e&literal != 0 {
					bits >>= e & 63
					have -= e.total()
					out[w] = byte(e >> 16)
					w++
					continue
				}
			}
		}
		if e&(second|special) != 0 {
			if e&second != 0 {
				e = t.lit[e.value()+uint(bits>>(e&63))&(1<<e.code()-1)]
			}
			if e&literal != 0 {
				bits >>= e & 63
				have -= e.total()
				out[w] = byte(e >> 16)
				w++
				continue
			}
			if e&special != 0 {
				if done = e&endCode == endCode; !done {
					err = ErrCorrupt
					break
				}
				bits >>= e & 63
				have -= e.total()
				break
			}
		}
		// 22 bits of literals and 20 of the length leave too few.
		length := int(e.value() + extra(bits, e))
		bits >>= e & 63
		have -= e.total()
		bits |= binary.LittleEndian.Uint64(in[ip:]) << (have & 63)
		ip += int(63-have) >> 3
		have |= 56
		e = t.dist[bits&distMask]
		if e&(second|special) != 0 {
			if e&second != 0 {
				e = t.dist[e.value()+uint(bits>>(e&63))&(1<<e.code()-1)]
			}
			if e&special != 0 {
				err = ErrCorrupt
				break
			}
		}
		dist := int(e.value() + extra(bits, e))
		bits >>= e & 63
		have -= e.total()
		if dist > w {
			err = ErrCorrupt
			break
		}
		from := w - dist
		switch {
		case dist >= 8: // eight bytes at a time, perhaps some too many
			for i := 0; i < length; i += 8 {
				binary.LittleEndian.PutUint64(out[w+i:], binary.LittleEndian.Uint64(out[from+i:]))
			}
		case dist == 1:
			all := uint64(out[from]) * 0x0101010101010101
			for i := 0; i < length; i += 8 {
				binary.LittleEndian.PutUint64(out[w+i:], all)
			}
		default:
			for i := range length {
				out[w+i] = out[from+i]
			}
		}
		w += length
	}
	r.ip, r.w = ip, w
	r.bits, r.nbits = bits&(1<<have-1), have
	if done {
		r.endBlock()
	}
	return done, err
}
