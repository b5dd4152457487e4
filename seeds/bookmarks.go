package seeds

import (
	"bytes"

	"golang.org/x/net/html/atom"
)

// sniffBookmarks tells the file of bookmarks that browsers export, the one in which Chrome and its kin keep them, and the
// backup that Firefox makes of them.
func sniffBookmarks(head []byte) bool {
	if sniffNetscape(head) {
		return true
	}
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{")) &&
		(bytes.Contains(head, []byte(`"guid":"root________"`)) ||
			bytes.Contains(head, []byte(`"roots":`)) && bytes.Contains(head, []byte(`"bookmark_bar":`)))
}

// readBookmarks reads any of them.
func readBookmarks(data []byte, charset string) (*document, error) {
	if sniffNetscape(data[:min(len(data), sniffed)]) {
		return readNetscape(data, charset)
	}
	return readBrowser(data)
}

// sniffNetscape tells the file that browsers export.
func sniffNetscape(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return hasPrefixFold(string(head[:min(len(head), 64)]), "<!doctype netscape-bookmark-file-1")
}

// readNetscape reads bookmarks as browsers export them: every bookmark is cited, and addresses in its description. When it
// was added is not when it was seen for the report.
func readNetscape(data []byte, charset string) (*document, error) {
	src, err := decodeHTML(data, charset)
	if err != nil {
		return nil, err
	}
	t := parseHTML(src)
	w := newWriter(src)
	w.doc.list = true
	for i := int32(1); int(i) < len(t.nodes); i++ {
		n := t.nodes[i]
		switch {
		case n.tag == atom.Title:
			w.doc.meta.title = collapse(t.longText(i))
			i = n.last - 1
		case n.tag == atom.A:
			w.begin(blockItem, 0)
			start := w.at()
			w.nodeText(t, i)
			if from, to, ok := t.attrAt(i, "href"); ok && from < to {
				w.link(start, link{target: attributeText(src.text[from:to]), raw: src.text[from:to], from: int32(from), to: int32(to)})
			}
			w.bar(start)
			w.end()
			i = n.last - 1
		case headingLevel(n.tag) > 0:
			w.begin(blockHeading, headingLevel(n.tag))
			start := w.at()
			w.nodeText(t, i)
			w.bar(start)
			i = n.last - 1
		case n.tag == atom.Dd:
			w.begin(blockItem, 0)
		case !n.element && w.open:
			w.write(attributeText(src.text[n.from:n.to]), int(n.from), int(n.to))
		}
	}
	return w.document(), nil
}

// nodeText writes the text within a node.
func (w *writer) nodeText(t *htmlTree, node int32) {
	for i := node + 1; i < t.nodes[node].last; i++ {
		if n := t.nodes[i]; !n.element {
			w.write(attributeText(w.source.text[n.from:n.to]), int(n.from), int(n.to))
		}
	}
}

// readBrowser reads the file that a browser keeps for itself: only the addresses of bookmarks are cited, not those of icons and in titles.
func readBrowser(data []byte) (*document, error) {
	src, p, err := parseJSON(data)
	if err != nil {
		return nil, err
	}
	w := jsonWriter(src)
	for _, d := range p.data {
		switch d.name {
		case "url", "uri":
			d.name = ""
			w.record([]datum{d}, "")
		case "name", "title":
			d.name = "title" // no claim, whatever it is called
			if start, ok := w.cell(d, blockCell); ok {
				w.bar(start)
			}
		}
	}
	return w.document(), nil
}
