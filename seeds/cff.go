package seeds

import (
	"fmt"
	"strings"
)

// cff reads CITATION.cff: YAML of the plain kind in which such files are written, one key or item a line. Anchors and
// lists in braces are not read.
type cff struct {
	fluent
	src   *source
	path  []cffLevel // keys that the line lies in
	notes []*cffEntry

	item   int // counts the items of lists
	person struct {
		item          int // that names the last author
		family, given string
	}
}

// cffLevel is a key, or an item of a list, whose name is "-"; what belongs to it is indented more.
type cffLevel struct {
	indent int
	key    string
}

// cffEntry is the software itself, what it wants to be cited by, or one of its references.
type cffEntry struct {
	label    string
	from, to int
	fields   []sourceField
	kind     string // of the identifier that was read last
}

// maxCFF bounds a CITATION.cff, in bytes.
const maxCFF = 4 << 20

// readCFF reads CITATION.cff.
func readCFF(data []byte, charset string) (*document, error) {
	if len(data) > maxCFF {
		return nil, fmt.Errorf("%d bytes are more than a CITATION.cff may have: keep its references in a .bib file", len(data))
	}
	src, err := decode(data, charset)
	if err != nil {
		return nil, err
	}
	c := &cff{fluent: newFluent(src), src: src}
	if err := c.lines(); err != nil {
		return nil, err
	}
	for _, n := range c.notes {
		if len(n.fields) > 0 {
			c.fluent.entry(n.label, n.from, n.to, n.fields)
		}
	}
	return c.document(), nil
}

func (c *cff) lines() error {
	root := &cffEntry{label: "software"}
	c.notes = []*cffEntry{root}
	references := 0
	for i := 0; i < len(c.src.lines); i++ {
		l := c.src.lines[i]
		at := l.start()
		for at < l.end() && c.src.text[at] == ' ' {
			at++
		}
		if at == l.end() || c.src.text[at] == '#' || at == l.start() && strings.HasPrefix(c.src.text[at:l.end()], "---") {
			continue
		}
		if c.src.text[at] == '\t' {
			return fmt.Errorf("line %d: YAML is indented with blanks, not with tabs", i+1)
		}
		indent := at - l.start()
		for at+1 < l.end() && c.src.text[at] == '-' && c.src.text[at+1] == ' ' {
			c.enter(indent, "-")
			c.item++
			if len(c.path) == 2 && c.path[0].key == "references" {
				references++
				c.notes = append(c.notes, &cffEntry{label: fmt.Sprint(references), from: at, to: at + 1})
			}
			at += 2
			for at < l.end() && c.src.text[at] == ' ' {
				at++
			}
			if indent = at - l.start(); len(c.path) > maxNesting {
				return fmt.Errorf("line %d: lists lie more than %d deep within each other", i+1, maxNesting)
			}
		}
		key, value, ok := strings.Cut(c.src.text[at:l.end()], ":")
		if !ok || value != "" && value[0] != ' ' || strings.ContainsAny(key, "\"'{}[],&*#") {
			continue
		}
		key = strings.TrimSpace(key)
		c.enter(indent, key)
		if root.to == 0 && indent == 0 {
			root.from, root.to = at, at+len(key)
		}
		if indent == 0 && key == "preferred-citation" {
			c.notes = append(c.notes, &cffEntry{label: key, from: at, to: at + len(key)})
		}
		from, to := trimmedSpan(c.src.text, l.end()-len(value), l.end())
		var text string
		text, i = c.scalar(&from, &to, i, indent)
		if text != "" {
			c.set(key, text, from, to)
		}
	}
	return nil
}

// enter makes a key the innermost one: what is indented as much or more is left.
func (c *cff) enter(indent int, key string) {
	for n := len(c.path); n > 0; n-- {
		top := c.path[n-1]
		// The items of a list may be indented as little as its key.
		if top.indent < indent || top.indent == indent && key == "-" && top.key != "-" {
			break
		}
		c.path = c.path[:n-1]
	}
	if len(c.path) <= maxNesting {
		c.path = append(c.path, cffLevel{indent, key})
	}
}

