package seeds

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// part reads the XML of one part, token by token.
type part struct {
	name  string
	dec   *xml.Decoder
	in    *metered
	depth int
}

// element is a start tag. Its space is the prefix that the namespace usually has.
type element struct {
	space, name string
	attrs       []xml.Attr
}

// attr returns the value of an attribute, empty if there is none.
func (e element) attr(space, name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name && (a.Name.Space == space || prefixOf(a.Name.Space) == space) {
			return a.Value
		}
	}
	return ""
}

// readXML calls root with the root element, which reads what is in it.
func readXML(name string, r io.Reader, root func(*part, element) error) error {
	in := bufio.NewReader(r)
	wide := false
	if bom, _ := in.Peek(2); len(bom) == 2 && (bom[0] == 0xff && bom[1] == 0xfe || bom[0] == 0xfe && bom[1] == 0xff) {
		wide = true
		in = bufio.NewReader(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(in))
	}
	p := &part{name: name, in: &metered{from: in}}
	p.dec = xml.NewDecoder(p.in)
	p.dec.CharsetReader = func(charset string, r io.Reader) (io.Reader, error) {
		if c := strings.ToLower(charset); c == "us-ascii" || wide && strings.HasPrefix(c, "utf-16") {
			return r, nil
		}
		return nil, fmt.Errorf("charset %s is not allowed", shortName(charset))
	}
	for {
		t, err := p.token()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("part %s: it is empty", shortName(name))
		}
		if err != nil {
			return err
		}
		if start, ok := t.(xml.StartElement); ok {
			return root(p, elementOf(start))
		}
	}
}

func elementOf(s xml.StartElement) element {
	return element{prefixOf(s.Name.Space), s.Name.Local, s.Attr}
}

// token reads the next token within the bounds.
func (p *part) token() (xml.Token, error) {
	p.in.read = 0
	t, err := p.dec.Token()
	if err != nil {
		if errors.Is(err, io.EOF) && p.depth == 0 {
			return nil, io.EOF
		}
		return nil, fmt.Errorf("part %s: %w", shortName(p.name), err)
	}
	switch t.(type) {
	case xml.StartElement:
		if p.depth++; p.depth > maxNesting {
			line, _ := p.dec.InputPos()
			return nil, fmt.Errorf("part %s, line %d: elements lie more than %d deep", shortName(p.name), line, maxNesting)
		}
	case xml.EndElement:
		p.depth--
	case xml.Directive:
		line, _ := p.dec.InputPos()
		return nil, fmt.Errorf("part %s, line %d: a document type is not allowed", shortName(p.name), line)
	}
	return t, nil
}

// each calls open with every element in the one that was just opened, and text with its own text. What open does not read
// of an element is passed over.
func (p *part) each(open func(element) error, text func(string)) error {
	depth := p.depth
	for {
		t, err := p.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if open != nil {
				if err := open(elementOf(t)); err != nil {
					return err
				}
			}
			for p.depth > depth {
				if _, err := p.token(); err != nil {
					return err
				}
			}
		case xml.EndElement:
			return nil
		case xml.CharData:
			if text != nil {
				text(string(t))
			}
		}
	}
}

// content returns the text in the element that was just opened, without that of elements in it.
func (p *part) content() (string, error) {
	var b strings.Builder
	err := p.each(nil, func(t string) { b.WriteString(t) })
	return b.String(), err
}

// metered fails when one token is too long.
type metered struct {
	from io.Reader
	read int
}

func (m *metered) Read(b []byte) (int, error) {
	n, err := m.from.Read(b)
	if m.read += n; m.read > maxToken {
		return 0, fmt.Errorf("a tag or a text has more than %d bytes", maxToken)
	}
	return n, err
}

const odfSpace = "urn:oasis:names:tc:opendocument:xmlns:"

// prefixOf returns the usual prefix of a namespace, in both forms of Office Open XML and in OpenDocument.
func prefixOf(space string) string {
	switch space {
	case "":
		return ""
	case "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main":
		return "w"
	case "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships":
		return "r"
	case "http://schemas.openxmlformats.org/markup-compatibility/2006":
		return "mc"
	case "http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main":
		return "a"
	case "http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math":
		return "m"
	case "urn:schemas-microsoft-com:vml":
		return "v"
	case "http://purl.org/dc/elements/1.1/":
		return "dc"
	case "http://purl.org/dc/terms/":
		return "dcterms"
	case "http://www.w3.org/1999/xlink":
		return "xlink"
	case "xml", "http://www.w3.org/XML/1998/namespace":
		return "xml"
	}
	if rest, ok := strings.CutPrefix(space, odfSpace); ok {
		switch name, _, _ := strings.Cut(rest, ":"); name {
		case "drawing":
			return "draw"
		case "xsl-fo-compatible":
			return "fo"
		default:
			return name
		}
	}
	return "?"
}
