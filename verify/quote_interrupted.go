package verify

import (
	"regexp"
	"slices"
)

// interruption is what an author puts into the middle of what somebody said: the end of
// one quotation, who said it, and the start of the next, as in “The dam,” he said, “will
// not hold.”
var interruption = regexp.MustCompile(`(?:[,.!?;—–]["”“»]|["”“»][,.])[ \x{a0}][—–]?[^"“”«»„\n.!?]{2,80}[.,]?[ \x{a0}]["“„«]`)

// interruptionsLimit bounds the interruptions of a text that are taken out.
const interruptionsLimit = 1 << 12

// uninterrupted is the index of a text without its interruptions, and where its pieces
// stand in the text; nil when there are none.
func (ix *quoteIndex) uninterrupted() *bridged {
	if ix.bridged == nil {
		ix.bridged = &bridged{}
		var joined []byte
		last := 0
		for _, at := range interruption.FindAllStringIndex(ix.text, interruptionsLimit) {
			ix.bridged.pieces = append(ix.bridged.pieces, piece{len(joined), last})
			joined = append(append(joined, ix.text[last:at[0]]...), ' ')
			last = at[1]
		}
		if last > 0 {
			ix.bridged.pieces = append(ix.bridged.pieces, piece{len(joined), last})
			ix.bridged.index = indexQuotes(string(append(joined, ix.text[last:]...)))
		}
	}
	if ix.bridged.index == nil {
		return nil
	}
	return ix.bridged
}

// bridged is a text without its interruptions.
type bridged struct {
	index  *quoteIndex
	pieces []piece // in order
}

// piece is where a piece of the text begins, there and in the text as it is.
type piece struct{ at, source int }

// anchor finds a quotation that stands there in the same words.
func (b *bridged) anchor(q Selector) (Anchor, bool) {
	a := b.index.plainAnchor(q)
	if a.Status != QuoteFound {
		return a, false
	}
	for i := range a.Parts {
		s := &a.Parts[i].Span
		s.Start, s.End = b.source(s.Start), b.source(s.End-1)+1
	}
	return a, true
}

func (b *bridged) source(at int) int {
	i, found := slices.BinarySearchFunc(b.pieces, at, func(p piece, at int) int { return p.at - at })
	if !found {
		i--
	}
	return b.pieces[i].source + at - b.pieces[i].at
}
