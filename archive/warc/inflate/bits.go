package inflate

import "io"

// take returns the next n ≤ 32 bits.
func (r *Reader) take(n uint) (uint64, error) {
	if err := r.fill(n); err != nil {
		return 0, err
	}
	if r.nbits < n {
		return 0, io.ErrUnexpectedEOF
	}
	v := r.bits & (1<<n - 1)
	r.drop(n)
	return v, nil
}

// drop passes over n bits that are there.
func (r *Reader) drop(n uint) {
	r.bits >>= n
	r.nbits -= n
}

// fill gets n ≤ 56 bits, or all that the input has left.
func (r *Reader) fill(n uint) error {
	for r.nbits < n {
		if r.ip == len(r.buf) {
			if r.eof {
				return nil
			}
			if err := r.fetch(); err != nil {
				return err
			}
			continue
		}
		r.bits |= uint64(r.buf[r.ip]) << r.nbits
		r.nbits += 8
		r.ip++
	}
	return nil
}

// fetch gets at least one more byte behind those of buf that are not taken, or
// finds that there is none.
func (r *Reader) fetch() error {
	r.giveBack()
	r.in.Discard(r.ip) // buffered: cannot fail
	r.ip = 0
	_, err := r.in.Peek(r.in.Buffered() + 1)
	r.buf, _ = r.in.Peek(r.in.Buffered())
	if err == io.EOF {
		r.eof, err = true, nil
	}
	return err
}

// giveBack returns the whole bytes among the bits to the input. They are its
// last ones, since bytes are only discarded after it.
func (r *Reader) giveBack() {
	r.ip -= int(r.nbits >> 3)
	r.nbits &= 7
	r.bits &= 1<<r.nbits - 1
}

// align passes over the rest of a byte.
func (r *Reader) align() {
	r.giveBack()
	r.bits, r.nbits = 0, 0
}
