package seeds

import (
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	gtext "github.com/yuin/goldmark/text"
)

// inlines writes what is in a block or an inline.
func (m *markdown) inlines(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		m.inline(c)
	}
}

func (m *markdown) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		m.segment(n.Segment)
		if n.SoftLineBreak() || n.HardLineBreak() {
			m.put("\n")
		}
	case *ast.String:
		m.put(string(n.Value))
	case *ast.CodeSpan:
		start := m.at()
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				m.copy(m.base+t.Segment.Start, m.base+t.Segment.Stop)
			}
		}
		m.bar(start)
	case *ast.Link:
		start := m.at()
		m.inlines(n)
		m.linkTo(start, n.Destination, n.Pos())
	case *ast.AutoLink:
		m.autoLink(n)
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			s := n.Segments.At(i)
			m.html(m.base+s.Start, m.base+s.Stop, nil)
		}
	case *noteMark:
		m.noteMark(n)
	case *inlineNote:
		m.inlineNote(n)
	case *extast.TaskCheckBox:
	default:
		m.inlines(n)
	}
}

// segment writes a stretch of text.
func (m *markdown) segment(s gtext.Segment) { m.unescaped(m.base+s.Start, m.base+s.Stop, true) }

// unescaped writes source.text[from:to] with its character references resolved, and its backslashes if they escape.
// Digits within <sup> become superscript ones.
func (m *markdown) unescaped(from, to int, backslash bool) {
	t := m.source.text[from:to]
	if m.raised() && t != "" && strings.Trim(t, "0123456789,–-") == "" {
		for i, r := range t {
			m.write(superscript(r), from+i, from+i+len(string(r)))
		}
		return
	}
	for at := 0; at < len(t); {
		i := strings.IndexAny(t[at:], "\\&")
		if i < 0 {
			m.copy(from+at, to)
			return
		}
		m.copy(from+at, from+at+i)
		at += i
		meant, size := unescape(t[at:], backslash)
		m.write(meant, from+at, from+at+size)
		at += size
	}
}

// unescape reads one escape at the beginning of t, or one byte.
func unescape(t string, backslash bool) (meant string, size int) {
	const longest = 40 // bytes of a character reference
	if backslash && len(t) > 1 && t[0] == '\\' && isPunctByte(t[1]) {
		return t[1:2], 2
	}
	if t[0] == '&' {
		if end := strings.IndexByte(t[:min(len(t), longest)], ';'); end > 1 {
			if meant := html.UnescapeString(t[:end+1]); meant != t[:end+1] {
				return meant, end + 1
			}
		}
	}
	return t[:1], 1
}

// isPunctByte tells the characters that a backslash escapes.
func isPunctByte(c byte) bool {
	return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
}

// resolved is an address as meant, of one as written in Markdown.
func resolved(t string, backslash bool) string {
	if !strings.ContainsAny(t, "\\&") {
		return t
	}
	var b strings.Builder
	for len(t) > 0 {
		meant, size := unescape(t, backslash)
		b.WriteString(meant)
		t = t[size:]
	}
	return b.String()
}

// linkTo ends a link whose text began at start; the link itself stands at offset pos.
func (m *markdown) linkTo(start int, destination []byte, pos int) {
	if len(destination) == 0 {
		return
	}
	from, ok := m.offset(destination)
	if !ok {
		from = m.base + max(pos, 0)
		m.link(start, link{target: resolved(string(destination), true), raw: string(destination), from: int32(from), to: int32(from)})
		return
	}
	raw := m.source.text[from : from+len(destination)]
	m.link(start, link{target: resolved(raw, true), raw: raw, from: int32(from), to: int32(from + len(raw))})
}

// autoLink writes <https://…>. A bare address is written as text, for it may be defanged or go on in the next line.
func (m *markdown) autoLink(n *ast.AutoLink) {
	label := n.Label(m.text)
	from, ok := m.offset(label)
	if !ok {
		m.put(string(label))
		return
	}
	start := m.at()
	to := from + len(label)
	m.copy(from, to)
	t := m.source.text
	switch {
	case n.AutoLinkType == ast.AutoLinkEmail:
		m.bar(start)
	case from > 0 && t[from-1] == '<' && to < len(t) && t[to] == '>':
		m.link(start, link{target: t[from:to], raw: t[from:to], from: int32(from), to: int32(to)})
	}
}

// noteMark writes [^1], which belongs to the note of that label however the letters of it are written.
func (m *markdown) noteMark(n *noteMark) {
	start := m.at()
	m.copy(m.base+n.from, m.base+n.to)
	label, ok := m.labels[foldLabel(n.label)]
	if !ok {
		label = n.label
	}
	m.see(label)
	m.mark(start, label)
}

// see counts the notes in the order in which they are referred to.
func (m *markdown) see(label string) {
	if m.seen == nil {
		m.seen = make(map[string]bool)
	}
	m.seen[label] = true
}

// inlineNote writes the mark of ^[…]; the note follows the block. Its label is the number that is shown: that of its
// first reference among all notes. If another note has this for a label, it is "^3".
func (m *markdown) inlineNote(n *inlineNote) {
	if m.nested {
		m.copy(m.base+n.from, m.base+n.to)
		return
	}
	start := m.at()
	m.copy(m.base+n.from, m.base+n.from+2)
	n.label = strconv.Itoa(len(m.seen) + 1)
	if _, taken := m.labels[n.label]; taken || m.seen[n.label] {
		n.label = "^" + n.label
	}
	m.see(n.label)
	m.mark(start, n.label)
	m.pending = append(m.pending, n)
}
