package seeds

import (
	"strings"
)

// control reads the control sequence at i and returns where reading goes on.
func (l *latex) control(i, to int) int {
	t := l.src.text
	name, end := texName(t, i)
	if text, ok := l.macros[name]; ok {
		return l.expand(text, i, end)
	}
	if meant, ok := texSymbol(name); ok {
		l.symbol(meant, i, end)
		return l.behind(end)
	}
	if next, ok := l.accent(name, i, end); ok {
		return next
	}
	if level := texSection(name); level > 0 {
		return l.section(level, end)
	}
	if next, ok := l.include(name, i, end); ok {
		return next
	}
	if next, ok := l.declare(name, i, end); ok {
		return next
	}
	if next, ok := l.noteCommand(strings.TrimSuffix(name, "*"), i, end); ok {
		return next
	}
	switch name {
	case "\\", "newline", "linebreak", "tabularnewline", "cr":
		return l.lineBreak(i, end)
	case " ", "\n", "\t", ",", ";", ":", "quad", "qquad", "space", "enspace", "thinspace", "hfill", "hskip", "nobreakspace":
		l.space(i, end, false)
		return end
	case "par", "newpage", "clearpage", "cleardoublepage", "bigskip", "medskip", "smallskip", "endgroup":
		l.paragraph()
	case "and", "And", "AND":
		l.symbol(", ", i, end)
	case "begin":
		return l.beginEnvironment(end, to)
	case "end":
		env, after := texWord(t, end)
		l.endEnvironment(env)
		return after
	case "item":
		return l.item(i, end)
	case "verb", "verb*", "lstinline":
		return l.verb(end)
	case "(", "[":
		return l.formula(name, end, to)
	case "url", "href", "nolinkurl", "path":
		return l.address(name, end)
	case "maketitle":
		l.makeTitle()
	case "texttt", "code", "mintinline":
		return l.code(name, end)
	case "textsuperscript", "up":
		return l.superscript(end)
	case "enquote", "mkbibquote", "textquote":
		return l.quote(i, end)
	case "caption", "caption*":
		return l.caption(end)
	case "bibitem":
		return l.bibitem(i, end)
	default:
		return l.other(name, end)
	}
	return l.behind(end)
}

// behind passes over the blanks that a control word takes with it, but for an empty line.
func (l *latex) behind(end int) int {
	t := l.src.text
	if c := t[end-1]; c|0x20 < 'a' || c|0x20 > 'z' {
		return end
	}
	if strings.HasPrefix(t[end:], "{}") {
		return end + 2
	}
	next := skipBlanks(t, end)
	if next < len(t) && t[next] == '\n' {
		return end
	}
	return next
}

// group reads the argument in braces or brackets behind i. Without one, next is i.
func (l *latex) group(i int, opener byte) (from, to, next int, ok bool) {
	open := skipBlanks(l.src.text, i)
	if open >= len(l.src.text) || l.src.text[open] != opener {
		return i, i, i, false
	}
	end := l.closes(open)
	if end < 0 {
		return i, i, i, false
	}
	return open + 1, end, end + 1, true
}

// skip passes over optional arguments and n others.
func (l *latex) skip(end, n int) int {
	for {
		if _, _, next, ok := l.group(end, '['); ok {
			end = next
			continue
		}
		if n == 0 {
			return end
		}
		_, _, next, ok := l.group(end, '{')
		if !ok {
			return end
		}
		end = next
		n--
	}
}

// other passes over a command that means nothing here, with those of its arguments that are no text.
func (l *latex) other(name string, end int) int {
	if n := texHidden(name); n > 0 {
		return l.skip(end, n)
	}
	if _, _, next, ok := l.group(end, '['); ok && l.src.text[end] == '[' {
		if _, _, _, ok := l.group(next, '{'); ok {
			return next
		}
	}
	return l.behind(end)
}

// texHidden is how many arguments of a command are no text; those behind them are.
func texHidden(name string) int {
	switch strings.TrimSuffix(name, "*") {
	case "label", "ref", "pageref", "eqref", "autoref", "nameref", "cref", "Cref", "vref", "includegraphics", "vspace", "hspace",
		"pagestyle", "thispagestyle", "pagenumbering", "bibliographystyle", "bibliography", "printbibliography",
		"hypertarget", "hyperlink", "textcolor", "color", "colorbox", "selectlanguage", "foreignlanguage", "index",
		"glossary", "raisebox", "parbox", "markright", "cline", "cmidrule", "noalign", "todo", "nocite", "bibinfo", "bibfield",
		"hyphenation", "graphicspath", "thanks", "endnote", "footnote", "footnotetext", "phantom", "fontfamily", "fontencoding",
		"urlstyle", "theoremstyle", "setmainfont", "usetikzlibrary", "vskip", "captionsetup", "lstset", "PassOptionsToPackage",
		"BibitemShut", "bibliographyunit", "Acrobatmenu", "mbox@", "IfFileExists":
		return 1
	case "setlength", "addtolength", "setcounter", "addtocounter", "fontsize", "rule", "markboth", "multicolumn", "multirow",
		"definecolor@", "fcolorbox", "resizebox", "newtheorem", "DeclareUrlCommand", "numberwithin", "titleformat@":
		return 2
	case "addcontentsline", "definecolor", "titlespacing", "scalebox@":
		return 3
	}
	return 0
}

