package seeds

import (
	"strconv"
	"unicode/utf8"
)

// endSections are the notes at the end of a report that numbers them anew in every chapter: below a heading such as
// "Notes" the numbers begin several times with 1, as the marks in superscript do in the body.
type endSections struct {
	first  int            // the block behind the heading
	notes  map[int]string // labels of the notes, by the block that begins them
	ends   map[int]bool   // blocks that belong to no note, such as the name of a chapter
	labels map[sectionNote]string
	marks  sectionCount // of the body, as far as it is written
}

// sectionCount follows numbers that begin anew.
type sectionCount struct{ section, last int }

// next takes the next number and tells whether it goes on with the others. A few may be missing between.
func (c *sectionCount) next(n int) bool {
	const gap = 3
	switch {
	case n == 1 && c.last != 1, c.last == 0 && n > 0 && n <= gap:
		c.section++
	case n < c.last || n > c.last+gap || n < 1:
		return false
	}
	c.last = n
	return true
}

// sectionNote is note n of a section.
type sectionNote struct{ section, n int }

// findSections looks for such notes. It is nil if there are none, or not as many chapters as the body has.
func findSections(blocks []pdfBlock) *endSections {
	const most = 50 // headings that are tried: each reads what is behind it
	tried := 0
	for i, b := range blocks {
		if len(b.lines) == 1 && isHeading(b.lines[0].text) && i+1 < len(blocks) && tried < most {
			tried++
			if s := sectionsBehind(blocks, i); s != nil {
				return s
			}
		}
	}
	return nil
}

func sectionsBehind(blocks []pdfBlock, heading int) *endSections {
	s := &endSections{first: heading + 1, notes: make(map[int]string), ends: make(map[int]bool), labels: make(map[sectionNote]string)}
	times := make(map[int]int)
	var count, body sectionCount
	for i := s.first; i < len(blocks); i++ {
		l, ok := labelAt(blocks[i].lines[0].text)
		before := count
		if !ok || l.value == 0 || !count.next(l.value) || l.value == before.last {
			count = before
			continue
		}
		times[l.value]++
		label := again(strconv.Itoa(l.value), times[l.value])
		s.notes[i], s.labels[sectionNote{count.section, l.value}] = label, label
		if count.section > before.section && i > s.first {
			s.ends[i-1] = s.notes[i-1] == "" && blocks[i-1].brief()
		}
	}
	if count.section < 2 {
		return nil
	}
	for _, b := range blocks[:heading] {
		for _, l := range b.lines {
			l.raisedNumbers(func(n int) { body.next(n) })
		}
	}
	if body.section != count.section {
		return nil
	}
	return s
}

// brief tells a block that may be a heading.
func (a *pdfBlock) brief() bool {
	const longest = 120
	return len(a.lines) < 3 && len(a.lines[0].text) < longest && !endsSentence(a.lines[len(a.lines)-1].text)
}

// raisedNumbers gives the numbers in superscript that are no exponents.
func (l *pdfLine) raisedNumbers(give func(int)) {
	for i := 0; i < len(l.text); {
		r, n := utf8.DecodeRuneInString(l.text[i:])
		if raisedDigit(r) >= 0 {
			if labels, size, ok := raisedAt(l.text[i:]); ok {
				for _, label := range labels {
					if number, err := strconv.Atoi(label); err == nil && !powered(l.text[:i]) {
						give(number)
					}
				}
				i += size
				continue
			}
		}
		i += n
	}
}

// resolve returns the labels of the notes that a mark of the body means.
func (s *endSections) resolve(shown []string) []string {
	var labels []string
	for _, text := range shown {
		n, err := strconv.Atoi(text)
		if err != nil || !s.marks.next(n) {
			return nil
		}
		label := s.labels[sectionNote{s.marks.section, n}]
		if label == "" {
			label = again(text, s.marks.section)
		}
		labels = append(labels, label)
	}
	return labels
}
