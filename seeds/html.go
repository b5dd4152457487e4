package seeds

import "bytes"

// sniffHTML tells a page by what stands behind white space, comments and an XML declaration: a doctype or the <html>,
// <head> or <body> tag. A fragment, such as the <div> that a Markdown file may begin with, is told by its name only.
func sniffHTML(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil)
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	for {
		head = bytes.TrimLeft(head, " \t\r\n\f")
		end := ""
		switch {
		case bytes.HasPrefix(head, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(head, []byte("<?xml")):
			end = "?>"
		}
		if end == "" {
			break
		}
		_, rest, ok := bytes.Cut(head, []byte(end))
		if !ok {
			return false
		}
		head = rest
	}
	lower := bytes.ToLower(head[:min(len(head), 32)])
	for _, start := range [...]string{"<!doctype html", "<html", "<head", "<body"} {
		if rest, ok := bytes.CutPrefix(lower, []byte(start)); ok && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n\f>/"), rest[0]) >= 0) {
			return true
		}
	}
	return false
}

// readHTML reads a web page, as a browser or a word processor saved it or as a tool wrote it.
func readHTML(data []byte, charset string) (*document, error) {
	src, err := decodeHTML(data, charset)
	if err != nil {
		return nil, err
	}
	t := parseHTML(src)
	p := pageOf(t)
	notes := findHTMLNotes(t, p.selves)
	w := newHTMLWriter(t, notes, mainOf(t, notes), p)
	w.doc.meta = p.meta
	return w.page(), nil
}
