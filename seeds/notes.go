package seeds

import (
	"math"
	"slices"
	"strings"
)

// noteSpan is one note in the text.
type noteSpan struct {
	label      string
	start, end int // the whole note
	textStart  int // behind the label
	value      int32
	shape      shape // of the label, if the note was found
}

// candidate is a line that may begin a note, with the lines that would belong to it.
type candidate struct {
	label   label
	line    int
	endLine int  // first line that is not of the note any more
	closed  bool // other prose follows before the next candidate or the end
	address bool // an address stands in it, or a word such as "Ibid."
	marked  bool // the body has a mark of this label
	fresh   bool // the line before is empty or of another candidate
	counted bool // it goes on counting from a candidate right before it that has an address, or is counted itself
	headed  bool // it stands below a heading such as "Notes"
}

// findNotes tells the notes from the lists and the wrapped lines of the prose:
//
//   - [^1]: is a note wherever it stands.
//   - [1] and ¹ begin a note at the end of the report, and in blocks in between such as the feet of pages: each block
//     must name an address, or be marked in the body.
//   - 1. 1) (1) 1: begin a note below a heading such as "Notes", or in a list that starts with 1, ends the report and
//     names an address in at least half of its items. Any other numbered list is prose.
//   - A bare number does so too, if an address stands in every item.
//
// Of a document that has notes of its own only the first two are looked for, and not within those.
//
// A note goes on over the following lines, and over an empty line if what follows is indented, begins with an address
// or, below a heading, is followed by another note. All notes have the shape with the most evidence.
func findNotes(d *document, addresses []found, groups []group) []noteSpan {
	addressesBefore := make([]int32, len(d.lines)+1)
	for _, f := range addresses {
		addressesBefore[d.lineAt(f.start)+1]++
	}
	for i := range d.lines {
		addressesBefore[i+1] += addressesBefore[i]
	}
	marked := make(map[string]bool)
	for _, g := range groups {
		if !g.startsLine {
			for _, l := range g.labels {
				marked[l] = true
			}
		}
	}
	settled := d.settled()
	byShape := make([][]candidate, shapeCount)
	for i := range d.lines {
		if settled != nil && settled[i] {
			continue
		}
		if l, ok := labelAt(d.lineText(i)); ok {
			byShape[l.shape] = append(byShape[l.shape], candidate{label: l, line: i, marked: marked[l.text]})
		}
	}
	var best []candidate
	bestScore := 0
	for s, candidates := range byShape {
		if len(candidates) == 0 || len(d.notes) > 0 && !shape(s).strong() {
			continue
		}
		measure(d, candidates, addressesBefore, settled)
		chosen := choose(shape(s), candidates)
		if score := evidence(shape(s), chosen); score > bestScore {
			best, bestScore = chosen, score
		}
	}
	spans := make([]noteSpan, 0, len(best))
	for _, c := range best {
		first, last := d.lines[c.line], c.endLine-1
		for last > c.line && d.blank(last) {
			last--
		}
		spans = append(spans, noteSpan{
			label: c.label.text, start: first.start() + c.label.start, textStart: first.start() + c.label.size, end: d.lines[last].end(),
			value: int32(min(c.label.value, math.MaxInt32)), shape: c.label.shape,
		})
	}
	return spans
}

// measure finds out how far each candidate of one shape reaches and what speaks for it.
func measure(d *document, candidates []candidate, addressesBefore []int32, settled []bool) {
	heading := lastHeading(d, candidates)
	for i := range candidates {
		c := &candidates[i]
		next := len(d.lines)
		if i+1 < len(candidates) {
			next = candidates[i+1].line
		}
		c.headed = heading >= 0 && c.line > heading
		c.endLine = next
		for l := c.line + 1; l < next; l++ {
			if isHeading(d.lineText(l)) || settled != nil && settled[l] {
				c.endLine, c.closed = l, true
				break
			}
			if !d.blank(l) {
				continue
			}
			after := l + 1
			for after < next && d.blank(after) {
				after++
			}
			if after == next {
				c.endLine = l
				break
			}
			if settled != nil && settled[after] || !goesOn(d.lineText(after)) && (!c.headed || next == len(d.lines)) {
				c.endLine, c.closed = l, true
				break
			}
			l = after - 1
		}
		first := d.lines[c.line].start() + c.label.size
		text := d.text[min(first, len(d.text)):d.lines[c.endLine-1].end()]
		_, same := ibidem(text)
		c.address = addressesBefore[c.endLine] > addressesBefore[c.line] || same > 0
		if i > 0 {
			before := candidates[i-1]
			c.counted = before.endLine == c.line && before.label.value+1 == c.label.value && (before.address || before.counted)
		}
		c.fresh = c.line == 0 || d.blank(c.line-1) || i > 0 && candidates[i-1].endLine == c.line
	}
}

// goesOn tells whether a line behind an empty one still belongs to the note before it.
func goesOn(line string) bool {
	n := blanks(line)
	return n > 1 || strings.HasPrefix(line, "\t") || addressStart(line[n:])
}

// choose goes backwards from the last candidate and keeps those that are notes, in the order of the text.
func choose(s shape, candidates []candidate) []candidate {
	var kept []candidate // from the last to the first
	for i := len(candidates) - 1; i >= 0; i-- {
		c := candidates[i]
		var next *candidate
		linked := false
		if len(kept) > 0 {
			next = &kept[len(kept)-1]
			linked = candidates[i+1].line == next.line && (!c.closed || c.headed)
		}
		ordered := next == nil || c.label.value == 0 || next.label.value == 0 || c.label.value < next.label.value
		repeated := next != nil && c.label.text == next.label.text
		var ok bool
		switch {
		case s == shapeCaret:
			ok = true
		case c.headed:
			// In a numbered list a line such as "12. March" may be no item.
			ok = ordered || repeated && linked || s.strong() && c.address
		case !s.strong():
			ok = i == len(candidates)-1 && !c.closed || linked && ordered
		case linked:
			ok = ordered || c.address
		default:
			ok = c.fresh && ordered && (c.address || c.counted) || next == nil && !c.closed && (c.address || c.counted || c.marked)
		}
		if ok {
			kept = append(kept, c)
		}
	}
	slices.Reverse(kept)
	absorb(kept, candidates)
	if len(kept) == 0 || s.strong() || kept[0].headed {
		return kept
	}
	need := (len(kept) + 1) / 2
	if s == shapeBare {
		need = len(kept)
	}
	if countAddresses(kept) < need || kept[0].label.value != 1 && !kept[0].marked {
		return nil
	}
	return kept
}

// absorb gives the lines of candidates that are no notes to the note before them, if another note follows.
func absorb(kept, candidates []candidate) {
	k := -1 // note before
	for _, c := range candidates {
		switch {
		case k+1 < len(kept) && kept[k+1].line == c.line:
			k++
		case k >= 0 && k+1 < len(kept) && !kept[k].closed && kept[k].endLine == c.line:
			kept[k].endLine, kept[k].closed = c.endLine, c.closed
		}
	}
}

// evidence weighs how much speaks for one shape.
func evidence(s shape, notes []candidate) int {
	score := len(notes) + 2*countAddresses(notes)
	for _, c := range notes {
		if c.marked {
			score++
		}
	}
	if s.strong() {
		score *= 2
	}
	return score
}

func countAddresses(notes []candidate) int {
	n := 0
	for _, c := range notes {
		if c.address {
			n++
		}
	}
	return n
}
