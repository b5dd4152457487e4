package seeds

import (
	"strconv"
	"strings"
)

// symbol reads a control symbol.
func (r *rtf) symbol(word string) {
	switch word {
	case "*":
		r.state.star = true
	case "\\", "{", "}":
		r.text(word)
	case "~":
		r.text("\u00a0")
	case "_":
		r.text("-") // that does not break
	case "\r", "\n":
		r.paragraphMark()
	case "\t":
		r.text("\t")
	}
}

// word reads a control word.
func (r *rtf) word(t rtfToken) {
	star := r.state.star
	r.state.star = false
	if r.destination(t.word) {
		return
	}
	if star {
		r.state.to = toNothing // a destination that is not known
		return
	}
	switch r.state.to {
	case toFonts:
		switch t.word {
		case "f":
			r.font = t.value
		case "fcharset":
			r.fonts[r.font] = t.value
		}
		return
	case toStyles:
		if t.word == "s" {
			r.style = t.value
		}
		return
	case toDate:
		if i := strings.Index("yrmody", t.word); len(t.word) == 2 && i%2 == 0 {
			r.date[i/2] = t.value
		}
		return
	}
	if !r.character(t) && !r.property(t) {
		r.noteWord(t)
	}
}

// character reads what is text.
func (r *rtf) character(t rtfToken) bool {
	switch t.word {
	case "u":
		r.unicode(t.value)
	case "par":
		r.paragraphMark()
	case "sect":
		r.paragraphMark()
		for kind := range noteKinds {
			n := r.section[kind].or(r.numbering[kind])
			if n.restart == "eachSect" {
				r.counts[kind] = 0
			}
		}
	case "line", "page", "column", "softline":
		r.text("\n")
	case "tab":
		r.text("\t")
	case "cell", "nestcell":
		r.cellMark()
	case "row", "nestrow":
		r.rowMark()
	case "chftn":
		if f := r.state.flow; r.state.to == toText && !f.note && !r.state.deleted && !r.state.hidden {
			f.marked = true
		}
	case "emdash":
		r.text("—")
	case "endash":
		r.text("–")
	case "lquote":
		r.text("‘")
	case "rquote":
		r.text("’")
	case "ldblquote":
		r.text("“")
	case "rdblquote":
		r.text("”")
	case "bullet":
		if r.state.to == toText && !r.state.flow.out.open {
			r.list = "•" // it begins an item
			break
		}
		r.text("•")
	case "emspace", "enspace", "qmspace":
		r.text(" ")
	default:
		return false
	}
	return true
}

// property reads how text and paragraphs look.
func (r *rtf) property(t rtfToken) bool {
	s, on := &r.state, t.value != 0
	switch t.word {
	case "ansicpg":
		r.page = t.value
	case "mac":
		r.page = 10000
	case "pc":
		r.page = 437
	case "pca":
		r.page = 850
	case "deff", "f":
		s.font = t.value
	case "uc":
		s.unicode = min(max(t.value, 0), 16)
	case "v":
		s.hidden = on
	case "deleted", "mvf":
		s.deleted = on
	case "super":
		s.raised = on
	case "up":
		s.raised = t.value > 0
	case "sub", "nosupersub", "dn":
		s.raised = false
	case "plain":
		s.hidden, s.deleted, s.raised = false, false, false
	case "pard":
		s.table, s.heading = false, 0
	case "intbl":
		s.table = on
	case "s":
		s.heading = r.styles[t.value]
	case "outlinelevel":
		s.heading = outlineLevel(strconv.Itoa(t.value), s.heading)
	default:
		return false
	}
	return true
}

// noteWord reads how notes are numbered: ftnnar, aftnnar for endnotes, sftnnar and saftnnar for those of a section.
func (r *rtf) noteWord(t rtfToken) {
	word, all := t.word, &r.numbering
	if word == "sectd" {
		r.section = [noteKinds]noteNumbering{}
		return
	}
	if word == "ftnalt" {
		r.state.flow.endnote = true
		return
	}
	if rest, ok := strings.CutPrefix(word, "s"); ok {
		word, all = rest, &r.section
	}
	n := &all[footnotes]
	if rest, ok := strings.CutPrefix(word, "aftn"); ok {
		word, n = "ftn"+rest, &all[endnotes]
	}
	switch word {
	case "ftnnar":
		n.format = "decimal"
	case "ftnnalc":
		n.format = "lowerLetter"
	case "ftnnauc":
		n.format = "upperLetter"
	case "ftnnrlc":
		n.format = "lowerRoman"
	case "ftnnruc":
		n.format = "upperRoman"
	case "ftnnchi":
		n.format = "chicago"
	case "ftnstart":
		n.start = t.value
	case "ftnrestart":
		n.restart = "eachSect"
	case "ftnrstcont":
		n.restart = "continuous"
	}
}

// styleName reads the name of a style, which ends in a semicolon.
func (r *rtf) styleName(text string) {
	name, _, ended := strings.Cut(text, ";")
	r.name.WriteString(name[:min(len(name), max(0, maxMeta-r.name.Len()))])
	if !ended {
		return
	}
	full := strings.ToLower(strings.TrimSpace(r.name.String()))
	if level, ok := strings.CutPrefix(full, "heading "); ok {
		if n, err := strconv.Atoi(level); err == nil && n > 0 && n < 10 {
			r.styles[r.style] = n
		}
	}
	if full == "title" {
		r.styles[r.style] = 1
	}
	r.name.Reset()
	r.style = 0
}
