package seeds

import (
	"slices"
	"sort"
	"strings"

	"golang.org/x/net/html/atom"
)

// htmlMain decides what of a page is the report and what is the frame around it: navigation, related pages, comments,
// buttons to share it. It leaves out what says so by its element, its role or its class; never anything that holds a
// note or a reference to one, and never the greater part of the page. When in doubt a thing stays.
type htmlMain struct {
	*htmlTree
	text, linked []int32 // bytes of text, and of linked text, before each node
	kept         []int32 // nodes of notes and references
	titles       []int32 // headings of the first level
	content      int32   // the element that holds the report; 0 if the page does not say
	code         bool    // the report is one <pre>
	all          int     // bytes of text of the page
}

// mainOf measures a page and finds the element that holds its report.
func mainOf(t *htmlTree, notes *htmlNotes) *htmlMain {
	m := &htmlMain{htmlTree: t, text: make([]int32, len(t.nodes)+1), linked: make([]int32, len(t.nodes)+1)}
	for _, n := range notes.notes {
		m.kept = append(m.kept, n.first)
	}
	for _, r := range notes.refs {
		m.kept = append(m.kept, r.node)
	}
	slices.Sort(m.kept)
	var size, linked, silent, link, pre int32
	for i := range t.nodes {
		m.text[i], m.linked[i] = size, linked
		n := t.nodes[i]
		at := int32(i)
		if n.tag == atom.H1 {
			m.titles = append(m.titles, at)
		}
		switch {
		case at < silent:
		case n.element && (htmlSilent(n.tag) || t.unseen(at)):
			silent = n.last
		case n.tag == atom.A && n.count > 0 && t.has(at, "href"):
			link = n.last
		case n.tag == atom.Pre:
			pre = max(pre, n.last)
		case !n.element:
			words := int32(len(strings.TrimSpace(t.src.text[n.from:n.to])))
			size += words
			if at < link {
				linked += words
			}
		}
	}
	m.text[len(t.nodes)], m.linked[len(t.nodes)] = size, linked
	m.all = int(size)
	m.content = m.find()
	m.code = pre > 0 && m.mostlyPre()
	return m
}

func (m *htmlMain) size(i int32) int { return int(m.text[m.nodes[i].last] - m.text[i]) }

// density is the share of the text of an element that is linked.
func (m *htmlMain) density(i int32) float64 {
	return float64(m.linked[m.nodes[i].last]-m.linked[i]) / float64(max(1, m.size(i)))
}

// find returns the one <main>, or the one <article>, if it holds enough of the page.
func (m *htmlMain) find() int32 {
	var mains, articles []int32
	for i := range m.nodes {
		at := int32(i)
		switch n := m.nodes[i]; {
		case !n.element:
		case n.tag == atom.Main, n.count > 0 && m.attr(at, "role") == "main":
			if k := len(mains); k == 0 || at >= m.nodes[mains[k-1]].last {
				mains = append(mains, at)
			}
		case n.tag == atom.Article:
			articles = append(articles, at)
		}
	}
	const enough = 4 // the rest of the page may be so many times as long
	for _, found := range [...][]int32{mains, articles} {
		if len(found) == 1 && m.size(found[0])*enough >= m.all && m.size(found[0]) > 0 {
			return found[0]
		}
	}
	return 0
}

// mostlyPre tells a text that was put into a page as it was: what is preformatted is no code then.
func (m *htmlMain) mostlyPre() bool {
	size := 0
	for i := 0; i < len(m.nodes); i++ {
		if m.nodes[i].tag == atom.Pre {
			at := int32(i)
			size += m.size(at)
			i = int(m.nodes[i].last) - 1
		}
	}
	return size*10 > m.all*9
}

// unseen tells what a browser does not show.
func (t *htmlTree) unseen(i int32) bool {
	if t.nodes[i].count == 0 {
		return false
	}
	if t.has(i, "hidden") && t.attr(i, "hidden") != "until-found" {
		return true
	}
	if style := t.attr(i, "style"); style != "" && (hides(style) || strings.Contains(style, "mso-element:comment")) {
		return true
	}
	return unseenClass(t.attr(i, "class"))
}

// enoughText is how many bytes of text an article has at least whose comments may be longer than it.
const enoughText = 300

