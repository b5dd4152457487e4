package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is the half-open range [Start, End) of byte offsets into a text.
type Span struct{ Start, End int }

// sentenceLimit bounds a sentence, in bytes. Longer ones, such as a menu in
// one line, are cut between words.
const sentenceLimit = 1200

// Sentences cuts a text into its sentences, in order. They do not overlap, no
// white space stands at their ends, and nothing but white space is left
// between them. The end of a line always ends a sentence.
//
// It knows full stops of the Latin, Cyrillic, Greek, Arabic, Devanagari and
// East Asian scripts, the abbreviations of English and Russian, initials,
// numbers and closing quotation marks. Where a capital letter after an
// abbreviation leaves it open, sentences are kept together rather than cut.
func Sentences(text string) []Span {
	var all []Span
	for start := 0; start < len(text); {
		end := len(text)
		if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
			end = start + n
		}
		all = sentencesOfLine(all, text, start, end)
		start = end + 1
	}
	return all
}

func sentencesOfLine(all []Span, text string, start, end int) []Span {
	from := start
	for i := start; i < end; {
		r, n := utf8.DecodeRuneInString(text[i:end])
		if !fullStop(r) {
			i += n
			continue
		}
		stop := i
		i = pastClosing(text, i+n, end)
		if i < end && strings.TrimSpace(text[from:stop]) != "" && endsSentence(text, from, stop, i, end, r) {
			all = appendSentence(all, text, from, i)
			from = i
		}
	}
	return appendSentence(all, text, from, end)
}

// appendSentence adds text[start:end] without the white space around it, in
// pieces of at most sentenceLimit bytes.
func appendSentence(all []Span, text string, start, end int) []Span {
	for {
		s := text[start:end]
		start += len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
		s = strings.TrimRightFunc(text[start:end], unicode.IsSpace)
		if s == "" {
			return all
		}
		if len(s) <= sentenceLimit {
			return append(all, Span{start, start + len(s)})
		}
		cut := strings.LastIndexFunc(s[:sentenceLimit], unicode.IsSpace)
		if cut <= 0 {
			for cut = sentenceLimit; cut > sentenceLimit-utf8.UTFMax && !utf8.RuneStart(s[cut]); {
				cut--
			}
		}
		all = append(all, Span{start, start + len(strings.TrimRightFunc(s[:cut], unicode.IsSpace))})
		start += cut
	}
}

// fullStop tells the characters that may end a sentence.
func fullStop(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '؟', '۔', '।', '॥', '。', '！', '？', '｡', '‼', '⁇', '⁈', '⁉':
		return true
	}
	return false
}

// pastClosing is the offset behind what may follow a full stop inside its
// sentence: more of them, closing quotes and brackets, and footnote marks in
// square brackets.
func pastClosing(text string, i, end int) int {
	for i < end {
		r, n := utf8.DecodeRuneInString(text[i:end])
		switch {
		case fullStop(r), strings.ContainsRune("\"'”’»›“‘)]}*_", r):
			i += n
		case r == '[':
			mark := strings.IndexByte(text[i:min(end, i+8)], ']')
			if mark < 0 || strings.Trim(text[i+1:i+mark], "0123456789abc*") != "" {
				return i
			}
			i += mark + 1
		default:
			return i
		}
	}
	return i
}

// endsSentence decides whether the full stop at stop, of the sentence that
// began at from, ends it; next is the offset behind stop and what it closes.
func endsSentence(text string, from, stop, next, end int, r rune) bool {
	follows := strings.TrimLeftFunc(text[next:end], unicode.IsSpace)
	gap := next+len(follows) < end
	switch r {
	case '。', '！', '？', '｡', '।', '॥', '۔':
		return true // written without a space behind them
	}
	if !gap {
		return false // example.org, 1.5, "what?"-moments
	}
	first := firstLetter(follows)
	if unicode.IsLower(first) {
		return false
	}
	if r != '.' || next-stop > 1 && text[stop+1] == '.' {
		return true
	}
	return !abbreviated(text[from:stop], follows)
}

// firstLetter is the first letter or digit of s within the few characters of
// punctuation that may open a sentence, 0 if something else comes first.
func firstLetter(s string) rune {
	for i, r := range s {
		if i > 16 {
			break
		}
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		case !unicode.IsPunct(r) && !unicode.IsSpace(r):
			return 0
		}
	}
	return 0
}

// abbreviated reports that the full stop between before and follows belongs to
// an abbreviation, an initial or the number of an item, not to a sentence.
func abbreviated(before, follows string) bool {
	word := before[strings.LastIndexFunc(before, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("([{«„“\"'‘", r)
	})+1:]
	if r, n := utf8.DecodeRuneInString(word); n > 0 && (r == '\'' || unicode.Is(unicode.Ps, r) || unicode.Is(unicode.Pi, r)) {
		word = word[n:]
	}
	alone := strings.TrimSpace(before) == word
	switch kind := abbreviations[strings.ToLower(word)]; {
	case initials(word) && strings.ToUpper(word) == word && kind != beforeName:
		return !openingWord(follows) // С. Пушкин, not с. 5
	case isNumber(word):
		return alone && len(word) <= 3 // "3. Results"
	case kind == beforeNumber:
		return isNumber(follows[:min(1, len(follows))])
	case kind == beforeName:
		return !openingWord(follows)
	case kind == afterNumber:
		// в 2015 г. Президент; but: г. Москва
		number := strings.TrimRightFunc(before[:len(before)-len(word)], unicode.IsSpace)
		return number == "" || !isNumber(number[len(number)-1:])
	case kind == inside:
		return true
	}
	return initials(word) && !openingWord(follows)
}

// isNumber reports a non-empty run of ASCII digits.
func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// initials reports a letter or letters with full stops between them, such as
// J, А.С or U.S.
func initials(word string) bool {
	letters := 0
	for part := range strings.SplitSeq(word, ".") {
		r, n := utf8.DecodeRuneInString(part)
		if n != len(part) || !unicode.IsLetter(r) {
			return false
		}
		letters++
	}
	return letters > 0
}

// openingWord reports that s begins with a word that opens sentences far more
// often than it is part of a name.
func openingWord(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	return abbreviations[strings.Trim(word, ",:;\"“”'’")] == opens
}
