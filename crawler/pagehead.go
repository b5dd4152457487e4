package crawler

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Title is the text of a page's first <title> outside SVG: references decoded,
// white space collapsed, cut to limit runes (0 or less: not cut). A title that
// is not UTF-8 is read in the encoding that the page itself declares.
func Title(body []byte, limit int) string {
	return newPageReader(nil, "", body).firstTitle(limit)
}

// pageTitle is the title that ReadPage finds in HTML. It reads no further, for
// those who keep pages without what they need to be shown.
func pageTitle(contentType string, body []byte, limit int) string {
	if charsetWide(body, contentType) {
		text, _ := ToUTF8(body, contentType)
		body, contentType = []byte(text), "text/html; charset=utf-8"
	}
	return newPageReader(nil, contentType, body).firstTitle(limit)
}

func (p *pageReader) firstTitle(limit int) string {
	for p.scan.next() {
		if p.scan.id == tagTitle && !p.scan.end && !p.scan.inside {
			return p.titleText(limit)
		}
	}
	return ""
}

// titleText is the text of the title element that the scanner stands at.
func (p *pageReader) titleText(limit int) string {
	const enough = 64 << 10 // a page whose title never ends
	raw := p.scan.raw[:min(len(p.scan.raw), enough)]
	s := string(raw)
	if !utf8.ValidString(s) {
		s = p.text(s)
	}
	s = strings.Join(strings.Fields(html.UnescapeString(s)), " ")
	if limit <= 0 || len(s) <= limit {
		return s
	}
	for i := range s {
		if limit == 0 {
			return strings.TrimRight(s[:i], " ")
		}
		limit--
	}
	return s
}
