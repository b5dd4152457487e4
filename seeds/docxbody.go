package seeds

import "fmt"

// docxText reads the text of one part, ECMA-376 part 1 section 17.2 and what follows it.
type docxText struct {
	*docx
	xml       *part
	relations map[string]relation
	note      bool // it is the part of the notes
	docxFlow
	tables, boxes int
	open          map[string]string // names of the bookmarks around, by ID
	hidden        bool              // the run is
	custom        bool              // the mark of the last reference is still to come
	image         string            // address of the image or shape that is read
}

// docxFlow is where the text goes: the body, a note or a text box.
type docxFlow struct {
	out            *sheet
	within         int32
	paragraph, run int32 // counted from 1
	cell           bool
	joined         bool // the end of the paragraph before was deleted
	fields         []docxField
	beside         []*sheet // text boxes at the paragraph
}

// block reads what stands among paragraphs.
func (t *docxText) block(e element) error {
	if e.space == "mc" && e.name == "AlternateContent" {
		return t.alternate(t.block)
	}
	if e.space != "w" {
		return nil
	}
	switch e.name {
	case "p":
		return t.readParagraph()
	case "tbl":
		return t.table()
	case "sdt", "sdtContent", "customXml", "ins", "moveTo":
		return t.xml.each(t.block, nil)
	case "sectPr":
		section, err := t.section()
		t.sections = append(t.sections, section)
		return err
	case "bookmarkStart", "bookmarkEnd":
		t.bookmark(e)
	}
	return nil // deleted, moved away, or no text
}

// alternate reads the first of the contents that stand for each other; the others show the same.
func (t *docxText) alternate(open func(element) error) error {
	taken := false
	return t.xml.each(func(e element) error {
		if e.space != "mc" || taken {
			return nil
		}
		taken = true
		return t.xml.each(open, nil)
	}, nil)
}

func (t *docxText) section() (all [noteKinds]noteNumbering, err error) {
	err = t.xml.each(func(e element) error { return readNumbering(t.xml, e, &all) }, nil)
	return all, err
}

// docxParagraph is what a paragraph says of itself.
type docxParagraph struct {
	style   docxStyle
	section *[noteKinds]noteNumbering
	deleted bool // its end is
}

func (t *docxText) readParagraph() error {
	if !t.joined {
		t.paragraph++
		t.run = 0
	}
	var p docxParagraph
	begun := false
	err := t.xml.each(func(e element) error {
		if e.space == "w" && e.name == "pPr" {
			return t.xml.each(func(e element) error { return t.paragraphProperty(&p, e) }, nil)
		}
		if !begun {
			begun = true
			t.begin(p.style)
		}
		return t.inline(e)
	}, nil)
	if err != nil {
		return err
	}
	t.cutFields()
	if t.joined = p.deleted; !t.joined {
		t.out.end()
		for _, box := range t.beside {
			t.out.add(box)
		}
		t.beside = nil
	}
	if p.section != nil {
		t.sections = append(t.sections, *p.section)
	}
	return t.check()
}

// begin opens the block of a paragraph.
func (t *docxText) begin(s docxStyle) {
	number := ""
	if s.list.list != "" {
		number = t.lists.next(s.list)
	}
	if t.joined && t.out.open {
		return
	}
	kind := blockParagraph
	switch {
	case t.note:
		kind = blockNote
	case s.code:
		kind = blockCode
	case t.cell:
		kind = blockCell
	case s.heading > 0:
		kind, number = blockHeading, ""
	case s.list.list != "" && s.list.list != "0":
		kind = blockItem
	}
	t.out.begin(kind, s.heading)
	if number != "" {
		t.out.spot(t.within, t.paragraph, 0)
		t.out.put(number)
	}
	for i := range t.fields {
		t.fields[i].start = t.out.at()
	}
}

func (t *docxText) paragraphProperty(p *docxParagraph, e element) error {
	if e.space != "w" {
		return nil
	}
	switch value := e.attr("w", "val"); e.name {
	case "pStyle":
		// What the paragraph says itself counts, even where it stands before its style, as pandoc writes it.
		said := p.style
		p.style = t.style(value)
		if said.list != (docxItem{}) {
			p.style.list = said.list
		}
		if said.heading > 0 {
			p.style.heading = said.heading
		}
	case "outlineLvl":
		p.style.heading = outlineLevel(value, p.style.heading)
	case "numPr":
		return t.xml.each(func(e element) error { p.style.list.read(e); return nil }, nil)
	case "rPr":
		return t.xml.each(func(e element) error {
			p.deleted = p.deleted || e.space == "w" && (e.name == "del" || e.name == "moveFrom")
			return nil
		}, nil)
	case "sectPr":
		section, err := t.section()
		p.section = &section
		return err
	}
	return nil
}

// table reads a table: its cells are blocks, in which paragraphs are counted.
func (t *docxText) table() error {
	t.tables++
	table, row := t.tables, 0
	within, paragraph, run, cell := t.within, t.paragraph, t.run, t.cell
	var rows func(element) error
	rows = func(e element) error {
		if e.space != "w" {
			return nil
		}
		switch e.name {
		case "tr":
			row++
			return t.row(table, row)
		case "sdt", "sdtContent", "customXml", "ins", "moveTo":
			return t.xml.each(rows, nil)
		}
		return nil
	}
	t.joined = false
	err := t.xml.each(rows, nil)
	t.out.end()
	t.within, t.paragraph, t.run, t.cell, t.joined = within, paragraph, run, cell, false
	return err
}

func (t *docxText) row(table, row int) error {
	cell, deleted := 0, false
	var cells func(element) error
	cells = func(e element) error {
		if e.space != "w" || deleted {
			return nil
		}
		switch e.name {
		case "trPr":
			return t.xml.each(func(e element) error {
				deleted = deleted || e.space == "w" && e.name == "del"
				return nil
			}, nil)
		case "tc":
			cell++
			t.cell, t.paragraph, t.joined = true, 0, false
			if !t.note {
				t.within = t.name(fmt.Sprintf("table %d, row %d, cell %d", table, row, cell))
			}
			return t.xml.each(t.block, nil)
		case "sdt", "sdtContent", "customXml":
			return t.xml.each(cells, nil)
		}
		return nil
	}
	return t.xml.each(cells, nil)
}

// textBox reads a text box into a sheet of its own, which comes behind the paragraph at which it stands.
func (t *docxText) textBox() error {
	t.boxes++
	saved := t.docxFlow
	t.docxFlow = docxFlow{out: t.sheet(), within: t.within}
	if !t.note {
		t.within = t.name(fmt.Sprintf("box %d", t.boxes))
	}
	hidden := t.hidden
	t.hidden = false
	err := t.xml.each(t.block, nil)
	box := t.out
	t.docxFlow, t.hidden = saved, hidden
	t.beside = append(t.beside, box)
	return err
}

// bookmark remembers which bookmarks are around, for a cross-reference to a note names the one around its mark.
func (t *docxText) bookmark(e element) {
	const most = 20
	id := e.attr("w", "id")
	if e.name == "bookmarkEnd" {
		delete(t.open, id)
		return
	}
	if t.open == nil {
		t.open = make(map[string]string)
	}
	if len(t.open) < most {
		t.open[id] = e.attr("w", "name")
	}
}
