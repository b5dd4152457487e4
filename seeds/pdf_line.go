package seeds

import (
	"cmp"
	"slices"
	"strings"
)

// pdfRegion is a part of a page that is read from top to bottom: a column, or what stands above or below of columns.
type pdfRegion struct {
	runs        []pdfRun
	lines       []*pdfLine
	left, right float64
}

// pdfLine is one line.
type pdfLine struct {
	page, number int
	runs         []pdfRun // from left to right
	text         string
	x0, x1, y    float64
	size         float64 // of most of it
	bold         bool    // all of it
	right        float64 // as far as the lines around it reach
	hard         bool    // the line after it begins a paragraph
	leftward     bool    // the text around it is read from right to left
}

// regionsOf divides runs into columns.
func regionsOf(runs []pdfRun) []*pdfRegion {
	sorted := slices.Clone(runs)
	slices.SortStableFunc(sorted, func(a, b pdfRun) int { return cmp.Compare(b.y, a.y) })
	var all []*pdfRegion
	for _, part := range splitColumns(sorted, 0) {
		all = append(all, &pdfRegion{runs: part})
	}
	return all
}

const (
	// minColumn is how wide a column is at least, in points, and columnLines how many lines it has.
	minColumn   = 90
	columnLines = 4
	gutter      = 5 // points, at least
)

// splitColumns looks for the gutter with the most lines on both sides. Whatever lies above and below of those lines comes
// before and after the columns.
func splitColumns(runs []pdfRun, depth int) [][]pdfRun {
	const deepest = 8
	if len(runs) == 0 {
		return nil
	}
	best, from, to, score := 0.0, 0, 0, 0
	if depth < deepest && len(runs) >= 2*columnLines {
		for _, x := range gutters(runs) {
			if f, t, s := columnsAt(runs, x); s > score {
				best, from, to, score = x, f, t, s
			}
		}
	}
	if score == 0 {
		return [][]pdfRun{runs}
	}
	var left, right []pdfRun
	for _, r := range runs[from:to] {
		if r.x0 < best-gutter/2 {
			left = append(left, r)
		} else {
			right = append(right, r)
		}
	}
	all := splitColumns(runs[:from], depth+1)
	all = append(all, splitColumns(left, depth+1)...)
	all = append(all, splitColumns(right, depth+1)...)
	return append(all, splitColumns(runs[to:], depth+1)...)
}

