package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ibid-archive/ibid/verify"
)

// run is a stretch of a comparison with the punctuation around it, as the new text
// has it, or as the old one when it was deleted.
type run struct {
	op   verify.Op
	text string
	at   int // offset of text in the text that it is from
}

// runsOf makes runs of edits, which cover words and leave out what is between. Of
// that the part before white space goes with the words before it, and the rest
// with those behind it.
func runsOf(old, new string, edits []verify.Edit) []run {
	var runs []run
	oldEnd, newEnd, shown := 0, 0, -1 // shown is the last run that stands in the new text
	for i, e := range edits {
		text, from, span := new, newEnd, e.New
		if e.Op == verify.Deleted {
			text, from, span = old, oldEnd, e.Old
		}
		lead := from
		if n := strings.IndexFunc(text[from:span.Start], unicode.IsSpace); n > 0 {
			switch {
			case e.Op == verify.Deleted:
				lead += n // it goes with words that are shown as the new text has them
			case shown >= 0:
				lead += n
				runs[shown].text += text[from:lead]
			}
		}
		r := run{op: e.Op, text: text[lead:span.End], at: lead}
		if i > 0 && runs[i-1].op == verify.Deleted && strings.HasPrefix(r.text, "\n") && !endsLine(old, oldEnd) {
			r.text = " " + r.text[1:] // what was deleted stood on this line
		}
		runs = append(runs, r)
		if e.Op != verify.Inserted {
			oldEnd = e.Old.End
		}
		if e.Op != verify.Deleted {
			newEnd, shown = e.New.End, i
		}
	}
	if shown >= 0 {
		runs[shown].text += new[newEnd:]
	}
	return runs
}

// endsLine reports that no word stands behind an offset on its line.
func endsLine(text string, at int) bool {
	for _, r := range text[at:] {
		switch {
		case r == '\n':
			return true
		case unicode.IsLetter(r), unicode.IsNumber(r):
			return false
		}
	}
	return true
}

// diffLine is one line of the text, with what was taken out of it and put into it.
type diffLine struct{ runs []run }

// linesOf cuts runs where their texts have an end of line.
func linesOf(runs []run) []diffLine {
	lines := []diffLine{{}}
	for _, r := range runs {
		for {
			part, rest, more := strings.Cut(r.text, "\n")
			if part != "" {
				last := &lines[len(lines)-1]
				last.runs = append(last.runs, run{r.op, part, r.at})
			}
			if !more {
				break
			}
			lines = append(lines, diffLine{})
			r.text, r.at = rest, r.at+len(part)+1
		}
	}
	return lines
}

func (l diffLine) changed() bool {
	for _, r := range l.runs {
		if r.op != verify.Kept && strings.TrimSpace(r.text) != "" {
			return true
		}
	}
	return false
}

func (l diffLine) text() string {
	var b strings.Builder
	for _, r := range l.runs {
		b.WriteString(r.text)
	}
	return b.String()
}

// cited reports whether something that was cited stands, or stood, on the line.
func (l diffLine) cited(spans []verify.CitedSpan) bool {
	for _, s := range spans {
		for _, r := range l.runs {
			stood := s.New
			if r.op == verify.Deleted {
				stood = s.Old
			}
			if s.Main && r.at < stood.End && stood.Start < r.at+len(r.text) {
				return true
			}
		}
	}
	return false
}

// atom is a word, or a part of one, of one run.
type atom struct {
	op          verify.Op
	text        string
	glued       bool // no space stands before it
	first, last bool // of its run
}

// atomsOf cuts runs into words that are safe to show.
func atomsOf(c *CitationResult, runs []run) []atom {
	var atoms []atom
	spaced := true
	for _, r := range runs {
		if r.text == "" {
			continue
		}
		words := strings.Fields(c.saidAll(r.text))
		first, _ := utf8.DecodeRuneInString(r.text)
		last, _ := utf8.DecodeLastRuneInString(r.text)
		for i, word := range words {
			atoms = append(atoms, atom{op: r.op, text: word, glued: i == 0 && !spaced && !unicode.IsSpace(first), first: i == 0, last: i == len(words)-1})
		}
		spaced = unicode.IsSpace(last)
	}
	return atoms
}

// runLimit bounds what is shown of one run, in bytes.
const runLimit = 64 << 10

// saidAll is said for a text that may be long.
func (c *CitationResult) saidAll(s string) string {
	whole := clean(s, runLimit)
	if c.Defanged {
		whole = defang(whole, hostOf(c.URL))
	}
	return whole
}

// layout writes atoms as lines of at most width columns, where it can.
func (p *printer) layout(atoms []atom, width int) []string {
	var lines []string
	var b strings.Builder
	used := 0
	for _, a := range atoms {
		text := p.mark(a, shorten(a.text, max(width-8, 8)))
		size := columns(a.text)
		if !p.Color {
			size = columns(text)
		}
		size = min(size, width)
		gap := 1
		if a.glued || used == 0 {
			gap = 0
		}
		if used > 0 && used+gap+size > width && !a.glued {
			lines = append(lines, b.String())
			b.Reset()
			used, gap = 0, 0
		}
		if gap > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		used += gap + size
	}
	if used > 0 {
		lines = append(lines, b.String())
	}
	return lines
}

// mark shows what became of an atom: by colour, or by the signs of wdiff, and by
// underscores for what is highlighted.
func (p *printer) mark(a atom, text string) string {
	open, shut, color := "[-", "-]", red
	switch a.op {
	case verify.Kept:
		return text
	case verify.Inserted:
		open, shut, color = "{+", "+}", green
	case highlighted:
		open, shut, color = "_", "_", bold
	}
	if p.Color {
		return p.paint(color, text)
	}
	if a.first {
		text = open + text
	}
	if a.last {
		text += shut
	}
	return text
}
