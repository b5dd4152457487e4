package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// stem is what the forms of a word have in common: the word without accents
// and without the endings of its script's commonest language. It errs on the
// side of keeping words apart. The word is in lower case.
func stem(word string) string {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case first < utf8.RuneSelf || unicode.Is(unicode.Latin, first):
		return stemEnglish(plainLetters(word))
	case unicode.Is(unicode.Cyrillic, first):
		return stemRussian(plainLetters(word))
	case unicode.Is(unicode.Arabic, first):
		return stemArabic(word)
	}
	return word
}

// plainLetters takes the accents off letters: é is e, ё is е.
func plainLetters(word string) string {
	ascii := true
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return word
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(word))
}

// stemEnglish cuts -s, -ed, -ing, -ly and a final -e, and undoes what they
// change in a word: tries, tried, try; stopped, stops; makes, making.
func stemEnglish(w string) string {
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		w = w[:len(w)-3] + "y"
	case len(w) > 4 && (strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "xes")):
		w = w[:len(w)-2]
	case len(w) > 3 && w[len(w)-1] == 's' && !strings.ContainsRune("siu", rune(w[len(w)-2])):
		w = w[:len(w)-1]
	}
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ied"):
		w = w[:len(w)-3] + "y"
	case len(w) > 4 && strings.HasSuffix(w, "ed") && w[len(w)-3] != 'e':
		w = undouble(w[:len(w)-2])
	case len(w) > 5 && strings.HasSuffix(w, "ing"):
		w = undouble(w[:len(w)-3])
	case len(w) > 5 && strings.HasSuffix(w, "ly"):
		w = w[:len(w)-2]
	}
	if len(w) > 3 && w[len(w)-1] == 'e' {
		w = w[:len(w)-1]
	}
	return w
}

// undouble takes back the doubled consonant of stopped.
func undouble(w string) string {
	n := len(w)
	if n > 3 && w[n-1] == w[n-2] && !strings.ContainsRune("aeioulsz", rune(w[n-1])) {
		return w[:n-1]
	}
	return w
}

// russianEndings are of nouns, adjectives and verbs, longest first.
var russianEndings = strings.Fields("иями ями ами его ого ему ому ыми ими ться ться " +
	"ете ите ают яют ует ила ыла ена ите или ыли ело ыло ено ать ять ить еть " +
	"ях ах ям ам ем ом им ым ое ее ие ые ия ья ая яя ую юю ою ею ии ии еи ои ыи ей ой ий ый ев ов ет ит ют ут ла ло ли ть на но ны " +
	"а я о е и ы у ю ь л н")

// stemRussian cuts one ending, but leaves four letters.
func stemRussian(w string) string {
	for _, ending := range russianEndings {
		if rest, ok := strings.CutSuffix(w, ending); ok && utf8.RuneCountInString(rest) >= 4 {
			return rest
		}
	}
	return w
}

// stemArabic spells a word of Arabic script one way, whether it was typed on
// an Arabic or on a Persian keyboard, and takes off the Arabic article.
func stemArabic(w string) string {
	w = strings.Map(func(r rune) rune {
		switch r {
		case 'أ', 'إ', 'آ', 'ٱ':
			return 'ا'
		case 'ى', 'ي', 'ئ':
			return 'ی'
		case 'ك':
			return 'ک'
		case 'ة', 'ۀ':
			return 'ه'
		case '\u0640': // tatweel only stretches a word
			return -1
		}
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, w)
	for _, article := range []string{"وال", "بال", "فال", "کال", "لل", "ال"} {
		if rest, ok := strings.CutPrefix(w, article); ok && utf8.RuneCountInString(rest) >= 3 {
			return rest
		}
	}
	return w
}
