package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
)

// Language is what a text is written in, as far as the text shows it.
type Language struct {
	Script string // "Latin", "Cyrillic", "Arabic", another name of the Unicode standard, "" without letters
	Code   string // ISO 639-1, "" when it is not clear
}

const (
	languageSample = 64 << 10 // bytes of a text that are looked at
	languageSure   = 120      // letters that a guess by letter statistics needs
	commonShare    = 0.06     // of the words of a language are among its commonest at least
	foreignShare   = 0.02     // of the words of another language may be among them by chance
	foreignText    = 400      // bytes of a text that must be without English words to be foreign
	ownShare       = 0.25     // of a source's letters are of the claim's script, when the source is readable beside it
)

// The words that every text of English, and of Russian, has some of. Other languages
// have some of the short ones, too: they count in a sentence alone.
const (
	shortWords   = "in is was for on as at it had not he she a an or be "
	englishWords = " the of and to that were with by from has have been which are they their its but who this would "
	russianWords = " и в во на не что с со по из к о об от для за как это был была были его их при после также до "
)

// languageOf guesses the language of a text. The script decides first; within
// Cyrillic and Arabic script, letters that only some languages have; within Latin
// script the commonest words of English, then the statistics of package whatlanggo,
// which is asked only where there is enough text for it to be right.
func languageOf(text string) Language {
	text = cutText(text, languageSample)
	l := Language{Script: mainScript(text)}
	has := func(letters string) bool { return oftenIn(text, letters) }
	switch l.Script {
	case "Cyrillic":
		switch {
		case has("ҷӣӯҶӮ"):
			l.Code = "tg"
		case has("әұіӘҰ") && has("қғҚҒ"):
			l.Code = "kk"
		case has("ңөүҢӨҮ"):
			l.Code = "ky"
		case has("ўқғҳЎҚҒҲ") && has("қғҳҚҒҲ"):
			l.Code = "uz"
		case hasWords(text, russianWords) && !has("іїєґІЇЄҐў"):
			l.Code = "ru"
		default:
			l.Code = bySample(text)
		}
	case "Arabic":
		switch {
		case has("ښځړټډګېڼږ"):
			l.Code = "ps"
		case has("ٹڈںے"):
			l.Code = "ur"
		case has("پچگژی"):
			l.Code = "fa"
		default:
			l.Code = "ar"
		}
	case "Latin":
		if hasWords(text, englishWords) || len(text) < foreignText && shareOf(text, englishWords+shortWords) >= 2*commonShare {
			l.Code = "en"
		} else if code := bySample(text); code != "en" {
			l.Code = code
		}
	default:
		l.Code = bySample(text)
	}
	return l
}

// oftenIn reports that a text has one of some letters in each four hundred, so
// that a name in another language does not decide.
func oftenIn(text, letters string) bool {
	found, all := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			all++
			if strings.ContainsRune(letters, r) {
				found++
			}
		}
	}
	return found > 0 && found*400 >= all
}

// mainScript is the script of most letters of a text.
func mainScript(text string) string {
	best, most := "", 0
	for script, n := range scriptsOf(text) {
		if n > most || n == most && script < best {
			best, most = script, n
		}
	}
	return best
}

// scriptsOf counts the letters of a text by their script.
func scriptsOf(text string) map[string]int {
	count := map[string]int{}
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case r < utf8.RuneSelf, unicode.Is(unicode.Latin, r):
			count["Latin"]++
		case unicode.Is(unicode.Cyrillic, r):
			count["Cyrillic"]++
		case unicode.Is(unicode.Arabic, r):
			count["Arabic"]++
		case unicode.Is(unicode.Han, r):
			count["Han"]++
		default:
			count["other"]++
		}
	}
	return count
}

// hasWords reports that enough of the words of a text are among the common ones of
// a language.
func hasWords(text, language string) bool { return shareOf(text, language) >= commonShare }

func shareOf(text, language string) float64 {
	words, common := 0, 0
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !apostrophe(r) }) {
		words++
		if strings.Contains(language, " "+strings.ToLower(word)+" ") {
			common++
		}
	}
	return float64(common) / float64(max(1, words))
}

func bySample(text string) string {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < languageSure {
		return ""
	}
	info := whatlanggo.Detect(text)
	if !info.IsReliable() {
		return ""
	}
	return info.Lang.Iso6391()
}

// differs reports that what is said in the one language is not to be found by its
// words in the other: the source is in another script, or surely in another
// language. A source that is partly in the claim's script is looked into.
func differs(claim, source Language, sourceText string) bool {
	if claim.Script == "" || source.Script == "" {
		return false
	}
	if claim.Script != source.Script {
		count := scriptsOf(cutText(sourceText, languageSample))
		all := 0
		for _, n := range count {
			all += n
		}
		return float64(count[claim.Script]) < ownShare*float64(all)
	}
	if claim.Code == "en" && source.Code == "" {
		sample := cutText(sourceText, languageSample)
		return len(sample) >= foreignText && shareOf(sample, englishWords) < foreignShare
	}
	return claim.Code != "" && source.Code != "" && claim.Code != source.Code
}

// String is the language's English name, or its script's.
func (l Language) String() string {
	switch l.Code {
	case "tg":
		return "Tajik"
	case "kk":
		return "Kazakh"
	case "ky":
		return "Kyrgyz"
	case "ps":
		return "Pashto"
	case "uz":
		return "Uzbek"
	case "fa":
		return "Persian"
	case "":
		if l.Script == "" || l.Script == "other" {
			return "another language"
		}
		return "a language in " + l.Script + " script"
	}
	for lang, name := range whatlanggo.Langs {
		if lang.Iso6391() == l.Code {
			return name
		}
	}
	return l.Code
}
