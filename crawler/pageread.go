package crawler

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// read collects everything in one pass.
func (p *pageReader) read() {
	for p.scan.next() {
		if p.scan.end {
			continue
		}
		p.element()
		if len(p.scan.attrs) > 0 {
			if v, ok := p.scan.attr("style"); ok && pageMayStyle(v) {
				p.css([]byte(pageUnescape(v)))
			}
		}
	}
}

// pageMayStyle reports whether inline style could name a URL: it needs a
// parenthesis, maybe written as a reference.
func pageMayStyle(v []byte) bool {
	return bytes.IndexByte(v, '(') >= 0 || bytes.Contains(v, []byte("&#")) || bytes.Contains(v, []byte("&lpar"))
}

func (p *pageReader) element() {
	s := &p.scan
	switch s.id {
	case tagTitle:
		if !p.hasTitle && !s.inside {
			p.hasTitle, p.title = true, p.titleText(p.titleLimit)
		}
	case tagBase:
		if v, ok := s.attr("href"); ok && !p.hasBase && !s.inside {
			p.hasBase, p.baseHref = true, pageUnescape(v)
		}
	case tagLink:
		p.link()
	case tagScript:
		p.attr("src", RequisiteScript)
	case tagStyle:
		p.style()
	case tagImg:
		p.image()
	case tagImage:
		if s.inside {
			p.svgRef()
		} else {
			p.image() // the parser reads <image> as <img> (§13.2.6.4.7)
		}
	case tagUse, tagFeImage:
		if s.inside {
			p.svgRef()
		}
	case tagSource:
		p.srcset("srcset")
		p.srcset("data-srcset")
	case tagVideo:
		p.attr("poster", RequisiteImage)
	case tagInput:
		if v, _ := s.attr("type"); pageEqualFold(bytes.TrimSpace(v), "image") {
			p.attr("src", RequisiteImage)
		}
	case tagBody:
		p.attr("background", RequisiteImage)
	case tagObject:
		if v, _ := s.attr("type"); len(v) > 6 && pageEqualFold(v[:6], "image/") {
			p.attr("data", RequisiteImage)
		}
	case tagEmbed:
		if v, _ := s.attr("type"); len(v) > 6 && pageEqualFold(v[:6], "image/") {
			p.attr("src", RequisiteImage)
		}
	}
}

func (p *pageReader) attr(name, kind string) {
	if v, ok := p.scan.attr(name); ok && len(v) > 0 && !pageIsData(v) {
		p.add(pageUnescape(v), kind)
	}
}

func (p *pageReader) srcset(name string) {
	if v, ok := p.scan.attr(name); ok {
		srcsetURLs(pageUnescape(v), func(u string) { p.add(u, RequisiteImage) })
	}
}

func (p *pageReader) image() {
	p.attr("src", RequisiteImage)
	p.srcset("srcset")
	p.attr("data-src", RequisiteImage)
	p.srcset("data-srcset")
}

// svgRef takes the reference of an SVG element; href wins over xlink:href (SVG 2 §16.1.6).
func (p *pageReader) svgRef() {
	if _, ok := p.scan.attr("href"); ok {
		p.attr("href", RequisiteImage)
	} else {
		p.attr("xlink:href", RequisiteImage)
	}
}

func (p *pageReader) style() {
	if v, _ := p.scan.attr("type"); len(bytes.TrimSpace(v)) > 0 && !pageEqualFold(bytes.TrimSpace(v), "text/css") {
		return
	}
	if p.scan.inside {
		p.css([]byte(html.UnescapeString(string(p.scan.raw))))
	} else {
		p.css(p.scan.raw)
	}
}

func (p *pageReader) link() {
	rel, _ := p.scan.attr("rel")
	as, _ := p.scan.attr("as")
	kind := pageLinkKind(pageUnescape(rel), pageUnescape(as))
	if kind == "" {
		return
	}
	if v, ok := p.scan.attr("href"); ok && len(v) > 0 && kind == RequisiteIcon {
		// Browsers ask for /favicon.ico beside the icons of other systems.
		p.hasIcon = p.hasIcon || slices.ContainsFunc(strings.Fields(pageUnescape(rel)),
			func(word string) bool { return strings.EqualFold(word, "icon") })
	}
	p.attr("href", kind)
	if kind == RequisiteImage {
		p.srcset("imagesrcset")
	}
}

// pageLinkKind says what a <link> loads, "" for nothing that is shown.
func pageLinkKind(rel, as string) string {
	for word := range strings.FieldsSeq(rel) {
		switch strings.ToLower(word) {
		case "stylesheet":
			return RequisiteStyle
		case "icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon":
			return RequisiteIcon
		case "manifest":
			return RequisiteManifest
		case "modulepreload":
			return RequisiteScript
		case "preload":
			switch strings.ToLower(strings.TrimSpace(as)) {
			case "style":
				return RequisiteStyle
			case "font":
				return RequisiteFont
			case "image":
				return RequisiteImage
			case "script":
				return RequisiteScript
			}
		}
	}
	return ""
}
