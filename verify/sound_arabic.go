package verify

import "strings"

// Letters of Arabic script are of two kinds here. A strong letter is a consonant;
// arabicStrong has what Latin script may write for it. A weak letter is a long
// vowel, or a consonant that sounds like one; arabicWeak has what Latin script may
// write for it. Short vowels are not written. Neither is changed.
var (
	arabicStrong = map[rune]string{
		'ب': "bp", 'پ': "p", 'ت': "t", 'ټ': "t", 'ٹ': "t", 'ط': "t", 'ث': "st", 'س': "s", 'ص': "s", 'ج': "Jg", 'چ': "C", 'څ': "s", 'ح': "h", 'خ': "h",
		'ه': "h", 'د': "d", 'ډ': "d", 'ڈ': "d", 'ذ': "sd", 'ز': "s", 'ض': "sd", 'ظ': "s", 'ژ': "J", 'ږ': "Jg", 'ځ': "sJ", 'ر': "r", 'ړ': "r", 'ڑ': "r",
		'ش': "S", 'ښ': "Sh", 'غ': "g", 'گ': "g", 'ګ': "g", 'ڭ': "g", 'ق': "kg", 'ک': "k", 'ك': "k", 'ف': "fv", 'ڤ': "v", 'ل': "l", 'م': "m", 'ن': "n", 'ڼ': "n",
	}
	arabicWeak = map[rune]string{
		'ا': "aoeu", 'آ': "ao", 'أ': "aeo", 'إ': "ie", 'ٱ': "a", 'ع': "aieou", 'ء': "", 'ئ': "ie", 'ؤ': "ou", 'و': "uov", 'ی': "iea", 'ي': "iea", 'ى': "aei",
		'ې': "ei", 'ۍ': "i", 'ے': "ei", 'ة': "aeh", 'ۀ': "aeh",
	}
)

// spelledLike reports that a word in Arabic script may be a word of a claim, as
// sound returns it: each consonant of the one stands in the other in the same
// order, and each long vowel has a vowel. whole says that there is enough of it to
// believe that for the word alone; otherwise the words beside it must say so too.
func spelledLike(claim, word string) (like, whole bool) {
	letters := []rune(strings.TrimPrefix(word, "ال"))
	if len(letters) < 2 || len(letters) > soundLimit || len(claim) < 3 {
		return false, false
	}
	i, strong, weak := 0, 0, 0
	for n, r := range letters {
		if sounds, ok := arabicStrong[r]; ok {
			from := i
			for i < len(claim) && vowel(claim[i]) && strings.IndexByte(sounds, claim[i]) < 0 {
				i++
			}
			switch {
			case i < len(claim) && strings.IndexByte(sounds, claim[i]) >= 0:
				i++
				strong++
			case n > 0 && letters[n-1] == r:
				i = from // doubled
			case r == 'ه' && n == len(letters)-1 && n > 0:
				// A final he is the vowel of "Maryama", or silent.
			default:
				return false, false
			}
			continue
		}
		sounds, ok := arabicWeak[r]
		if i+1 < len(claim) && r == 'و' && vowel(claim[i]) && strings.IndexByte(sounds, claim[i]) < 0 && claim[i+1] == 'v' {
			i++ // a short vowel before a w
		}
		switch {
		case !ok:
			return false, false
		case i < len(claim) && strings.IndexByte(sounds, claim[i]) >= 0:
			i++
			weak++
		case n > 0 && r != 'ع' && r != 'ء':
			return false, false
		}
	}
	if len(consonants(claim[i:])) > 0 || len(claim)-i > 1 {
		return false, false
	}
	all := weak == len(claim)-len(consonants(claim)) // every vowel of the claim is written
	return strong >= 2 && strong+weak >= 3, strong >= 4 || strong+weak >= 4 && (strong >= 3 || all)
}
