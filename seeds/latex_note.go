package seeds

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// texNotes are the notes of a LaTeX report: footnotes and endnotes, which are written behind the text, and the entries
// of its bibliography.
type texNotes struct {
	footnotes int // as \footnote counts
	endnotes  int
	thanks    int
	used      map[string]int    // how often a label was wanted
	latest    map[string]string // the label of the note that shows a number
	last      string            // label of the last mark that counted

	labels  map[int]string    // of entries, by the place of \bibitem
	entries map[string]string // label of an entry, by its key
	entry   *explicitNote     // the one that is open
	missing []string          // keys that other files must have
	cited   map[string]bool   // labels of entries that are cited
	written map[string]bool   // labels of entries that are, or will be, notes
}

// numberEntries gives the entries of the bibliography their labels: what is shown, a number if nothing is said. In a
// report that has footnotes numbers would be ambiguous, so it is the key there.
func (l *latex) numberEntries() {
	n := &l.notes
	n.used, n.latest = make(map[string]int), make(map[string]string)
	n.labels, n.entries = make(map[int]string), make(map[string]string)
	n.cited, n.written = make(map[string]bool), make(map[string]bool)
	for i, at := range l.bibitems {
		_, end := texName(l.src.text, at)
		label := strconv.Itoa(i + 1)
		if from, to, next, ok := l.group(end, '['); ok {
			label, end = "", next
			if to-from < 200 {
				label = l.plain(from, to)
			}
		}
		key, _ := texWord(l.src.text, end)
		number := strings.Trim(label, "0123456789") == ""
		if label == "" || number && (l.footnotes || l.endnotes) || utf8.RuneCountInString(label) > 24 || strings.ContainsAny(label, " ,") {
			label = key
		}
		if label == "" {
			label = strconv.Itoa(i + 1)
		}
		label = n.unique(label)
		n.labels[at], n.written[label] = label, true
		if _, ok := n.entries[key]; !ok {
			n.entries[key] = label
		}
	}
}

// unique is a label that no other note has: the second note 1 is 1/2.
func (n *texNotes) unique(label string) string {
	for {
		n.used[label]++
		k := n.used[label]
		if k == 1 {
			return label
		}
		label += "/" + strconv.Itoa(k)
	}
}

// noteCommand reads the commands of notes and citations.
func (l *latex) noteCommand(name string, i, end int) (next int, ok bool) {
	switch name {
	case "footnote", "footnotemark", "footnotetext", "endnote", "endnotemark", "endnotetext", "thanks", "sidenote":
		return l.footnote(name, i, end), true
	case "setcounter", "addtocounter", "stepcounter":
		return l.counter(name, end), true
	}
	if texCites(name) {
		return l.cite(name, i, end), true
	}
	return i, false
}

// footnote writes a mark, and keeps its note for later.
func (l *latex) footnote(name string, i, end int) int {
	n := &l.notes
	given := ""
	if from, to, next, ok := l.group(end, '['); ok {
		given, end = strings.TrimSpace(l.src.text[from:min(to, from+40)]), next
	}
	from, to, next, text := 0, 0, end, false
	if !strings.HasSuffix(name, "mark") {
		if from, to, next, text = l.group(end, '{'); !text {
			return next
		}
	}
	if l.flat {
		return next
	}
	var label string
	switch {
	case strings.HasSuffix(name, "text"):
		label = n.last
		if given != "" {
			label = n.latest[given]
		}
		if label == "" {
			label = n.count(name, given, l.footnotes)
		}
		l.pending = append(l.pending, endnote{label, func() {
			l.states = nil
			l.run(from, to)
		}})
		return next
	case name == "footnotemark" && given != "" && n.latest[given] != "":
		label = n.latest[given]
	default:
		label = n.count(name, given, l.footnotes)
	}
	l.refer("["+label+"]", i, end, label)
	if text {
		l.pending = append(l.pending, endnote{label, func() {
			l.states = nil
			l.run(from, to)
		}})
		return next
	}
	return l.behind(next)
}

