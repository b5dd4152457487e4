package crawler

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Refresh is a <meta http-equiv=refresh>.
type Refresh struct {
	Target string  // as the page has it, to be resolved against its URL; "" reloads the page itself
	Delay  float64 // seconds
	OK     bool    // there is one
}

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

// MetaRefresh is the target and the delay, in seconds, of a page's first
// <meta http-equiv=refresh> (HTML standard, "shared declarative refresh
// steps"). One within <noscript> does not count: it leads away those whose
// browser runs no scripts, and the reader's does. The target is as written, ""
// for a page that reloads itself.
func MetaRefresh(body []byte) (target string, delay float64, ok bool) {
	if !pageMayRefresh(body) {
		return "", 0, false
	}
	p := newPageReader(nil, "", body)
	for p.scan.next() {
		switch p.scan.id {
		case tagNoscript:
			p.countNoscript()
		case tagMeta:
			if p.meta(); p.hasRefresh {
				return p.refresh.Target, p.refresh.Delay, true
			}
		}
	}
	return "", 0, false
}

// pageMayRefresh answers false, at the speed of a search, for pages that have
// no <meta> with the word in it.
func pageMayRefresh(body []byte) bool {
	for {
		i := bytes.IndexByte(body, '<')
		if i < 0 || i+5 > len(body) {
			return false
		}
		body = body[i+1:]
		if body[0]|0x20 != 'm' || !pageEqualFold(body[:4], "meta") {
			continue
		}
		if i = bytes.IndexByte(body, '>'); i < 0 {
			return false
		}
		tag := body[:i]
		body = body[i:]
		// A reference, or a ">" within quotes, could hide the word.
		if bytes.IndexByte(tag, '&') >= 0 || bytes.Count(tag, []byte{'"'})%2 == 1 || bytes.Count(tag, []byte{'\''})%2 == 1 ||
			bytes.Contains(bytes.ToLower(tag), []byte("refresh")) {
			return true
		}
	}
}

func (p *pageReader) countNoscript() {
	if p.scan.end {
		p.noscript = max(0, p.noscript-1)
	} else {
		p.noscript++
	}
}

func (p *pageReader) meta() {
	if p.hasRefresh || p.noscript > 0 || p.scan.end {
		return
	}
	if v, ok := p.scan.attr("http-equiv"); ok && strings.EqualFold(pageUnescape(v), "refresh") {
		content, _ := p.scan.attr("content")
		p.refresh, p.hasRefresh = pageRefresh(p.text(pageUnescape(content)))
	}
}

// pageRefresh reads the content of a refresh: "5", "5; url=next.html",
// "0;URL='next.html'" and the looser forms that the standard allows.
func pageRefresh(s string) (Refresh, bool) {
	const space = " \t\n\f\r"
	s = strings.TrimLeft(s, space)
	end := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if end == 0 && !strings.HasPrefix(s, ".") {
		return Refresh{}, false
	}
	all := len(s) - len(strings.TrimLeft(s, "0123456789."))
	number := s[:all]
	if i := strings.IndexByte(number, '.'); i >= 0 { // "1.2.3": what stands after the second dot is no number
		if j := strings.IndexByte(number[i+1:], '.'); j >= 0 {
			number = number[:i+1+j]
		}
	}
	delay, err := strconv.ParseFloat("0"+number+"0", 64)
	if strings.IndexByte(number, '.') < 0 {
		delay, err = strconv.ParseFloat(number, 64)
	}
	if err != nil {
		return Refresh{}, false
	}
	r := Refresh{Delay: delay, OK: true}
	s = s[all:]
	if s == "" {
		return r, true
	}
	if strings.IndexByte(";,"+space, s[0]) < 0 {
		return Refresh{}, false
	}
	s = strings.TrimLeft(s, space)
	if s != "" && (s[0] == ';' || s[0] == ',') {
		s = s[1:]
	}
	s = strings.TrimLeft(s, space)
	if len(s) >= 3 && strings.EqualFold(s[:3], "url") {
		if rest := strings.TrimLeft(s[3:], space); strings.HasPrefix(rest, "=") {
			s = strings.TrimLeft(rest[1:], space)
		}
	}
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		quote := s[:1]
		s, _, _ = strings.Cut(s[1:], quote)
	}
	r.Target = strings.Trim(s, space)
	return r, true
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
