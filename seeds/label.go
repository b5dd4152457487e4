package seeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shape is the way in which the label of a note is written. All notes of one report have the same.
type shape int8

const (
	shapeNone    shape = iota
	shapeBracket       // [1] text
	shapeCaret         // [^1]: text
	shapeRaised        // ¹ text
	shapeParens        // (1) text
	shapeDot           // 1. text
	shapeParen         // 1) text
	shapeColon         // 1: text
	shapeBare          // 1 https://…
	shapeCount
)

// strong shapes occur in front of notes and hardly anywhere else; the others begin the items of any list.
func (s shape) strong() bool { return s == shapeBracket || s == shapeCaret || s == shapeRaised }

// label is the label at the beginning of a line.
type label struct {
	text  string
	value int // number, 0 if the label is none
	shape shape
	start int // bytes of blanks before it
	size  int // bytes up to the text of the note, from the beginning of the line
}

// labelAt reads the label of a note at the beginning of a line. That the line may begin a note does not make it one:
// see findNotes.
func labelAt(text string) (label, bool) {
	const longest = 300 // blanks and label
	t := text[:min(len(text), longest)]
	at := blanks(t)
	l := label{start: at}
	t = t[at:]
	if t == "" {
		return label{}, false
	}
	switch {
	case t[0] == '[' || t[0] == '(':
		end := strings.IndexByte(t, closerOf(t[0]))
		if end < 0 {
			return label{}, false
		}
		l.text = westernDigits(strings.TrimSpace(t[1:end]))
		l.shape = shapeBracket
		if t[0] == '(' {
			l.shape = shapeParens
		}
		if name, ok := strings.CutPrefix(l.text, "^"); ok && t[0] == '[' {
			l.text, l.shape = name, shapeCaret
		}
		if !labelText(l.text, l.shape) {
			return label{}, false
		}
		t = t[end+1:]
		if l.shape == shapeCaret && !strings.HasPrefix(t, ":") || l.shape == shapeBracket && chained(t) {
			return label{}, false
		}
		t = strings.TrimLeft(t, ":.")
	case raised(t) > 0:
		n := raised(t)
		l.text, l.shape = lowered(t[:n]), shapeRaised
		t = strings.TrimLeft(t[n:], ".:)")
	default:
		n, digits := 0, 0
		for digits < 4 {
			r, size := utf8.DecodeRuneInString(t[n:])
			if digit(r) < 0 {
				break
			}
			n, digits = n+size, digits+1
		}
		if n == 0 || n == len(t) || digits == 4 {
			return label{}, false
		}
		l.text = westernDigits(t[:n])
		switch t[n] {
		case '.':
			l.shape = shapeDot
		case '-': // in Persian and Arabic
			if n == digits {
				return label{}, false
			}
			l.shape = shapeDot
		case ')':
			l.shape = shapeParen
		case ':':
			l.shape = shapeColon
		case ' ', '\t':
			l.shape = shapeBare
		default:
			return label{}, false
		}
		if l.shape != shapeBare {
			n++
		}
		t = t[n:]
		if t != "" && blanks(t) == 0 && l.shape != shapeBare && !addressStart(t) {
			return label{}, false // 1.5 million, 10:30
		}
	}
	l.size = len(text[:min(len(text), longest)]) - len(t)
	l.size += blanks(text[l.size:])
	if isDigits(l.text, 4) {
		for _, c := range l.text {
			l.value = l.value*10 + int(c-'0')
		}
	}
	return l, true
}

// labelText tells what may stand in brackets as a label: a number of up to four digits with a letter behind it at
// most, a single letter, a small Roman number as word processors give endnotes, or behind a caret any name.
func labelText(t string, s shape) bool {
	if t == "" || len(t) > 64 {
		return false
	}
	if s == shapeCaret {
		return strings.IndexFunc(t, func(r rune) bool { return unicode.IsSpace(r) || r == '[' || r == '^' }) < 0
	}
	digits := strings.TrimRightFunc(t, func(r rune) bool { return r >= 'a' && r <= 'z' })
	tail := len(t) - len(digits)
	switch {
	case digits == "":
		return s == shapeBracket && (tail == 1 || tail <= len("lxxxviii") && strings.Trim(t, "ivxlc") == "")
	case digits == "0" || strings.HasPrefix(digits, "00"):
		return false
	}
	return isDigits(digits, 4) && tail <= 1
}

// chained tells that another mark follows at once: "[1][2] text" is prose.
func chained(t string) bool {
	_, _, ok := groupAt(strings.TrimLeft(t, " ,;–-"))
	return ok
}

// addressStart tells whether an address with a scheme begins here.
func addressStart(t string) bool {
	_, ok := schemeAt(t, false)
	return ok || hasPrefixFold(t, "www.")
}

// raised counts the bytes of superscript digits at the beginning of t.
func raised(t string) int {
	n := 0
	for n < len(t) {
		r, size := utf8.DecodeRuneInString(t[n:])
		if raisedDigit(r) < 0 {
			break
		}
		n += size
	}
	return n
}

func raisedDigit(r rune) int {
	switch {
	case r == '¹':
		return 1
	case r == '²' || r == '³':
		return int(r-'²') + 2
	case r == '⁰' || r >= '⁴' && r <= '⁹':
		return int(r - '⁰')
	}
	return -1
}

// lowered writes superscript digits as ordinary ones.
func lowered(t string) string {
	var b strings.Builder
	for _, r := range t {
		b.WriteByte('0' + byte(raisedDigit(r)))
	}
	return b.String()
}
