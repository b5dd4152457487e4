package inflate

import "io"

// block reads a block's header (RFC 1951 §3.2.3).
func (r *Reader) block() error {
	head, err := r.take(3)
	if err != nil {
		return err
	}
	r.final = head&1 == 1
	switch head >> 1 {
	case 0:
		return r.storedHeader()
	case 1:
		if r.fixed == nil {
			r.fixed = fixedTables()
		}
		r.codes, r.state = r.fixed, inCodes
		return nil
	case 2:
		r.codes, r.state = &r.own, inCodes
		return r.dynamicHeader()
	}
	return ErrCorrupt
}

func (r *Reader) storedHeader() error {
	r.align()
	sizes, err := r.take(32)
	if err != nil {
		return err
	}
	n := sizes & 0xffff
	if sizes>>16 != n^0xffff {
		return ErrCorrupt
	}
	if r.state, r.left = inStored, int(n); n == 0 {
		r.endBlock()
	}
	return nil
}

// fixedTables returns the code of RFC 1951 §3.2.6.
func fixedTables() *tables {
	var lit [maxLit]uint8
	for i := range lit {
		switch {
		case i < 144, i >= 280:
			lit[i] = 8
		case i < 256:
			lit[i] = 9
		default:
			lit[i] = 7
		}
	}
	var dist [maxDist]uint8
	for i := range dist {
		dist[i] = 5
	}
	t := new(tables)
	t.make(lit[:], dist[:]) // complete codes: cannot fail
	return t
}

// dynamicHeader reads the codes of a block (RFC 1951 §3.2.7).
func (r *Reader) dynamicHeader() error {
	head, err := r.take(14)
	if err != nil {
		return err
	}
	lits, dists, codes := int(head&31)+257, int(head>>5&31)+1, int(head>>10)+4
	if lits > 286 || dists > 30 {
		return ErrCorrupt
	}
	var order = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	var sizes [len(order)]uint8
	for _, at := range order[:codes] {
		n, err := r.take(3)
		if err != nil {
			return err
		}
		sizes[at] = uint8(n)
	}
	var table [1 << 7]entry
	wide, ok := build(table[:], 7, sizes[:], func(symbol uint) entry { return entry(symbol) << 16 })
	if !ok {
		return ErrCorrupt
	}
	for i := 0; i < lits+dists; {
		if err := r.fill(14); err != nil { // a code and its extra bits
			return err
		}
		e := table[r.bits&(1<<wide-1)]
		if e.total() > r.nbits || e&special != 0 && r.nbits == 0 {
			return io.ErrUnexpectedEOF
		}
		if e&special != 0 {
			return ErrCorrupt
		}
		r.drop(e.total())
		if e.value() < 16 {
			r.sizes[i] = uint8(e.value())
			i++
			continue
		}
		size, extra, least := uint8(0), uint(2), 3
		switch e.value() {
		case 16:
			if i == 0 {
				return ErrCorrupt
			}
			size = r.sizes[i-1]
		case 17:
			extra = 3
		default:
			extra, least = 7, 11
		}
		more, err := r.take(extra)
		if err != nil {
			return err
		}
		n := least + int(more)
		if n > lits+dists-i {
			return ErrCorrupt
		}
		for ; n > 0; n-- {
			r.sizes[i] = size
			i++
		}
	}
	if !r.own.make(r.sizes[:lits], r.sizes[lits:lits+dists]) {
		return ErrCorrupt
	}
	return nil
}
