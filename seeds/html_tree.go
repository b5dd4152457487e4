package seeds

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlTree is a page as elements and texts in the order of the source. It is much lighter than a tree of pointers, and
// it knows where in the source everything stands, which a parser that follows the whole HTML standard does not say. End
// tags that may be left out are put in; what else is misnested keeps its text and loses at most its emphasis.
type htmlTree struct {
	src    *source
	nodes  []htmlNode
	values []htmlValue
	xml    bool // <a/> is an empty element

	// For the time of parsing:
	stack    []int32
	open     map[atom.Atom]int // how many elements of a name are open
	overflow map[atom.Atom]int // start tags below maxNesting, whose end tags mean nothing
}

// htmlNode is an element or, without a tag, a text. Its descendants are the nodes behind it, up to last.
type htmlNode struct {
	tag      atom.Atom // 0 for a text and for an element of an unknown name
	element  bool
	void     bool
	count    uint8 // attributes
	from, to int32 // of the start tag or the text, in the source
	last     int32 // index behind the last descendant
	parent   int32
	first    int32 // index of its first attribute
}

// htmlValue is an attribute whose value is source.text[from:to].
type htmlValue struct {
	name     uint8 // index into htmlKept
	from, to int32
}

// parseHTML reads the tags of a page.
func parseHTML(src *source) *htmlTree {
	t := &htmlTree{
		src: src, open: make(map[atom.Atom]int), overflow: make(map[atom.Atom]int),
		xml: strings.HasPrefix(strings.TrimLeft(src.text[:min(len(src.text), sniffed)], " \t\r\n"), "<?xml"),
	}
	elements := strings.Count(src.text, "<") - strings.Count(src.text, "</")
	texts := strings.Count(src.text, ">") - strings.Count(src.text, "><")
	t.nodes = append(make([]htmlNode, 0, min(elements+texts, len(src.text)/16)+16), htmlNode{element: true, tag: atom.Html})
	t.stack = append(t.stack, 0)
	z := html.NewTokenizer(strings.NewReader(src.text))
	at := 0
	for {
		kind := z.Next()
		from := at
		at += len(z.Raw())
		switch kind {
		case html.ErrorToken:
			t.popTo(0)
			t.nodes[0].last = int32(len(t.nodes))
			t.stack = nil
			return t
		case html.TextToken:
			t.add(htmlNode{from: int32(from), to: int32(at)})
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			t.start(atom.Lookup(name), from, at, len(name), kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			if tag := atom.Lookup(name); tag != 0 {
				t.end(tag)
			}
		}
	}
}

func (t *htmlTree) top() int32 { return t.stack[len(t.stack)-1] }

// add appends a node below the open element.
func (t *htmlTree) add(n htmlNode) int32 {
	i := int32(len(t.nodes))
	n.parent, n.last = t.top(), i+1
	t.nodes = append(t.nodes, n)
	return i
}

// pop closes the element at the top.
func (t *htmlTree) pop() {
	i := t.top()
	t.stack = t.stack[:len(t.stack)-1]
	t.nodes[i].last = int32(len(t.nodes))
	t.open[t.nodes[i].tag]--
}

// popTo closes elements until size of them are open, but never the root.
func (t *htmlTree) popTo(size int) {
	for len(t.stack) > max(size, 1) {
		t.pop()
	}
}

// start adds an element, after the end tags that it implies.
func (t *htmlTree) start(tag atom.Atom, from, to, nameSize int, selfClosing bool) {
	switch tag {
	case atom.Html:
		t.attributes(0, from+1+nameSize, to)
		return
	case atom.Body:
		t.closeUp(atom.Head)
	}
	t.imply(tag)
	if tag == atom.A && len(t.stack) >= maxNesting {
		t.pop() // what a link shows must stay in it: it stands beside what it lies in
	}
	i := t.add(htmlNode{element: true, tag: tag, from: int32(from), to: int32(to)})
	t.attributes(i, from+1+nameSize, to)
	if htmlVoid(tag) || selfClosing && (t.xml || tag == atom.A || t.open[atom.Svg]+t.open[atom.Math] > 0) {
		t.nodes[i].void = true
		return
	}
	if len(t.stack) >= maxNesting {
		t.overflow[tag]++
		return
	}
	t.stack = append(t.stack, i)
	t.open[tag]++
}

// imply puts in the end tags that a start tag implies.
func (t *htmlTree) imply(tag atom.Atom) {
	switch tag {
	case atom.Li:
		t.closeUp(atom.Li, atom.Ol, atom.Ul, atom.Menu, atom.Table)
	case atom.Dd, atom.Dt:
		t.closeUp(atom.Dd, atom.Dl, atom.Table)
		t.closeUp(atom.Dt, atom.Dl, atom.Table)
	case atom.Td, atom.Th:
		t.closeUp(atom.Td, atom.Tr, atom.Table)
		t.closeUp(atom.Th, atom.Tr, atom.Table)
	case atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot:
		t.closeUp(atom.Tr, atom.Table)
	case atom.Option:
		t.closeUp(atom.Option, atom.Select)
	case atom.A:
		t.closeUp(atom.A, atom.Table, atom.Td)
	case atom.Meta, atom.Link, atom.Title, atom.Script, atom.Style, atom.Base, atom.Noscript, atom.Template, 0:
		return
	}
	t.closeUp(atom.Head)
	if htmlBlock(tag) {
		link := t.openLink()
		t.closeUp(atom.P, atom.Table, atom.Td, atom.Th, atom.Caption, atom.Button, atom.Object)
		if link > 0 && t.open[atom.A] == 0 {
			t.reopen(link)
		}
	}
	if headingLevel(tag) > 0 && headingLevel(t.nodes[t.top()].tag) > 0 {
		t.pop()
	}
}

// openLink returns the innermost element if it is a link that shows nothing yet, or 0.
func (t *htmlTree) openLink() int32 {
	i := t.top()
	if t.nodes[i].tag != atom.A || t.textBetween(i+1, int32(len(t.nodes))) {
		return 0
	}
	return i
}

// reopen goes on with a link around the block that ended the paragraph in which it began: <p><a href="…"><div>.
func (t *htmlTree) reopen(link int32) {
	n := t.nodes[link]
	i := t.add(htmlNode{element: true, tag: n.tag, from: n.from, to: n.to, first: n.first, count: n.count})
	t.stack = append(t.stack, i)
	t.open[n.tag]++
}

// closeUp closes the innermost open element of a name, unless an element that bounds it is open within.
func (t *htmlTree) closeUp(tag atom.Atom, bounds ...atom.Atom) {
	if t.open[tag] == 0 {
		return
	}
	for k := len(t.stack) - 1; k > 0; k-- {
		switch have := t.nodes[t.stack[k]].tag; {
		case have == tag:
			t.popTo(k)
			return
		case slices.Contains(bounds, have):
			return
		}
	}
}

// end closes an element. An end tag that fits nothing, or would tear a block apart, means nothing.
func (t *htmlTree) end(tag atom.Atom) {
	if t.overflow[tag] > 0 {
		t.overflow[tag]--
		return
	}
	heading := headingLevel(tag) > 0
	if t.open[tag] == 0 && !heading {
		return
	}
	inline := !htmlBlock(tag) && !htmlTable(tag) && tag != atom.A && tag != atom.Head && tag != atom.Body
	for k := len(t.stack) - 1; k > 0; k-- {
		have := t.nodes[t.stack[k]].tag
		switch {
		case have == tag || heading && headingLevel(have) > 0:
			t.popTo(k)
			return
		case inline && htmlBlock(have), htmlTable(have) && !htmlTable(tag) && tag != atom.Body, tag == atom.Li && (have == atom.Ol || have == atom.Ul):
			return
		}
	}
}

// htmlVoid tells the elements that have no end tag.
func htmlVoid(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr, atom.Frame:
		return true
	}
	return false
}

// htmlBlock tells the elements that stand in lines of their own.
func htmlBlock(tag atom.Atom) bool {
	switch tag {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Center, atom.Dd, atom.Details, atom.Dialog, atom.Dir,
		atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2,
		atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Li, atom.Main, atom.Menu, atom.Nav,
		atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Ul, atom.Xmp, atom.Listing, atom.Plaintext:
		return true
	}
	return false
}

// htmlTable tells the elements that a table is made of.
func htmlTable(tag atom.Atom) bool {
	switch tag {
	case atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Caption:
		return true
	}
	return false
}

// headingLevel is 1 for h1, and 0 for what is no heading.
func headingLevel(tag atom.Atom) int {
	switch tag {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6:
		return 6
	}
	return 0
}
