package seeds

import (
	"bytes"
	"strings"
)

// latex reads LaTeX. It does not expand macros as TeX does: it knows the commands that people write reports with, takes the
// arguments of any other one for text, and leaves out what only sets type.
type latex struct {
	fluent
	*texScan
	src *source

	states   []fluentBlock  // of the environments that are open
	closers  []fluentCloser // what is to be done where a group ends, the innermost last
	linked   bool           // within the text of a link
	percent  bool           // % begins no comment
	chapters bool           // notes are counted anew in every chapter
	notes    texNotes
	macros   map[string]string
	expanded *int // bytes that macros were expanded to
	written  metadata
	title    span // what \title, \author, \date hold
	author   span
	date     span
	bibs     int             // bibliographies that are other files, and not read
	files    map[string]bool // that are read with the report
	inputs   map[string]*texInput
	titled   bool // \maketitle was seen
}

// latexHead tells LaTeX by what it begins with.
func latexHead(head []byte) bool {
	for {
		head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
		if !bytes.HasPrefix(head, []byte("%")) {
			return bytes.HasPrefix(head, []byte(`\documentclass`))
		}
		end := bytes.IndexByte(head, '\n')
		if end < 0 {
			return false
		}
		head = head[end:]
	}
}

// readLatex reads a whole LaTeX document or a part of one.
func readLatex(data []byte, charset string) (*document, error) {
	src, err := decode(data, charset)
	if err != nil {
		return nil, err
	}
	src.parts = []textPart{{}}
	return readTeX(src, []bundled{{}})
}

// readBundle reads a LaTeX document with what [Gather] found.
func readBundle(data []byte, charset string) (*document, error) {
	files, err := unbundle(data)
	if err != nil {
		return nil, err
	}
	all, err := joined(files, charset)
	if err != nil {
		return nil, err
	}
	return readTeX(all, files)
}

// readTeX reads the document that all begins with, the texts that it includes, and the bibliographies behind them; files are the
// names of the parts of all.
func readTeX(all *source, files []bundled) (*document, error) {
	texts := len(files)
	for texts > 1 && strings.HasSuffix(files[texts-1].name, ".bib") {
		texts--
	}
	l := &latex{
		fluent: newFluent(all), src: all.upTo(texts - 1), macros: make(map[string]string), expanded: new(int),
		files: make(map[string]bool), inputs: make(map[string]*texInput),
	}
	if err := l.scanTexts(all, texts); err != nil {
		return nil, err
	}
	for _, f := range files[1:] {
		l.files[f.name] = true
	}
	from := max(0, l.bodyStart)
	l.numberEntries()
	bibliographies, err := l.openBibliographies(all, texts)
	if err != nil {
		return nil, err
	}
	l.bibs = l.unread()
	if l.bodyStart >= 0 {
		l.preamble(from)
	}
	l.run(from, l.bodyEnd)
	l.closeEntry()
	l.states = nil
	l.writeEndnotes()
	for _, b := range bibliographies {
		b.items(b.from) // those that are cited
	}
	l.describe()
	l.external()
	return l.document(), nil
}

// describe says what the report says of itself: \title, \author and \date, or else what it tells the PDF.
func (l *latex) describe() {
	m := &l.doc.meta
	*m = l.written
	if t := l.plain(l.title.start, l.title.end); t != "" {
		m.title = t
	}
	if authors := l.authors(); len(authors) > 0 {
		m.authors = authors
	}
}

// preamble reads what stands before the text. Groups are passed over, for they hold code.
func (l *latex) preamble(to int) {
	t := l.src.text
	for i := 0; i < to; {
		switch t[i] {
		case '%':
			i = lineEnd(t, i)
		case '{':
			if end := l.closes(i); end >= 0 {
				i = end
			}
			i++
		case '\\':
			name, end := texName(t, i)
			if next, ok := l.declare(name, i, end); ok {
				end = next
			}
			i = max(end, i+1)
		default:
			i++
		}
	}
}

