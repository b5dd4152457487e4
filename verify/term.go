package verify

import (
	"iter"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// term is one word, number or part of a date in a text.
type term struct {
	Span
	key    string // equal for terms that mean the same, see terms
	number bool   // a number or a month
	name   bool   // written with a capital letter inside a sentence
}

// terms reads the terms of a text, in order. Their keys are equal for the
// forms of one word, as far as cutting endings finds them (English, Russian),
// for the ways to write one number (1,200 and 1 200, ١٢ and 12, twelve), for
// the names of a month in several languages, and for the ways to write a date.
// One stretch of text may yield several terms, as a date does.
func terms(text string) iter.Seq[term] {
	return func(yield func(term) bool) {
		opening := true // at the start of a sentence, where a capital says nothing
		for i := 0; i < len(text); {
			r, n := utf8.DecodeRuneInString(text[i:])
			switch {
			case unicode.IsDigit(r):
				end, keys := readNumber(text, i)
				for _, key := range keys {
					if !yield(term{Span: Span{i, end}, key: key, number: true}) {
						return
					}
				}
				i, opening = end, false
			case unicode.IsLetter(r):
				end := i + n
				for end < len(text) {
					r, n := utf8.DecodeRuneInString(text[end:])
					if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\u0640' {
						break
					}
					end += n
				}
				t := wordTerm(text[i:end], opening)
				t.Span = Span{i, end}
				if t.key != "" && !yield(t) {
					return
				}
				i, opening = end, false
			default:
				opening = opening || fullStop(r) || r == '\n'
				i += n
			}
		}
	}
}

// wordTerm is the term of a word.
func wordTerm(word string, opening bool) term {
	first, size := utf8.DecodeRuneInString(word)
	capital := unicode.IsUpper(first)
	lower := strings.ToLower(word)
	if month := months[lower]; month > 0 && (capital || !mayBeVerb(lower)) {
		return term{key: monthKey(month), number: true}
	}
	if n := numberWords[lower]; n > 0 {
		return term{key: strconv.Itoa(n), number: true}
	}
	if size == len(word) && first < utf8.RuneSelf {
		return term{} // the s of 1990s, the t of don't
	}
	t := term{key: stem(lower), name: capital}
	if opening && strings.ToUpper(word) != word {
		t.name = false
	}
	return t
}

// mayBeVerb tells the months that are other words when they are not
// capitalised.
func mayBeVerb(word string) bool {
	switch word {
	case "march", "may", "mar", "dec", "sep", "jan":
		return true
	}
	return false
}

func monthKey(month int) string { return "month " + strconv.Itoa(month) }

// digitRun is text[i:] up to its first character that is no decimal digit, in
// ASCII digits, and the offset behind it.
func digitRun(text string, i int) (digits string, end int) {
	var b strings.Builder
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsDigit(r) {
			break
		}
		if b.Len() < 32 {
			b.WriteByte('0' + digitValue(r))
		}
		i += n
	}
	return b.String(), i
}

// digitValue is the value of a decimal digit of any script: the digits of a
// script are ten code points in a row (Unicode standard §4.6).
func digitValue(r rune) byte {
	if r < utf8.RuneSelf {
		return byte(r - '0')
	}
	for _, block := range unicode.Nd.R16 {
		if rune(block.Lo) <= r && r <= rune(block.Hi) {
			return byte((r - rune(block.Lo)) % 10)
		}
	}
	for _, block := range unicode.Nd.R32 {
		if rune(block.Lo) <= r && r <= rune(block.Hi) {
			return byte((r - rune(block.Lo)) % 10)
		}
	}
	return 0
}

// readNumber reads the number or the date in figures that begins at text[i].
func readNumber(text string, i int) (end int, keys []string) {
	groups, separators, ends := []string{""}, "", []int{0}
	groups[0], end = digitRun(text, i)
	ends[0] = end
	for len(groups) < 8 && end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		separator, ok := numberSeparator(r)
		if !ok {
			break
		}
		digits, next := digitRun(text, end+n)
		if digits == "" || separator == ' ' && len(digits) != 3 {
			break
		}
		groups, separators, end = append(groups, digits), separators+string(separator), next
		ends = append(ends, end)
	}
	if keys := dateKeys(groups, separators); keys != nil {
		return ends[2], keys
	}
	key := groups[0]
	used := 0
	for used < len(separators) {
		separator, group := separators[used], groups[used+1]
		thousands := len(group) == 3 && len(groups[0]) <= 3 && groups[0] != "0" && strings.Trim(separators[:used+1], string(separator)) == ""
		if separator == '-' || separator == '/' || !thousands && (separator == ' ' || strings.Contains(key, ".")) {
			break
		}
		if !thousands {
			key += "."
		}
		key += group
		used++
	}
	if strings.Contains(key, ".") {
		key = strings.TrimRight(strings.TrimRight(key, "0"), ".")
	}
	if key = strings.TrimLeft(key, "0"); key == "" || key[0] == '.' {
		key = "0" + key
	}
	return ends[used], []string{key}
}

// numberSeparator tells what may stand between the figures of a number or of
// a date, and the plain character for it.
func numberSeparator(r rune) (plain byte, ok bool) {
	switch r {
	case '.', '\u066b': // Arabic decimal separator
		return '.', true
	case ',', '\u066c': // Arabic thousands separator
		return ',', true
	case ' ', '\u00a0', '\u2009', '\u202f', '\'', '’':
		return ' ', true
	case '-', '/':
		return byte(r), true
	}
	return 0, false
}

// dateKeys reads 2015-03-12, 12.03.2015, 12/03/2015 and 3/12/2015; nil when
// the groups are none of them. Where day and month could be either, both are.
func dateKeys(groups []string, separators string) []string {
	if len(groups) < 3 || separators[0] != separators[1] || separators[0] == ' ' || separators[0] == ',' {
		return nil
	}
	year, a, b := groups[2], groups[0], groups[1]
	if len(groups[0]) == 4 {
		year, a, b = groups[0], groups[2], groups[1]
	}
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	if len(year) != 4 || errX != nil || errY != nil || x < 1 || y < 1 || min(x, y) > 12 || max(x, y) > 31 {
		return nil
	}
	keys := []string{year, strconv.Itoa(x), strconv.Itoa(y)}
	if y <= 12 {
		keys = append(keys, monthKey(y))
	}
	if x <= 12 && x != y && separators[0] == '/' {
		keys = append(keys, monthKey(x))
	}
	return keys
}
