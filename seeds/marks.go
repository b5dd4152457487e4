package seeds

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// group is one mark or several in one pair of brackets, at text[start:end].
type group struct {
	start, end int
	labels     []string
	claim      string // if the format says it
	startsLine bool
	shape      shape
}

// maxRange is the longest range of marks that is taken for one: "[1–20]" cites twenty notes, "[1–300]" hardly any.
const maxRange = 30

// findGroups finds everything in the text that has the form of a mark and stands in nothing barred, such as an address:
// brackets with labels, and superscript digits that are no unit.
func findGroups(text string, barred []span) []group {
	var all []group
	skip := 0 // next of barred
	lineStart := true
	for i := 0; i < len(text); {
		if skip < len(barred) && i >= barred[skip].start {
			i = max(i, barred[skip].end)
			skip++
			lineStart = false
			continue
		}
		c := text[i]
		size, g, ok := 1, group{}, false
		switch {
		case c == '\n' || c == '\r':
			lineStart = true
			i++
			continue
		case c == '[':
			g.labels, size, ok = groupAt(text[i:])
			g.shape = shapeBracket
			if ok && strings.HasPrefix(g.labels[0], "^") {
				g.shape = shapeCaret
				g.labels[0] = g.labels[0][1:]
			}
		case c == '(':
			g.labels, size, ok = groupAt(text[i:])
			g.shape = shapeParens
		case c >= utf8.RuneSelf:
			_, size = utf8.DecodeRuneInString(text[i:])
			if raised(text[i:]) > 0 && !exponent(text[:i]) {
				g.labels, size, ok = raisedAt(text[i:])
				g.shape = shapeRaised
			} else if n := raised(text[i:]); n > 0 {
				size = n
			}
		}
		if ok {
			g.start, g.end, g.startsLine = i, i+size, lineStart
			all = append(all, g)
		} else if size == 0 {
			size = 1
		}
		lineStart = lineStart && !ok && (c == ' ' || c == '\t')
		i += size
	}
	return all
}

// groupAt reads a bracket with labels: [1], [12a], [1, 2], [3–5], [a], [^name], (1), [1, p. 15]. If there is none, the
// size is 1.
func groupAt(t string) (labels []string, size int, ok bool) {
	const longest = 80
	if t == "" || t[0] != '[' && t[0] != '(' {
		return nil, 1, false
	}
	end := strings.IndexByte(t[:min(len(t), longest)], closerOf(t[0]))
	if end < 2 {
		return nil, 1, false
	}
	inner := westernDigits(strings.Trim(t[1:end], " \t\u00a0"))
	size = end + 1
	if strings.HasPrefix(inner, "^") && t[0] == '[' {
		if !labelText(inner[1:], shapeCaret) || strings.HasPrefix(t[size:], ":") {
			return nil, 1, false
		}
		return []string{inner}, size, true
	}
	fields := strings.FieldsFunc(inner, func(r rune) bool { return r == ',' || r == ';' || r == '،' || r == '؛' || r == ' ' || r == '\u00a0' })
	for _, f := range fields {
		from, to, ranged := cutRange(f)
		if !labelText(from, shapeBracket) || ranged && !labelText(to, shapeBracket) {
			if labels = located(inner); len(labels) > 0 {
				return labels, size, true
			}
			return nil, 1, false
		}
		labels = append(labels, from)
		if ranged {
			labels = append(labels, between(from, to)...)
			labels = append(labels, to)
		}
	}
	return labels, size, len(labels) > 0
}

// raisedAt reads superscript digits, with commas and ranges between them.
func raisedAt(t string) (labels []string, size int, ok bool) {
	ranged := false
	for {
		n := raised(t[size:])
		if n == 0 || n > 4*len("⁰") {
			return labels, max(size, n), len(labels) > 0
		}
		l := lowered(t[size : size+n])
		if ranged {
			labels = append(labels, between(labels[len(labels)-1], l)...)
		}
		labels = append(labels, l)
		size += n
		r, sep := utf8.DecodeRuneInString(t[size:])
		if raised(t[min(len(t), size+sep):]) == 0 || !strings.ContainsRune(",˒⁻–-", r) {
			return labels, size, true
		}
		ranged = r != ',' && r != '˒'
		size += sep
	}
}

// cutRange cuts "3-5" at its dash of whatever length.
func cutRange(t string) (from, to string, ranged bool) {
	for _, dash := range [...]string{"-", "–", "—", "‑", "−"} {
		if from, to, ok := strings.Cut(t, dash); ok {
			return from, to, true
		}
	}
	return t, "", false
}

// between returns the labels strictly between two numbers, none if they are not a range in order.
func between(from, to string) []string {
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	if errA != nil || errB != nil || b-a > maxRange {
		return nil
	}
	var labels []string
	for n := a + 1; n < b; n++ {
		labels = append(labels, strconv.Itoa(n))
	}
	return labels
}

