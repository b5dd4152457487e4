package verify

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// heading is what a page says first: its title and its first heading, each
// one line in the normal form of Doc, "" when there is none; and what it tells
// machines of itself.
type heading struct {
	title, h1 string
	absent    bool // it calls itself an error page
	closed    bool // it calls itself not free to read
}

// readHeading finds the title, the first <h1> with words and the marks before
// that in the start of a page. It hops from tag to tag and builds nothing else, since
// every page that answers is read so: styles, comments and SVG are passed over,
// and scripts but for those that are data.
func readHeading(page []byte, contentType string) heading {
	if len(page) > 1 && (page[0] == 0xff && page[1] == 0xfe || page[0] == 0xfe && page[1] == 0xff) ||
		strings.Contains(strings.ToLower(contentType), "utf-16") {
		text, _ := decodeText(page, contentType)
		page = []byte(text)
	}
	var h heading
	rest := page
	for h.title == "" || h.h1 == "" {
		i := bytes.IndexByte(rest, '<')
		if i < 0 || i+3 > len(rest) {
			break
		}
		rest = rest[i+1:]
		switch rest[0] {
		case 't', 'T':
			if h.title == "" && startsTag(rest, "title") {
				var raw []byte
				raw, rest = within(rest, "</title")
				h.title = oneLine(html.UnescapeString(decodeSnippet(raw, page, contentType)), titleLimit)
			}
		case 'h', 'H':
			if h.h1 == "" && startsTag(rest, "h1") {
				var raw []byte
				raw, rest = within(rest, "</h1")
				h.h1 = oneLine(html.UnescapeString(decodeSnippet(withoutTags(raw), page, contentType)), titleLimit)
			}
		case 's', 'S':
			switch {
			case startsTag(rest, "script"):
				var data []byte
				if tag, _, _ := bytes.Cut(rest, []byte(">")); !bytes.Contains(tag, []byte("ld+json")) {
					_, rest = within(rest, "</script")
				} else if data, rest = within(rest, "</script"); locked(data) {
					h.closed = true
				}
			case startsTag(rest, "style"):
				_, rest = within(rest, "</style")
			case startsTag(rest, "svg"):
				_, rest = within(rest, "</svg")
			}
		case 'm', 'M':
			if startsTag(rest, "meta") {
				tag, _, _ := bytes.Cut(rest, []byte(">"))
				h.absent = h.absent || tellsAbsence(tag)
				h.closed = h.closed || locked(tag)
			}
		case 'b', 'B':
			if startsTag(rest, "body") {
				tag, _, _ := bytes.Cut(rest, []byte(">"))
				h.absent = h.absent || errorBody(tag)
			}
		case '!':
			if bytes.HasPrefix(rest, []byte("!--")) {
				if end := bytes.Index(rest[3:], []byte("-->")); end >= 0 {
					rest = rest[3+end:]
				} else {
					rest = nil
				}
			}
		}
	}
	return h
}

// tellsAbsence reports the <meta> by which pages that are made by scripts tell
// search engines their status.
func tellsAbsence(tag []byte) bool {
	if !bytes.Contains(tag, []byte("prerender-status-code")) {
		return false
	}
	return bytes.Contains(tag, []byte("404")) || bytes.Contains(tag, []byte("410"))
}

// errorBody reports a <body> with the class that WordPress and others give to
// that of an error page.
func errorBody(tag []byte) bool {
	for _, class := range bytes.FieldsFunc(tag, func(r rune) bool { return r == ' ' || r == '"' || r == '\'' || r == '=' }) {
		if string(class) == "error404" || string(class) == "error-404" || string(class) == "page-404" {
			return true
		}
	}
	return false
}

// locked reports schema.org's isAccessibleForFree with a value that is false.
func locked(data []byte) bool {
	for {
		_, rest, ok := bytes.Cut(data, []byte("isAccessibleForFree"))
		if !ok {
			return false
		}
		value := bytes.ToLower(bytes.TrimLeft(rest[:min(len(rest), 40)], "\"' :\t\r\n=content"))
		if bytes.HasPrefix(value, []byte("false")) {
			return true
		}
		data = rest
	}
}

// startsTag reports that a tag, without its "<", is the start tag name.
func startsTag(tag []byte, name string) bool {
	return len(tag) > len(name) && bytes.EqualFold(tag[:len(name)], []byte(name)) &&
		(tag[len(name)] == '>' || tag[len(name)] == '/' || tag[len(name)] <= ' ')
}

// within cuts the content of the element whose start tag begins page from
// what follows its end tag. An element without an end is the rest of the page.
func within(page []byte, end string) (content, rest []byte) {
	if i := bytes.IndexByte(page, '>'); i >= 0 {
		page = page[i+1:]
	}
	for at := 0; ; {
		i := bytes.Index(page[at:], []byte("</"))
		if i < 0 {
			return page, nil
		}
		at += i
		if len(page)-at >= len(end) && bytes.EqualFold(page[at:at+len(end)], []byte(end)) {
			return page[:at], page[at+2:]
		}
		at += 2
	}
}

// withoutTags puts a space where a tag was.
func withoutTags(raw []byte) []byte {
	if bytes.IndexByte(raw, '<') < 0 {
		return raw
	}
	plain := make([]byte, 0, len(raw))
	for {
		before, rest, ok := bytes.Cut(raw, []byte("<"))
		plain = append(append(plain, before...), ' ')
		if !ok {
			return plain
		}
		_, raw, _ = bytes.Cut(rest, []byte(">"))
	}
}

// snippetLimit bounds, in bytes, what of a title or a heading is decoded. One
// whose end is missing reaches to the end of the page.
const snippetLimit = 4 << 10

// decodeSnippet decodes a piece of a page as the page's encoding says. Most
// pieces are ASCII or UTF-8 and need none.
func decodeSnippet(raw, page []byte, contentType string) string {
	if len(raw) > snippetLimit {
		raw = trimCut(raw[:snippetLimit])
	}
	if utf8.Valid(raw) && bytes.IndexByte(raw, 0x1b) < 0 {
		return string(raw)
	}
	enc, _, _ := charset.DetermineEncoding(page[:min(len(page), charsetPrescan)], contentType)
	decoded, err := enc.NewDecoder().Bytes(raw)
	if err != nil { // the decoder "replacement" refuses everything
		decoded = raw
	}
	return strings.ToValidUTF8(string(decoded), "\ufffd")
}
