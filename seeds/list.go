package seeds

import "strings"

// datum is one value of a list: a cell of a table, or a string of JSON.
type datum struct {
	from, to int    // in source.text, without its quotes
	name     string // of its column or key, see plainName
	place    string
	seen     string // day on which the author saw what it cites
}

// listWriter writes the values of a list, each a block of its own, so that addresses are found in them as in any text.
type listWriter struct {
	*writer
	// value writes source.text[from:to] without its escapes.
	value func(from, to int)
}

// newListWriter returns a writer of lists, whose value is still to be set.
func newListWriter(src *source) *listWriter {
	w := &listWriter{writer: newWriter(src)}
	w.doc.list = true
	return w
}

// record writes what belongs together: a row, or an object. If it has a claim, the rest of it is the note of that claim.
func (w *listWriter) record(data []datum, label string) {
	claimed := false
	for _, d := range data {
		if !claimName(d.name) {
			continue
		}
		if start, ok := w.cell(d, blockCell); ok {
			text := w.text.String()[start:]
			claim := strings.TrimLeftFunc(text, invisible)
			start += len(text) - len(claim)
			end := strings.IndexAny(claim, "\r\n") // the mark is the first line
			if end < 0 {
				end = len(claim)
			}
			w.doc.marks = append(w.doc.marks, explicitMark{start: start, end: start + end, labels: []string{label}, claim: collapse(claim)})
			claimed = true
		}
	}
	kind := blockCell
	if claimed {
		kind = blockNote
	}
	begin := -1
	for _, d := range data {
		if claimName(d.name) {
			continue
		}
		if start, ok := w.cell(d, kind); ok && begin < 0 {
			begin = start
		}
	}
	if claimed {
		if begin < 0 {
			begin = w.at() // nothing but the claim
		}
		w.note(begin, begin, label)
	}
}

// cell writes one value and says where it began; ok is false if it is empty.
func (w *listWriter) cell(d datum, kind blockKind) (start int, ok bool) {
	d.from, d.to = trimmed(w.source.text, d.from, d.to)
	if d.from == d.to {
		return 0, false
	}
	w.begin(kind, 0)
	w.placeBeside(d.place)
	start = w.at()
	w.value(d.from, d.to)
	text := w.text.String()[start:]
	if strings.TrimFunc(text, invisible) == "" {
		return 0, false
	}
	switch {
	case unsourced(d.name, text):
		w.bar(start)
	case wholeAddress(text):
		raw := w.source.text[d.from:d.to]
		if text == raw {
			text = raw // what is built is not to stay for it
		} else {
			text = strings.Clone(text)
		}
		w.link(start, link{target: text, raw: raw, from: int32(d.from), to: int32(d.to)})
	}
	if strings.Contains(text, ".") {
		w.doc.cells = append(w.doc.cells, cell{start: start, end: w.at(), seen: d.seen})
	}
	return start, true
}

// trimmed moves from and to past the white space at the ends of text[from:to].
func trimmed(text string, from, to int) (int, int) {
	t := strings.TrimRight(text[from:to], " \t\r\n\u00a0")
	n := len(t)
	t = strings.TrimLeft(t, " \t\r\n\u00a0")
	return from + n - len(t), from + n
}

// wholeAddress tells a value that is one address and nothing else, so that none of it is punctuation.
func wholeAddress(text string) bool {
	if !hasPrefixFold(text, "http://") && !hasPrefixFold(text, "https://") || !startsWord(text[strings.Index(text, "://")+3:]) {
		return false
	}
	if strings.ContainsAny(text, " \t\r\n\u00a0<>\"|{}[]\\") || strings.ContainsRune(".,;", rune(text[len(text)-1])) {
		return false
	}
	return !strings.Contains(strings.ToLower(text[1:]), "http")
}

// plainName is a column's or key's name in lower case, with blanks for the signs between its words.
func plainName(name string) string {
	const longest = 64
	name = name[:min(len(name), longest)]
	return collapse(strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return ' '
		}
		return r
	}, strings.ToLower(strings.ToValidUTF8(name, ""))))
}

// claimName tells the names of what a source is to support: a claim of the report, or what it quotes.
func claimName(name string) bool {
	switch name {
	case "claim", "claims", "statement", "assertion", "quote", "quotation":
		return true
	}
	return false
}

// seenName tells the names of the day on which somebody saw the source. The day on which a bookmark was added is none.
func seenName(name string) bool {
	switch name {
	case "accessed", "accessed at", "accessed on", "access date", "accessdate", "date accessed", "date of access", "last accessed", "urldate",
		"retrieved", "retrieved at", "retrieved on", "retrieval date", "date retrieved", "visited", "visited at", "last visited",
		"abgerufen", "abgerufen am", "abrufdatum", "zugriff", "zugriffsdatum", "consulté le", "date de consultation",
		"fecha de consulta", "fecha de acceso", "дата обращения":
		return true
	}
	return false
}

// unsourced tells values whose addresses are no sources: those that say how data is to be understood, and bare hosts such
// as "latimes.com" below names that promise a host and no page.
func unsourced(name, text string) bool {
	switch name {
	case "$schema", "@context", "xmlns":
		return true
	case "domain", "host", "hostname", "site", "site name", "sitename", "publisher", "email", "e mail", "mail", "file", "filename", "user", "username":
		return !strings.Contains(text, "/")
	}
	return false
}

// seenDay reads the day of a value, empty if it is none or could be several.
func seenDay(value string) string {
	day, _ := readDay(strings.TrimSpace(value))
	return day
}
