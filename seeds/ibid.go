package seeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ibidemWords say "in the same place" in the languages of the reports; lower case, longer ones first.
var ibidemWords = [...]string{
	"ibidem", "ibid.", "ibid", "idem", "id.", "ebenda", "ebd.", "ebd", "там же", "тамже", "там само", "тамо", "tamże",
	"ibíd.", "ibíd", "tamtéž", "ugyanott", "uo.", "a.g.e.", "aynı yer", "ўша жойда", "ўша ерда", "ўша манба", "oʻsha yerda", "o‘sha yerda", "o'sha yerda",
	"ошол эле жерде", "ошол жерде", "дар ҳамон ҷо", "ҳамон ҷо", "همان منبع", "همان جا", "همان‌جا", "همانجا", "همان", "المرجع نفسه", "المصدر نفسه", "نفس المرجع",
	"同上",
}

// ibidem finds a word such as "Ibid." that opens the text of a note, behind "see" at most: note[start:end]. There is
// none if end is 0.
func ibidem(note string) (start, end int) {
	at := 0
	lead := func() { at += len(note[at:]) - len(strings.TrimLeftFunc(note[at:], unicode.IsSpace)) }
	lead()
	for _, see := range [...]string{"see also ", "see ", "cf. ", "vgl. ", "см. "} {
		if prefix, ok := foldPrefix(note[at:], see); ok {
			at += prefix
			lead()
			break
		}
	}
	for _, word := range ibidemWords {
		n, ok := foldPrefix(note[at:], word)
		if !ok {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(note[at+n:]); r != utf8.RuneError && (isWord(r) || r == '_') && word != "同上" {
			continue
		}
		if strings.HasPrefix(note[at+n:], ".") && !strings.HasSuffix(word, ".") {
			n++
		}
		return at, at + n
	}
	return 0, 0
}

// foldPrefix tells whether t begins with word, which is in lower case, and how many bytes that takes in t.
func foldPrefix(t, word string) (int, bool) {
	n := 0
	for _, want := range word {
		r, size := utf8.DecodeRuneInString(t[n:])
		if size == 0 || unicode.ToLower(r) != want && !(want == ' ' && r == '\u00a0') {
			return 0, false
		}
		n += size
	}
	return n, true
}
