package crawler

import "bytes"

// pageTag is an element name that the scan treats in its own way.
type pageTag uint8

const (
	tagOther pageTag = iota
	tagAnnotation
	tagBase
	tagBody
	tagBreakout // HTML that ends SVG and MathML content (HTML standard §13.2.6.5)
	tagBreakoutEnd
	tagDesc
	tagEmbed
	tagForeignObject
	tagImage
	tagImg
	tagInput
	tagLink
	tagMath
	tagMathText
	tagMeta
	tagObject
	tagPlaintext
	tagRaw // iframe, noembed, noframes, textarea, xmp
	tagScript
	tagSource
	tagStyle
	tagSVG
	tagTable
	tagTitle
	tagUse
	tagVideo
	tagFeImage
)

func pageTagOf(lower []byte) pageTag {
	switch string(lower) {
	case "annotation-xml":
		return tagAnnotation
	case "base":
		return tagBase
	case "body":
		return tagBody
	case "b", "big", "blockquote", "center", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
		"head", "hr", "i", "li", "listing", "menu", "nobr", "ol", "pre", "ruby", "s", "small", "span", "strong", "strike",
		"sub", "sup", "tt", "u", "ul", "var":
		return tagBreakout
	case "br", "p":
		return tagBreakoutEnd
	case "desc":
		return tagDesc
	case "embed":
		return tagEmbed
	case "feimage":
		return tagFeImage
	case "foreignobject":
		return tagForeignObject
	case "iframe", "noembed", "noframes", "textarea", "xmp":
		return tagRaw
	case "image":
		return tagImage
	case "img":
		return tagImg
	case "input":
		return tagInput
	case "link":
		return tagLink
	case "math":
		return tagMath
	case "meta":
		return tagMeta
	case "mi", "mn", "mo", "ms", "mtext":
		return tagMathText
	case "object":
		return tagObject
	case "plaintext":
		return tagPlaintext
	case "script":
		return tagScript
	case "source":
		return tagSource
	case "style":
		return tagStyle
	case "svg":
		return tagSVG
	case "table":
		return tagTable
	case "title":
		return tagTitle
	case "use":
		return tagUse
	case "video":
		return tagVideo
	}
	return tagOther
}

var (
	pageSpace   = [256]bool{' ': true, '\t': true, '\n': true, '\f': true, '\r': true}
	pageNameEnd = [256]bool{' ': true, '\t': true, '\n': true, '\f': true, '\r': true, '/': true, '>': true}
)

func (s *pageScanner) isForeign() bool {
	if len(s.foreign) == 0 {
		return false
	}
	top := s.foreign[len(s.foreign)-1]
	return top == tagSVG || top == tagMath
}

// nest keeps the stack of foreign elements and reports whether the tag itself
// is one of SVG or MathML.
func (s *pageScanner) nest(selfClosing bool) bool {
	if len(s.foreign) == 0 && (s.end || s.id != tagSVG && s.id != tagMath) {
		return false
	}
	inside := s.isForeign()
	if s.end {
		switch s.id {
		case tagSVG, tagMath, tagForeignObject, tagDesc, tagTitle, tagMathText, tagAnnotation:
			for i := len(s.foreign) - 1; i >= 0; i-- {
				if s.foreign[i] == s.id {
					s.foreign = s.foreign[:i]
					break
				}
			}
		case tagBreakoutEnd:
			if inside {
				s.breakOut()
			}
		}
		return inside
	}
	switch s.id {
	case tagSVG, tagMath:
		inside = true
	case tagBody, tagBreakout, tagBreakoutEnd, tagEmbed, tagImg, tagMeta, tagTable:
		if inside {
			s.breakOut()
		}
		return false
	case tagForeignObject, tagDesc, tagTitle:
		if !inside || s.foreign[len(s.foreign)-1] != tagSVG {
			return inside
		}
	case tagMathText, tagAnnotation:
		if !inside || s.foreign[len(s.foreign)-1] != tagMath {
			return inside
		}
	default:
		return inside
	}
	if !selfClosing && len(s.foreign) < pageForeignDepth {
		s.foreign = append(s.foreign, s.id)
	}
	return inside
}

// breakOut leaves SVG or MathML for the HTML around it.
func (s *pageScanner) breakOut() {
	for s.isForeign() {
		s.foreign = s.foreign[:len(s.foreign)-1]
	}
}

// text reads the content of an element whose content is text to the tokenizer
// (HTML standard §13.2.5.1 to .4). Script and style are read so inside SVG
// too: there markup in them is possible but not in use.
func (s *pageScanner) text() {
	switch s.id {
	case tagScript:
		s.scriptText()
		return
	case tagStyle:
	case tagRaw, tagTitle:
		if s.inside {
			return
		}
	case tagPlaintext:
		if !s.inside {
			s.raw = s.body[s.pos:]
			s.pos = len(s.body)
		}
		return
	default:
		return
	}
	end := s.endTag(s.pos, s.lower[:len(s.name)])
	s.raw = s.body[s.pos:end]
	s.pos = end
}

// endTag finds "</name" followed by the end of a name, or the end of the page.
func (s *pageScanner) endTag(from int, name []byte) int {
	for p := from; ; {
		i := bytes.Index(s.body[p:], []byte("</"))
		if i < 0 {
			return len(s.body)
		}
		p += i
		if after := p + 2 + len(name); after < len(s.body) && pageNameEnd[s.body[after]] &&
			pageEqualFold(s.body[p+2:after], string(name)) {
			return p
		}
		p += 2
	}
}

// scriptText finds the end of a script. Within "<!--", "<script" opens a part
// in which "</script" does not end the element (§13.2.5.15 to .30).
func (s *pageScanner) scriptText() {
	start := s.pos
	end := s.endTag(start, []byte("script"))
	if bytes.Contains(s.body[start:end], []byte("<!--")) {
		end = s.escapedScript(start)
	}
	s.raw = s.body[start:end]
	s.pos = end
}

func (s *pageScanner) escapedScript(p int) int {
	body := s.body
	escaped, double := false, false
	for p < len(body) {
		switch c := body[p]; {
		case c == '-' && escaped && bytes.HasPrefix(body[p:], []byte("-->")):
			escaped, double = false, false
			p += 3
		case c != '<':
			p++
		case !escaped && bytes.HasPrefix(body[p:], []byte("<!--")):
			escaped = true
			p += 2 // the two dashes may be those of "-->"
		case s.nameAt(p+1, "/script"):
			if !double {
				return p
			}
			double = false
			p += len("</script")
		case escaped && !double && s.nameAt(p+1, "script"):
			double = true
			p += len("<script")
		default:
			p++
		}
	}
	return len(body)
}

// nameAt reports whether the name, in lower case, stands at p and ends there.
func (s *pageScanner) nameAt(p int, name string) bool {
	after := p + len(name)
	return after < len(s.body) && pageNameEnd[s.body[after]] && pageEqualFold(s.body[p:after], name)
}
