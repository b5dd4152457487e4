package seeds

import (
	"sort"
	"strings"

	"golang.org/x/net/html/atom"
)

// structured tells what is too much for a note: it has a heading.
func (n *htmlNotes) structured(note htmlNote) bool {
	for k := note.first; k < note.last; k++ {
		switch tag := n.tree.nodes[k].tag; {
		case headingLevel(tag) > 0, tag == atom.Main, tag == atom.Article, tag == atom.Body:
			return true
		}
	}
	return false
}

// extent says how far the note at place reaches: its list item, its row, its paragraph, or what a tool put around the
// paragraphs of one note. If several notes stand in one block it ends where the next place is.
func (n *htmlNotes) extent(place int32, places []int32) htmlNote {
	t := n.tree
	block := place
	for block > 0 && !htmlBlock(t.nodes[block].tag) && !htmlTable(t.nodes[block].tag) {
		block = t.nodes[block].parent
	}
	switch t.nodes[block].tag {
	case atom.Td, atom.Th:
		block = t.nodes[block].parent
	case atom.P, atom.Div, atom.Dt:
		up := t.nodes[block].parent
		if tag := t.nodes[up].tag; tag == atom.Li || tag == atom.Dd || tag == atom.Td || (tag == atom.Div || tag == atom.Aside) && n.single(up) {
			if countPlaces(places, up, t.nodes[up].last) == 1 && !t.textBetween(up+1, block) {
				block = up
			}
		}
	}
	if t.nodes[block].tag == atom.Td {
		block = t.nodes[block].parent
	}
	note := htmlNote{first: block, last: t.nodes[block].last}
	if countPlaces(places, block, note.last) > 1 || block != place && t.textBetween(block+1, place) {
		note.first = place
		if k := sort.Search(len(places), func(k int) bool { return places[k] > place }); k < len(places) {
			note.last = min(note.last, places[k])
		}
	}
	if t.nodes[block].tag == atom.Dt && note.last < int32(len(t.nodes)) && t.nodes[note.last].tag == atom.Dd {
		note.last = t.nodes[note.last].last
	}
	return note
}

// single tells whether an element is named as one note.
func (n *htmlNotes) single(i int32) bool {
	t := n.tree
	if style := t.attr(i, "style"); strings.Contains(style, "mso-element:footnote") || strings.Contains(style, "mso-element:endnote") {
		return !strings.Contains(style, "-list")
	}
	if role := t.attr(i, "role"); role == "doc-footnote" || role == "doc-endnote" || t.attr(i, "epub:type") == "footnote" {
		return true
	}
	return refName.MatchString(t.attr(i, "id")) || classWords(t.attr(i, "class"), func(word string) bool {
		return word == "footnote" || word == "endnote" || word == "note" || word == "reference"
	})
}

func countPlaces(places []int32, from, to int32) int {
	return sort.Search(len(places), func(k int) bool { return places[k] >= to }) - sort.Search(len(places), func(k int) bool { return places[k] >= from })
}

// textBetween tells whether any text stands in the nodes [from, to).
func (t *htmlTree) textBetween(from, to int32) bool {
	const furthest = 256 // nodes; between what is further apart there is text
	if to-from > furthest {
		return true
	}
	for k := from; k < to; k++ {
		if n := t.nodes[k]; !n.element && strings.TrimSpace(t.src.text[n.from:n.to]) != "" {
			return true
		}
	}
	return false
}

// absorb gives what stands between two notes of one list to the first: its further paragraphs.
func (n *htmlNotes) absorb(notes []htmlNote) {
	t := n.tree
	for k := range notes[:max(0, len(notes)-1)] {
		a, b := &notes[k], notes[k+1]
		parent := t.nodes[a.first].parent
		if parent != t.nodes[b.first].parent || t.nodes[a.first].tag != atom.P {
			continue
		}
		plain := true
		paragraphs := 0
		for i := a.last; i < b.first && plain; i++ {
			tag := t.nodes[i].tag
			plain = headingLevel(tag) == 0 && tag != atom.Hr && tag != atom.Table && tag != atom.Section
			if t.nodes[i].parent == parent && tag == atom.P {
				paragraphs++
			}
		}
		if plain && paragraphs <= 8 {
			a.last = b.first
		}
	}
}
