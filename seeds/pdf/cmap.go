package pdf

import (
	"cmp"
	"slices"
	"unicode/utf16"
)

// cmap maps the codes of a font to text, or to numbers of glyphs.
type cmap struct {
	spaces []codeSpace
	chars  map[uint32]string
	ranges []codeRange // sorted by from
}

// codeSpace says how many bytes the codes from lo to hi have.
type codeSpace struct {
	size   int
	lo, hi uint32
}

// codeRange maps from to text, and the codes behind it to what follows its last character.
type codeRange struct {
	from, to uint32
	text     []uint16
	cid      uint32
}

// readCMap reads a CMap, of /ToUnicode or of /Encoding.
func (f *File) readCMap(s stream) *cmap {
	data, err := f.decode(s)
	if err != nil {
		return nil
	}
	m := &cmap{chars: make(map[uint32]string)}
	l := lexer{data: data, count: &f.elements}
	var operands []any
	for {
		o := l.object(0)
		op, ok := o.(keyword)
		if !ok {
			operands = append(operands, o)
			continue
		}
		if op == end {
			break
		}
		m.operate(op, operands)
		operands = operands[:0]
	}
	slices.SortStableFunc(m.ranges, func(a, b codeRange) int { return cmp.Compare(a.from, b.from) })
	return m
}

func (m *cmap) operate(op keyword, operands []any) {
	code := func(i int) (uint32, int) {
		s, _ := operands[i].(string)
		return codeOf(s), len(s)
	}
	switch op {
	case "endcodespacerange":
		for i := 0; i+1 < len(operands); i += 2 {
			lo, n := code(i)
			hi, _ := code(i + 1)
			if n > 0 && n <= 4 && len(m.spaces) < 100 {
				m.spaces = append(m.spaces, codeSpace{n, lo, hi})
			}
		}
	case "endbfchar":
		for i := 0; i+1 < len(operands); i += 2 {
			c, _ := code(i)
			if text, ok := operands[i+1].(string); ok {
				m.chars[c] = string(utf16.Decode(units(text)))
			}
		}
	case "endbfrange":
		for i := 0; i+2 < len(operands); i += 3 {
			from, _ := code(i)
			to, _ := code(i + 1)
			switch target := operands[i+2].(type) {
			case string:
				m.ranges = append(m.ranges, codeRange{from: from, to: to, text: units(target)})
			case array:
				for j, o := range target {
					if text, ok := o.(string); ok {
						m.chars[from+uint32(j)] = string(utf16.Decode(units(text)))
					}
				}
			}
		}
	case "endcidchar":
		for i := 0; i+1 < len(operands); i += 2 {
			c, _ := code(i)
			cid, _ := operands[i+1].(int)
			m.ranges = append(m.ranges, codeRange{from: c, to: c, cid: uint32(cid)})
		}
	case "endcidrange":
		for i := 0; i+2 < len(operands); i += 3 {
			from, _ := code(i)
			to, _ := code(i + 1)
			cid, _ := operands[i+2].(int)
			m.ranges = append(m.ranges, codeRange{from: from, to: to, cid: uint32(cid)})
		}
	}
}

// find returns the range of a code.
func (m *cmap) find(code uint32) (codeRange, bool) {
	i, ok := slices.BinarySearchFunc(m.ranges, code, func(r codeRange, c uint32) int { return cmp.Compare(r.from, c) })
	if !ok {
		i--
	}
	if i < 0 || m.ranges[i].to < code {
		return codeRange{}, false
	}
	return m.ranges[i], true
}

// text is what a code means.
func (m *cmap) text(code uint32) (string, bool) {
	if t, ok := m.chars[code]; ok {
		return t, true
	}
	r, ok := m.find(code)
	if !ok || len(r.text) == 0 {
		return "", false
	}
	u := slices.Clone(r.text)
	u[len(u)-1] += uint16(code - r.from)
	return string(utf16.Decode(u)), true
}

// next reads one code.
func (m *cmap) next(text string) (code uint32, n int) {
	for n := 1; n <= min(4, len(text)); n++ {
		c := codeOf(text[:n])
		for _, s := range m.spaces {
			if s.size == n && c >= s.lo && c <= s.hi {
				return c, n
			}
		}
	}
	n = min(2, len(text))
	if len(m.spaces) > 0 {
		n = min(m.spaces[0].size, len(text))
	}
	return codeOf(text[:n]), n
}

func codeOf(s string) uint32 {
	var n uint32
	for i := range min(len(s), 4) {
		n = n<<8 | uint32(s[i])
	}
	return n
}

// maxMeaning bounds what one code means, in UTF-16: the longest ligature of Unicode stands for 18 letters.
const maxMeaning = 64

// units reads UTF-16 with the high byte first.
func units(s string) []uint16 {
	s = s[:min(len(s), 2*maxMeaning)]
	if len(s) == 1 {
		return []uint16{uint16(s[0])}
	}
	u := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return u
}
