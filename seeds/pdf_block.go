package seeds

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pdfBlock is a paragraph, heading or item.
type pdfBlock struct {
	kind  blockKind
	level int
	lines []*pdfLine
}

// measure finds the size of the body, and how far the lines of each size are apart.
func (p *pdfReader) measure() {
	sizes := make(map[int]int)
	gaps := make(map[int]map[int]int)
	for _, s := range p.sheets {
		for _, r := range s.regions {
			for i, l := range r.lines {
				size := grain(l.size)
				sizes[size] += len(l.text)
				if i == 0 || abs(r.lines[i-1].size-l.size) > 0.1*l.size {
					continue
				}
				if gap := r.lines[i-1].y - l.y; gap > 0 && gap < 3*l.size {
					if gaps[size] == nil {
						gaps[size] = make(map[int]int)
					}
					gaps[size][grain(gap)]++
				}
			}
		}
	}
	p.body = float64(most(sizes)) / 4
	p.spaced = make(map[int]float64)
	for size, all := range gaps {
		p.spaced[size] = float64(most(all)) / 4
	}
}

// grain is a length in quarters of a point.
func grain(x float64) int { return int(4*x + 0.5) }

// most is the key with the highest count, the smaller one of two.
func most(count map[int]int) int {
	best, n := 0, 0
	for k, c := range count {
		if c > n || c == n && k < best {
			best, n = k, c
		}
	}
	return best
}

// blocks divides the lines of a region into paragraphs.
func (p *pdfReader) blocks(r *pdfRegion) []pdfBlock {
	var all []pdfBlock
	for from := 0; from < len(r.lines); {
		to := from + 1
		for to < len(r.lines) && p.together(r.lines[to-1], r.lines[to]) {
			to++
		}
		all = append(all, p.paragraphs(r.lines[from:to], r.right)...)
		from = to
	}
	return all
}

// together tells whether two lines look alike and are no farther apart than lines of one paragraph are.
func (p *pdfReader) together(a, b *pdfLine) bool {
	gap := a.y - b.y
	usual := p.spaced[grain(b.size)]
	if usual == 0 {
		usual = 1.3 * b.size
	}
	return abs(a.size-b.size) < 0.1*max(a.size, b.size) && a.bold == b.bold && gap > 0 && gap < 1.22*usual+0.5
}

// paragraphs divides lines without a gap between them. A paragraph begins behind a line that had room for the first
// word of the next one, with an indented first line, behind a hanging one, and with the label of an item.
func (p *pdfReader) paragraphs(lines []*pdfLine, right float64) []pdfBlock {
	left, reach := lines[0].x0, lines[0].x1
	for _, l := range lines {
		left, reach = min(left, l.x0), max(reach, l.x1)
	}
	if len(lines) < 3 && reach < left+0.6*(right-left) {
		reach = right
	}
	var all []pdfBlock
	first := 0
	finish := func(end int) {
		all = append(all, p.block(lines[first:end]))
		first = end
	}
	for i, l := range lines {
		l.right = reach
		if i == 0 {
			continue
		}
		before := lines[i-1]
		if roomy(before, l) || item(l.text) && (item(lines[first].text) || i == 1 || l.x0 > before.x0+0.8*l.size) ||
			indented(lines, i, left, first) {
			finish(i)
		}
	}
	finish(len(lines))
	for i := range all {
		last := all[i].lines[len(all[i].lines)-1]
		last.hard = i+1 < len(all) || last.x1 < reach-8*last.size
	}
	return all
}

// roomy tells whether the first word of line b would have fitted into line a.
func roomy(a, b *pdfLine) bool {
	if r, _ := utf8.DecodeLastRuneInString(a.text); lineHyphen(r) {
		return false
	}
	word, _, _ := strings.Cut(b.text, " ")
	n := utf8.RuneCountInString(b.text)
	if n == 0 {
		return true
	}
	width := (b.x1 - b.x0) / float64(n) * float64(utf8.RuneCountInString(word))
	return a.x1+0.3*a.size+width < a.right-0.6*a.size
}