// exponent tells whether a superscript behind this text belongs to a number, a unit or a variable: km², 10⁶, x².
func exponent(before string) bool {
	before = before[max(0, len(before)-16):]
	r, n := utf8.DecodeLastRuneInString(before)
	if unicode.IsDigit(r) {
		return true
	}
	if !unicode.IsLetter(r) {
		return false
	}
	word := before[strings.LastIndexFunc(before[:len(before)-n], func(r rune) bool { return !unicode.IsLetter(r) })+1:]
	if i := strings.IndexFunc(word, unicode.IsLetter); i > 0 {
		word = word[i:]
	}
	switch word {
	case "km", "cm", "mm", "dm", "nm", "ft", "in", "yd", "mi", "км", "см", "мм", "дм":
		return true
	}
	return utf8.RuneCountInString(word) == 1
}

// markRule decides which groups are marks.
type markRule struct {
	notes map[string]bool
	shape shape
	reach int // the largest number that is taken for the label of a note
}

// newMarkRule learns the sequence of the notes. A number in square brackets without a note is a missing note only
// within that sequence: up to the largest label, or going on from there (from 1, if there are no notes) without a gap.
// So "[2022]" and "[12,000]" are no marks. The largest label counts only if the labels are dense.
func newMarkRule(notes []noteSpan, groups []group) markRule {
	m := markRule{notes: make(map[string]bool)}
	for _, n := range notes {
		m.notes[n.label] = true
		m.shape = n.shape
		m.reach = max(m.reach, int(n.value))
	}
	if m.reach > 2*len(notes)+20 {
		m.reach = 0
	}
	used := make(map[string]bool)
	for _, g := range groups {
		if g.shape == shapeBracket {
			for _, l := range g.labels {
				used[l] = true
			}
		}
	}
	for used[strconv.Itoa(m.reach+1)] {
		m.reach++
	}
	return m
}

// accepts tells whether all labels of a group are plausible.
func (m markRule) accepts(g group) bool {
	for _, l := range g.labels {
		n, err := strconv.Atoi(l)
		missing := err == nil && n > 0 && n <= m.reach && (g.shape == shapeBracket || g.shape == m.shape)
		if g.shape != shapeCaret && !m.notes[l] && !missing {
			return false
		}
	}
	return true
}

// selectMarks keeps the groups of the body that are marks. Parentheses, and digits glued to the end of a word, are
// looked at only when the notes have no other marks.
func selectMarks(d *document, spans, explicit []noteSpan, groups []group, barred []span) []group {
	rule := newMarkRule(spans, groups)
	if len(d.notes) > 0 && len(spans) == 0 {
		rule.reach = 0 // the notes have marks of their own, a number in brackets is none
	}
	body := outside(groups, spans)
	keep := func(wanted func(shape) bool) []group {
		var kept []group
		for _, g := range body {
			if wanted(g.shape) && rule.accepts(g) {
				kept = append(kept, g)
			}
		}
		return kept
	}
	marks := keep(func(s shape) bool { return s != shapeParens })
	if len(marks) == 0 && len(spans) > 0 {
		marks = keep(func(s shape) bool { return s == shapeParens })
	}
	if len(marks) == 0 && len(spans) > 0 {
		for _, g := range outside(gluedDigits(d.text, barred), spans) {
			if rule.notes[g.labels[0]] {
				marks = append(marks, g)
			}
		}
	}
	if len(d.notes)+len(d.marks) == 0 {
		return marks
	}
	marks = slices.Grow(marks, len(d.marks))
	for _, m := range d.marks {
		marks = append(marks, group{start: m.start, end: m.end, labels: m.labels, claim: m.claim})
	}
	slices.SortStableFunc(marks, func(a, b group) int { return a.start - b.start })
	return slices.DeleteFunc(marks, func(g group) bool { return inNote(g, explicit) })
}

// outside are the groups that stand in no note.
func outside(groups []group, spans []noteSpan) []group {
	if len(spans) == 0 {
		return groups
	}
	var kept []group
	for _, g := range groups {
		if !inNote(g, spans) {
			kept = append(kept, g)
		}
	}
	return kept
}

// inNote tells whether a group stands in one of the notes.
func inNote(g group, spans []noteSpan) bool {
	i := sort.Search(len(spans), func(i int) bool { return spans[i].end > g.start })
	return i < len(spans) && g.start >= spans[i].start
}

// gluedDigits finds "word.12 Next", which is what is left of a superscript in text that was copied out of a page.
func gluedDigits(text string, barred []span) []group {
	var all []group
	skip := 0
	for i := 1; i < len(text); i++ {
		for skip < len(barred) && barred[skip].end <= i {
			skip++
		}
		if skip < len(barred) && i >= barred[skip].start {
			i = barred[skip].end - 1
			continue
		}
		if text[i] < '1' || text[i] > '9' {
			continue
		}
		start := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		next, _ := utf8.DecodeRuneInString(text[i:])
		if i-start > 3 || i < len(text) && !unicode.IsSpace(next) {
			continue
		}
		mark, n := utf8.DecodeLastRuneInString(text[:start])
		word, _ := utf8.DecodeLastRuneInString(text[:start-n])
		if strings.ContainsRune(`.,;:!?"”’»)`, mark) && (unicode.IsLetter(word) || strings.ContainsRune(`.!?"”’»)%`, word)) {
			all = append(all, group{start: start, end: i, shape: shapeBare, labels: []string{text[start:i]}})
		}
	}
	return all
}
