package seeds

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// edge is a line at the top or the bottom of a page.
type edge struct {
	sheet *pdfSheet
	runs  []int // of the sheet
	y     float64
	text  string
}

const edgeLines = 2 // that may be running at the top, and as many at the bottom

// dropRunning takes running headers and footers out: lines at the edge of pages that say the same in the same place of
// several pages, but for a number that counts the pages, and the number of a page.
func (p *pdfReader) dropRunning() {
	pages := make(map[string]int)
	var all []edge
	for _, s := range p.sheets {
		for _, e := range s.edges() {
			all = append(all, e)
			for _, key := range e.keys() {
				pages[key]++
			}
		}
	}
	enough := 3
	if len(p.sheets) <= 4 {
		enough = 2
	}
	for _, e := range all {
		if e.numbersPage(len(p.sheets)) || slices.ContainsFunc(e.keys(), func(key string) bool { return pages[key] >= enough }) {
			for _, i := range e.runs {
				e.sheet.runs[i].text = ""
			}
		}
	}
	for _, s := range p.sheets {
		s.runs = slices.DeleteFunc(s.runs, func(r pdfRun) bool { return r.text == "" })
	}
}

// edges are the first and the last lines of a page.
func (s *pdfSheet) edges() []edge {
	order := make([]int, len(s.runs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch d := s.runs[b].y - s.runs[a].y; {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	var top []edge
	collect := func(indexes []int) []edge {
		var lines []edge
		for _, i := range indexes {
			r := s.runs[i]
			if n := len(lines); n > 0 && abs(lines[n-1].y-r.y) < max(3, 0.6*max(r.size, s.runs[lines[n-1].runs[0]].size)) {
				lines[n-1].runs = append(lines[n-1].runs, i)
				continue
			}
			if len(lines) == edgeLines {
				break
			}
			lines = append(lines, edge{sheet: s, runs: []int{i}, y: r.y})
		}
		for i := range lines {
			e := &lines[i]
			slices.SortStableFunc(e.runs, func(a, b int) int { return int(s.runs[a].x0) - int(s.runs[b].x0) })
			var text strings.Builder
			for _, r := range e.runs {
				text.WriteString(s.runs[r].text)
				text.WriteByte(' ')
			}
			e.text = collapse(text.String())
		}
		return lines
	}
	top = collect(order)
	slices.Reverse(order)
	bottom := collect(order)
	all := top
	for _, e := range bottom {
		if e.y < top[len(top)-1].y-1 {
			all = append(all, e)
		}
	}
	return all
}

// keys are the same for lines of several pages that say the same in the same place; in the later ones a number, the first,
// the last or each, counts the pages.
func (e edge) keys() []string {
	const longest = 300
	text := e.text[:min(len(e.text), longest)]
	numbers := numbersIn(text)
	place := fmt.Sprintf("%d ", int(e.y+0.5)/4)
	all := []string{place + text}
	if len(numbers) == 0 {
		return all
	}
	counted := func(numbers []span) string {
		var b strings.Builder
		at := 0
		for _, n := range numbers {
			value, _ := strconv.Atoi(text[n.start:n.end])
			fmt.Fprintf(&b, "%s#%d#", text[at:n.start], value-e.sheet.number)
			at = n.end
		}
		return place + b.String() + text[at:]
	}
	all = append(all, counted(numbers[:1]))
	if len(numbers) > 1 {
		all = append(all, counted(numbers[len(numbers)-1:]), counted(numbers))
	}
	return all
}

// numbersIn finds the numbers of a text.
func numbersIn(text string) []span {
	var all []span
	for i := 0; i < len(text); i++ {
		start := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		if start < i {
			all = append(all, span{start, i})
		}
	}
	return all
}

// numbersPage tells a line that is nothing but the number of its page, such as "3", "Page 3 of 12" or the foot of a page
// that was printed from a browser, "https://example.org/page 3/12".
func (e edge) numbersPage(pages int) bool {
	if e.y > 0.1*e.sheet.height && e.y < 0.9*e.sheet.height {
		return false
	}
	n := fmt.Sprint(e.sheet.number)
	text := strings.ToLower(strings.Trim(e.text, "-–— "))
	if len(text) < 9 && strings.Trim(text, "ivxlc") == "" {
		return true // in front of a book pages have Roman numbers
	}
	switch text {
	case n, "page " + n, "p. " + n, "seite " + n, "стр. " + n, fmt.Sprintf("page %s of %d", n, pages), fmt.Sprintf("%s of %d", n, pages):
		return true
	}
	number := fmt.Sprintf("%s/%d", n, pages)
	return text == number || strings.HasSuffix(text, " "+number) && addressStart(text)
}