// indented tells whether line i begins a paragraph by its indentation: it is indented and the next line is not, or
// the lines before it are, but for their first one.
func indented(lines []*pdfLine, i int, left float64, first int) bool {
	l, before := lines[i], lines[i-1]
	step := 0.8 * l.size
	if l.x0 > before.x0+step {
		return i+1 < len(lines) && lines[i+1].x0 < l.x0-step && before.x0 < left+step && i-first > 1 ||
			i+1 == len(lines) && i-first > 1 && before.x0 < left+step && endsSentence(before.text)
	}
	return l.x0 < before.x0-step && i-first > 1
}

// item tells the label or the sign of an item of a list.
func item(text string) bool {
	r, n := utf8.DecodeRuneInString(text)
	if strings.ContainsRune("•◦▪●○■–‣·", r) && strings.HasPrefix(text[n:], " ") {
		return true
	}
	l, ok := labelAt(text)
	return ok && l.shape != shapeBare
}

// block says what some lines are.
func (p *pdfReader) block(lines []*pdfLine) pdfBlock {
	b := pdfBlock{lines: lines}
	length := 0
	for _, l := range lines {
		length += len(l.text)
	}
	size, text := lines[0].size, lines[len(lines)-1].text
	switch {
	case length > 200 || len(lines) > 4:
	case size >= 1.6*p.body:
		b.kind, b.level = blockHeading, 1
	case size >= 1.3*p.body:
		b.kind, b.level = blockHeading, 2
	case size >= 1.12*p.body:
		b.kind, b.level = blockHeading, 3
	case lines[0].bold && !endsSentence(text) && len(lines) < 3 && size >= 0.95*p.body:
		b.kind, b.level = blockHeading, 4
	}
	if b.kind == blockParagraph && item(lines[0].text) {
		b.kind = blockItem
	}
	return b
}

// endsSentence tells whether a text ends in a full stop or the like, behind marks and quotes.
func endsSentence(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || raisedDigit(r) >= 0 || strings.ContainsRune("\"'”’»)]", r)
	})
	r, _ := utf8.DecodeLastRuneInString(text)
	return terminal(r)
}

// goesOn tells whether block b, at the top of a page or a column, goes on with a that ended the one before.
func (a *pdfBlock) goesOn(b *pdfBlock) bool {
	last, next := a.lines[len(a.lines)-1], b.lines[0]
	if a.kind == blockHeading || b.kind != blockParagraph || abs(last.size-next.size) > 0.05*last.size || last.bold != next.bold {
		return false
	}
	if strings.HasSuffix(last.text, "-") || strings.HasSuffix(last.text, "\u00ad") {
		return true
	}
	r, _ := utf8.DecodeRuneInString(next.text)
	return !endsSentence(last.text) && !strings.HasSuffix(last.text, ":") && (unicode.IsLower(r) || !last.hard)
}

// flow is the body in reading order; paragraphs go on over the ends of columns and pages.
func (p *pdfReader) flow() []pdfBlock {
	var all []pdfBlock
	open := -1 // the last block of the body
	for _, s := range p.sheets {
		for _, r := range s.regions {
			for i, b := range p.blocks(r) {
				if i == 0 && open >= 0 && all[open].goesOn(&b) {
					all[open].lines = append(slices.Clip(all[open].lines), b.lines...)
					continue
				}
				all = append(all, b)
				open = len(all) - 1
			}
		}
	}
	return all
}

// place the links that show no text behind the nearest line above them.
func (p *pdfReader) placeUnshown() map[*pdfLine][]int {
	var where map[*pdfLine][]int
	for _, s := range p.sheets {
		if len(s.unshown) == 0 {
			continue
		}
		var lines []*pdfLine
		for _, r := range s.regions {
			lines = append(lines, r.lines...)
		}
		if len(lines) == 0 {
			l := &pdfLine{page: s.number, number: 1, runs: []pdfRun{{}}}
			s.regions = append(s.regions, &pdfRegion{lines: []*pdfLine{l}})
			lines = append(lines, l)
		}
		byHeight := slices.Clone(lines)
		slices.SortStableFunc(byHeight, func(a, b *pdfLine) int { return cmp.Compare(a.y, b.y) })
		if where == nil {
			where = make(map[*pdfLine][]int)
		}
		for _, i := range s.unshown {
			at, _ := slices.BinarySearchFunc(byHeight, p.links[i].y, func(l *pdfLine, y float64) int { return cmp.Compare(l.y, y) })
			l := byHeight[min(at, len(byHeight)-1)]
			where[l] = append(where[l], i)
		}
	}
	return where
}
