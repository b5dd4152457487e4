package seeds

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func htmlBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// breakBlock ends the block: what is written next begins another one.
func (w *htmlWriter) breakBlock() { w.broken, w.breaks, w.space = true, 0, span{} }

// breakLine ends the line; two in a row end the paragraph.
func (w *htmlWriter) breakLine() {
	if !w.broken {
		w.breaks++
		w.space = span{}
	}
}

// show writes what is due before a text that is about to be written.
func (w *htmlWriter) show() {
	switch {
	case w.broken || w.breaks > 1:
		w.openText()
	case w.breaks == 1:
		w.put("\n")
	case w.space.end > 0:
		w.write(" ", w.space.start, w.space.end)
	}
	w.broken, w.breaks, w.space = false, 0, span{}
	for k := len(w.frames) - 1; w.late > 0 && k >= 0; k-- {
		if w.frames[k].start < 0 {
			w.frames[k].start = w.at()
			w.late--
		}
	}
}

// openText begins a block of the kind that the open elements say.
func (w *htmlWriter) openText() {
	kind, level, item := blockParagraph, 0, ""
	for k := len(w.frames) - 1; k >= 0; k-- {
		f := &w.frames[k]
		if f.item != "" && item == "" {
			item, f.item = f.item, ""
		}
		if (f.kind == frameBlock || f.kind == framePre) && f.block != blockInherited {
			kind, level = f.block, f.level
			break
		}
	}
	if w.inNotes > 0 {
		kind, level = blockNote, 0
	}
	w.begin(kind, level)
	w.put(item)
}

// run writes a text of the page with its white space collapsed.
func (w *htmlWriter) run(from, to int) {
	if w.pre > 0 {
		w.lines(from, to)
		return
	}
	text := w.source.text[:to]
	for at := from; at < to; {
		if htmlBlank(text[at]) {
			start := at
			for at < to && htmlBlank(text[at]) {
				at++
			}
			if w.listed(start, at, to) {
				w.breakLine()
			} else if !w.broken && w.breaks == 0 && w.space.end == 0 {
				w.space = span{start, at}
			}
			continue
		}
		end := at
		for end < to && text[end] != '&' && (!htmlBlank(text[end]) || text[end] == ' ' && end+1 < to && !htmlBlank(text[end+1]) && text[end+1] != '&') {
			end++
		}
		if end > at {
			w.show()
			w.copy(at, end)
			at = end
			continue
		}
		at = w.reference(at, to)
	}
}

// listed tells whether a new line of the source, source.text[from:at], stands before the next note of a paragraph that is a
// list of them: "[1] …" and "[2] …", run together by whatever made the page of plain text.
func (w *htmlWriter) listed(from, at, to int) bool {
	const longest = 16 // bytes of a label
	text := w.source.text
	if at >= to || text[at] != '[' || w.broken || w.breaks > 0 || w.inNotes > 0 || strings.IndexByte(text[from:at], '\n') < 0 {
		return false
	}
	if l, ok := labelAt(text[at:min(to, at+longest)]); !ok || l.shape != shapeBracket {
		return false
	}
	start := w.doc.blocks[len(w.doc.blocks)-1].start
	l, ok := labelAt(w.text.String()[start:min(w.at(), start+longest)])
	return ok && l.shape == shapeBracket
}

// reference writes what a character reference means, or the "&" that is none, and returns where it ends.
func (w *htmlWriter) reference(at, to int) int {
	n := referenceSize(w.source.text[at:to])
	if n == 0 {
		w.show()
		w.copy(at, at+1)
		return at + 1
	}
	meant := html.UnescapeString(w.source.text[at : at+n])
	if len(meant) == 1 && htmlBlank(meant[0]) {
		if !w.broken {
			w.space = span{at, at + n}
		}
		return at + n
	}
	w.show()
	w.write(meant, at, at+n)
	return at + n
}

// lines writes preformatted text; an empty line ends the block.
func (w *htmlWriter) lines(from, to int) {
	text := w.source.text[:to]
	for at := from; at < to; {
		end := at
		for end < to && text[end] != '\n' && text[end] != '\r' {
			end++
		}
		if strings.TrimSpace(text[at:end]) != "" {
			for at < end {
				amp := strings.IndexByte(text[at:end], '&')
				if amp < 0 {
					amp = end - at
				}
				if amp > 0 {
					w.show()
					w.copy(at, at+amp)
				}
				if at += amp; at < end {
					at = w.reference(at, end)
				}
			}
		} else if at < end && !w.broken && w.breaks == 0 {
			w.space = span{at, end}
		}
		if at = end; at < to {
			w.breakLine()
			if at++; at < to && text[at-1] == '\r' && text[at] == '\n' {
				at++
			}
		}
	}
}

// raise writes a number in superscript that is no link as superscript digits, so that it is read as in any other text. It
// tells whether it did.
func (w *htmlWriter) raise(i int32) bool {
	const longest = 16
	t := w.tree
	from, to := -1, 0
	for k := i + 1; k < t.nodes[i].last; k++ {
		n := t.nodes[k]
		switch {
		case !n.element && from >= 0, n.tag == atom.A && t.has(k, "href"), int(n.to-n.from) > longest && !n.element:
			return false
		case !n.element:
			from, to = int(n.from), int(n.to)
		}
	}
	if from < 0 {
		return false
	}
	text := t.src.text[from:to]
	from += len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	text = strings.TrimSpace(text)
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			b.WriteString(raisedDigits[r-'0'])
		case b.Len() > 0 && (r == ',' || r == '–' || r == '-'):
			b.WriteRune(r)
		case b.Len() > 0 && r == ' ':
		default:
			return false
		}
	}
	if r, _ := utf8.DecodeLastRuneInString(b.String()); raisedDigit(r) < 0 {
		return false
	}
	w.space = span{} // "word <sup>1</sup>" is meant without the space
	w.show()
	w.write(b.String(), from, from+len(text))
	return true
}

var raisedDigits = [...]string{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"}

// bracketMarks makes the brackets around the links of marks a part of the marks: [<a>1</a>], and those of several in one
// pair, [<a>1</a>, <a>2</a>], with what stands between.
func (d *document) bracketMarks() {
	for k := 0; k < len(d.marks); {
		next := k + 1
		for next < len(d.marks) && strings.Trim(d.text[d.marks[next-1].end:min(d.marks[next].start, d.marks[next-1].end+8)], ",; –-\u00a0") == "" &&
			d.marks[next].start-d.marks[next-1].end <= 4 {
			next++
		}
		first, last := &d.marks[k], &d.marks[next-1]
		if first.start > 0 && last.end < len(d.text) && (d.text[first.start-1] == '[' && d.text[last.end] == ']' || d.text[first.start-1] == '(' && d.text[last.end] == ')') {
			first.start--
			last.end++
			for j := k; j < next-1; j++ {
				if between := d.text[d.marks[j].end:d.marks[j+1].start]; !strings.ContainsAny(between, "–-") {
					d.marks[j].end = d.marks[j+1].start
				}
			}
		}
		k = next
	}
}
