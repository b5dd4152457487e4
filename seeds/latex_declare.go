package seeds

import (
	"strings"
)

// declare reads the commands that say something of the report or define a macro; ok is false if it is none of them.
func (l *latex) declare(name string, i, end int) (next int, ok bool) {
	switch strings.TrimSuffix(name, "*") {
	case "title", "author", "date", "documentclass", "hypersetup":
		return l.about(name, end), true
	case "newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "def", "gdef", "edef", "xdef":
		return l.define(end), true
	case "let":
		return l.let(end), true
	case "newenvironment", "renewenvironment":
		return l.skip(end, 3), true
	case "NewDocumentCommand", "RenewDocumentCommand", "DeclareMathOperator":
		return l.skip(end, 3), true
	case "usepackage", "RequirePackage", "bibliography", "addbibresource", "input", "include", "subfile":
		return l.skip(end, 1), true
	}
	return i, false
}

// about keeps what the report says of itself.
func (l *latex) about(name string, end int) int {
	from, to, next, ok := l.group(l.skip(end, 0), '{')
	if !ok {
		return end
	}
	if l.flat {
		return next
	}
	switch name {
	case "title":
		l.title = span{from, to}
	case "author":
		l.author = span{from, to}
	case "date":
		if value := l.plain(from, to); value != "" {
			l.written.setDate(value)
			l.date = span{from, to}
		}
	case "documentclass":
		switch strings.TrimSpace(l.src.text[from:to]) {
		case "book", "report", "memoir", "scrbook", "scrreprt":
			l.chapters = true
		}
	case "hypersetup":
		l.pdfAbout(from, to)
	}
	return next
}

// pdfAbout reads the keys of \hypersetup.
func (l *latex) pdfAbout(from, to int) {
	for i := from; i < to; {
		n := strings.IndexAny(l.src.text[i:to], "={,%")
		if n < 0 {
			return
		}
		switch l.src.text[i+n] {
		case '%':
			i = lineEnd(l.src.text, i+n)
			continue
		case '{':
			if end := l.closes(i + n); end >= 0 {
				i = end + 1
				continue
			}
		case '=':
			if start, end, next, ok := l.group(i+n+1, '{'); ok {
				l.pdfKey(strings.TrimSpace(l.src.text[i:i+n]), start, end)
				i = next
				continue
			}
		}
		i += n + 1
	}
}

func (l *latex) pdfKey(key string, from, to int) {
	switch strings.TrimLeft(key, ", \r\n\t") {
	case "pdftitle":
		l.written.title = l.plain(from, to)
	case "pdfauthor":
		for a := range strings.SplitSeq(l.plain(from, to), ";") {
			l.written.authors = append(l.written.authors, strings.TrimSpace(a))
		}
	case "pdflang":
		l.written.language = l.plain(from, to)
	}
}

// authors are what \and stands between, each up to the end of its line.
func (l *latex) authors() []string {
	const longest = 20_000 // bytes
	var all []string
	from, to := l.author.start, min(l.author.end, l.author.start+longest)
	for from < to {
		part, end := to, to
		for i := from; i < to; i++ {
			if l.src.text[i] != '\\' {
				continue
			}
			name, after := texName(l.src.text, i)
			switch strings.ToLower(name) {
			case "\\":
				part = min(part, i)
			case "and":
				part, end = min(part, i), min(after, to)
			}
			i = after - 1
			if end < to {
				break
			}
		}
		if a := l.plain(from, part); a != "" && len(all) < maxAuthors {
			all = append(all, a)
		}
		from = end
	}
	return all
}

// define keeps a macro without arguments that stands for a short text; of any other one nothing is known.
func (l *latex) define(end int) int {
	const longest = 500 // bytes
	t := l.src.text
	name, i := "", skipBlanks(t, end)
	if i < len(t) && t[i] == '\\' {
		name, i = texName(t, i)
	} else if from, to, next, ok := l.group(end, '{'); ok && to-from < 80 {
		name, i = strings.TrimPrefix(strings.TrimSpace(t[from:to]), `\`), next
	}
	arguments := false
	for i < len(t) && t[i] == '#' { // \def\name#1#2
		arguments, i = true, min(len(t), i+2)
	}
	for {
		_, _, next, ok := l.group(i, '[')
		if !ok {
			break
		}
		arguments, i = true, next
	}
	from, to, next, ok := l.group(i, '{')
	if !ok {
		return i
	}
	delete(l.macros, name)
	if l.flat || arguments || name == "" || to-from > longest || to == from || strings.ContainsAny(t[from:to], "#@") || strings.HasPrefix(name, "label") {
		return next
	}
	if text := l.plain(from, to); text != "" && len(text) <= longest && len(l.macros) < 10_000 {
		l.macros[name] = text
	}
	return next
}

// let passes over \let\a=\b.
func (l *latex) let(end int) int {
	t := l.src.text
	for range 2 {
		end = skipBlanks(t, end)
		if end < len(t) && t[end] == '=' {
			end++
		}
		if end < len(t) && t[end] == '\\' {
			_, end = texName(t, end)
		}
	}
	return end
}

// makeTitle writes what \maketitle prints.
func (l *latex) makeTitle() {
	if l.titled || l.flat || len(l.closers) > maxNesting {
		return
	}
	l.titled = true
	before := l.state
	for _, part := range [...]struct {
		span
		kind blockKind
	}{{l.title, blockHeading}, {l.author, blockParagraph}, {l.date, blockParagraph}} {
		l.paragraph()
		l.state = fluentBlock{kind: part.kind, level: 1}
		l.run(part.start, part.end)
	}
	l.paragraph()
	l.state = before
}
