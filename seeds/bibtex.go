package seeds

import (
	"strings"
)

// bibtex reads BibTeX and BibLaTeX: a list of sources, each a note whose label is its key.
type bibtex struct {
	*latex
	t       string
	from    int               // where it begins in t, if it is one of several
	strings map[string]string // of @string, by their name in lower case
	// want says which entries are written, and their labels; nil for all, labelled by their keys.
	want func(key string) (label string, ok bool)
}

// readBibtex reads a bibliography.
func readBibtex(data []byte, charset string) (*document, error) {
	src, err := decode(data, charset)
	if err != nil {
		return nil, err
	}
	scan, err := scanTeX(src, false)
	if err != nil {
		return nil, err
	}
	l := &latex{fluent: newFluent(src), texScan: scan, src: src, macros: make(map[string]string), expanded: new(int), percent: true}
	l.notes.used, l.notes.latest = make(map[string]int), make(map[string]string)
	b := &bibtex{latex: l, t: src.text, strings: make(map[string]string)}
	b.items(0)
	return l.document(), nil
}

// items reads all that begins with the sign @ from a place on.
func (b *bibtex) items(from int) {
	for i := from; i < len(b.t); {
		n := strings.IndexByte(b.t[i:], '@')
		if n < 0 {
			break
		}
		i = max(b.item(i+n), i+n+1)
	}
}

// item reads what begins with the sign @ at i and returns where reading goes on.
func (b *bibtex) item(i int) int {
	t := b.t
	at := i + 1
	for at < len(t) && (t[at]|0x20 >= 'a' && t[at]|0x20 <= 'z') {
		at++
	}
	kind := strings.ToLower(t[i+1 : at])
	at = bibBlanks(t, at)
	if kind == "" || at >= len(t) || t[at] != '{' && t[at] != '(' {
		return i + 1
	}
	closer := closerOf(t[at])
	switch kind {
	case "comment", "preamble":
		if end := b.closes(at); t[at] == '{' && end >= 0 {
			return end + 1
		}
		return at
	case "string":
		b.fields(at+1, closer, func(name string, f bibValue) { b.strings[name] = short(b.value(f)) })
		return at
	}
	from := bibBlanks(t, at+1)
	to := from
	for to < len(t) && strings.IndexByte(",{}()= \t\r\n\"", t[to]) < 0 {
		to++
	}
	next := bibBlanks(t, to)
	if from == to || next >= len(t) || t[next] != ',' && t[next] != closer {
		return at
	}
	label := short(t[from:to])
	if b.want != nil {
		var ok bool
		if label, ok = b.want(t[from:to]); !ok {
			return b.fields(next, closer, func(string, bibValue) {})
		}
	}
	var all []sourceField
	arxiv := true
	end := b.fields(next, closer, func(name string, f bibValue) {
		role := bibRole(name)
		if (name == "archiveprefix" || name == "eprinttype") && !strings.EqualFold(b.value(f), "arxiv") {
			arxiv = false
		}
		if field, ok := b.field(role, f); ok {
			all = append(all, field)
		}
	})
	for k := range all {
		if all[k].role == roleArxiv && !arxiv {
			all[k].role = roleHidden
		}
	}
	b.states, b.root = nil, -1
	b.fluent.entry(label, i, to, all)
	return end
}

// bibValue is what stands behind the equals sign of a field: pieces that are joined. A name is one without braces or quotes.
type bibValue []bibPiece

type bibPiece struct {
	from, to int
	name     bool
}

// fields reads fields up to the closer of an entry, and returns where that ends.
func (b *bibtex) fields(i int, closer byte, use func(name string, v bibValue)) int {
	t := b.t
	for {
		for i < len(t) && (t[i] == ',' || bibBlanks(t, i) > i) {
			i = max(bibBlanks(t, i), i+1)
		}
		if i >= len(t) || t[i] == closer {
			return i + 1
		}
		from := i
		for i < len(t) && strings.IndexByte("=,{}()@\"# \t\r\n", t[i]) < 0 {
			i++
		}
		name := strings.ToLower(t[from:i])
		i = bibBlanks(t, i)
		if name == "" || i >= len(t) || t[i] != '=' {
			return i // not BibTeX any more: the next @ may be
		}
		var v bibValue
		v, i = b.pieces(i + 1)
		if len(v) == 0 {
			return i
		}
		use(name, v)
	}
}

