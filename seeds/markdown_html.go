package seeds

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// openTag is an element of HTML within a block that waits for its end.
type openTag struct {
	name  string
	start int // in the text of the document
	link  link
}

// htmlBlock writes a block of HTML. kind is what a paragraph is there.
func (m *markdown) htmlBlock(n *ast.HTMLBlock, kind blockKind) {
	var from, to int
	flush := func() {
		if from < to {
			m.html(m.base+from, m.base+to, &kind)
		}
	}
	m.start(kind, 0)
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		if s.Start != to {
			flush()
			from = s.Start
		}
		to = s.Stop
	}
	if c := n.ClosureLine; n.HasClosure() {
		if c.Start != to {
			flush()
			from = c.Start
		}
		to = c.Stop
	}
	flush()
	m.finish()
}

// html writes source.text[from:to], which is HTML: links, text, and line ends. If kind is not nil, elements such as <p>
// begin a block of it.
func (m *markdown) html(from, to int, kind *blockKind) {
	z := html.NewTokenizer(strings.NewReader(m.source.text[from:to]))
	for at := from; at < to; {
		token := z.Next()
		raw := z.Raw()
		if len(raw) == 0 {
			break
		}
		end := min(at+len(raw), to)
		switch token {
		case html.TextToken:
			if !m.hidden() {
				m.unescaped(at, end, false)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			m.openTag(string(name), at, end, kind)
		case html.EndTagToken:
			name, _ := z.TagName()
			m.closeTag(string(name))
		}
		at = end
	}
}

func (m *markdown) openTag(name string, from, to int, kind *blockKind) {
	switch name {
	case "br":
		m.put("\n")
	case "p", "div", "li", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "blockquote", "summary", "figcaption":
		if kind != nil {
			m.closeTags(0)
			m.first = false
			m.begin(*kind, 0)
		}
	case "a":
		m.closeTag("a")
		t := openTag{name: name, start: m.at()}
		if start, end, ok := attribute(m.source.text[from:to], "href"); ok {
			raw := m.source.text[from+start : from+end]
			t.link = link{target: resolved(raw, false), raw: raw, from: int32(from + start), to: int32(from + end)}
		}
		m.tags = append(m.tags, t)
	case "code", "pre", "sup", "script", "style", "template", "textarea", "noscript", "iframe", "title":
		if len(m.tags) < maxNesting {
			m.tags = append(m.tags, openTag{name: name, start: m.at()})
		}
	}
}

// closeTag ends the innermost element of that name with all within it.
func (m *markdown) closeTag(name string) {
	for i := len(m.tags) - 1; i >= 0; i-- {
		if m.tags[i].name == name {
			m.closeTags(i)
			return
		}
	}
}

// closeTags ends the elements from i on, the innermost first.
func (m *markdown) closeTags(i int) {
	for n := len(m.tags) - 1; n >= i; n-- {
		t := m.tags[n]
		m.tags = m.tags[:n]
		switch t.name {
		case "a":
			if t.link.raw != "" {
				m.link(t.start, t.link)
			}
		case "code", "pre":
			m.bar(t.start)
		}
	}
}

// hidden tells that nobody sees the text of the element that is open.
func (m *markdown) hidden() bool {
	for _, t := range m.tags {
		switch t.name {
		case "script", "style", "template", "textarea", "noscript", "iframe", "title":
			return true
		}
	}
	return false
}

// raised tells that text is in <sup>.
func (m *markdown) raised() bool {
	for _, t := range m.tags {
		if t.name == "sup" {
			return true
		}
	}
	return false
}

// superscript writes a digit as a superscript one.
func superscript(r rune) string {
	const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹"
	if r < '0' || r > '9' {
		return string(r)
	}
	return string([]rune(digits)[r-'0'])
}

// attribute finds the value of an attribute in a tag as it is written: tag[start:end], without its quotes.
func attribute(tag, name string) (start, end int, ok bool) {
	for i := 1; i < len(tag); i++ {
		if !attributeSpace(tag[i-1]) || !hasPrefixFold(tag[i:], name) {
			if tag[i] == '"' || tag[i] == '\'' { // the value of another one
				if n := strings.IndexByte(tag[i+1:], tag[i]); n >= 0 {
					i += n + 1
				}
			}
			continue
		}
		at := i + len(name)
		for at < len(tag) && htmlSpace(tag[at]) {
			at++
		}
		if at == len(tag) || tag[at] != '=' {
			continue
		}
		at++
		for at < len(tag) && htmlSpace(tag[at]) {
			at++
		}
		if at == len(tag) {
			return 0, 0, false
		}
		if q := tag[at]; q == '"' || q == '\'' {
			n := strings.IndexByte(tag[at+1:], q)
			return at + 1, at + 1 + n, n > 0
		}
		n := strings.IndexAny(tag[at:], " \t\r\n>")
		return at, at + n, n > 0
	}
	return 0, 0, false
}

// attributeSpace tells what may stand before the name of an attribute.
func attributeSpace(c byte) bool { return htmlSpace(c) || c == '/' || c == '"' || c == '\'' }

func htmlSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
