package crawler

import "bytes"

// pageScanner walks the tags of a page without building a tree: what is cited
// is read thousands at a time, and a tree costs a hundred times the scan. It
// follows the tokenizer of the HTML standard (§13.2.5) in what is a tag and
// what is text; of the tree it knows only whether it is inside SVG or MathML.
// As for a reader without scripts, the content of <noscript> counts.
type pageScanner struct {
	body []byte
	pos  int

	// The tag that next found.
	name   []byte     // as written
	id     pageTag    // what the name means to us
	end    bool       // an end tag
	attrs  []pageAttr // of a start tag, in order; reused by the next call
	raw    []byte     // the text content of a raw text element, else nil
	inside bool       // a tag of SVG or MathML content

	lower   [16]byte
	foreign []pageTag // open svg and math elements and their integration points
}

// pageAttr is an attribute as written: no case folded, no reference decoded.
type pageAttr struct{ name, value []byte }

// pageForeignDepth bounds the stack of foreign elements, which an end tag
// searches. Nobody nests deeper, and what does is read as HTML.
const pageForeignDepth = 64

// pageMaxAttrs is how many attributes of one tag are looked at.
const pageMaxAttrs = 512

// next moves to the next start or end tag and reports whether there is one. A
// tag that the page's end cuts off is none.
func (s *pageScanner) next() bool {
	s.raw = nil
	for {
		i := bytes.IndexByte(s.body[s.pos:], '<')
		if i < 0 || s.pos+i+1 >= len(s.body) {
			return false
		}
		s.pos += i + 1
		switch c := s.body[s.pos]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			s.end = false
			return s.tag()
		case c == '/':
			s.pos++
			if s.pos < len(s.body) && s.body[s.pos]|0x20 >= 'a' && s.body[s.pos]|0x20 <= 'z' {
				s.end = true
				return s.tag()
			}
			s.skipPast(">")
		case c == '!':
			s.markup()
		case c == '?':
			s.skipPast(">")
		}
	}
}

// skipPast moves behind the next occurrence of the mark, or to the end.
func (s *pageScanner) skipPast(mark string) {
	if i := bytes.Index(s.body[s.pos:], []byte(mark)); i >= 0 {
		s.pos += i + len(mark)
	} else {
		s.pos = len(s.body)
	}
}

// markup passes over a comment, CDATA section or declaration at "!".
func (s *pageScanner) markup() {
	rest := s.body[s.pos+1:]
	switch {
	case bytes.HasPrefix(rest, []byte("--")):
		s.pos += 3
		rest = rest[2:]
		if bytes.HasPrefix(rest, []byte(">")) || bytes.HasPrefix(rest, []byte("->")) {
			s.skipPast(">")
			return
		}
		for {
			s.skipPast("--")
			rest = s.body[s.pos:]
			if len(rest) == 0 || rest[0] == '>' || bytes.HasPrefix(rest, []byte("!>")) {
				s.skipPast(">")
				return
			}
			s.pos-- // "--->": the second dash may begin the end
		}
	case s.isForeign() && bytes.HasPrefix(rest, []byte("[CDATA[")):
		s.skipPast("]]>")
	default:
		s.skipPast(">")
	}
}

// tag reads the tag whose name begins at pos.
func (s *pageScanner) tag() bool {
	start, p := s.pos, s.pos
	for p < len(s.body) && !pageNameEnd[s.body[p]] {
		p++
	}
	s.name = s.body[start:p]
	s.id = tagOther
	if len(s.name) <= len(s.lower) {
		for i, c := range s.name {
			if c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			s.lower[i] = c
		}
		s.id = pageTagOf(s.lower[:len(s.name)])
	}
	if !s.attributes(p) {
		s.pos = len(s.body)
		return false
	}
	closed := !s.end && s.body[s.pos-2] == '/'
	s.inside = s.nest(closed)
	if !s.end && !(s.inside && closed) {
		s.text()
	}
	return true
}

// attributes reads up to and with the ">" of a tag, and reports whether there is one.
func (s *pageScanner) attributes(p int) bool {
	s.attrs = s.attrs[:0]
	body := s.body
	for {
		for p < len(body) && (pageSpace[body[p]] || body[p] == '/') {
			p++
		}
		if p >= len(body) {
			return false
		}
		if body[p] == '>' {
			s.pos = p + 1
			return true
		}
		start := p
		p++ // an "=" in the first place belongs to the name
		for p < len(body) && !pageNameEnd[body[p]] && body[p] != '=' {
			p++
		}
		name := body[start:p]
		for p < len(body) && pageSpace[body[p]] {
			p++
		}
		var value []byte
		if p < len(body) && body[p] == '=' {
			p++
			for p < len(body) && pageSpace[body[p]] {
				p++
			}
			if p >= len(body) {
				return false
			}
			switch quote := body[p]; quote {
			case '"', '\'':
				p++
				n := bytes.IndexByte(body[p:], quote)
				if n < 0 {
					return false
				}
				value = body[p : p+n]
				p += n + 1
			default:
				start = p
				for p < len(body) && !pageSpace[body[p]] && body[p] != '>' {
					p++
				}
				value = body[start:p]
			}
		}
		if !s.end && len(s.attrs) < pageMaxAttrs {
			s.attrs = append(s.attrs, pageAttr{name, value})
		}
	}
}

// attr is the value of the first attribute of the name, as written.
func (s *pageScanner) attr(name string) (value []byte, ok bool) {
	for i := range s.attrs {
		if pageEqualFold(s.attrs[i].name, name) {
			return s.attrs[i].value, true
		}
	}
	return nil, false
}

// pageEqualFold compares with a name in lower case, ASCII letters only.
func pageEqualFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i := range b {
		c := b[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
