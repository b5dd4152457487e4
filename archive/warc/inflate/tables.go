package inflate

import "math/bits"

const (
	maxLit  = 288 // literals, end of block, lengths; two of them unused
	maxDist = 32  // two of them unused
	maxCode = 15  // bits of a code

	litBits  = 11 // bits looked up at once; longer codes need a second look
	distBits = 9

	// At most half of the symbols can share a second table with another, and
	// each of these has as many entries as the longest code needs.
	litSize  = 1<<litBits + maxLit/2<<(maxCode-litBits)
	distSize = 1<<distBits + maxDist/2<<(maxCode-distBits)
)

// An entry of a table says what a code stands for:
//
//	bits 0-5   bits to pass over, those of the code and its extra bits
//	bits 8-12  bits of the code alone, or of the index into the second table
//	bits 13-15 flags
//	bits 16-31 literal, length, distance or start of the second table
type entry uint32

const (
	second  entry = 1 << 13 // go on in a second table
	special entry = 1 << 14 // end of block, or no code at all
	literal entry = 1 << 15
	endCode       = special | 1<<16
)

func (e entry) total() uint { return uint(e & 0x3f) }
func (e entry) code() uint  { return uint(e >> 8 & 0x1f) }
func (e entry) value() uint { return uint(e >> 16) }

// tables decode the symbols of one compressed block.
type tables struct {
	litBits, distBits uint // used of the constants of that name
	lit               [litSize]entry
	dist              [distSize]entry
}

// make fills t for codes of the given sizes in bits (RFC 1951 §3.2.2) and
// reports whether these make a code at all.
func (t *tables) make(lit, dist []uint8) bool {
	var ok bool
	if t.litBits, ok = build(t.lit[:], litBits, lit, litEntry); !ok {
		return false
	}
	t.distBits, ok = build(t.dist[:], distBits, dist, distEntry)
	return ok
}

func litEntry(symbol uint) entry {
	switch {
	case symbol < 256:
		return literal | entry(symbol)<<16
	case symbol == 256:
		return endCode
	case symbol == 285:
		return 258 << 16
	case symbol > 285:
		return special
	case symbol < 265:
		return entry(symbol-254) << 16
	}
	extra := (symbol - 261) / 4
	return entry((4+(symbol-261)%4)<<extra+3)<<16 | entry(extra)
}

func distEntry(symbol uint) entry {
	switch {
	case symbol < 4:
		return entry(symbol+1) << 16
	case symbol > 29:
		return special
	}
	extra := symbol/2 - 1
	// 24577 is the greatest base: it fits 16 bits.
	return entry((2+symbol%2)<<extra+1)<<16 | entry(extra)
}

// build fills a table whose first part is looked up by at most wide bits, and
// returns by how many it is. Codes must be complete, but for one that has a
// single symbol of one bit and one that has none.
func build(table []entry, wide uint, sizes []uint8, of func(uint) entry) (uint, bool) {
	var count, next [maxCode + 2]uint
	longest := uint(0)
	for _, n := range sizes {
		count[n]++
		longest = max(longest, uint(n))
	}
	if count[0] = 0; longest == 0 {
		table[0], table[1] = special, special
		return 1, true
	}
	code := uint(0)
	for n := uint(1); n <= longest; n++ {
		code <<= 1
		next[n] = code
		code += count[n]
	}
	if code != 1<<longest {
		if code != 1 || longest != 1 {
			return 0, false
		}
		table[1] = special
	}
	wide = min(wide, longest)
	rest := longest - wide // bits that a second table decides
	top := uint(1) << wide
	if rest > 0 {
		for i := range table[:top] {
			table[i] = 0
		}
	}
	for symbol, size := range sizes {
		n := uint(size)
		if n == 0 {
			continue
		}
		turned := uint(bits.Reverse16(uint16(next[n]))) >> (16 - n)
		next[n]++
		e := of(uint(symbol))
		if n <= wide {
			e += entry(n) | entry(n)<<8
			for i := turned; i < 1<<wide; i += 1 << n {
				table[i] = e
			}
			continue
		}
		first := &table[turned&(1<<wide-1)]
		if *first == 0 {
			*first = second | entry(top)<<16 | entry(rest)<<8 | entry(wide)
			top += 1 << rest
		}
		e += entry(n) | entry(n)<<8
		start := first.value()
		for i := turned >> wide; i < 1<<rest; i += 1 << (n - wide) {
			table[start+i] = e
		}
	}
	return wide, true
}
