package seeds

import (
	"strconv"
	"strings"
)

// wikiNotes are the notes of a wiki page. A note has a name within its group, or none; its label is what is shown: the
// order in which notes of a group are first referred to, behind the name of the group.
type wikiNotes struct {
	labels  map[string]string  // by group and name
	defined map[string]wikiRef // first text of a name, by group and name
	order   []string           // of what is defined
	used    map[string]bool    // what is defined and referred to
	written map[string]bool    // labels whose text waits or is written
	count   map[string]int     // by group
}

func wikiKey(group, name string) string { return group + "\x00" + name }

// defineNotes finds the text of the notes that have names.
func (w *wiki) defineNotes() {
	w.notes = wikiNotes{labels: make(map[string]string), defined: make(map[string]wikiRef), count: make(map[string]int),
		used: make(map[string]bool), written: make(map[string]bool)}
	for _, r := range w.refs {
		if r.name == "" || r.empty || strings.TrimSpace(w.src.text[r.from:r.to]) == "" {
			continue
		}
		key := wikiKey(r.group, r.name)
		if _, ok := w.notes.defined[key]; !ok {
			w.notes.defined[key] = r
			w.notes.order = append(w.notes.order, key)
		}
	}
}

// ref reads <ref>, which is a mark; what it holds is a note.
func (w *wiki) ref(i, end int) int {
	all := w.within(i, i+1)
	if len(all) == 0 || all[0].open != i {
		return end
	}
	r := all[0]
	label := w.label(r)
	w.refer("["+label+"]", i, end, label)
	return r.end
}

// label is the label of a note. That of a new one is counted, and its text waits to be written.
func (w *wiki) label(r wikiRef) string {
	key := wikiKey(r.group, r.name)
	if r.name == "" {
		key = "\x00" + strconv.Itoa(r.open)
	} else {
		for _, k := range [...]string{key, wikiKey("", r.name)} {
			if d, ok := w.notes.defined[k]; ok {
				r.from, r.to = d.from, d.to
				w.notes.used[k] = true
				break
			}
		}
	}
	label, ok := w.notes.labels[key]
	if !ok {
		label = w.notes.number(r.group)
		w.notes.labels[key] = label
	}
	if !w.notes.written[label] && (r.from < r.to || r.name == "" && !r.empty) {
		w.wait(label, func() { w.run(r.from, r.to, false) })
	}
	return label
}

// wait keeps a note until the text is written.
func (w *wiki) wait(label string, write func()) {
	w.notes.written[label] = true
	w.pending = append(w.pending, endnote{label, func() {
		w.tables, w.counts, w.linked = 0, nil, false
		write()
	}})
}

// number counts the notes of a group.
func (n *wikiNotes) number(group string) string {
	n.count[group]++
	k := n.count[group]
	switch group {
	case "":
		return strconv.Itoa(k)
	case "lower-alpha", "upper-alpha":
		label := ""
		for ; k > 0; k = (k - 1) / 26 {
			label = string(rune('a'+(k-1)%26)) + label
		}
		if group == "upper-alpha" {
			return strings.ToUpper(label)
		}
		return label
	}
	return short(group) + " " + strconv.Itoa(k)
}

// unusedNotes writes the notes of a list that nothing refers to.
func (w *wiki) unusedNotes() {
	for _, key := range w.notes.order {
		if !w.notes.used[key] {
			r := w.notes.defined[key]
			w.wait(r.name, func() { w.run(r.from, r.to, false) })
		}
	}
	w.writeEndnotes()
}
