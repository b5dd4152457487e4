package seeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// readRest reads path, query and fragment. It ends at white space, at quotes and angle brackets, at a bracket that was
// not opened inside the address, at a mark, and where the next address is glued on.
func (a *addressScan) readRest() {
	var open []byte // closing brackets still due
	joins := 0
	for a.pos < len(a.text) {
		t := a.text[a.pos:]
		if n := a.refangPath(t); n > 0 {
			continue
		}
		r, n := utf8.DecodeRuneInString(t)
		switch {
		case len(open) > 0 && r == rune(open[len(open)-1]):
			open = open[:len(open)-1]
			a.emit(n)
		case r == '(' || r == '{' || r == '[':
			if !a.closes(t) {
				return
			}
			open = append(open, closerOf(t[0]))
			a.emit(n)
		case zeroWidth(r):
			if !a.skipZeroWidth(n) {
				return
			}
		case unicode.IsSpace(r):
			skip, ok := a.continuation(t)
			if !ok || joins == maxJoins {
				return
			}
			joins++
			a.pos += skip
			a.repaired = true
		case a.ends(r, t[n:]):
			return
		default:
			a.emit(n)
		}
	}
}

// maxJoins is how many line ends one address may span.
const maxJoins = 4

// ends tells whether r, with rest behind it, is no part of an address.
func (a *addressScan) ends(r rune, rest string) bool {
	switch r {
	case '|': // between columns of a table, unless it stands within
		return !startsWord(rest)
	case '<', '>', '"', '`', ')', ']', '}', '“', '”', '„', '«', '»', '—', utf8.RuneError:
		return true
	case '\'', '*':
		return r == a.opener
	case '’', '‘', '–', '‐', '‑':
		return !startsWord(rest)
	case 'h', 'H':
		return a.glued()
	case '&':
		return strings.HasPrefix(rest, "gt;") || strings.HasPrefix(rest, "lt;") || strings.HasPrefix(rest, "quot;")
	}
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	// Superscript digits are marks, and other punctuation outside ASCII belongs to the prose.
	return unicode.Is(unicode.No, r) || unicode.IsPunct(r) || unicode.IsControl(r)
}

// glued tells whether another address begins here. Behind a slash, an equals sign and their like it is part of this one,
// as in the addresses of web archives.
func (a *addressScan) glued() bool {
	if len(a.out) > 0 && strings.IndexByte("/=?&:%#+~-@$!", a.out[len(a.out)-1]) >= 0 {
		return false
	}
	_, ok := schemeAt(a.text[a.pos:], true)
	return ok
}

// refangPath undoes the forms of defanging met behind the host, and character references left over from HTML; it
// returns how much it read.
func (a *addressScan) refangPath(t string) int {
	var n int
	var meant byte
	switch t[0] {
	case '[', '(', '{', '<':
		if dot, kind := bracketedDot(t); kind != dotNone && startsWord(t[dot:]) {
			n, meant = dot, '.'
		} else if size, _, form := slashAt(t); form == slashDefanged {
			n, meant = size, '/'
		}
	case '\\':
		switch {
		case strings.HasPrefix(t, `\.`):
			n, meant = 2, '.'
		case len(t) > 1 && strings.IndexByte(`/_-?&=#%~`, t[1]) >= 0:
			// Escaped for JSON or Markdown.
			a.pos += 2
			a.out = append(a.out, t[1])
			a.repaired = true
			return 2
		}
	case '&':
		if rest, ok := strings.CutPrefix(t, "&amp;"); ok && startsWord(rest) {
			a.pos += len("&amp;")
			a.out = append(a.out, '&')
			a.repaired = true
			return len("&amp;")
		}
	}
	if n > 0 {
		a.pos += n
		a.out = append(a.out, meant)
		a.defanged = true
	}
	return n
}

// closes tells whether the bracket at the beginning of t is closed inside the address. A square bracket must belong to
// a query, as in ?filter[name]=x: elsewhere it is a mark.
func (a *addressScan) closes(t string) bool {
	const lookAhead = 256
	t = t[:min(len(t), lookAhead)]
	closer := closerOf(t[0])
	i := strings.IndexFunc(t, func(r rune) bool { return r == rune(closer) || unicode.IsSpace(r) || r == '<' || r == '"' })
	if i < 0 || t[i] != closer {
		return false
	}
	if t[0] != '[' {
		return true
	}
	return i+1 < len(t) && strings.IndexByte("=[&", t[i+1]) >= 0 && strings.IndexByte(string(a.out), '?') >= 0
}

func closerOf(opener byte) byte {
	switch opener {
	case '(':
		return ')'
	case '[':
		return ']'
	case '{':
		return '}'
	}
	return '>'
}

// trim takes the punctuation of the sentence off the end of the address and returns where the address ends in the
// text, never before start.
func (a *addressScan) trim(start int) int {
	end := a.pos
	for end > start {
		r, n := utf8.DecodeLastRuneInString(a.text[start:end])
		switch {
		case zeroWidth(r), unicode.IsSpace(r):
			end -= n
			continue
		case strings.ContainsRune(`.,;:!?'"*…‚`, r), r == '_' && a.opener == '_':
		default:
			return end
		}
		if len(a.out) < n || string(a.out[len(a.out)-n:]) != a.text[end-n:end] {
			return end
		}
		end -= n
		a.out = a.out[:len(a.out)-n]
	}
	return end
}
