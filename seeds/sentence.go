package seeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// paragraphs cuts the text outside the notes at empty lines. Text that was wrapped at a fixed width goes on over line
// ends; in any other text each line is a paragraph.
// A document with blocks has its paragraphs already.
func paragraphs(d *document, spans []noteSpan) []span {
	if d.blocks != nil {
		return d.paragraphs(spans)
	}
	var all []span
	note := 0
	wrapped := isWrapped(d, spans)
	open := false
	for i, l := range d.lines {
		for note < len(spans) && spans[note].end <= l.start() {
			note++
		}
		inNote := note < len(spans) && l.end() > spans[note].start
		if inNote || d.blank(i) {
			open = false
			continue
		}
		text := d.lineText(i)
		if _, listed := labelAt(text); listed && !strings.HasPrefix(text, "[") || blanks(text) > 1 {
			open = false
		}
		if open {
			all[len(all)-1].end = l.end()
		} else {
			all = append(all, span{l.start(), l.end()})
		}
		open = wrapped && l.end()-l.start() >= 40
	}
	return all
}

// paragraphs are the blocks in which claims stand, without what is a note of them.
func (d *document) paragraphs(spans []noteSpan) []span {
	var all []span
	note := 0
	for _, b := range d.blocks {
		if b.kind == blockNote || b.kind == blockCode {
			continue
		}
		at := b.start
		for note < len(spans) && spans[note].end <= at {
			note++
		}
		for i := note; i < len(spans) && spans[i].start < b.end; i++ {
			if at < spans[i].start {
				all = append(all, span{at, spans[i].start})
			}
			at = max(at, spans[i].end)
		}
		if at < b.end {
			all = append(all, span{at, b.end})
		}
	}
	return all
}

// isWrapped tells whether no line of the prose is longer than a typewriter's.
func isWrapped(d *document, spans []noteSpan) bool {
	const widest = 120
	note := 0
	for _, l := range d.lines {
		for note < len(spans) && spans[note].end <= l.start() {
			note++
		}
		if note < len(spans) && l.end() > spans[note].start {
			continue
		}
		if l.end()-l.start() > widest && utf8.RuneCountInString(d.text[l.start():l.end()]) > widest {
			return false
		}
	}
	return true
}

// sentences cuts a paragraph into sentences that touch each other. A mark behind a full stop belongs to the sentence
// before it.
func (c *claimer) sentences(p span, marks []group) []span {
	var all []span
	start, mark := p.start, 0
	for i := p.start; i < p.end; {
		for mark < len(marks) && marks[mark].end <= i {
			mark++
		}
		if mark < len(marks) && i >= marks[mark].start {
			i = marks[mark].end
			continue
		}
		r, n := utf8.DecodeRuneInString(c.text[i:p.end])
		if !terminal(r) {
			i += n
			continue
		}
		stop := i
		end, marked := c.closing(i+n, p.end, marks[mark:])
		i = end
		if end == p.end || !c.boundary(start, stop, end, p.end, r, marked) {
			continue
		}
		for i < p.end {
			next, n := utf8.DecodeRuneInString(c.text[i:p.end])
			if !invisible(next) {
				break
			}
			i += n
		}
		all = append(all, span{start, i})
		start = i
	}
	if start < p.end || len(all) == 0 {
		all = append(all, span{start, p.end})
	}
	return all
}

// closing reads what may follow a full stop in its sentence: more of them, closing quotes and brackets, and marks, with
// or without a space before them.
func (c *claimer) closing(i, limit int, marks []group) (end int, marked bool) {
	for i < limit {
		for len(marks) > 0 && marks[0].start < i {
			marks = marks[1:]
		}
		if len(marks) > 0 && strings.TrimSpace(c.text[i:min(marks[0].start, i+8)]) == "" && marks[0].start-i < 8 {
			i, marked = marks[0].end, true
			continue
		}
		r, n := utf8.DecodeRuneInString(c.text[i:limit])
		if !terminal(r) && !strings.ContainsRune("\"'”’»›)]*_", r) && !zeroWidth(r) {
			break
		}
		i += n
	}
	return i, marked
}

// terminal tells the characters that may end a sentence.
func terminal(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।', '॥':
		return true
	}
	return false
}

// boundary decides whether the sentence that began at start ends with the full stop at stop; end is behind its closing
// characters.
func (c *claimer) boundary(start, stop, end, limit int, r rune, marked bool) bool {
	rest := strings.TrimLeftFunc(c.text[end:min(limit, end+64)], invisible)
	spaced := len(rest) < min(limit, end+64)-end
	if !spaced && !marked && r != '。' && r != '！' && r != '？' {
		return false
	}
	word := strings.TrimLeft(rest, "\"'“‘«„([*_¿¡—–- ")
	next, _ := utf8.DecodeRuneInString(word)
	if unicode.IsLower(next) {
		return false
	}
	if r != '.' || marked || end-stop > 1 {
		return true
	}
	return !abbreviated(c.text[max(start, stop-40):stop], word, next)
}

// abbreviated tells whether the full stop between before and after ends an abbreviation rather than a sentence.
func abbreviated(before, after string, next rune) bool {
	token := before
	if i := strings.LastIndexFunc(before, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("([“\"‘«—–/", r) }); i >= 0 {
		_, n := utf8.DecodeRuneInString(before[i:])
		token = before[i+n:]
	}
	if token == "" {
		return false
	}
	first, size := utf8.DecodeRuneInString(token)
	if size == len(token) && unicode.IsUpper(first) {
		return !opensSentence(after) // an initial
	}
	if isDigits(token, 2) {
		return germanMonth(after)
	}
	switch kindOf(strings.ToLower(token)) {
	case abbreviationTitle:
		return true
	case abbreviationNumber:
		return unicode.IsDigit(next)
	case abbreviationEnding:
		return !opensSentence(after)
	}
	// U.S., e.g., т.е.: letters one by one.
	if !strings.Contains(token, ".") {
		return false
	}
	for part := range strings.SplitSeq(token, ".") {
		if utf8.RuneCountInString(part) > 2 {
			return false
		}
	}
	return !unicode.IsUpper(first) || !opensSentence(after)
}