// pieces reads the value at i.
func (b *bibtex) pieces(i int) (v bibValue, next int) {
	t := b.t
	for {
		i = bibBlanks(t, i)
		if i >= len(t) {
			return v, i
		}
		switch c := t[i]; {
		case c == '{':
			end := b.closes(i)
			if end < 0 {
				return nil, i
			}
			v = append(v, bibPiece{from: i + 1, to: end})
			i = end + 1
		case c == '"':
			end := i + 1
			for end < len(t) && t[end] != '"' {
				if t[end] == '{' {
					end = max(end, b.closes(end))
				}
				end++
			}
			if end >= len(t) {
				return nil, i
			}
			v = append(v, bibPiece{from: i + 1, to: end})
			i = end + 1
		default:
			from := i
			for i < len(t) && strings.IndexByte(",{}()=#\"@ \t\r\n", t[i]) < 0 {
				i++
			}
			if from == i {
				return nil, i
			}
			v = append(v, bibPiece{from: from, to: i, name: true})
		}
		i = bibBlanks(t, i)
		if i >= len(t) || t[i] != '#' {
			return v, i
		}
		i++
	}
}

// value is the text of a value.
func (b *bibtex) value(v bibValue) string {
	var all strings.Builder
	for _, p := range v {
		if p.name {
			all.WriteString(b.named(p))
			continue
		}
		const longest = 2000 // bytes
		all.WriteString(b.plain(p.from, min(p.to, p.from+longest)))
	}
	return all.String()
}

// named is what the name of a string, or a number, stands for.
func (b *bibtex) named(p bibPiece) string {
	const most = 4 << 20
	name := b.t[p.from:p.to]
	if text, ok := b.strings[strings.ToLower(name)]; ok {
		if *b.expanded += len(text); *b.expanded < most {
			return text
		}
	}
	return name
}

// field is a field of an entry; ok is false if it is not shown.
func (b *bibtex) field(role sourceRole, v bibValue) (f sourceField, ok bool) {
	if role == roleHidden {
		return f, false
	}
	f = sourceField{role: role, from: v[0].from, to: v[len(v)-1].to}
	if len(v) == 1 && !v[0].name {
		f.from, f.to = trimmedSpan(b.t, f.from, f.to)
		raw := b.t[f.from:f.to]
		f.text = texAddress(raw)
		switch {
		case f.from == f.to:
			return f, false
		case role == roleDOI || role == roleArxiv:
			return f, true
		case role == roleURL && !strings.Contains(raw, `\url`) && !strings.Contains(raw, `\href`) && !strings.ContainsAny(strings.TrimSpace(raw), " \n\t"):
			return f, true
		}
	}
	f.write = func() {
		if role == roleAccess {
			b.put("Accessed ")
		}
		for _, p := range v {
			if p.name {
				b.symbol(b.named(p), p.from, p.to)
				continue
			}
			b.run(p.from, p.to)
		}
	}
	return f, true
}

// trimmedSpan is source.text[from:to] without the blanks around it.
func trimmedSpan(t string, from, to int) (int, int) {
	for from < to && strings.IndexByte(" \t\r\n", t[from]) >= 0 {
		from++
	}
	for from < to && strings.IndexByte(" \t\r\n", t[to-1]) >= 0 {
		to--
	}
	return from, to
}

func bibBlanks(t string, i int) int {
	for i < len(t) && strings.IndexByte(" \t\r\n", t[i]) >= 0 {
		i++
	}
	return i
}

// bibRole tells what a field says.
func bibRole(name string) sourceRole {
	switch name {
	case "url", "ee", "pdf", "link":
		return roleURL
	case "archiveurl", "archive-url":
		return roleArchive
	case "urldate", "lastchecked", "lastaccessed", "accessed", "accessdate", "access-date", "urlaccessdate":
		return roleAccess
	case "author", "editor":
		return roleAuthor
	case "title", "subtitle":
		return roleTitle
	case "doi":
		return roleDOI
	case "eprint", "arxiv", "arxivid":
		return roleArxiv
	case "note", "addendum", "howpublished":
		return roleRemark
	case "journal", "journaltitle", "booktitle", "publisher", "organization", "institution", "school", "year", "date", "series", "edition", "version", "location", "address":
		return roleOther
	}
	return roleHidden
}
