package seeds

import (
	"strings"
	"unicode"
)

// address reads \url{…}, \href{…}{text}, \nolinkurl{…} and \path{…}. The last two link nothing: what they hold is text.
func (l *latex) address(name string, end int) int {
	from, to, next, ok := l.group(l.skip(end, 0), '{')
	if !ok {
		return end
	}
	target := texAddress(l.src.text[from:to])
	if l.flat || name == "nolinkurl" || name == "path" {
		if name != "href" {
			l.symbol(target, from, to)
		}
		return next
	}
	t := l.src.text[from:to]
	at := from + len(t) - len(strings.TrimLeftFunc(t, unicode.IsSpace))
	a := link{target: target, raw: strings.TrimSpace(t)}
	a.from, a.to = int32(at), int32(at+len(a.raw))
	if name == "url" {
		if target == "" {
			return next
		}
		l.ensure()
		start := l.at()
		l.write(target, from, to)
		if !l.linked {
			l.link(start, a)
		}
		return next
	}
	shownFrom, shownTo, _, ok := l.group(next, '{')
	if !ok || l.linked {
		return max(next, shownFrom)
	}
	l.ensure()
	l.linked = true
	start, before := l.at(), len(l.doc.blocks)
	l.closers = append(l.closers, fluentCloser{at: shownTo, run: func() {
		l.linked = false
		if before == len(l.doc.blocks) && l.open {
			l.link(start, a)
			return
		}
		l.ensure()
		l.link(l.at(), a) // its text is more than a paragraph
	}})
	return shownFrom
}

// texAddress is what an address means that is written in \url or \href: white space is none, a backslash makes the
// character behind it one of the address.
func texAddress(raw string) string {
	if !strings.ContainsAny(raw, "\\{} \t\r\n") {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		switch c := raw[i]; c {
		case '\\':
			meant, end := texAddressEscape(raw, i)
			b.WriteString(meant)
			i = end
			continue
		case '{', '}', ' ', '\t', '\r', '\n':
		case '%':
			if strings.HasPrefix(raw[i+1:], "\n") || strings.HasPrefix(raw[i+1:], "\r\n") {
				break // the line is broken there
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
		i++
	}
	return b.String()
}

// texAddressEscape reads the control sequence at i of an address.
func texAddressEscape(raw string, i int) (meant string, end int) {
	name, end := texName(raw, i)
	switch name {
	case "textasciitilde", "sim":
		meant = "~"
	case "textunderscore":
		meant = "_"
	case "textasciicircum":
		meant = "^"
	case "textbackslash", "\\":
		meant = "\\"
	case "-", "/", "allowbreak", "linebreak", "discretionary", "string", "penalty", "hspace", "urlbreak", "break", "protect", "relax":
	case "slash":
		meant = "/"
	case "&", "%", "#", "_", "$", "{", "}", "~", "^", ":", ".", "?", "=", "@":
		meant = name
	default:
		meant = raw[i:end]
	}
	if strings.HasPrefix(raw[end:], "{}") {
		end += 2
	}
	return meant, end
}

// addressEscape writes an escape within an address that stands in the text; ok is false if the address ends there.
func (l *latex) addressEscape(i int) (next int, ok bool) {
	name, end := texName(l.src.text, i)
	switch name {
	case "&", "%", "#", "_", "$", "~", "-", "/", "textasciitilde", "textunderscore", "slash", "allowbreak":
	default:
		return i, false
	}
	meant, size := texAddressEscape(l.src.text[i:min(len(l.src.text), end+2)], 0)
	next = i + size
	if next == end {
		next = l.behind(end)
	}
	l.symbol(meant, i, next)
	return next, true
}
