package seeds

import (
	"strconv"
	"strings"
)

// line reads the markup at the beginning of a line; ok is false if none stands there. What is behind it is read on.
func (w *wiki) line(i, to int) (next int, ok bool) {
	t := w.src.text
	end := min(to, lineEnd(t, i))
	start := i
	for i < end && (t[i] == ' ' || t[i] == '\t') {
		i++
	}
	if i == end {
		return start, false
	}
	switch c := t[i]; {
	case strings.HasPrefix(t[i:end], "{|"):
		w.paragraph()
		w.tables++
		return end, true
	case w.tables > 0 && strings.HasPrefix(t[i:end], "|}"):
		w.paragraph()
		w.tables--
		w.heads = false
		w.state = fluentBlock{kind: w.outer()}
		return i + 2, true
	case w.tables > 0 && strings.HasPrefix(t[i:end], "|-"):
		w.paragraph()
		w.heads = false
		return end, true
	case w.tables > 0 && (c == '|' || c == '!') && w.depth == 0:
		if strings.HasPrefix(t[i:end], "|+") {
			i++
		}
		w.heads = c == '!'
		w.cell()
		return w.attributes(i+1, end), true
	case i > start:
		return start, false
	case c == '=':
		return w.heading(i, end)
	case c == '*' || c == '#' || c == ':' || c == ';':
		return w.item(i, end), true
	case strings.HasPrefix(t[i:end], "----"):
		w.paragraph()
		for i < end && t[i] == '-' {
			i++
		}
		return i, true
	}
	w.counts = w.counts[:0]
	if w.state.kind == blockItem {
		w.paragraph()
		w.state = fluentBlock{kind: w.outer()}
	}
	return i, false
}

// outer is what a paragraph is here.
func (w *wiki) outer() blockKind {
	switch {
	case w.state.kind == blockNote:
		return blockNote
	case w.tables > 0:
		return blockCell
	}
	return blockParagraph
}

// cell begins a cell of a table.
func (w *wiki) cell() {
	w.paragraph()
	w.state = fluentBlock{kind: w.outer()}
	w.counts = w.counts[:0]
}

// attributes passes over the attributes of a cell, which end with a pipe.
func (w *wiki) attributes(i, end int) int {
	const longest = 400 // bytes
	t := w.src.text[i:min(end, i+longest)]
	n := strings.IndexByte(t, '|')
	if n < 0 || strings.HasPrefix(t[n:], "||") || strings.ContainsAny(t[:n], "[]{}<>") {
		return i
	}
	return i + n + 1
}

// cellBreak reads || or !! between cells of a line.
func (w *wiki) cellBreak(i, to int) int {
	t := w.src.text
	double := i+1 < to && t[i+1] == t[i]
	if !double || w.tables == 0 || w.depth > 0 || w.state.kind != blockCell || t[i] == '!' && !w.heads {
		w.text(i, i+1)
		return i + 1
	}
	w.cell()
	return w.attributes(i+2, min(to, lineEnd(t, i)))
}

// heading reads == Title ==.
func (w *wiki) heading(i, end int) (next int, ok bool) {
	t := w.src.text
	last := end
	for last > i {
		rest := strings.TrimRight(t[i:last], " \t\r")
		n := strings.LastIndex(rest, "<!--")
		if n < 0 || !strings.HasSuffix(rest, "-->") {
			last = i + len(rest)
			break
		}
		last = i + n
	}
	level := 0
	for level < 6 && i+level < last && t[i+level] == '=' && t[last-1-level] == '=' && last-i > 2*level+2 {
		level++
	}
	if level == 0 {
		return i, false
	}
	w.paragraph()
	before := w.outer()
	w.counts = w.counts[:0]
	if before == blockNote {
		w.state = fluentBlock{kind: blockNote}
	} else {
		w.state = fluentBlock{kind: blockHeading, level: level}
	}
	w.closers = append(w.closers, fluentCloser{at: last - level, next: last, run: func() {
		w.paragraph()
		w.state = fluentBlock{kind: before}
	}})
	return i + level, true
}

// item reads the signs of a list. A number is text.
func (w *wiki) item(i, end int) int {
	t := w.src.text
	from := i
	for i < end && strings.IndexByte("*#:;", t[i]) >= 0 {
		i++
	}
	w.paragraph()
	if w.state.kind != blockNote {
		w.state = fluentBlock{kind: blockItem}
	}
	depth := min(i-from, maxNesting)
	if t[i-1] != '#' {
		w.counts = w.counts[:min(len(w.counts), depth)]
		return i
	}
	for len(w.counts) < depth {
		w.counts = append(w.counts, 0)
	}
	w.counts = w.counts[:depth]
	w.counts[depth-1]++
	w.symbol(strconv.Itoa(w.counts[depth-1])+".", from, i)
	w.space(i, i+1, false)
	return i
}