// gutters are the places where many runs begin, and so a column may.
func gutters(runs []pdfRun) []float64 {
	const grain, most = 2, 12
	count := make(map[int]int)
	left := runs[0].x0
	for _, r := range runs {
		left = min(left, r.x0)
		count[int(r.x0/grain)]++
	}
	var starts []int
	for x, n := range count {
		if n >= columnLines && float64(x*grain) > left+minColumn {
			starts = append(starts, x)
		}
	}
	slices.SortFunc(starts, func(a, b int) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	var all []float64
	for _, x := range starts[:min(len(starts), most)] {
		all = append(all, float64(x*grain))
	}
	return all
}

// columnsAt finds the longest stretch runs[from:to] that leaves a gutter free before x and has lines of prose on both
// sides. score is the number of lines on the side with fewer, 0 if there is none.
func columnsAt(runs []pdfRun, x float64) (from, to, score int) {
	start := 0
	for i := 0; i <= len(runs); i++ {
		if i < len(runs) && (runs[i].x0 >= x-gutter/2 || runs[i].x1 <= x-gutter) {
			continue
		}
		if s := prose(runs[start:i], x); s > score {
			from, to, score = start, i, s
		}
		start = i + 1
	}
	return from, to, score
}

// prose counts the lines on the side with fewer of them, if both sides look like columns of prose: wide, and most of
// their lines reach far.
func prose(runs []pdfRun, x float64) int {
	type side struct {
		lines       int
		y, min, max float64
		sum         float64
	}
	sides := [2]side{}
	for i := range sides {
		sides[i] = side{y: -1e9, min: 1e9, max: -1e9}
	}
	for _, r := range runs {
		s := &sides[0]
		if r.x0 >= x-gutter/2 {
			s = &sides[1]
		}
		if abs(s.y-r.y) > 0.5*r.size {
			s.lines++
			s.y = r.y
		}
		s.min, s.max = min(s.min, r.x0), max(s.max, r.x1)
		s.sum += r.x1 - r.x0
	}
	score := min(sides[0].lines, sides[1].lines)
	for _, s := range sides {
		width := s.max - s.min
		if s.lines < columnLines || width < minColumn || s.sum < 0.5*width*float64(s.lines) {
			return 0
		}
	}
	return score
}

// layOut finds the columns of a page and their lines.
func (p *pdfReader) layOut(s *pdfSheet) {
	s.regions = append(regionsOf(s.runs), s.regions...)
	for _, r := range s.regions {
		r.findLines(s)
	}
	s.runs = nil
}

// findLines puts the runs of a region, which come from top to bottom, together into lines. A run belongs to the line
// above if half of its height does.
func (r *pdfRegion) findLines(s *pdfSheet) {
	leftward := 0
	for _, run := range r.runs {
		leftward += letterBalance(run.text)
	}
	type extent struct{ low, high, size float64 }
	var e extent
	for _, run := range r.runs {
		low, high := run.y-0.2*run.size, run.y+0.7*run.size
		if n := len(r.lines); n > 0 && min(high, e.high)-max(low, e.low) > 0.5*min(high-low, e.high-e.low) {
			l := r.lines[n-1]
			l.runs = append(l.runs, run)
			if run.size > e.size {
				e = extent{low, high, run.size}
			}
			continue
		}
		e = extent{low, high, run.size}
		r.lines = append(r.lines, &pdfLine{page: s.number, runs: []pdfRun{run}})
	}
	r.runs = nil
	r.left, r.right = 1e9, -1e9
	for _, l := range r.lines {
		s.lines++
		l.number, l.leftward = s.lines, leftward > 0
		l.finish()
		r.left, r.right = min(r.left, l.x0), max(r.right, l.x1)
	}
	r.splitRows()
}

// splitRows makes a line of every cell in the rows of a table. A cell begins behind a wide space where one begins in the
// line above or below as well; so the spaces of justified lines and of labels are none.
func (r *pdfRegion) splitRows() {
	var all []*pdfLine // nil as long as there is no row
	var above, here []int
	below := cellStarts(r.lines, 0)
	for i, l := range r.lines {
		above, here, below = here, below, cellStarts(r.lines, i+1)
		from := 0
		for _, k := range here {
			if !l.aligned(k, r.lines, i-1, above) && !l.aligned(k, r.lines, i+1, below) {
				continue
			}
			if all == nil {
				all = slices.Clone(r.lines[:i])
			}
			all = append(all, l.cell(from, k))
			from = k
		}
		switch {
		case from > 0:
			all = append(all, l.cell(from, len(l.runs)))
		case all != nil:
			all = append(all, l)
		}
	}
	if all != nil {
		r.lines = all
	}
}

// cellStarts are the runs of line i that stand behind a wide space, and behind more than a label.
func cellStarts(lines []*pdfLine, i int) []int {
	if i >= len(lines) {
		return nil
	}
	var all []int
	l := lines[i]
	end, letters := l.x0, 0
	for k, run := range l.runs {
		if letters > 2 && run.x0-end > cellGap*l.size {
			all = append(all, k)
		}
		letters += strings.Count(run.text, "") - 1
		end = max(end, run.x1)
	}
	return all
}

// aligned tells whether a cell of line i begins where run k of l does.
func (l *pdfLine) aligned(k int, lines []*pdfLine, i int, starts []int) bool {
	const near = 0.5 // points
	return slices.ContainsFunc(starts, func(s int) bool { return abs(lines[i].runs[s].x0-l.runs[k].x0) < near })
}

// cell is a line of the runs [from, to) of l.
func (l *pdfLine) cell(from, to int) *pdfLine {
	c := &pdfLine{page: l.page, number: l.number, leftward: l.leftward, runs: slices.Clone(l.runs[from:to])}
	c.runs[0].text = strings.TrimLeft(c.runs[0].text, " ")
	c.finish()
	return c
}

// finish orders the runs of a line and writes its text; small digits above the baseline become superscripts.
func (l *pdfLine) finish() {
	slices.SortStableFunc(l.runs, func(a, b pdfRun) int { return cmp.Compare(a.x0, b.x0) })
	most := -1
	for i, r := range l.runs {
		if n := len(r.text); most < 0 || n > len(l.runs[most].text) || n == len(l.runs[most].text) && r.size > l.runs[most].size {
			most = i
		}
	}
	main := l.runs[most]
	l.size, l.y = main.size, main.y
	l.x0, l.x1 = l.runs[0].x0, l.runs[0].x1
	l.bold = true
	var b strings.Builder
	for i := range l.runs {
		r := &l.runs[i]
		if i > 0 {
			gap := r.x0 - l.x1
			switch {
			case gap > 2*l.size:
				r.text = "  " + strings.TrimLeft(r.text, " ")
			case gap > wordGap*min(l.size, r.size) && !strings.HasSuffix(l.runs[i-1].text, " ") && !strings.HasPrefix(r.text, " "):
				r.text = " " + r.text
			}
		}
		r.raised = r.size < 0.86*main.size && r.y > main.y+0.12*main.size
		if r.raised {
			r.text = raisedText(r.text)
			if i > 0 && l.runs[i-1].raised && raised(r.text) > 0 && raised(l.runs[i-1].text[max(0, len(l.runs[i-1].text)-3):]) > 0 {
				r.text = "," + r.text // two marks side by side
			}
		}
		l.bold = l.bold && (r.bold || r.raised)
		l.x1 = max(l.x1, r.x1)
		b.WriteString(r.text)
	}
	l.text = strings.TrimSpace(b.String())
	if rightToLeft(l.text, l.leftward) {
		l.runs = asRead(l.runs)
		b.Reset()
		for _, r := range l.runs {
			b.WriteString(r.text)
		}
		l.text = strings.TrimSpace(b.String())
	}
}

// raisedText writes the digits of a raised text as superscripts, if it is made of numbers.
func raisedText(text string) string {
	if strings.Trim(text, "0123456789,–-; ") != "" || strings.Trim(text, ",–-; ") == "" {
		return text
	}
	lead := text[:len(text)-len(strings.TrimLeft(text, " "))]
	var b strings.Builder
	b.WriteString(lead)
	trail := text[len(strings.TrimRight(text, " ")):]
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0'])
		case r == ';':
			b.WriteByte(',')
		case r != ' ':
			b.WriteRune(r)
		}
	}
	b.WriteString(trail)
	return b.String()
}