// scalar reads the value at source.text[from:to] in line i: plain, in quotes, or the lines below. It makes from and to
// those of the text, and returns the last line that belongs to it.
func (c *cff) scalar(from, to *int, i, indent int) (text string, last int) {
	raw := c.src.text[*from:*to]
	switch {
	case raw == "" || raw[0] == '#' || raw[0] == '&' || raw[0] == '*' || raw[0] == '[' || raw[0] == '{':
		return "", i
	case raw[0] == '"' || raw[0] == '\'':
		end := strings.LastIndexByte(raw, raw[0])
		var err error
		if text, err = scalar(raw); err != nil {
			return "", i // it goes on in the next line
		}
		*from, *to = *from+1, *from+end
		return text, i
	case raw[0] == '>' || raw[0] == '|':
		first := true
		for i+1 < len(c.src.lines) {
			l := c.src.lines[i+1]
			line := c.src.text[l.start():l.end()]
			if strings.TrimSpace(line) != "" && len(line)-len(strings.TrimLeft(line, " ")) <= indent {
				break
			}
			i++
			if first {
				*from, first = l.start(), false
			}
			*to = l.end()
		}
		*from, *to = trimmedSpan(c.src.text, *from, *to)
		return collapse(c.src.text[*from:*to]), i
	}
	text = strings.TrimSpace(uncomment(raw))
	*to = *from + len(text)
	return text, i
}

// set takes a value that has a key.
func (c *cff) set(key, text string, from, to int) {
	e := c.notes[0]
	depth := 1
	switch top := c.path[0].key; {
	case top == "references" && len(c.notes) > 1:
		e, depth = c.notes[len(c.notes)-1], 3
	case top == "preferred-citation":
		e, depth = c.notes[len(c.notes)-1], 2
	case top == "references":
		return
	}
	f := sourceField{from: from, to: to, text: text}
	inner := c.path[min(depth-1, len(c.path)-1):]
	switch {
	case len(inner) == 1:
		f.role = cffRole(key)
		if e == c.notes[0] {
			c.about(key, text)
		}
	case inner[0].key == "authors" && (key == "family-names" || key == "given-names" || key == "name"):
		if e == c.notes[0] {
			c.author(key, text)
		}
		if key == "given-names" {
			return
		}
		f.role = roleAuthor
	case inner[0].key == "identifiers" && key == "type":
		e.kind = text
		return
	case inner[0].key == "identifiers" && key == "value" && e.kind == "url":
		f.role = roleURL
	case inner[0].key == "identifiers" && key == "value" && e.kind == "doi":
		f.role = roleDOI
	default:
		return
	}
	for _, other := range e.fields {
		if f.role != roleAuthor && other.role == f.role && other.text == f.text {
			return
		}
	}
	const most = 1000 // fields of an entry
	if f.role != roleHidden && len(e.fields) < most {
		e.fields = append(e.fields, f)
	}
}

// about keeps what the file says of the software.
func (c *cff) about(key, text string) {
	switch key {
	case "title":
		c.doc.meta.title = text
	case "date-released":
		c.doc.meta.setDate(text)
	}
}

// author keeps a part of a name.
func (c *cff) author(key, text string) {
	m, p := &c.doc.meta, &c.person
	if p.item != c.item || len(m.authors) == 0 {
		p.item, p.family, p.given = c.item, "", ""
		m.authors = append(m.authors, "")
	}
	if key == "given-names" {
		p.given = text
	} else {
		p.family = text
	}
	m.authors[len(m.authors)-1] = strings.TrimSpace(p.given + " " + p.family)
}

// cffRole tells what a key says.
func cffRole(key string) sourceRole {
	switch key {
	case "url", "repository-code", "repository", "repository-artifact":
		return roleURL
	case "doi":
		return roleDOI
	case "date-accessed":
		return roleAccess
	case "title":
		return roleTitle
	case "notes":
		return roleRemark
	case "journal", "collection-title", "year", "version", "date-released", "date-published":
		return roleOther
	}
	return roleHidden
}
