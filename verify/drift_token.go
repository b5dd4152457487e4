package verify

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word, a number or a sign of a text. What else stands between them,
// such as punctuation, is no part of a comparison.
type token struct {
	Span
	key  string // equal for tokens that a reader takes for the same
	kind tokenKind
	name bool // a word that begins with a capital inside a sentence
	stop bool // a full stop or the end of a line stands before it
}

type tokenKind uint8

const (
	word tokenKind = iota
	number
	sign // % € ° < ≥ …: what changes the meaning of the number beside it
)

// tokenize cuts a text into tokens, in order. Keys are without what differs
// between two copies of one text: upper case, ligatures and other compatibility
// forms (Unicode Normalization Form KC), joiners, the kind of an apostrophe, the
// script of a digit, the separators of thousands, and in English whether a small
// number is written as a word and "not" contracted. Unlike terms, every form of
// a word has a key of its own, for a changed ending may change what is said.
// Each character of a script that is written without spaces is a token.
func tokenize(text string) []token {
	var all []token
	stop := true
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		t := token{Span: Span{i, i + n}}
		switch {
		case unicode.IsDigit(r):
			t.kind = number
			t.End, t.key = figures(text, i)
			if minus := negative(text, i); minus > 0 {
				t.Start, t.key = i-minus, "-"+t.key
			}
		case isSpaceless(r):
			t.key = string(r)
		case beginsWord(r):
			t.End = wordEnd(text, i)
			t.key = wordKey(text[i:t.End])
			t.name = !stop && unicode.IsUpper(r)
			if figures := englishFigures(t.key); figures != "" {
				t.kind, t.key, t.name = number, figures, false
			}
			if t.key == "cannot" && t.End-t.Start == len("cannot") {
				all = append(all, token{Span: Span{i, i + len("can")}, key: "can", name: t.name, stop: stop})
				t, stop = token{Span: Span{i + len("can"), t.End}, key: "not"}, false
				i = t.Start
			}
			if t.key == "n't" { // the rest of one, as an Edit has it
				t.key = "not"
			}
			if not := contracted(t.key, text[i:t.End]); not > 0 { // wasn't is "was" and "not"
				verb := t
				verb.End -= not
				verb.key, verb.stop = uncontracted(t.key), stop
				all, stop = append(all, verb), false
				t = token{Span: Span{verb.End, t.End}, key: "not"}
			}
		case unicode.IsNumber(r): // ², ½, Ⅳ
			t.kind, t.key = number, norm.NFKC.String(string(r))
		case unicode.Is(unicode.Sc, r), strings.ContainsRune("%‰°<>≤≥≠±×=§", r):
			t.kind, t.key = sign, string(r)
		default:
			stop = stop || fullStop(r) || r == '\n'
			i += n
			continue
		}
		i = t.End
		if t.key == "" {
			continue
		}
		t.stop, stop = stop, false
		all = append(all, t)
	}
	return all
}

// englishFigures writes an English word for a number from two to twenty in figures, ""
// for other words: that is how the styles of newspapers differ.
func englishFigures(key string) string {
	if len(key) < 3 || len(key) > 9 || key[0] < 'e' || key[0] > 't' {
		return ""
	}
	if v := unitWords[key]; v >= 2 && v <= 20 {
		return strconv.Itoa(int(v))
	}
	return ""
}

// contracted is the length of "n't" as written at the end of a word; it is 0 when the
// word does not end so.
func contracted(key, written string) int {
	if !strings.HasSuffix(key, "n't") || len(key) < len("isn't")-1 {
		return 0
	}
	// Joiners may stand between its letters, which the key has not.
	for at := len(written); at > 0; {
		r, n := utf8.DecodeLastRuneInString(written[:at])
		if at -= n; unicode.ToLower(r) == 'n' {
			return len(written) - at
		}
	}
	return 0
}

// uncontracted is the verb of a word that ends with "n't".
func uncontracted(key string) string {
	switch key {
	case "can't": // "cannot" is one word
		return "can"
	case "won't":
		return "will"
	case "shan't":
		return "shall"
	}
	return strings.TrimSuffix(key, "n't")
}

// beginsWord reports a letter that is no apostrophe: of those, ʻ and ʼ count as
// letters.
func beginsWord(r rune) bool { return unicode.IsLetter(r) && !apostrophe(r) }

