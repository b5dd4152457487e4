package verify

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexeme is a word or a run of digits of a line, as numbers, dates and names are
// read from them.
type lexeme struct {
	Span          // of the whole text
	word   string // lower case, "" for digits
	digits string // in ASCII, "" for a word; at most 32 of them
	upper  bool   // the word begins with a capital
	opens  bool   // it stands at the start of a line or of a sentence
}

// lexemes reads a text line by line, so that the memory that it takes does not
// grow with the number of lines. No number, date or name goes over a line's end.
func lexemes(text string) iter.Seq[[]lexeme] {
	return func(yield func([]lexeme) bool) {
		var line []lexeme
		for start := 0; start < len(text); {
			end := len(text)
			if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
				end = start + n
			}
			for from := start; from < end; {
				var next int
				line, next = lexLine(line[:0], text, from, end)
				if len(line) > 0 && !yield(line) {
					return
				}
				from = next
			}
			start = end + 1
		}
	}
}

// lineLimit bounds the lexemes of a line that are read together.
const lineLimit = 1 << 14

func lexLine(all []lexeme, text string, start, end int) ([]lexeme, int) {
	opens := true
	for i := start; i < end; {
		if len(all) == lineLimit {
			return all, i
		}
		r, n := utf8.DecodeRuneInString(text[i:end])
		l := lexeme{Span: Span{i, i + n}, opens: opens}
		switch {
		case unicode.IsDigit(r):
			l.digits, l.End = digitRun(text[:end], i)
		case beginsWord(r) && !isSpaceless(r):
			l.End = wordEnd(text[:end], i)
			l.word = strings.ToLower(text[i:l.End])
			l.upper = unicode.IsUpper(r)
		default:
			opens = opens || fullStop(r)
			i += n
			continue
		}
		all, opens = append(all, l), false
		i = l.End
	}
	return all, end
}

// between is what stands between two lexemes that follow each other.
func between(text string, a, b lexeme) string { return text[a.End:b.Start] }

// joined reports that nothing but one space, hyphen or apostrophe, or nothing at
// all, stands between two lexemes.
func joined(text string, a, b lexeme) bool {
	gap := between(text, a, b)
	if gap == "" {
		return true
	}
	r, n := utf8.DecodeRuneInString(gap)
	return n == len(gap) && (unicode.IsSpace(r) || apostrophe(r) || hyphen(r) || joiner(r))
}

func hyphen(r rune) bool {
	switch r {
	case '-', '‐', '‑', '–', '−':
		return true
	}
	return false
}
