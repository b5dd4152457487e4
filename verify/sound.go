package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// soundLimit bounds a word that is compared by its sound, in letters.
const soundLimit = 32

// soundOf spells a word of Latin or Cyrillic script, in lower case, by what it
// sounds like, one letter a sound, so that what transliterations differ in is the
// same: kh, x and h; zh, dzh and j; c, q and k; w and v; y and i; z and s; doubled
// letters. S is sh, C is ch, J is zh. "" when the word has other letters.
func soundOf(word string) string {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case unicode.Is(unicode.Cyrillic, first):
		return plainSound(romanize(word))
	case unicode.Is(unicode.Latin, first):
		return plainSound(plainLetters(word))
	}
	return ""
}

// romanize writes Cyrillic letters as Latin ones: Russian, Ukrainian, Tajik,
// Uzbek, Kazakh and Kyrgyz.
func romanize(word string) string {
	var b strings.Builder
	for _, r := range word {
		if latin, ok := cyrillicLatin[r]; ok {
			b.WriteString(latin)
		} else if r < utf8.RuneSelf {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cyrillicLatin is not changed.
var cyrillicLatin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "sh", 'ъ': "",
	'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya", 'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "u", 'қ': "q", 'ғ': "g", 'ҳ': "h", 'ҷ': "j",
	'ӣ': "i", 'ӯ': "u", 'ә': "a", 'ң': "ng", 'ө': "o", 'ү': "u", 'ұ': "u", 'һ': "h",
}

// plainSound folds the spellings of one sound.
func plainSound(latin string) string {
	latin = soundSpellings.Replace(latin)
	var b strings.Builder
	var last rune
	n := 0
	for _, r := range latin {
		if r != last && (r >= 'a' && r <= 'z' || r == 'S' || r == 'C' || r == 'J') {
			if n++; n > soundLimit {
				break
			}
			b.WriteRune(r)
			last = r
		}
	}
	return b.String()
}

// soundSpellings folds the longest spellings first. It is not changed.
var soundSpellings = strings.NewReplacer(
	"shch", "S", "sch", "S", "tch", "C", "dzh", "J", "dj", "J", "sh", "S", "ch", "C", "zh", "J", "j", "J", "kh", "h", "gh", "g", "ph", "f", "th", "t",
	"ks", "x", "x", "h", "q", "k", "ck", "k", "c", "k", "w", "v", "ts", "s", "tz", "s", "z", "s", "yu", "u", "ya", "a", "yo", "o", "ye", "e",
	"ee", "i", "oo", "u", "ou", "u", "y", "i", "'", "", "’", "", "ʻ", "", "ʼ", "", "-", "")

// soundsLike reports that a word of a source may be a word of a claim, both as
// soundOf returns them: written in another alphabet, transliterated in another
// way, or with an ending of a case. The bounds keep unrelated names apart: their
// consonants are the same but for an ending, and words of less than six letters,
// the vowels of an ending not counted, have the same vowels.
func soundsLike(claim, source string) bool {
	if strings.Contains(claim, "h") && strings.Contains(source, "g") { // Russian writes Herat with a g
		claim, source = strings.ReplaceAll(claim, "h", "g"), strings.ReplaceAll(source, "h", "g")
	}
	n := len(claim)
	if claim == "rusia" {
		claim = "rosia" // the one country whose English vowel is another
	}
	switch {
	case claim == source:
		return n > 1
	case n < 3 || len(source) < 3:
		return false
	}
	a, b := consonants(claim), consonants(source)
	switch {
	case len(a) < 2:
		return strings.HasPrefix(source, claim) && caseEnding(source[n:])
	case a == b: // the last vowels are those of a case
		if vowel(claim[0]) != vowel(source[0]) {
			return false
		}
		claim, source = strings.TrimRight(claim, vowels), strings.TrimRight(source, vowels)
		return apart(claim, source) <= others(len(claim))
	case !strings.HasPrefix(b, a):
		// Kreml is Kremlin: the claim has an ending of its own.
		return len(b) >= 4 && len(a) == len(b)+1 && strings.HasPrefix(a, b) && apart(claim, source) <= 2
	}
	allowed := 0
	if n >= 7 {
		allowed = others(n)
	}
	for _, cut := range []int{n, n - 1, n + 1} {
		if cut < len(source) && caseEnding(source[cut:]) && apart(strings.TrimRight(claim, vowels), strings.TrimRight(source[:cut], vowels)) <= allowed {
			return true
		}
	}
	return false
}

// others is how many letters of a word of n letters may be others.
func others(n int) int {
	if n < 6 {
		return 0
	}
	return max(1, n/4)
}

// caseEnding tells what languages add to a name, as soundOf spells it.
func caseEnding(s string) bool {
	switch s {
	case "", "a", "u", "go", "mu", "m", "h", "e", "i", "o", "s", "om", "em", "im", "am", "ami", "ov", "ev", "ei", "oi", "oh", "ah", "ogo", "omu", "ego", "iei", "oiu", "ea", "imi",
		"ning", "ni", "ga", "da", "dan", "nin", "di", "den", "ge", "de", "te", "ta", "tan", "ten", "ro", "ra", "ho", "on", "an", "n", "es", "is", "ian", "kii", "ki", "skii", "skoi", "skogo", "skaa":
		return true
	}
	return false
}

const vowels = "aeiou"

func vowel(c byte) bool { return strings.IndexByte(vowels, c) >= 0 }

// consonants are the letters of a sound that are no vowels.
func consonants(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && vowel(byte(r)) {
			return -1
		}
		return r
	}, s)
}

// apart is how many letters must be put in, taken out or replaced to make a of b
// (Levenshtein). Both are at most soundLimit long.
func apart(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, corner+1, row[j]+1)
		}
	}
	return row[len(b)]
}
