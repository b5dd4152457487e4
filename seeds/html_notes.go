package seeds

import (
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// htmlNote is a note: the nodes [first, last).
type htmlNote struct {
	first, last int32
	label       string
	cited       bool // a reference leads to it
}

// htmlRef is a reference to a note: the link at node, shown as what stands at mark, which holds the link.
type htmlRef struct {
	node, mark int32
	label      string
	note       int // index, -1 if the note is missing
}

// htmlNotes are the references and notes of a page.
type htmlNotes struct {
	tree  *htmlTree
	self  []string       // the addresses of the page, without fragments
	refs  []htmlRef      // by node
	notes []htmlNote     // by first
	back  map[int32]bool // links from a note to where it is cited
}

// jump is a link to another place of the page.
type jump struct {
	from, to int32 // to is -1 if there is no such place
	name     string
	label    string
	raised   bool // shown in superscript or in brackets
	strong   bool // the page says that it is a reference
}

// findHTMLNotes tells references to notes from all other links within a page. The rule is the same for every tool that
// writes pages: a link with a number or a sign for its text leads forward to a note. One thing at least must speak for
// it: roles or names that tools give to notes, a link back, or a raised or bracketed number that leads to an item of a list.
func findHTMLNotes(t *htmlTree, self []string) *htmlNotes {
	n := &htmlNotes{tree: t, self: self, back: make(map[int32]bool)}
	jumps := n.jumps()
	if len(jumps) == 0 {
		return n
	}
	n.notes = n.targets(jumps)
	n.unlinked()
	n.cite(jumps)
	n.label()
	return n
}

// jumps finds the links within the page and where they lead.
func (n *htmlNotes) jumps() []jump {
	t := n.tree
	ids := make(map[string]int32) // the elements that links of the page lead to
	var all []jump
	for i := range t.nodes {
		i := int32(i)
		if t.nodes[i].tag != atom.A {
			continue
		}
		from, to, ok := t.attrAt(i, "href")
		if !ok || strings.IndexByte(t.src.text[from:to], '#') < 0 {
			continue
		}
		if name, ok := n.fragment(strings.TrimSpace(t.attr(i, "href"))); ok {
			ids[name] = -1
			all = append(all, jump{from: i, name: name})
		}
	}
	if len(all) == 0 {
		return nil
	}
	for i := range t.nodes {
		i := int32(i)
		for _, attr := range [...]string{"id", "name"} {
			if t.nodes[i].count == 0 || attr == "name" && t.nodes[i].tag != atom.A {
				continue
			}
			if from, to, ok := t.attrAt(i, attr); ok {
				name := attributeText(t.src.text[from:to])
				if at, wanted := ids[name]; wanted && at < 0 {
					ids[name] = i
				}
			}
		}
	}
	for k := range all {
		j := &all[k]
		j.to = ids[j.name]
		j.label, j.raised = n.refLabel(j.from)
		j.strong = n.saysRef(j.from) || j.label != "" && refName.MatchString(j.name)
	}
	return all
}

// fragment returns the place that a link names, if it is one of this page.
func (n *htmlNotes) fragment(href string) (string, bool) {
	page, name, _ := strings.Cut(href, "#")
	if name == "" || len(name) > maxMeta {
		return "", false
	}
	if page != "" && !slices.Contains(n.self, page) && !(strings.Contains(page, "://") && refName.MatchString(name)) {
		return "", false
	}
	if plain, err := url.PathUnescape(name); err == nil && utf8.ValidString(plain) {
		name = plain
	}
	return name, true
}

// refName is what tools call notes: fn1, fn:1, _ftn1, ftnt1, footnote-1, sdfootnote1sym, user-content-fn-1,
// cite_note-name-3, easy-footnote-bottom-1-23, endnote-1, note1.
var refName = regexp.MustCompile(`(?i)^(user-content-|mw-?)?_?(fn|ftn|ftnt|edn|en|footnote|endnote|foot|sdfootnote|sdendnote|easy-footnote-bottom|cite_note|note|ref|reference|bib|cite)s?([-_:.]|\d|[0-9a-f]{8}-)`)

// saysRef tells whether a page says of a link that it is a reference to a note.
func (n *htmlNotes) saysRef(i int32) bool {
	t := n.tree
	if t.attr(i, "role") == "doc-noteref" || t.attr(i, "epub:type") == "noteref" || t.has(i, "data-footnote-ref") {
		return true
	}
	if style := t.attr(i, "style"); strings.Contains(style, "mso-footnote-id") || strings.Contains(style, "mso-endnote-id") {
		return true
	}
	for name := range strings.FieldsSeq(t.attr(i, "class")) {
		switch name {
		case "footnote-ref", "footnote-reference", "footnoteref", "noteref", "fn-ref", "footnote-anchor", "footnote", "sdfootnoteanc", "sdendnoteanc", "footnote-link", "footnote-backlink-ref":
			return true
		}
	}
	return false
}

// targets finds the notes that are linked, by where they begin.
func (n *htmlNotes) targets(jumps []jump) []htmlNote {
	t := n.tree
	var places []int32 // every element that may be a note or its label
	for _, j := range jumps {
		if j.to > j.from && (j.label != "" || j.strong) && headingLevel(t.nodes[j.to].tag) == 0 {
			places = append(places, j.to)
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	var notes []htmlNote
	extents := make(map[int32]htmlNote)
	seen := make(map[int32]bool) // to be no note, or to be one
	backs := n.backs(jumps)
	for _, j := range jumps {
		if j.to <= j.from || j.label == "" && !j.strong || headingLevel(t.nodes[j.to].tag) > 0 || seen[j.to] {
			continue
		}
		note, ok := extents[j.to]
		if !ok {
			note = n.extent(j.to, places)
			extents[j.to] = note
			seen[j.to] = n.structured(note)
		}
		if seen[j.to] || note.first <= j.from && j.from < note.last || !n.evident(j, note, backs) {
			continue
		}
		seen[j.to] = true
		notes = append(notes, note)
	}
	slices.SortFunc(notes, func(a, b htmlNote) int { return int(a.first - b.first) })
	kept := notes[:0]
	for _, note := range notes {
		if k := len(kept); k > 0 && note.first < kept[k-1].last {
			if note.first == kept[k-1].first {
				continue
			}
			kept[k-1].last = note.first // the label of the next one stands within
		}
		kept = append(kept, note)
	}
	n.absorb(kept)
	return kept
}

// backs are the links that lead backwards, by where they stand.
func (n *htmlNotes) backs(jumps []jump) []jump {
	var all []jump
	for _, j := range jumps {
		if j.to >= 0 && j.to < j.from && headingLevel(n.tree.nodes[j.to].tag) == 0 {
			all = append(all, j)
		}
	}
	return all
}

// evident tells whether something speaks for a note.
func (n *htmlNotes) evident(j jump, note htmlNote, backs []jump) bool {
	t := n.tree
	if j.strong && (j.raised || n.saysRef(j.from)) {
		return true
	}
	for up, k := j.to, 0; up > 0 && k < 4; up, k = t.nodes[up].parent, k+1 {
		role, kind := t.attr(up, "role"), t.attr(up, "epub:type")
		switch {
		case role == "doc-endnote", role == "doc-footnote", role == "doc-endnotes", strings.Contains(kind, "footnote"), strings.Contains(kind, "endnote"),
			classWords(t.attr(up, "class"), notesWord), strings.Contains(t.attr(up, "style"), "mso-element:footnote"), strings.Contains(t.attr(up, "style"), "mso-element:endnote"):
			return true
		}
	}
	k := sort.Search(len(backs), func(k int) bool { return backs[k].from >= note.first })
	const most = 64 // of one note
	for end := min(len(backs), k+most); k < end && backs[k].from < note.last; k++ {
		// The link back leads to the reference, to what it stands in, or into it.
		to := backs[k].to
		if near := j.from - to; near >= -8 && near <= 8 || to < j.from && j.from < t.nodes[to].last {
			return true
		}
	}
	return j.raised && t.nodes[note.first].tag == atom.Li
}

// unlinked adds the items of a list of notes that nothing leads to.
func (n *htmlNotes) unlinked() {
	t := n.tree
	var added []htmlNote
	done := make(map[int32]bool)
	for _, note := range n.notes {
		list := t.nodes[note.first].parent
		if t.nodes[note.first].tag != atom.Li || t.nodes[list].tag != atom.Ol || done[list] {
			continue
		}
		done[list] = true
		for k := list + 1; k < t.nodes[list].last; k = t.nodes[k].last {
			if t.nodes[k].tag == atom.Li && !n.isNote(k) {
				added = append(added, htmlNote{first: k, last: t.nodes[k].last})
			}
		}
	}
	n.notes = append(n.notes, added...)
	slices.SortFunc(n.notes, func(a, b htmlNote) int { return int(a.first - b.first) })
}

func (n *htmlNotes) isNote(i int32) bool {
	k := n.noteAt(i)
	return k >= 0
}

// noteAt returns the index of the note that a node belongs to, or -1.
func (n *htmlNotes) noteAt(i int32) int {
	k := sort.Search(len(n.notes), func(k int) bool { return n.notes[k].first > i }) - 1
	if k >= 0 && i < n.notes[k].last {
		return k
	}
	return -1
}

// cite finds all references to the notes, and the links back.
func (n *htmlNotes) cite(jumps []jump) {
	t := n.tree
	for _, j := range jumps {
		inside, to := n.noteAt(j.from), -1
		if j.to >= 0 {
			to = n.noteAt(j.to)
		}
		switch {
		case inside >= 0 && n.saysBack(j.from), inside >= 0 && (to == inside || j.to >= 0 && j.to < n.notes[inside].first && n.leadsBack(j)):
			n.back[j.from] = true
		case to >= 0 && to != inside && (j.label != "" || n.saysRef(j.from)) && (j.to == n.notes[to].first || j.strong || j.raised || t.nodes[j.to].parent >= n.notes[to].first-1):
			n.refs = append(n.refs, htmlRef{node: j.from, mark: n.markOf(j.from), label: j.label, note: to})
			n.notes[to].cited = n.notes[to].cited || inside < 0
		case j.to < 0 && inside < 0 && j.label != "" && (n.saysRef(j.from) || j.strong && j.raised):
			n.refs = append(n.refs, htmlRef{node: j.from, mark: n.markOf(j.from), label: j.label, note: -1})
		}
	}
}

// saysBack tells whether a page says of a link that it leads from a note to where the note is cited.
func (n *htmlNotes) saysBack(i int32) bool {
	t := n.tree
	if t.attr(i, "role") == "doc-backlink" || t.has(i, "data-footnote-backref") {
		return true
	}
	class := t.attr(i, "class")
	return classHas(class, "footnote-back") || classHas(class, "footnote-backref") || classHas(class, "reversefootnote")
}

// leadsBack tells whether a link that leads out of a note only says where the note is cited.
func (n *htmlNotes) leadsBack(j jump) bool {
	text, ok := n.tree.shortText(j.from, 40)
	if !ok {
		return false
	}
	switch lower := strings.ToLower(text); {
	case utf8.RuneCountInString(text) <= 4, j.label != "":
		return true
	default:
		return strings.Contains(lower, "back") || strings.Contains(lower, "return") || strings.Contains(lower, "jump") || strings.ContainsAny(text, "↩↑⤴⏎^")
	}
}

// markOf returns what a reference is shown by: the superscript around a link if nothing else stands in it.
func (n *htmlNotes) markOf(i int32) int32 {
	t := n.tree
	mark := i
	const widest = 64 // nodes in a superscript
	for up := t.nodes[i].parent; up > 0 && !htmlBlock(t.nodes[up].tag); up = t.nodes[up].parent {
		if t.nodes[up].last-up > widest || t.textOutside(up, mark) {
			break
		}
		mark = up
		if t.nodes[up].tag == atom.Sup {
			break
		}
	}
	if t.nodes[mark].tag != atom.Sup {
		return i
	}
	return mark
}

// textOutside tells whether an element shows more than one of its descendants, brackets aside.
func (t *htmlTree) textOutside(i, but int32) bool {
	for k := i + 1; k < t.nodes[i].last; k++ {
		if k == but {
			k = t.nodes[but].last - 1
			continue
		}
		if n := t.nodes[k]; !n.element && strings.Trim(t.src.text[n.from:n.to], "[]() \t\r\n") != "" {
			return true
		}
	}
	return false
}