// run writes source.text[from:to].
func (l *latex) run(from, to int) {
	t := l.src.text
	base := len(l.closers)
	address := false // within an address that stands in the text
	for i := from; i < to; {
		for n := len(l.closers); n > base && l.closers[n-1].at <= i; n = len(l.closers) {
			c := l.closers[n-1]
			l.closers = l.closers[:n-1]
			c.run()
		}
		c := t[i]
		if address && (c == '{' || c == '}' || c == ' ' || c == '\n' || c == '\t' || c == '\r') {
			address = false
		}
		switch {
		case c == '\\':
			if address {
				if next, ok := l.addressEscape(i); ok {
					i = next
					continue
				}
			}
			address = false
			i = max(l.control(i, to), i+1)
		case c == '{' || c == '}':
			i++
		case c == '%' && !address && !l.percent, c == ' ', c == '\t', c == '\n', c == '\r':
			i = l.blank(i, to)
		case c == '$' && !address:
			i = l.math(i, to)
		case !address && texLigature(c):
			i = l.ligature(i, to)
		default:
			end := i + 1
			for end < to && !texSpecial(t[end]) && (t[end] != 'h' || !strings.HasPrefix(t[end:], "http")) {
				end++
			}
			if !address && c == 'h' {
				rest := t[i:end]
				address = strings.HasPrefix(rest, "http://") || strings.HasPrefix(rest, "https://")
			}
			l.text(i, end)
			i = end
		}
	}
	for n := len(l.closers); n > base; n = len(l.closers) {
		c := l.closers[n-1]
		l.closers = l.closers[:n-1]
		c.run()
	}
}

// texSpecial tells the characters that mean something, and white space.
func texSpecial(c byte) bool {
	switch c {
	case '\\', '{', '}', '%', '$', ' ', '\t', '\n', '\r':
		return true
	}
	return texLigature(c)
}

// texLigature tells the characters that are printed as others.
func texLigature(c byte) bool {
	return c == '-' || c == '`' || c == '\'' || c == '~' || c == '?' || c == '!' || c == '&'
}

// ligature writes a dash, a quote, a tie or the end of a cell.
func (l *latex) ligature(i, to int) int {
	t := l.src.text[i:to]
	for _, g := range [...][2]string{
		{"---", "—"}, {"--", "–"}, {"``", "“"}, {"''", "”"}, {"`", "‘"}, {"'", "’"}, {"?`", "¿"}, {"!`", "¡"},
	} {
		if strings.HasPrefix(t, g[0]) {
			l.symbol(g[1], i, i+len(g[0]))
			return i + len(g[0])
		}
	}
	switch {
	case t[0] == '~':
		l.space(i, i+1, false)
	case t[0] == '&' && l.state.kind == blockCell && !l.flat:
		l.end()
	default:
		l.text(i, i+1)
	}
	return i + 1
}

// blank passes over white space and comments; an empty line ends the paragraph.
func (l *latex) blank(i, to int) int {
	t := l.src.text
	from, lines, comment := i, 0, false
	for ; i < to; i++ {
		switch t[i] {
		case ' ', '\t':
			continue
		case '\r':
			if !strings.HasPrefix(t[i+1:], "\n") {
				lines++
			}
			continue
		case '\n':
			lines++
			continue
		case '%':
			if l.percent {
				break
			}
			// What a comment ends, its own line end included, is no white space.
			if lines > 1 || comment && lines > 0 {
				l.paragraph()
			} else if i > from && !comment {
				l.space(from, i, lines > 0)
			}
			i = lineEnd(t, i)
			from, lines, comment = min(i+1, to), 0, true
			continue
		}
		break
	}
	switch {
	case lines > 1, comment && lines > 0:
		l.paragraph()
	case i > from && !comment:
		l.space(from, i, lines > 0)
	}
	return i
}

// math passes over a formula in the text, which is shown as it is written, and leaves out one on a line of its own.
func (l *latex) math(i, to int) int {
	t := l.src.text
	if strings.HasPrefix(t[i:to], "$$") {
		if n := strings.Index(t[i+2:to], "$$"); n >= 0 {
			return i + n + 4
		}
		return i + 2
	}
	for end := i + 1; end < to; end++ {
		switch {
		case t[end] == '\\':
			end++
		case t[end] == '$':
			l.verbatim(i+1, end)
			return end + 1
		case t[end] == '\n' && end+1 < to && (t[end+1] == '\n' || t[end+1] == '\r'):
			return i + 1
		}
	}
	return i + 1
}

// plain is the text of source.text[from:to] without markup and notes.
func (l *latex) plain(from, to int) string {
	if from >= to {
		return ""
	}
	const longest = 20_000 // bytes
	p := &latex{
		fluent:  fluent{writer: &writer{doc: &document{}, source: l.src}, flat: true},
		texScan: l.texScan, src: l.src, macros: l.macros, expanded: l.expanded, percent: l.percent,
	}
	p.run(from, min(to, from+longest))
	return collapse(p.writer.text.String())
}
