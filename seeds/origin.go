package seeds

import "sort"

// mapped is the origin of a text that was taken out of a decoded source piece by piece.
type mapped struct {
	source *source
	pieces pieces   // in the order of the text
	beside []beside // what is known beside line and column, such as the row; in the order of the text
}

// beside is the place, in words, of what stands from at on up to the next one.
type beside struct {
	at    int32
	place string
}

// copied is text from at on, up to the next piece. It is source.text[from:to] byte for byte if it is as long as
// that; otherwise it stands for all of it in another spelling, as "&" does for "&amp;".
type copied struct{ at, size, from, to int32 }

// pieces are kept in parts of equal size: there are many, and what grows in one piece is copied again and again.
type pieces struct {
	parts [][]copied
	n     int
}

const piecesInPart = 1 << 10

func (p *pieces) at(i int) *copied { return &p.parts[i/piecesInPart][i%piecesInPart] }

func (p *pieces) add(c copied) {
	switch at := p.n % piecesInPart; {
	case p.n < piecesInPart:
		if p.n == 0 {
			p.parts = [][]copied{nil}
		}
		p.parts[0] = append(p.parts[0], c) // most reports are small
	case at == 0:
		p.parts = append(p.parts, append(make([]copied, 0, piecesInPart), c))
	default:
		last := &p.parts[len(p.parts)-1]
		*last = append(*last, c)
	}
	p.n++
}

// position describes text[start:end] by the place that its first and last byte come from.
func (m *mapped) position(start, end int) Position {
	at := m.source.position(m.stretch(start, end))
	if i := sort.Search(len(m.beside), func(i int) bool { return int(m.beside[i].at) > start }); i > 0 {
		at.Place = m.beside[i-1].place
	}
	return at
}

func (m *mapped) written(start, end int) (string, bool) {
	from, to := m.stretch(start, end)
	return m.source.text[from:to], true
}

// stretch returns what text[start:end] comes from.
func (m *mapped) stretch(start, end int) (from, to int) {
	if m.pieces.n == 0 {
		return 0, 0
	}
	from, to = m.lead(start)
	if end > start+1 {
		_, to = m.lead(end - 1)
	}
	if end == start || to < from {
		to = from
	}
	return from, to
}

// lead returns what the byte at offset at of the text comes from. What was made up, such as the line ends between
// blocks, comes from where the piece before it ends.
func (m *mapped) lead(at int) (from, to int) {
	i := max(0, sort.Search(m.pieces.n, func(i int) bool { return int(m.pieces.at(i).at) > at })-1)
	p := m.pieces.at(i)
	from, to = int(p.from), int(p.to)
	at -= int(p.at)
	switch {
	case at >= int(p.size):
		return to, to
	case p.size == p.to-p.from:
		return from + at, from + at + 1
	}
	return from, to
}

// placed is the origin of a text that has no lines in its report: what stands at a place goes on up to the next one.
type placed []place

type place struct {
	at int // in the text
	Position
}

// position is the last place at or before start. Its offset is that of the text, so that findings can be put in order.
func (p placed) position(start, _ int) Position {
	at := Position{}
	if i := sort.Search(len(p), func(i int) bool { return p[i].at > start }); i > 0 {
		at = p[i-1].Position
	}
	at.Offset = start
	return at
}

func (p placed) written(int, int) (string, bool) { return "", false }