// wordEnd is the offset behind the word that begins at text[i], see beginsWord. An
// apostrophe between letters belongs to it: without it don't would be two words.
func wordEnd(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case apostrophe(r):
			if next, _ := utf8.DecodeRuneInString(text[i+n:]); !beginsWord(next) {
				return i
			}
		case !unicode.IsLetter(r) && !unicode.IsMark(r) && !joiner(r) && r != '\u0640' || isSpaceless(r):
			return i
		}
		i += n
	}
	return i
}

func apostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʻ', '＇':
		return true
	}
	return false
}

func joiner(r rune) bool { return r == '\u200c' || r == '\u200d' || r == '\u00ad' || r == '\u2060' }

// wordKey is the key of a word.
func wordKey(written string) string {
	ascii := true
	for _, c := range []byte(written) {
		ascii = ascii && c < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(written)
	}
	written = strings.Map(func(r rune) rune {
		switch {
		case apostrophe(r):
			return '\''
		case joiner(r), r == '\u0640':
			return -1
		}
		return r
	}, written)
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(written)))
}

// figures reads the number that begins at text[i]: its figures with the decimal
// separators, colons and the like between them, but without separators of
// thousands. 1,200 and 1 200 are one key, 1.2 and 12 are two.
func figures(text string, i int) (end int, key string) {
	var b strings.Builder
	group, plain := 0, true // figures since the last separator; only thousands were separated
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsDigit(r) {
			b.WriteByte('0' + digitValue(r))
			group++
			i += n
			continue
		}
		separator := figureSeparator(r)
		digits := digitsAt(text, i+n)
		switch {
		case separator == 0 || digits == 0:
			return i, b.String()
		case thousands(separator) && digits == 3 && plain && group <= 3:
			// 1,200,300: nothing is written.
		case separator == ' ':
			return i, b.String()
		default:
			plain = false
			b.WriteByte(separator)
		}
		group = 0
		i += n
	}
	return i, b.String()
}

// figureSeparator is the plain form of what may stand inside a number, 0 for
// anything else.
func figureSeparator(r rune) byte {
	switch r {
	case '.', '\u066b', '·':
		return '.'
	case ',', '\u066c':
		return ','
	case ':', '\'', ' ':
		return byte(r)
	case '’':
		return '\''
	}
	return 0
}

func thousands(separator byte) bool { return separator == ',' || separator == ' ' || separator == '\'' }

// digitsAt counts the digits that begin at text[i], up to four.
func digitsAt(text string, i int) int {
	count := 0
	for i < len(text) && count < 4 {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsDigit(r) {
			break
		}
		count++
		i += n
	}
	return count
}

// negative is the length of a minus sign before the number at text[i]: a dash
// between two figures or after a letter is none.
func negative(text string, i int) int {
	r, n := utf8.DecodeLastRuneInString(text[:i])
	if r != '-' && r != '−' && r != '–' {
		return 0
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i-n])
	if i > n && !unicode.IsSpace(before) && before != '(' {
		return 0
	}
	return n
}

// isSpaceless tells the scripts that are written without spaces between words.
func isSpaceless(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// negates tells the words that turn a statement round, by their keys, in the
// languages that sources are most often in. It only names a difference: any
// other word that differs is one too.
func negates(key string) bool {
	switch key {
	case "not", "no", "never", "none", "nor", "neither", "nobody", "nothing", "nowhere", "without", "cannot", "denied", "denies", "deny",
		"не", "ни", "нет", "никогда", "никто", "ничего", "без", "нельзя",
		"nicht", "kein", "keine", "keinen", "keiner", "nie", "niemals", "ohne",
		"ne", "pas", "jamais", "aucun", "aucune", "sans", "non", "nunca", "nadie", "sin", "não", "nem", "sem", "mai", "senza",
		"değil", "yok", "hiç", "emas", "yo'q", "hech", "жоқ", "емес", "жок", "эмес", "нест", "ҳеҷ",
		"نه", "نیست", "هیچ", "بدون", "لا", "لم", "لن", "ليس", "ليست", "غير", "不", "没", "未", "无", "非":
		return true
	}
	return strings.HasSuffix(key, "n't")
}