// count is the label of the next note of a kind. Endnotes beside footnotes are e1, e2.
func (n *texNotes) count(name, given string, both bool) string {
	shown := given
	switch {
	case name == "thanks":
		n.thanks++
		shown = strings.Repeat("*", min(n.thanks, 20))
	case strings.HasPrefix(name, "endnote"):
		if given == "" {
			n.endnotes++
			shown = strconv.Itoa(n.endnotes)
		}
		if both {
			shown = "e" + shown
		}
	case given == "":
		n.footnotes++
		shown = strconv.Itoa(n.footnotes)
	}
	label := n.unique(shown)
	n.latest[shown] = label
	if given == "" {
		n.last = label
	}
	return label
}

// counter sets the number of the next note, or of the next item.
func (l *latex) counter(name string, end int) int {
	of, next := texWord(l.src.text, end)
	by, value := 1, next
	if name != "stepcounter" {
		var text string
		if text, value = texWord(l.src.text, next); value == next {
			return l.skip(end, 2)
		}
		var err error
		if by, err = strconv.Atoi(text); err != nil || by > 1e6 || by < -1e6 {
			return value
		}
	}
	add := func(to *int) {
		if name == "setcounter" {
			*to = 0
		}
		*to += by
	}
	switch of {
	case "footnote":
		add(&l.notes.footnotes)
		l.notes.last = l.notes.latest[strconv.Itoa(l.notes.footnotes)]
	case "endnote":
		add(&l.notes.endnotes)
	case "enumi", "enumii", "enumiii", "enumiv":
		add(&l.state.count)
	}
	return value
}

// texCites tells the commands that cite entries of a bibliography.
func texCites(name string) bool {
	switch strings.ToLower(strings.TrimSuffix(name, "s")) {
	case "cite", "citep", "citet", "citealp", "citealt", "citeauthor", "citeyear", "citeyearpar", "citetitle", "citea", "citeasnoun",
		"parencite", "textcite", "autocite", "smartcite", "supercite", "fullcite", "footcite", "footfullcite", "footcitetext",
		"onlinecite", "shortcite", "citeurl", "citenp", "citen":
		return true
	}
	return false
}

// cite writes the mark of \cite[see][p. 3]{a,b} and its like.
func (l *latex) cite(name string, i, end int) int {
	var labels []string
	next := end
	for {
		from, to, after, ok := l.group(l.skip(next, 0), '{')
		if !ok || to-from > 10_000 {
			break
		}
		for key := range strings.SplitSeq(l.src.text[from:to], ",") {
			key = strings.TrimSpace(key)
			label, known := l.notes.entries[key]
			switch {
			case key == "":
			case known:
				labels = append(labels, label)
				l.notes.cited[label] = true
			case l.bibs > 0:
				l.notes.missing = append(l.notes.missing, key)
			default:
				labels = append(labels, key)
			}
		}
		next = after
		if !strings.HasSuffix(name, "s") {
			break
		}
	}
	if next == end {
		return l.behind(end)
	}
	if strings.HasPrefix(strings.ToLower(name), "foot") {
		l.notes.footnotes++
	}
	if len(labels) == 0 {
		l.gap = textGap{} // as if nothing stood there
	} else if !l.flat && l.notes.entry == nil {
		l.refer("["+strings.Join(labels, ", ")+"]", i, next, labels...)
	}
	return next
}

// bibitem begins an entry of the bibliography.
func (l *latex) bibitem(i, end int) int {
	label, ok := l.notes.labels[i]
	end = l.skip(end, 1)
	if !ok || l.flat || l.root >= 0 {
		return end
	}
	l.closeEntry()
	l.paragraph()
	l.begin(blockNote, 0)
	n := &explicitNote{start: l.at(), label: label}
	l.write("["+label+"]", i, end)
	n.textStart = l.at()
	l.gap = textGap{end, end + 1, false}
	l.notes.entry = n
	return end
}

// closeEntry ends the entry that is open.
func (l *latex) closeEntry() {
	if n := l.notes.entry; n != nil {
		l.notes.entry = nil
		l.paragraph()
		l.note(n.start, n.textStart, n.label)
	}
}
