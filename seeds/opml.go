package seeds

import (
	"bytes"
	"errors"
	"strings"

	"golang.org/x/net/html/atom"
)

// sniffOPML tells an outline by its first element.
func sniffOPML(head []byte) bool {
	return bytes.Contains(bytes.ToLower(head), []byte("<opml")) && bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("<"))
}

// readOPML reads an outline, as programs that follow feeds export it: the page and the feed of every entry are cited, and
// addresses in its text. A document type is refused, for what it declares would have to be put in its place.
func readOPML(data []byte, charset string) (*document, error) {
	src, err := decodeHTML(data, charset)
	if err != nil {
		return nil, err
	}
	t := parseHTML(src)
	if hasDoctype(src.text) {
		return nil, errors.New("a document type (<!DOCTYPE …>) is not read: take it out")
	}
	w := newWriter(src)
	w.doc.list = true
	for i := range t.nodes {
		n := t.nodes[i]
		if n.tag == atom.Title {
			w.doc.meta.title = collapse(t.longText(int32(i)))
		}
		if !n.element || i == 0 {
			continue
		}
		tag := src.text[n.from:n.to]
		name := tagName(tag)
		switch strings.ToLower(name) {
		case "ownername":
			if i+1 < len(t.nodes) && !t.nodes[i+1].element {
				w.doc.meta.authors = []string{attributeText(src.text[t.nodes[i+1].from:t.nodes[i+1].to])}
			}
		case "outline":
			w.outline(int(n.from)+1+len(name), int(n.to))
		}
	}
	return w.document(), nil
}

// outline writes one entry, whose attributes are source.text[at:to].
func (w *writer) outline(at, to int) {
	text := w.source.text
	var shown, page, feed span
	eachAttribute(text, at, to, func(name string, from, to int) {
		s := span{from, to}
		switch strings.ToLower(name) {
		case "text":
			shown = s
		case "title":
			if shown.end == 0 {
				shown = s
			}
		case "htmlurl":
			page = s
		case "xmlurl":
			feed = s
		case "url":
			if page.end == 0 {
				page = s
			}
		}
	})
	if shown.end+page.end+feed.end == 0 {
		return
	}
	w.begin(blockItem, 0)
	start := w.at()
	w.write(attributeText(text[shown.start:shown.end]), shown.start, shown.end)
	for _, s := range [...]span{page, feed} {
		if s.end > s.start {
			w.link(start, link{target: attributeText(text[s.start:s.end]), raw: text[s.start:s.end], from: int32(s.start), to: int32(s.end)})
			start = w.at()
		}
	}
}

// tagName is the name in a start tag.
func tagName(tag string) string {
	tag = strings.TrimPrefix(tag, "<")
	if end := strings.IndexAny(tag, " \t\r\n\f/>"); end >= 0 {
		return tag[:end]
	}
	return tag
}

// hasDoctype tells whether a document type stands in front of the first element.
func hasDoctype(text string) bool {
	for {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			return false
		}
		text = text[at:]
		switch {
		case hasPrefixFold(text, "<!doctype"):
			return true
		case strings.HasPrefix(text, "<!--"):
			_, rest, _ := strings.Cut(text, "-->")
			text = rest
		case strings.HasPrefix(text, "<?"):
			text = text[2:]
		default:
			return false
		}
	}
}
