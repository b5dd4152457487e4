package verify

import (
	"slices"
)

// nearest finds the stretch of text that is nearest to pattern: the one with the
// smallest number of insertions, deletions and substitutions (Levenshtein), and
// of several the first. It returns false when that takes more than most edits.
//
// It is the bit-parallel search of Myers (1999, JACM 46:3) with the blocks and
// the recurrence of Hyyrö (2003): its time is len(text) times len(pattern)/64.
func nearest(pattern, text []int32, most int) (at Span, edits int, ok bool) {
	if len(pattern) == 0 {
		return Span{}, 0, false
	}
	end, edits := searchEnd(pattern, text)
	if edits > most || edits >= len(pattern) {
		return Span{}, 0, false
	}
	// Backwards from its end, the reversed pattern ends where the stretch starts.
	from := max(0, end-len(pattern)-edits)
	back := slices.Clone(text[from:end])
	slices.Reverse(back)
	reversed := slices.Clone(pattern)
	slices.Reverse(reversed)
	length := prefixLength(reversed, back, edits)
	return Span{end - length, end}, edits, true
}

// searchEnd returns the end of the stretch of text nearest to pattern.
func searchEnd(pattern, text []int32) (end, edits int) {
	m := newMatcher(pattern)
	end, edits = 0, len(pattern)
	for i, c := range text {
		if m.step(c, false) < edits {
			end, edits = i+1, m.score
		}
	}
	return end, edits
}

// prefixLength returns how long the prefix of text is that is the given number of
// edits away from pattern; of several the longest, so that a stretch does not
// lose a first character that has only been changed.
func prefixLength(pattern, text []int32, edits int) int {
	m := newMatcher(pattern)
	length := 0
	for i, c := range text {
		if m.step(c, true) == edits {
			length = i + 1
		}
	}
	return length
}

// matcher holds one column of the matrix of edit distances as differences between
// its cells, a bit each.
type matcher struct {
	equal    map[int32][]uint64 // for each symbol where it stands in the pattern
	none     []uint64
	up, down []uint64 // the cell is one more, one less than that above it
	last     uint64   // bit of the pattern's last symbol
	score    int      // the column's last cell
}

func newMatcher(pattern []int32) *matcher {
	words := (len(pattern) + 63) / 64
	m := &matcher{equal: map[int32][]uint64{}, none: make([]uint64, words), up: make([]uint64, words), down: make([]uint64, words),
		last: 1 << ((len(pattern) - 1) % 64), score: len(pattern)}
	for i := range m.up {
		m.up[i] = ^uint64(0)
	}
	for i, c := range pattern {
		if m.equal[c] == nil {
			m.equal[c] = make([]uint64, words)
		}
		m.equal[c][i/64] |= 1 << (i % 64)
	}
	return m
}

// step moves on by one symbol of the text and returns the new score. With anchored
// a match must begin where the text does.
func (m *matcher) step(c int32, anchored bool) int {
	equal := m.equal[c]
	if equal == nil {
		equal = m.none
	}
	var more, less uint64 // what the block above carries into this one
	if anchored {
		more = 1
	}
	for i := range m.up {
		up, down, eq := m.up[i], m.down[i], equal[i]
		vertical := eq | down
		eq |= less
		across := (((eq & up) + up) ^ up) | eq
		plus := down | ^(across | up)
		minus := up & across
		if i == len(m.up)-1 {
			switch {
			case plus&m.last != 0:
				m.score++
			case minus&m.last != 0:
				m.score--
			}
		}
		carryMore, carryLess := plus>>63, minus>>63
		plus = plus<<1 | more
		minus = minus<<1 | less
		m.up[i] = minus | ^(vertical | plus)
		m.down[i] = plus & vertical
		more, less = carryMore, carryLess
	}
	return m.score
}
