package seeds

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// texSymbol is the text that a command without arguments stands for.
func texSymbol(name string) (string, bool) {
	switch name {
	case "%", "&", "$", "#", "_", "{", "}":
		return name, true
	case "-", "/", "@", "!", "today", "protect", "relax":
		return "", true
	case "ss":
		return "ß", true
	case "SS":
		return "ẞ", true
	case "ae":
		return "æ", true
	case "AE":
		return "Æ", true
	case "oe":
		return "œ", true
	case "OE":
		return "Œ", true
	case "o":
		return "ø", true
	case "O":
		return "Ø", true
	case "l":
		return "ł", true
	case "L":
		return "Ł", true
	case "aa":
		return "å", true
	case "AA":
		return "Å", true
	case "i":
		return "ı", true
	case "j":
		return "ȷ", true
	case "dh":
		return "ð", true
	case "th":
		return "þ", true
	case "TH":
		return "Þ", true
	case "dj":
		return "đ", true
	case "DJ":
		return "Đ", true
	case "S", "textsection":
		return "§", true
	case "P", "textparagraph":
		return "¶", true
	case "dag", "textdagger":
		return "†", true
	case "ddag":
		return "‡", true
	case "copyright", "textcopyright":
		return "©", true
	case "textregistered":
		return "®", true
	case "texttrademark":
		return "™", true
	case "pounds", "textsterling":
		return "£", true
	case "euro", "texteuro":
		return "€", true
	case "textyen":
		return "¥", true
	case "textdollar":
		return "$", true
	case "ldots", "dots", "textellipsis":
		return "…", true
	case "textendash":
		return "–", true
	case "textemdash":
		return "—", true
	case "textasciitilde":
		return "~", true
	case "textasciicircum":
		return "^", true
	case "textasciigrave":
		return "`", true
	case "textunderscore":
		return "_", true
	case "textbackslash":
		return "\\", true
	case "textbar":
		return "|", true
	case "textless":
		return "<", true
	case "textgreater":
		return ">", true
	case "textbraceleft", "lbrace":
		return "{", true
	case "textbraceright", "rbrace":
		return "}", true
	case "lbrack":
		return "[", true
	case "rbrack":
		return "]", true
	case "slash":
		return "/", true
	case "textquotesingle":
		return "'", true
	case "textquotedbl":
		return `"`, true
	case "textquotedblleft":
		return "“", true
	case "textquotedblright":
		return "”", true
	case "quotedblbase", "glqq":
		return "„", true
	case "grqq":
		return "“", true
	case "textquoteleft", "lq":
		return "‘", true
	case "textquoteright", "rq":
		return "’", true
	case "quotesinglbase", "glq":
		return "‚", true
	case "guillemotleft", "guillemetleft", "flqq":
		return "«", true
	case "guillemotright", "guillemetright", "frqq":
		return "»", true
	case "textdegree", "degree":
		return "°", true
	case "texttimes":
		return "×", true
	case "textpm":
		return "±", true
	case "textbullet":
		return "•", true
	case "textperiodcentered":
		return "·", true
	case "textexclamdown":
		return "¡", true
	case "textquestiondown":
		return "¿", true
	case "textnumero":
		return "№", true
	case "TeX", "LaTeX", "XeTeX", "LuaTeX", "BibTeX":
		return name, true
	}
	return "", false
}

// texAccent is the combining character of an accent.
func texAccent(name string) (rune, bool) {
	switch name {
	case "`":
		return '\u0300', true
	case "'":
		return '\u0301', true
	case "^":
		return '\u0302', true
	case "~":
		return '\u0303', true
	case "=":
		return '\u0304', true
	case "u":
		return '\u0306', true
	case ".":
		return '\u0307', true
	case `"`:
		return '\u0308', true
	case "r":
		return '\u030a', true
	case "H":
		return '\u030b', true
	case "v":
		return '\u030c', true
	case "d":
		return '\u0323', true
	case "c":
		return '\u0327', true
	case "k":
		return '\u0328', true
	case "b":
		return '\u0331', true
	}
	return 0, false
}

// accent writes \"a, \"{a}, \'\i and the like; ok is false if no accent stands at i, which is named name up to end.
func (l *latex) accent(name string, i, end int) (next int, ok bool) {
	meant, next, ok := texAccented(l.src.text, name, end)
	if ok {
		l.symbol(meant, i, next)
	}
	return next, ok
}

// texAccented is the letter that an accent makes of the one behind it.
func texAccented(t, name string, end int) (meant string, next int, ok bool) {
	mark, ok := texAccent(name)
	if !ok {
		return "", end, false
	}
	at := end
	for at < len(t) && at < end+4 && t[at] == ' ' {
		at++
	}
	braced := at < len(t) && t[at] == '{'
	if braced {
		at++
	}
	if at >= len(t) {
		return "", end, false
	}
	base := ""
	switch {
	case t[at] == '\\':
		letter, after := texName(t, at)
		if letter != "i" && letter != "j" {
			return "", end, false
		}
		base, at = letter, after
	case t[at] == '}' && braced:
		// The accent alone, as "\~{}" for a tilde.
		if name == "~" || name == "^" {
			return name, at + 1, true
		}
		return "", at + 1, true
	case t[at] == '{', t[at] == '\n', t[at] == '\r':
		return "", end, false
	default:
		_, size := utf8.DecodeRuneInString(t[at:])
		base = t[at : at+size]
		at += size
	}
	if braced {
		if at >= len(t) || t[at] != '}' {
			return "", end, false
		}
		at++
	}
	return norm.NFC.String(base + string(mark)), at, true
}
