package seeds

import (
	"strconv"
	"strings"
)

// docxStyle is a style of paragraphs or runs, with what it takes over from the ones that it is based on.
type docxStyle struct {
	name, basedOn string // name in lower case
	heading       int    // level from 1, 0 for none
	list          docxItem
	hidden        bool
	raised        bool
	code          bool
	whole         bool // what it is based on was taken over
}

// docxItem says which item of which list a paragraph is.
type docxItem struct {
	list  string // ID, empty for none
	level int
}

// readStyles reads the styles and the language, ECMA-376 part 1 section 17.7.
func (d *docx) readStyles(p *part, _ element) error {
	return p.each(func(e element) error {
		switch {
		case e.space == "w" && e.name == "docDefaults":
			return p.each(func(element) error { // rPrDefault
				return p.each(func(element) error { // rPr
					return p.each(d.defaultLanguage, nil)
				}, nil)
			}, nil)
		case e.space == "w" && e.name == "style":
			s := &docxStyle{}
			d.styles[e.attr("w", "styleId")] = s
			return p.each(func(e element) error { return s.read(p, e) }, nil)
		}
		return nil
	}, nil)
}

func (d *docx) defaultLanguage(e element) error {
	if value := e.attr("w", "val"); (e.name == "lang" || e.name == "themeFontLang") && d.meta.language == "" {
		d.meta.language = value
	}
	return nil
}

func (s *docxStyle) read(p *part, e element) error {
	if e.space != "w" {
		return nil
	}
	value := e.attr("w", "val")
	switch e.name {
	case "name":
		s.name = strings.ToLower(strings.ReplaceAll(value, "_", " "))
		if level, ok := strings.CutPrefix(s.name, "heading "); ok {
			s.heading, _ = strconv.Atoi(level)
		}
		switch s.name {
		case "title":
			s.heading = 1
		case "source code", "html preformatted", "preformatted text", "verbatim char", "html code", "source text":
			s.code = true
		}
	case "basedOn":
		s.basedOn = value
	case "pPr", "rPr":
		return p.each(func(e element) error { return s.read(p, e) }, nil)
	case "numPr":
		s.list.list = "0"
		return p.each(func(e element) error { s.list.read(e); return nil }, nil)
	case "outlineLvl":
		s.heading = outlineLevel(value, s.heading)
	case "vanish":
		s.hidden = on(e)
	case "vertAlign":
		s.raised = value == "superscript"
	}
	return nil
}

// outlineLevel reads an outline level, from 0; 9 is text.
func outlineLevel(value string, otherwise int) int {
	switch n, err := strconv.Atoi(value); {
	case err != nil || n < 0:
		return otherwise
	case n < 9:
		return n + 1
	}
	return 0
}

// on reads a property that is on without a value, ECMA-376 part 1 section 17.17.4.
func on(e element) bool {
	switch e.attr("w", "val") {
	case "0", "false", "off":
		return false
	}
	return true
}

func (i *docxItem) read(e element) {
	switch value := e.attr("w", "val"); e.name {
	case "numId":
		i.list = value
	case "ilvl":
		i.level, _ = strconv.Atoi(value)
	}
}

// style returns a style with what it takes over; an unknown one is as good as none.
func (d *docx) style(id string) docxStyle {
	const longest = 20 // chain of styles
	s := d.styles[id]
	if s == nil {
		return docxStyle{}
	}
	for base, n := d.styles[s.basedOn], 0; !s.whole && base != nil && n < longest; base, n = d.styles[base.basedOn], n+1 {
		if s.heading == 0 {
			s.heading = base.heading
		}
		if s.list.list == "" {
			s.list = base.list
		}
		s.hidden, s.raised, s.code = s.hidden || base.hidden, s.raised || base.raised, s.code || base.code
	}
	s.whole = true
	return *s
}

// readSettings reads how notes are numbered, ECMA-376 part 1 section 17.15.
func (d *docx) readSettings(p *part, _ element) error {
	return p.each(func(e element) error {
		if e.name == "themeFontLang" {
			return d.defaultLanguage(e)
		}
		return readNumbering(p, e, &d.numbering)
	}, nil)
}

// readNumbering reads how the notes of a document or of a section are numbered.
func readNumbering(p *part, e element, all *[noteKinds]noteNumbering) error {
	n := &all[footnotes]
	switch {
	case e.space != "w":
		return nil
	case e.name == "endnotePr":
		n = &all[endnotes]
	case e.name != "footnotePr":
		return nil
	}
	return p.each(func(e element) error {
		switch value := e.attr("w", "val"); e.name {
		case "numFmt":
			n.format = value
		case "numRestart":
			n.restart = value
		case "numStart":
			n.start, _ = strconv.Atoi(value)
		}
		return nil
	}, nil)
}