func texSection(name string) int {
	switch strings.TrimSuffix(name, "*") {
	case "part", "chapter", "section", "frametitle", "addchap", "addsec":
		return 1
	case "subsection":
		return 2
	case "subsubsection":
		return 3
	case "paragraph":
		return 4
	case "subparagraph":
		return 5
	}
	return 0
}

// section begins a heading, which ends with its argument.
func (l *latex) section(level, end int) int {
	if l.chapters && l.src.text[end-1] != '*' && strings.HasSuffix(l.src.text[:end], `\chapter`) {
		l.notes.footnotes = 0
	}
	end = l.skip(end, 0)
	from, to, _, ok := l.group(end, '{')
	if !ok || l.flat {
		return end
	}
	kind := blockHeading
	if l.state.kind == blockNote {
		kind = blockNote
	}
	l.within(to, fluentBlock{kind: kind, level: level})
	return from
}

// within makes what follows, up to the offset to, a block of its own.
func (l *latex) within(to int, b fluentBlock) {
	l.paragraph()
	before := l.state
	l.state = b
	l.closers = append(l.closers, fluentCloser{at: to, run: func() {
		l.paragraph()
		l.state = before
	}})
}

func (l *latex) caption(end int) int {
	end = l.skip(end, 0)
	from, to, _, ok := l.group(end, '{')
	if !ok || l.flat {
		return end
	}
	kind := blockParagraph
	if l.state.kind == blockNote {
		kind = blockNote
	}
	l.within(to, fluentBlock{kind: kind})
	return from
}

// lineBreak ends a line, or a row of a table.
func (l *latex) lineBreak(i, end int) int {
	t := l.src.text
	if end < len(t) && t[end] == '*' {
		end++
	}
	if from, to, next, ok := l.group(end, '['); ok && to-from < 32 && strings.Trim(t[from:to], "0123456789") != "" {
		end = next
	}
	switch {
	case l.flat:
		l.space(i, end, false)
	case l.state.kind == blockCell:
		l.paragraph()
	case l.open:
		l.gap = textGap{i, end, true}
	}
	return end
}

// expand writes what a macro stands for, as long as that stays within bounds.
func (l *latex) expand(text string, i, end int) int {
	const most = 4 << 20
	if *l.expanded += len(text); *l.expanded < most {
		l.symbol(text, i, end)
	}
	return l.behind(end)
}

// verb writes the text of \verb, in which nothing is found.
func (l *latex) verb(i int) int {
	end := verbEnd(l.src.text, i)
	if end > i+1 {
		l.verbatim(i+1, end-1)
	}
	return end
}

// formula writes \(…\) as it is and leaves out \[…\].
func (l *latex) formula(opener string, i, to int) int {
	const longest = 2000 // bytes
	closer := `\)`
	if opener == "[" {
		closer = `\]`
	}
	n := strings.Index(l.src.text[i:min(to, i+longest)], closer)
	if n < 0 {
		return i
	}
	if opener == "(" {
		l.verbatim(i, i+n)
	}
	return i + n + len(closer)
}

// code writes what is set like code. Only if it is an address and nothing else, it is read.
func (l *latex) code(name string, end int) int {
	if name == "mintinline" {
		end = l.skip(end, 1)
	}
	from, to, _, ok := l.group(end, '{')
	if !ok || l.flat || addressStart(l.src.text[from:]) {
		return max(end, from)
	}
	l.ensure()
	start := l.at()
	l.closers = append(l.closers, fluentCloser{at: to, run: func() { l.bar(start) }})
	return from
}

// superscript writes raised digits as such, for they may be the mark of a note.
func (l *latex) superscript(end int) int {
	from, to, next, ok := l.group(end, '{')
	if !ok {
		return end
	}
	t := l.src.text[from:to]
	if t == "" || strings.Trim(t, "0123456789") != "" {
		return from
	}
	for k, r := range t {
		l.symbol(superscript(r), from+k, from+k+1)
	}
	return next
}

func (l *latex) quote(i, end int) int {
	end = l.skip(end, 0)
	from, to, _, ok := l.group(end, '{')
	if !ok {
		return end
	}
	l.symbol("“", i, from)
	l.closers = append(l.closers, fluentCloser{at: to, run: func() { l.symbol("”", to, to+1) }})
	return from
}
