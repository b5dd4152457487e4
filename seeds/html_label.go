package seeds

import (
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// refLabel returns the label that a link shows, or nothing if its text is none, and whether it is raised or bracketed.
func (n *htmlNotes) refLabel(i int32) (label string, high bool) {
	t := n.tree
	const longest = 24
	text, ok := t.shortText(i, longest)
	if !ok {
		return "", false
	}
	text = collapse(text)
	for k := i; k < t.nodes[i].last; k++ {
		high = high || t.nodes[k].tag == atom.Sup
	}
	for up, k := t.nodes[i].parent, 0; up > 0 && k < 4 && !htmlBlock(t.nodes[up].tag); up, k = t.nodes[up].parent, k+1 {
		high = high || t.nodes[up].tag == atom.Sup
	}
	inner := strings.Trim(text, "[](){}\u00a0 .,;:*^")
	high = high || strings.HasPrefix(text, "[")
	switch {
	case inner == "" && strings.Trim(text, "*") == "" && text != "":
		return text, high
	case inner == "":
		return "", false
	}
	if raised(inner) == len(inner) {
		return lowered(inner), true
	}
	if labelText(inner, shapeBracket) || isDigits(inner, 4) {
		return inner, high
	}
	switch inner {
	case "†", "‡", "§", "¶", "††", "‡‡", "#", "i", "ii", "iii":
		return inner, true
	}
	word, number, ok := strings.Cut(inner, " ")
	if ok && labelText(number, shapeBracket) {
		switch strings.ToLower(word) {
		case "footnote", "fn", "fn.", "endnote", "fußnote":
			return number, true
		}
		if strings.HasPrefix(text, "[") { // [note 1], [nb 2]
			return inner, true
		}
	}
	return "", false
}

// shortText returns the text of an element, if it is no longer than limit bytes.
func (t *htmlTree) shortText(i int32, limit int) (string, bool) {
	var b strings.Builder
	for k := i + 1; k < t.nodes[i].last; k++ {
		n := t.nodes[k]
		if n.element {
			if htmlSilent(n.tag) || t.unseen(k) {
				k = n.last - 1
			}
			continue
		}
		text := t.src.text[n.from:n.to]
		if len(text) > 8*limit {
			return "", false
		}
		b.WriteString(attributeText(text))
		if b.Len() > 8*limit {
			return "", false
		}
	}
	text := strings.TrimSpace(b.String())
	return text, len(text) <= limit
}

// label names the notes as they are shown: by the first reference, or by their number in a list. A second note that is
// shown alike, as where every chapter counts anew, gets the number of its turn behind it.
func (n *htmlNotes) label() {
	for k := range n.notes {
		n.notes[k].label = ""
	}
	for _, r := range n.refs {
		if r.note >= 0 && n.notes[r.note].label == "" {
			n.notes[r.note].label = r.label
		}
	}
	ordinals := n.ordinals()
	taken := make(map[string]int)
	for k := range n.notes {
		note := &n.notes[k]
		if note.label == "" {
			note.label = ordinals[note.first]
		}
		if note.label == "" {
			note.label = strconv.Itoa(k + 1)
		}
		taken[note.label]++
		if turn := taken[note.label]; turn > 1 {
			note.label += "/" + strconv.Itoa(turn)
		}
	}
	for k := range n.refs {
		if r := &n.refs[k]; r.note >= 0 {
			r.label = n.notes[r.note].label
		}
	}
}

// ordinals are the numbers that the items of the lists of notes show.
func (n *htmlNotes) ordinals() map[int32]string {
	t := n.tree
	numbers := make(map[int32]string)
	done := make(map[int32]bool)
	for _, note := range n.notes {
		list := t.nodes[note.first].parent
		if t.nodes[note.first].tag != atom.Li || t.nodes[list].tag != atom.Ol || done[list] {
			continue
		}
		done[list] = true
		next := 1
		if start, err := strconv.Atoi(strings.TrimSpace(t.attr(list, "start"))); err == nil {
			next = start
		}
		for k := list + 1; k < t.nodes[list].last; k = t.nodes[k].last {
			if t.nodes[k].tag != atom.Li {
				continue
			}
			if v, err := strconv.Atoi(strings.TrimSpace(t.attr(k, "value"))); err == nil {
				next = v
			}
			numbers[k] = strconv.Itoa(next)
			next++
		}
	}
	return numbers
}
