package seeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineBreak measures one line break at the beginning of t with the blanks around it. It is 0 if there is none, or an
// empty line.
func lineBreak(t string) int {
	n := blanks(t)
	switch {
	case strings.HasPrefix(t[n:], "\r\n"):
		n += 2
	case strings.HasPrefix(t[n:], "\n"), strings.HasPrefix(t[n:], "\r"):
		n++
	default:
		return 0
	}
	n += blanks(t[n:])
	if n == len(t) || t[n] == '\n' || t[n] == '\r' {
		return 0
	}
	return n
}

// blanks counts the bytes of blanks, tabs and no-break spaces at the beginning of t, as far as any line is indented.
func blanks(t string) int {
	const deepest = 256
	n := 0
	for n < deepest {
		r, size := utf8.DecodeRuneInString(t[n:])
		if r != ' ' && r != '\t' && r != '\u00a0' {
			break
		}
		n += size
	}
	return n
}

// continuation decides whether an address that reached the end of its line, with t behind it, goes on in the next one.
// A wrong join makes an address that never was, so the next line must look like the rest of an address and like nothing
// else: no note, no other address, no sentence. skip is what lies between the two parts.
func (a *addressScan) continuation(t string) (skip int, ok bool) {
	const longest = 512
	if skip = lineBreak(t); skip == 0 {
		return 0, false
	}
	rest := t[skip:]
	rest = rest[:min(len(rest), longest)]
	word := rest
	if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
		word = rest[:i]
	}
	lineEnd := strings.IndexAny(rest, "\r\n")
	if lineEnd < 0 {
		lineEnd = len(rest)
	}
	if _, isNote := labelAt(rest[:lineEnd]); isNote {
		return 0, false
	}
	if _, isAddress := schemeAt(rest, false); isAddress || hasPrefixFold(rest, "www.") {
		return 0, false
	}
	if a.opener == '<' && strings.Contains(word, ">") {
		return skip, true
	}
	p := piece{
		text: strings.TrimRight(word, `.,;:!?)]>"'”»`),
		sole: word != strings.TrimRight(word, `,;)]>`) || strings.TrimSpace(rest[len(word):lineEnd]) == "",
		wide: a.columns() >= wideLine,
	}
	return skip, p.continues(a.out[len(a.out)-1])
}

// wideLine is how many bytes a line has at least if its width may be why it was broken.
const wideLine = 60

// columns returns how many bytes the line has up to here, and stops counting at wideLine.
func (a *addressScan) columns() int {
	n := 0
	for n < wideLine && n < a.pos && a.text[a.pos-n-1] != '\n' && a.text[a.pos-n-1] != '\r' {
		n++
	}
	return n
}

// piece is the first word of the line behind an address.
type piece struct {
	text string // without the punctuation of the sentence
	sole bool   // nothing follows it in its line, or only after a comma or a closing bracket
	wide bool   // the line before it is long enough to have been wrapped
}

// continues tells whether the piece goes on with an address that ends in last.
func (p piece) continues(last byte) bool {
	if p.text == "" {
		return false
	}
	first := p.text[0]
	word := isWordByte(first)
	capital := first >= 'A' && first <= 'Z'
	switch last {
	case '&', '=':
		return word && (!capital || p.sole || p.typical())
	case '?':
		return word && strings.Contains(p.text, "=")
	case '%':
		return len(p.text) > 1 && isHex(first) && isHex(p.text[1])
	case '/':
		return word && p.typical() || word && !capital && p.sole && p.wide
	case '-', '_', '+', '~', '#':
		return word && (p.typical() || p.sole && !capital)
	case '.':
		return word && !capital && (p.fileEnding() || p.typical() && p.wide && p.sole)
	}
	if !isWordByte(last) {
		return false
	}
	switch first {
	case '?', '&', '=', '%':
		return len(p.text) > 2
	case '/', '-', '_', '#':
		return len(p.text) > 2 && isWordByte(p.text[1]) && p.typical() && (p.wide || p.sole)
	}
	return word && p.wide && p.sole && p.typical()
}

// typical tells what occurs in addresses and hardly ever in a word of prose.
func (p piece) typical() bool {
	if strings.ContainsAny(p.text, "/=%_&?#") || strings.Count(p.text, "-") > 1 {
		return strings.IndexFunc(p.text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
	}
	digits := strings.IndexFunc(p.text, func(r rune) bool { return r < '0' || r > '9' }) < 0
	return p.fileEnding() || digits && len(p.text) >= 6
}

// fileEnding tells "html", "report.pdf" and the like.
func (p piece) fileEnding() bool {
	switch strings.ToLower(p.text[strings.LastIndexByte(p.text, '.')+1:]) {
	case "html", "htm", "shtml", "php", "pdf", "asp", "aspx", "jsp", "jpg", "png":
		return true
	}
	return false
}
