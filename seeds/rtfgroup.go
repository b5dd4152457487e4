package seeds

import (
	"fmt"
	"strings"
)

// destination reads a word that says where the text of a group goes; ok is false for any other word.
func (r *rtf) destination(word string) (ok bool) {
	s := &r.state
	if s.to == toNothing {
		switch {
		case s.shape && (word == "shptxt" || word == "dptxbxtext"):
			r.openFlow(endsBox)
		case s.object && word == "result":
			s.to, s.object = toText, false
		default:
			return false
		}
		return true
	}
	switch word {
	case "fonttbl":
		s.to = toFonts
	case "stylesheet":
		s.to = toStyles
	case "info":
		s.to = toInfo
	case "title", "author", "creatim":
		if s.to != toInfo {
			return false
		}
		s.to = map[string]rtfTarget{"title": toTitle, "author": toAuthor, "creatim": toDate}[word]
		r.name.Reset()
	case "operator", "subject", "keywords", "doccomm", "manager", "company", "category", "hlinkbase", "comment",
		"colortbl", "filetbl", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "pict", "nonshppict", "shprslt",
		"ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "xe", "tc", "annotation", "rxe", "txe":
		s.to = toNothing
	case "object":
		s.to, s.object = toNothing, true
	case "shpinst", "do":
		s.to, s.shape = toNothing, true
	case "shp", "shpgrp", "ud":
		return true
	case "listtext", "pntext":
		s.to, s.ends = toList, endsList
		r.list = ""
	case "field":
		if len(r.fields) < maxNesting {
			r.fields = append(r.fields, rtfField{start: -1, flow: s.flow})
			s.ends = endsField
		}
	case "fldinst":
		s.to = toCode
	case "fldrslt":
		s.ends = endsResult
		if n := len(r.fields); n > 0 {
			r.fields[n-1].shown = true
		}
	case "footnote":
		if s.flow.note || s.hidden || s.deleted || s.to != toText || !r.more() {
			s.to = toNothing
			return true
		}
		r.openFlow(endsNote)
	default:
		return false
	}
	return true
}

// openFlow lets the text of a group go into a sheet of its own.
func (r *rtf) openFlow(ends rtfEnds) {
	around := r.state.flow
	flow := &rtfFlow{out: r.sheet(), note: around.note || ends == endsNote, within: around.within}
	r.state.flow, r.state.ends, r.state.to, r.state.shape = flow, ends, toText, false
	r.state.table, r.state.heading, r.state.raised, r.state.hidden = false, 0, false, false
	if ends == endsBox && !flow.note {
		r.boxes++
		flow.within = r.book.name(fmt.Sprintf("box %d", r.boxes))
	}
}

// close ends a group.
func (r *rtf) close() {
	n := len(r.groups)
	if n == 0 {
		return
	}
	ended := r.state
	r.state = r.groups[n-1]
	r.groups = r.groups[:n-1]
	if ended.flow == r.state.flow && ended.flow.out.at() > ended.start {
		ended.flow.last = ended.start
	}
	switch ended.ends {
	case endsField:
		r.fields = r.fields[:len(r.fields)-1]
	case endsResult:
		if n := len(r.fields); n > 0 {
			r.endField(&r.fields[n-1])
			r.fields[n-1].shown = false
		}
	case endsList:
		if number := strings.TrimSpace(r.list); strings.ContainsAny(number, ".)]0123456789") {
			r.text(number + " ")
		}
	case endsNote:
		r.endNote(ended.flow, r.state.flow)
	case endsBox:
		r.endParagraph(ended.flow)
		if r.state.flow.out.open {
			r.state.flow.beside = append(r.state.flow.beside, ended.flow.out)
		} else {
			r.state.flow.out.add(ended.flow.out)
		}
	}
}

func (r *rtf) endField(f *rtfField) {
	if f.done || f.start < 0 {
		return
	}
	f.done = true
	f.flow.out.linkTo(f.start, readField(string(f.code)).link())
}

// endNote ends a note and writes its mark. Without a number it has a mark that its author chose: what stands right before
// it in a group of its own, or with it in one.
func (r *rtf) endNote(note, around *rtfFlow) {
	kind, name := footnotes, "footnote"
	if note.endnote {
		kind, name = endnotes, "endnote"
	}
	r.endParagraph(note)
	r.begin(around)
	start, shown := around.out.at(), ""
	if !around.marked {
		const longest = 20 // bytes of a mark
		for _, from := range [...]int{r.state.start, around.last} {
			if mark := strings.TrimSpace(around.out.since(min(from, start))); mark != "" && len(mark) <= longest && !strings.ContainsAny(mark, " \n") {
				start, shown = min(from, start), mark
				break
			}
		}
	}
	label := shown
	if shown == "" {
		n := r.section[kind].or(r.numbering[kind]).or(noteNumbering{format: "decimal", start: 1})
		label = numberFormat(n.start+r.counts[kind], n.format)
		r.counts[kind]++
		around.out.put("[" + label + "]")
	}
	around.marked = false
	label = r.unique(label)
	around.out.mark(start, label)
	within := r.book.name(name + " " + label)
	for i := range note.out.spots {
		note.out.spots[i].within = within
	}
	if len(note.out.spots) == 0 {
		note.out.spot(within, 0, 0)
	}
	r.notes[kind] = append(r.notes[kind], rtfNote{label, shown, note.out})
}

// begin opens a block for the text that comes, if none is open.
func (r *rtf) begin(f *rtfFlow) {
	if f.out.open {
		return
	}
	s := &r.state
	kind := blockParagraph
	switch {
	case f.note:
		kind = blockNote
	case s.table:
		kind = blockCell
	case s.heading > 0:
		kind = blockHeading
	case r.list != "":
		kind = blockItem
	}
	r.list = ""
	if s.table {
		r.enterTable(f)
	} else {
		f.inTable = false
		f.paragraph++
	}
	f.out.begin(kind, s.heading)
	switch {
	case s.table && !f.note:
		f.part++
		if f.part == 1 {
			f.within = r.book.name(fmt.Sprintf("table %d, row %d, cell %d", f.table, f.row, f.cell))
		}
		f.out.spot(f.within, int32(f.part), 0)
	case f.note || f.within > 0 && f.table == 0:
		f.out.spot(f.within, f.paragraph, 0)
	default:
		f.out.spot(0, f.paragraph, 0)
	}
}

func (r *rtf) enterTable(f *rtfFlow) {
	if !f.inTable {
		f.inTable = true
		f.table++
		f.row, f.cell, f.part = 1, 1, 0
	}
}

// paragraphMark ends a paragraph. One that was deleted joins two.
func (r *rtf) paragraphMark() {
	s := &r.state
	if s.to != toText || s.deleted && s.flow.out.open {
		return
	}
	if !s.flow.out.open && !s.table {
		s.flow.paragraph++ // an empty one
	}
	r.endParagraph(s.flow)
}

func (r *rtf) endParagraph(f *rtfFlow) {
	for i := range r.fields {
		if field := &r.fields[i]; field.shown && field.flow == f {
			r.endField(field)
		}
	}
	f.out.end()
	f.marked = false
	for _, box := range f.beside {
		f.out.add(box)
	}
	f.beside = nil
}

func (r *rtf) cellMark() {
	if f := r.state.flow; r.state.to == toText {
		r.endParagraph(f)
		r.enterTable(f)
		f.cell++
		f.part = 0
	}
}

func (r *rtf) rowMark() {
	if f := r.state.flow; r.state.to == toText {
		r.endParagraph(f)
		r.enterTable(f)
		f.row++
		f.cell, f.part = 1, 0
	}
}
