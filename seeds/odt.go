package seeds

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// odt is a text document of OpenDocument 1.3, as a zip archive of parts or as one flat XML file.
type odt struct {
	*book
	meta   metadata
	styles map[string]*odtStyle
	lists  map[string]*odtListStyle
	body   *sheet
	notes  [noteKinds][]odtNote
	labels map[string]string // of notes by their IDs
	counts map[string]int    // what the last item of a list has, by its ID and its style
}

// odtNote is a note, which stands where its mark is and is shown elsewhere.
type odtNote struct {
	label string
	out   *sheet
}

const odtType = "application/vnd.oasis.opendocument.text"

// sniffODT tells the archive by the entry with which it begins, and the flat form by its root.
func sniffODT(head []byte) bool {
	const name = 30 // where the name of the first entry of a zip archive is
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return len(head) > name && bytes.HasPrefix(head[name:], []byte("mimetype"+odtType))
	}
	root := bytes.Index(head, []byte("<office:document"))
	return root >= 0 && bytes.HasPrefix(bytes.TrimLeft(head, "\xef\xbb\xbf \r\n\t"), []byte("<"))
}

// readODT reads .odt and .fodt.
func readODT(data []byte, _ string) (*document, error) {
	d := &odt{
		book: newBook(), styles: make(map[string]*odtStyle), lists: make(map[string]*odtListStyle), labels: make(map[string]string),
		counts: make(map[string]int),
	}
	d.body = d.sheet()
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		if err := d.unpack(data); err != nil {
			return nil, err
		}
	} else if err := readXML("the document", bytes.NewReader(data), d.root); err != nil {
		return nil, err
	}
	for kind := range noteKinds {
		for _, n := range d.notes[kind] {
			d.body.addNote(n.out, n.label, "")
		}
	}
	d.body.doc.meta = d.meta
	return d.body.finish()
}

func (d *odt) unpack(data []byte) error {
	p, err := openPack(data)
	if err != nil {
		return err
	}
	manifest, err := p.readAll("META-INF/manifest.xml")
	if err != nil {
		return err
	}
	if bytes.Contains(manifest, []byte("encryption-data")) {
		return errPassword
	}
	if !p.has("content.xml") {
		return errors.New("no document is in the zip archive: unpack it")
	}
	for _, name := range [...]string{"meta.xml", "styles.xml", "content.xml"} {
		if err := p.read(name, d.root); err != nil {
			return err
		}
	}
	return nil
}

// root reads one of the documents that a document is made of, or the flat one, which has all of them.
func (d *odt) root(p *part, e element) error {
	if e.space != "office" {
		return fmt.Errorf("part %s is no OpenDocument text", shortName(p.name))
	}
	return p.each(func(e element) error {
		if e.space != "office" {
			return nil
		}
		switch e.name {
		case "meta":
			return d.properties(p)
		case "styles", "automatic-styles":
			return p.each(func(e element) error { return d.readStyle(p, e) }, nil)
		case "body":
			return p.each(func(e element) error {
				if e.name != "text" {
					return fmt.Errorf("part %s: a document of the kind %s is not read: save it as plain text", shortName(p.name), shortName(e.name))
				}
				t := &odtText{odt: d, xml: p, odtFlow: odtFlow{out: d.body}}
				return p.each(t.block, nil)
			}, nil)
		}
		return nil
	}, nil)
}

// properties reads what the document says of itself. The day on which it was created stands for that of publication, for
// there is nothing better.
func (d *odt) properties(p *part) error {
	var creator, first string
	err := p.each(func(e element) error {
		text, err := p.content()
		switch e.space + ":" + e.name {
		case "dc:title":
			d.meta.title = text
		case "dc:creator":
			creator = text
		case "meta:initial-creator":
			first = text
		case "dc:language":
			d.meta.language = text
		case "meta:creation-date":
			d.meta.setDate(strings.TrimSpace(text))
		}
		return err
	}, nil)
	if first != "" {
		creator = first
	}
	d.meta.authors = strings.Split(creator, ";")
	return err
}
