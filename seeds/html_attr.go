package seeds

import (
	"strings"

	"golang.org/x/net/html"
)

// htmlKept are the attributes that say something about what a page cites.
var htmlKept = [...]string{
	"aria-hidden", "charset", "class", "content", "data-footnote-backref", "data-footnote-ref", "datetime", "epub:type", "hidden",
	"href", "http-equiv", "id", "itemprop", "lang", "name", "property", "pubdate", "rel", "role", "start", "style", "type",
	"value", "xml:lang",
}

// keptName returns the index of an attribute that is kept.
func keptName(written string) (index uint8, ok bool) {
	for i, name := range htmlKept {
		if len(name) == len(written) && strings.EqualFold(name, written) {
			return uint8(i), true
		}
	}
	return 0, false
}

// attributes reads those attributes of a tag that are kept, text[at:to] behind its name.
func (t *htmlTree) attributes(node int32, at, to int) {
	n := &t.nodes[node]
	n.first, n.count = int32(len(t.values)), 0
	eachAttribute(t.src.text, at, to, func(written string, from, end int) {
		if name, ok := keptName(written); ok && n.count < 255 {
			t.values = append(t.values, htmlValue{name, int32(from), int32(end)})
			n.count++
		}
	})
}

// eachAttribute reads the attributes of a tag, text[at:to] behind its name, as the HTML standard says (13.2.5.32 ff.);
// their values are text[from:end], with their character references. Of two with one name the first counts.
func eachAttribute(text string, at, to int, take func(name string, from, end int)) {
	space := func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
	for at < to {
		if space(text[at]) || text[at] == '/' {
			at++
			continue
		}
		if text[at] == '>' {
			return
		}
		start := at
		for at++; at < to && !space(text[at]) && text[at] != '/' && text[at] != '>' && text[at] != '='; at++ {
		}
		name := text[start:at]
		for at < to && space(text[at]) {
			at++
		}
		from, end := at, at
		if at < to && text[at] == '=' {
			for at++; at < to && space(text[at]); at++ {
			}
			from, end, at = attributeValue(text, at, to)
		}
		take(name, from, end)
	}
}

// attributeValue reads a value with or without quotes; next is behind it.
func attributeValue(text string, at, to int) (from, end, next int) {
	if at >= to {
		return to, to, to
	}
	if q := text[at]; q == '"' || q == '\'' {
		from = at + 1
		n := strings.IndexByte(text[from:to], q)
		if n < 0 {
			return from, to, to
		}
		return from, from + n, from + n + 1
	}
	n := strings.IndexAny(text[at:to], " \t\r\n\f>")
	if n < 0 {
		n = to - at
	}
	return at, at + n, at + n
}

// attr returns the value of an attribute of a node with its character references resolved.
func (t *htmlTree) attr(node int32, name string) string {
	from, to, ok := t.attrAt(node, name)
	if !ok {
		return ""
	}
	return attributeText(t.src.text[from:to])
}

// has tells whether a node has an attribute, with or without a value.
func (t *htmlTree) has(node int32, name string) bool {
	_, _, ok := t.attrAt(node, name)
	return ok
}

// attrAt says where the value of an attribute stands in the source.
func (t *htmlTree) attrAt(node int32, name string) (from, to int, ok bool) {
	n := t.nodes[node]
	for _, v := range t.values[n.first : n.first+int32(n.count)] {
		if htmlKept[v.name] == name {
			return int(v.from), int(v.to), true
		}
	}
	return 0, 0, false
}

// attributeText resolves the character references of a value. One without a semicolon that a letter, a digit or an
// equals sign follows is none: "?a=1&copy=2" means what it says.
func attributeText(value string) string {
	at := strings.IndexByte(value, '&')
	if at < 0 {
		return value
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(value[:at])
		value = value[at:]
		n := referenceSize(value)
		switch {
		case n == 0:
			n = 1
			b.WriteByte('&')
		case value[n-1] != ';' && value[1] != '#' && n < len(value) && value[n] == '=':
			b.WriteString(value[:n])
		case value[n-1] != ';' && value[1] != '#':
			if meant := html.UnescapeString(value[:n] + ";"); meant != value[:n]+";" && html.UnescapeString(value[:n]) == meant {
				b.WriteString(meant)
			} else {
				b.WriteString(value[:n])
			}
		default:
			b.WriteString(html.UnescapeString(value[:n]))
		}
		value = value[n:]
		at = strings.IndexByte(value, '&')
	}
	b.WriteString(value)
	return b.String()
}

// referenceSize measures what has the form of a character reference at the beginning of t, or is 0.
func referenceSize(t string) int {
	const longest = 40
	i := 1
	for i < len(t) && i < longest && (t[i] == '#' && i == 1 || isWordByte(t[i])) {
		i++
	}
	if i == 1 || t[1] == '#' && i == 2 {
		return 0
	}
	if i < len(t) && t[i] == ';' {
		i++
	}
	return i
}
