package seeds

import (
	"strconv"
	"strings"
)

// docxRef is a reference to a note.
type docxRef struct {
	kind    int
	id      string
	custom  string // the mark that its author chose, empty for a number
	section int
}

// The labels of marks are known when the document was read to its end, for a section says at its end how its notes are
// numbered. Until then a mark has one of these and what is referred to.
const (
	pendingRef      = "ref:"
	pendingBookmark = "bookmark:"
	pendingText     = "text:" // of a bookmark: a mark only if it is the label of the note whose mark stands there
)

// defaults are what is not said anywhere, ECMA-376 part 1 section 17.11.
var defaults = [noteKinds]noteNumbering{footnotes: {format: "decimal", start: 1}, endnotes: {format: "lowerRoman", start: 1}}

// likely is the number that a reference gets if no section says otherwise.
func (d *docx) likely(kind int) string {
	n := d.numbering[kind].or(defaults[kind])
	d.counts[kind]++
	return numberFormat(n.start+d.counts[kind]-1, n.format)
}

// labels returns the label of every reference. Where every page counts anew the numbers go on, for there are no pages
// before the document is laid out.
func (d *docx) labels() []string {
	labels := make([]string, len(d.refs))
	for kind := range noteKinds {
		known := make(map[string]string) // by ID
		count, section := 0, -1
		for i, r := range d.refs {
			if r.kind != kind {
				continue
			}
			if label, ok := known[r.id]; ok {
				labels[i] = label
				continue
			}
			n := d.numbering[kind]
			if r.section < len(d.sections) {
				n = d.sections[r.section][kind].or(n)
			}
			n = n.or(defaults[kind])
			if section < 0 || n.restart == "eachSect" && section != r.section {
				count = n.start - 1
			}
			section = r.section
			shown := r.custom
			if shown == "" {
				count++
				shown = numberFormat(count, n.format)
			}
			labels[i] = d.unique(shown)
			known[r.id] = labels[i]
		}
	}
	return labels
}

// addNotes reads the notes to which the body refers, and adds them behind it in the order of the references. A note to
// which nothing refers, or only deleted text, is not shown by any word processor.
func (d *docx) addNotes(body *sheet, main string, relations map[string]relation) error {
	labels := d.labels()
	d.settle(body, labels)
	for kind := range noteKinds {
		names := [noteKinds]string{"footnotes", "endnotes"}
		wanted := make(map[string]string)
		var order []docxRef
		for i, r := range d.refs {
			if _, ok := wanted[r.id]; r.kind == kind && !ok {
				wanted[r.id] = labels[i]
				order = append(order, r)
			}
		}
		if len(order) == 0 {
			continue
		}
		notes, err := d.readNotes(target(relations, names[kind], partAt(main, names[kind]+".xml")), wanted)
		if err != nil {
			return err
		}
		for _, r := range order {
			if n := notes[r.id]; n != nil {
				body.addNote(n, wanted[r.id], r.custom)
			}
		}
	}
	return nil
}

// readNotes reads the notes of a part that are wanted, by their IDs.
func (d *docx) readNotes(name string, wanted map[string]string) (map[string]*sheet, error) {
	relations, err := d.relations(name)
	if err != nil {
		return nil, err
	}
	notes := make(map[string]*sheet)
	err = d.pack.read(name, func(p *part, _ element) error {
		return p.each(func(e element) error {
			id := e.attr("w", "id")
			label, ok := wanted[id]
			if !ok || notes[id] != nil || e.name != "footnote" && e.name != "endnote" {
				return nil
			}
			if kind := e.attr("w", "type"); kind != "" && kind != "normal" {
				return nil // the line above the notes
			}
			notes[id] = d.sheet()
			t := &docxText{docx: d, xml: p, relations: relations, note: true, docxFlow: docxFlow{out: notes[id], within: d.name(e.name + " " + label)}}
			notes[id].spot(t.within, 0, 0)
			return p.each(t.block, nil)
		}, nil)
	})
	return notes, err
}

// settle gives every mark its label.
func (d *docx) settle(body *sheet, labels []string) {
	kept := body.doc.marks[:0]
	for _, m := range body.doc.marks {
		kind, name, _ := strings.Cut(m.labels[0], ":")
		i, known := d.bookmarks[name]
		switch kind + ":" {
		case pendingRef:
			if n, err := strconv.Atoi(name); err == nil {
				i, known = n, true
			}
		case pendingText:
			known = known && collapse(body.text.String()[m.start:m.end]) == labels[i]
		}
		if known {
			m.labels[0] = labels[i]
			kept = append(kept, m)
		}
	}
	body.doc.marks = kept
}
