package crawler

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// Kinds of requisites.
const (
	RequisiteImage    = "image"
	RequisiteStyle    = "style"
	RequisiteScript   = "script"
	RequisiteFont     = "font"
	RequisiteIcon     = "icon"
	RequisiteManifest = "manifest"
)

// requisitesMax is how many distinct requisites one document may name.
const requisitesMax = 10_000

// requisitesMaxBytes bounds the references together, and the URLs made of them
// together; a long <base href> would multiply the one into the other.
const requisitesMaxBytes = 8 << 20

// Requisite is one file that a page needs to be shown.
type Requisite struct {
	URL  string // absolute, http or https, without fragment and credentials
	Kind string // one of the Requisite constants
	// Implicit marks a /favicon.ico that the page does not name: browsers ask
	// for it, and its absence means nothing.
	Implicit bool
	// Lasting marks what never changes under its address, such as the pictures
	// of a post: what the archive holds of it is not asked for again.
	Lasting bool
}

// Page is what one pass over a document finds.
type Page struct {
	Title      string // see Title
	Requisites []Requisite
}

// ReadPage finds title and requisites in one pass, at some hundred megabytes a
// second; titleLimit is that of Title. It accepts any bytes and
// any content type.
func ReadPage(base *url.URL, contentType string, body []byte, titleLimit int) Page {
	switch media := pageMediaType(contentType); media {
	case "text/css":
		return Page{Requisites: CSSRequisites(base, body)}
	case "", "text/html", "application/xhtml+xml", "image/svg+xml":
		if charsetWide(body, contentType) {
			text, _ := ToUTF8(body, contentType)
			body, contentType = []byte(text), "text/html; charset=utf-8"
		}
		p := newPageReader(base, contentType, body)
		p.titleLimit, p.wantIcon = titleLimit, media != "image/svg+xml"
		p.read()
		return p.page()
	}
	return Page{}
}

// Requisites lists what a browser would fetch to show a document, each URL
// once, in the order of the document: images (srcset, picture, posters and the
// usual data-src of lazy loading among them), style sheets, scripts, icons,
// fonts and manifests, those that inline style names, and /favicon.ico when an
// HTML page names no icon. <base href> is honoured, the content of <noscript>
// counts, and comments do not. Frames, audio, video and embedded documents are
// no requisites but sources of their own.
//
// For a style sheet see CSSRequisites; other content types have none. At most
// 10,000 are listed.
func Requisites(base *url.URL, contentType string, body []byte) []Requisite {
	return ReadPage(base, contentType, body, 1).Requisites
}

// CSSRequisites lists what a style sheet loads: @import as style, url() within
// @font-face as font, any other url() by its ending, else as image.
func CSSRequisites(base *url.URL, css []byte) []Requisite {
	p := newPageReader(base, "text/css", css)
	p.css(css)
	return p.resolved()
}

// pageRef is a reference as the document has it, decoded from HTML and CSS.
type pageRef struct{ ref, kind string }

type pageReader struct {
	scan        pageScanner
	base        *url.URL
	contentType string
	titleLimit  int
	wantIcon    bool

	encoding string // of the page; see text
	refs     []pageRef
	refBytes int
	seen     map[pageRef]struct{}
	baseHref string
	hasBase  bool
	hasIcon  bool
	title    string
	hasTitle bool
}

func newPageReader(base *url.URL, contentType string, body []byte) *pageReader {
	return &pageReader{scan: pageScanner{body: body}, base: base, contentType: contentType}
}

// add keeps a reference. The same one is kept once, so that the limit counts
// distinct ones however often a page repeats them.
func (p *pageReader) add(ref, kind string) {
	if p.full() || ref == "" || len(ref) > pageMaxRef || pageIsData(ref) {
		return
	}
	if p.seen == nil {
		p.seen = make(map[pageRef]struct{})
	}
	r := pageRef{ref, kind}
	if _, dup := p.seen[r]; dup {
		return
	}
	p.seen[r] = struct{}{}
	p.refs = append(p.refs, r)
	p.refBytes += len(ref)
}

// full reports whether the page has named as much as is taken from one page.
func (p *pageReader) full() bool {
	return len(p.refs) >= requisitesMax || p.refBytes >= requisitesMaxBytes
}

func (p *pageReader) css(s []byte) {
	c := cssScanner{s: s, yield: p.add}
	c.scan()
}

func (p *pageReader) page() Page {
	return Page{Title: p.title, Requisites: p.resolved()}
}

// resolved makes URLs of the references, the icon that nobody names last.
func (p *pageReader) resolved() []Requisite {
	base := pageBase(p.base)
	if base == nil {
		return nil
	}
	res := pageResolver{base: base, decode: p.text}
	if p.hasBase {
		if abs, ok := res.resolve(p.baseHref); ok {
			if u, err := url.Parse(abs); err == nil {
				res.base = u
			}
		}
	}
	self := base.String()
	var out []Requisite
	size := 0
	seen := make(map[string]struct{}, len(p.refs))
	add := func(abs, kind string, implicit bool) {
		if _, dup := seen[abs]; !dup && abs != self && size < requisitesMaxBytes {
			size += len(abs)
			seen[abs] = struct{}{}
			out = append(out, Requisite{URL: abs, Kind: kind, Implicit: implicit})
		}
	}
	for _, ref := range p.refs {
		if abs, ok := res.resolve(ref.ref); ok {
			add(abs, ref.kind, false)
		}
	}
	if p.wantIcon && !p.hasIcon {
		own := pageResolver{base: base}
		if abs, ok := own.resolve("/favicon.ico"); ok {
			add(abs, RequisiteIcon, true)
		}
	}
	return out
}

// pageBase is the document's own URL in the form that resolve gives, or nil
// when it is not one of the web.
func pageBase(base *url.URL) *url.URL {
	if base == nil || base.Scheme != "http" && base.Scheme != "https" {
		return nil
	}
	u := *base
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if u.Host = pageHost(u.Host, u.Scheme); u.Host == "" {
		return nil
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return &u
}

// pageMediaType is the media type in lower case, without parameters.
func pageMediaType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// pageIsData reports whether a reference is a data: URL, whose length may be megabytes.
func pageIsData[T string | []byte](ref T) bool {
	for len(ref) > 0 && ref[0] <= ' ' {
		ref = ref[1:]
	}
	return len(ref) >= 5 && strings.EqualFold(string(ref[:5]), "data:")
}

// text is a byte string as text: as it is when it is UTF-8, else in the encoding
// that the page declares.
func (p *pageReader) text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	if p.encoding == "" {
		_, p.encoding = ToUTF8(p.scan.body[:min(len(p.scan.body), charsetPrescan)], p.contentType)
	}
	text, _ := ToUTF8([]byte(s), "text/html; charset="+p.encoding)
	return text
}
