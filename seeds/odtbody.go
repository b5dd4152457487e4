package seeds

import (
	"fmt"
	"strconv"
	"strings"
)

// odtText reads the text of a document, OpenDocument 1.3 part 3 chapters 4 to 9.
type odtText struct {
	*odt
	xml *part
	odtFlow
	tables, boxes  int
	hidden, raised int // how many of the elements around are
}

// odtFlow is where the text goes: the body, a note or a text box.
type odtFlow struct {
	out       *sheet
	within    int32
	paragraph int32 // counted from 1
	note      bool
	cell      bool
	blank     bool // the text so far ends with a blank, or there is none
	list      []odtList
	item      string // number that the next paragraph begins with
	inItem    bool
	beside    []*sheet // text boxes at the paragraph
}

// odtList is a list that is open.
type odtList struct {
	style string
	count int
}

// block reads what stands among paragraphs.
func (t *odtText) block(e element) error {
	switch e.space {
	case "table":
		if e.name == "table" {
			return t.table()
		}
		return nil
	case "draw":
		return t.drawing(e)
	case "text":
	default:
		return nil
	}
	switch e.name {
	case "p", "h":
		return t.readParagraph(e)
	case "list":
		return t.readList(e)
	case "section":
		if e.attr("text", "display") == "none" {
			return nil
		}
		return t.xml.each(t.block, nil)
	case "table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index", "bibliography", "index-body", "index-title", "numbered-paragraph":
		return t.xml.each(t.block, nil)
	}
	return nil // what was deleted, declarations, or no text
}

func (t *odtText) readParagraph(e element) error {
	t.paragraph++
	s := t.style(e.attr("text", "style-name"))
	kind, level := blockParagraph, 0
	switch {
	case t.note:
		kind = blockNote
	case s.code:
		kind = blockCode
	case t.cell:
		kind = blockCell
	case e.name == "h":
		kind, level = blockHeading, 1
		if n, err := strconv.Atoi(e.attr("text", "outline-level")); err == nil && n > 0 {
			level = n
		}
		t.item = ""
	case s.title:
		kind, level = blockHeading, 1
	case t.inItem:
		kind = blockItem
	}
	t.out.begin(kind, level)
	t.out.spot(t.within, t.paragraph, 0)
	t.out.put(t.item)
	t.item, t.blank = "", true
	hidden, raised := t.hidden, t.raised
	if s.hidden {
		t.hidden++
	}
	err := t.xml.each(t.inline, t.text)
	t.hidden, t.raised = hidden, raised
	t.out.end()
	for _, box := range t.beside {
		t.out.add(box)
	}
	t.beside = nil
	if err != nil {
		return err
	}
	return t.check()
}

// text writes text as it is in XML, where white space of any length is one blank.
func (t *odtText) text(text string) {
	if t.hidden > 0 {
		return
	}
	var b strings.Builder
	for _, r := range text {
		blank := r == ' ' || r == '\t' || r == '\n' || r == '\r'
		switch {
		case !blank:
			b.WriteRune(r)
		case !t.blank:
			b.WriteByte(' ')
		}
		t.blank = blank
	}
	if t.raised > 0 {
		t.out.put(raisedLabel(b.String()))
		return
	}
	t.out.put(b.String())
}

// exact writes text that is said by an element.
func (t *odtText) exact(text string) {
	if t.hidden == 0 {
		t.out.put(text)
		t.blank = false
	}
}

// table reads a table: its cells are blocks, in which paragraphs are counted.
func (t *odtText) table() error {
	t.tables++
	table, row := t.tables, 0
	within, paragraph, cell, inItem := t.within, t.paragraph, t.cell, t.inItem
	var rows func(element) error
	rows = func(e element) error {
		if e.space != "table" {
			return nil
		}
		switch e.name {
		case "table-row":
			row++
			column := 0
			return t.xml.each(func(e element) error {
				if column++; e.name != "table-cell" {
					return nil // one that another one covers
				}
				t.cell, t.paragraph, t.inItem = true, 0, false
				if !t.note {
					t.within = t.name(fmt.Sprintf("table %d, row %d, cell %d", table, row, column))
				}
				return t.xml.each(t.block, nil)
			}, nil)
		case "table-header-rows", "table-rows", "table-row-group":
			return t.xml.each(rows, nil)
		}
		return nil
	}
	err := t.xml.each(rows, nil)
	t.within, t.paragraph, t.cell, t.inItem = within, paragraph, cell, inItem
	return err
}

// readList reads a list; the number of an item belongs into the text.
func (t *odtText) readList(e element) error {
	l := odtList{style: e.attr("text", "style-name")}
	depth := len(t.list)
	if l.style == "" && depth > 0 {
		l.style = t.list[depth-1].style
	}
	var level odtListLevel
	if s := t.lists[l.style]; s != nil && depth < odtLevels {
		level = s.levels[depth]
	}
	id, before := e.attr("xml", "id"), e.attr("text", "continue-list")
	l.count = level.start - 1
	switch {
	case before != "":
		l.count = t.counts[before]
	case e.attr("text", "continue-numbering") == "true":
		l.count = t.counts["style:"+l.style]
	}
	t.list = append(t.list, l)
	inItem := t.inItem
	err := t.xml.each(func(e element) error {
		if e.space != "text" || e.name != "list-item" && e.name != "list-header" {
			return nil
		}
		t.inItem, t.item = true, ""
		if e.name == "list-item" {
			l.count++
			if n, err := strconv.Atoi(e.attr("text", "start-value")); err == nil {
				l.count = n
			}
			if level.format != "" {
				t.item = level.prefix + numberFormat(l.count, level.format) + level.suffix + " "
			}
		}
		return t.xml.each(t.block, nil)
	}, nil)
	t.list, t.inItem, t.item = t.list[:depth], inItem, ""
	if id != "" {
		t.counts[id] = l.count
	}
	t.counts["style:"+l.style] = l.count
	return err
}
