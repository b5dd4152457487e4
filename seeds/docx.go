package seeds

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// docx is a document of Office Open XML, ECMA-376 part 1 chapter 11, in its transitional or strict form.
type docx struct {
	*book
	pack      *pack
	meta      metadata
	styles    map[string]*docxStyle
	lists     docxLists
	numbering [noteKinds]noteNumbering
	sections  [][noteKinds]noteNumbering // of the sections that ended
	refs      []docxRef
	counts    [noteKinds]int // of refs so far, to write a likely number
	bookmarks map[string]int // which of refs stands in it
}

// The kinds of notes.
const (
	footnotes = iota
	endnotes
	noteKinds
)

// relation is what a relationship of a part leads to; the address of an external one is never visited here.
type relation struct {
	kind, target string
	external     bool
}

const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// sniffDOCX tells a zip archive with the parts of an office document, and the container of old or protected ones.
func sniffDOCX(head []byte) bool {
	if bytes.HasPrefix(head, []byte(oleMagic)) {
		return true
	}
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return false
	}
	for _, name := range [...]string{"[Content_Types].xml", "_rels/", "docProps/", "word/", "customXml/"} {
		if bytes.Contains(head, []byte(name)) {
			return true
		}
	}
	return false
}

// readDOCX reads .docx and .docm.
func readDOCX(data []byte, _ string) (*document, error) {
	if bytes.HasPrefix(data, []byte(oleMagic)) {
		if bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
			return nil, errPassword
		}
		return nil, errors.New("the old format of Office is not read: save it as .docx")
	}
	p, err := openPack(data)
	if err != nil {
		return nil, err
	}
	d := &docx{book: newBook(), pack: p, styles: make(map[string]*docxStyle), bookmarks: make(map[string]int)}
	top, err := d.relations("")
	if err != nil {
		return nil, err
	}
	main := target(top, "officeDocument", "word/document.xml")
	switch {
	case strings.HasPrefix(main, "xl/"):
		return nil, errors.New("a spreadsheet is not read: save it as CSV")
	case strings.HasPrefix(main, "ppt/"):
		return nil, errors.New("slides are not read: save them as plain text")
	case !p.has(main):
		return nil, errors.New("no Word document is in the zip archive: unpack it")
	}
	if err := p.read(target(top, "core-properties", "docProps/core.xml"), d.properties); err != nil {
		return nil, err
	}
	return d.read(main)
}

// read reads the main part and those that it names.
func (d *docx) read(main string) (*document, error) {
	relations, err := d.relations(main)
	if err != nil {
		return nil, err
	}
	for _, named := range []struct {
		kind string
		read func(*part, element) error
	}{{"styles", d.readStyles}, {"settings", d.readSettings}, {"numbering", d.lists.read}} {
		if err := d.pack.read(target(relations, named.kind, partAt(main, named.kind+".xml")), named.read); err != nil {
			return nil, err
		}
	}
	body := d.sheet()
	err = d.pack.read(main, func(p *part, e element) error {
		if e.space != "w" || e.name != "document" {
			return fmt.Errorf("part %s is no Word document", shortName(main))
		}
		t := &docxText{docx: d, xml: p, relations: relations, docxFlow: docxFlow{out: body}}
		return p.each(func(e element) error {
			if e.space == "w" && e.name == "body" {
				return p.each(t.block, nil)
			}
			return nil
		}, nil)
	})
	if err != nil {
		return nil, err
	}
	if err := d.addNotes(body, main, relations); err != nil {
		return nil, err
	}
	body.doc.meta = d.meta
	return body.finish()
}

// relations reads the relationships of a part by their IDs; those of the whole package for "".
func (d *docx) relations(of string) (map[string]relation, error) {
	at := strings.LastIndexByte(of, '/') + 1
	all := make(map[string]relation)
	err := d.pack.read(of[:at]+"_rels/"+of[at:]+".rels", func(p *part, _ element) error {
		return p.each(func(e element) error {
			if e.name == "Relationship" {
				r := relation{external: e.attr("", "TargetMode") == "External", target: e.attr("", "Target")}
				r.kind = e.attr("", "Type")
				r.kind = r.kind[strings.LastIndexByte(r.kind, '/')+1:]
				if !r.external {
					r.target = partAt(of, r.target)
				}
				all[e.attr("", "Id")] = r
			}
			return nil
		}, nil)
	})
	return all, err
}

// target returns the part to which a relationship of a kind leads, or otherwise.
func target(relations map[string]relation, kind, otherwise string) string {
	best := ""
	for _, r := range relations {
		if r.kind == kind && !r.external && (best == "" || r.target < best) {
			best = r.target
		}
	}
	if best == "" {
		return otherwise
	}
	return best
}

// properties reads what the document says of itself, ECMA-376 part 2 chapter 11. The day on which it was created stands
// for that of publication, for there is nothing better.
func (d *docx) properties(p *part, _ element) error {
	return p.each(func(e element) error {
		text, err := p.content()
		switch e.space + ":" + e.name {
		case "dc:title":
			d.meta.title = text
		case "dc:creator":
			d.meta.authors = strings.Split(text, ";")
		case "dc:language":
			d.meta.language = text
		case "dcterms:created":
			d.meta.setDate(strings.TrimSpace(text))
		}
		return err
	}, nil)
}