// leftOut tells whether an element with all it holds is no part of the report. It is asked of no descendant of such an
// element.
func (m *htmlMain) leftOut(i int32) bool {
	n := m.nodes[i]
	switch {
	case htmlSilent(n.tag):
		return true
	case n.tag == atom.Del, n.count > 0 && m.unseen(i):
		return true
	case n.tag == atom.Body, n.tag == atom.Html, n.tag == atom.Main, n.tag == atom.Article, i <= m.content && m.content < n.last:
		return false
	case !htmlBlock(n.tag) && n.tag != atom.Span && n.tag != atom.Table && n.tag != 0, m.holdsNotes(i):
		return false
	}
	if m.content > 0 && (i < m.content || i >= m.nodes[m.content].last) {
		// Beside what the page says is its content only prose is worth a doubt.
		return (m.size(i)*2 < m.size(m.content) || m.density(i) > 0.5) && !m.seemsNotes(i)
	}
	if n.count == 0 && n.tag != atom.Nav && n.tag != atom.Aside && n.tag != atom.Header && n.tag != atom.Footer {
		return false
	}
	kind := m.beside(i)
	if kind == inPlace {
		return false
	}
	left := m.all - m.size(i)
	return (m.size(i) <= left || kind == besideComments && left > enoughText) && !m.seemsNotes(i)
}

// seemsNotes tells an element that may hold notes which nothing leads to: by its name, by a heading such as "Sources", or
// by a text that begins with [1].
func (m *htmlMain) seemsNotes(i int32) bool {
	const most = 4000 // nodes that are looked at
	if classWords(m.attr(i, "class"), notesWord) || classWords(m.attr(i, "id"), notesWord) {
		return true
	}
	for k := i + 1; k < min(m.nodes[i].last, i+most); k++ {
		n := m.nodes[k]
		switch {
		case !n.element:
			text := strings.TrimLeft(m.src.text[n.from:min(n.to, n.from+64)], " \t\r\n")
			if l, ok := labelAt(text); ok && l.shape.strong() && l.value > 0 {
				return true
			}
		case headingLevel(n.tag) > 0 && isHeading(m.longText(k)):
			return true
		}
	}
	return false
}

// besideKind says why an element may be no part of the report.
type besideKind int

const (
	inPlace besideKind = iota
	besideFrame
	besideComments
)

// beside judges an element by its name, role and classes.
func (m *htmlMain) beside(i int32) besideKind {
	const linked = 0.4 // from here on a list of links
	n := m.nodes[i]
	role := m.attr(i, "role")
	switch {
	case n.tag == atom.Nav, n.tag == atom.Dialog, landmark(role):
		if n.tag == atom.Header && role == "banner" && m.density(i) < linked {
			return inPlace
		}
		return besideFrame
	case n.tag == atom.Header && !m.sectioned(i), n.tag == atom.Footer, n.tag == atom.Aside && m.density(i) >= linked:
		if n.tag == atom.Header && m.density(i) < linked || n.tag == atom.Footer && m.sectioned(i) && m.density(i) < linked {
			return inPlace
		}
		return besideFrame
	case n.tag == atom.Header:
		return inPlace
	}
	class := m.attr(i, "class")
	if n.tag == atom.Section && strings.Contains(class, "level") {
		return inPlace // of pandoc, which takes its names from the headings
	}
	id := m.attr(i, "id")
	switch {
	case within(m.titles, i, n.last):
		return inPlace // what holds the title is hardly beside it
	case classWords(class, commentWord), id == "comments", id == "disqus_thread", id == "respond":
		return besideComments
	case classWords(class, asideWord), (classWords(id, asideWord) || classWords(class, frameWord) || classWords(id, frameWord)) && m.density(i) >= linked:
		return besideFrame
	}
	return inPlace
}

// sectioned tells whether an element stands in an article or a section.
func (m *htmlMain) sectioned(i int32) bool {
	for up := m.nodes[i].parent; up > 0; up = m.nodes[up].parent {
		switch m.nodes[up].tag {
		case atom.Article, atom.Section, atom.Main:
			return true
		}
	}
	return false
}

// holdsNotes tells whether an element holds a note or a reference to one.
func (m *htmlMain) holdsNotes(i int32) bool {
	return within(m.kept, i, m.nodes[i].last)
}

// within tells whether one of some nodes, in order, lies in [first, last).
func within(nodes []int32, first, last int32) bool {
	k := sort.Search(len(nodes), func(k int) bool { return nodes[k] >= first })
	return k < len(nodes) && nodes[k] < last
}
