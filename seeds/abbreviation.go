package seeds

import (
	"strings"
	"unicode"
)

// abbreviationKind says what an abbreviation does at the end of a sentence.
type abbreviationKind int

const (
	abbreviationNone   abbreviationKind = iota
	abbreviationTitle                   // never ends one: Dr.
	abbreviationNumber                  // stands before a number: No. 5
	abbreviationEnding                  // may end one: Inc., etc.
)

// kindOf looks a word up, in lower case and without its full stop.
func kindOf(word string) abbreviationKind {
	switch word {
	case "dr", "mr", "mrs", "ms", "messrs", "prof", "gen", "lt", "col", "maj", "capt", "cmdr", "sgt", "cpl", "adm", "brig",
		"sen", "rep", "gov", "pres", "hon", "rev", "fr", "st", "mt", "ft", "amb", "supt", "insp", "vs", "v", "cf", "viz",
		"approx", "ca", "e.g", "i.e", "esp", "incl", "resp", "ed", "eds", "trans",
		"проф", "акад", "им", "ул", "г-н", "г-жа", "т.е", "т.н", "т.к", "напр", "см", "ср", "ген", "полк", "св",
		"hr", "fr.", "z.b", "d.h", "u.a", "bzw", "vgl", "sog", "mme", "mlle", "sr", "sra", "srta", "dra", "sig":
		return abbreviationTitle
	case "no", "nos", "nr", "n", "num", "p", "pp", "fig", "figs", "tab", "vol", "art", "arts", "ch", "sec", "para", "paras",
		"op", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
		"с", "стр", "ст", "п", "пп", "рис", "табл", "т", "гл", "янв", "февр", "авг", "сент", "окт", "нояб", "дек",
		"s", "abs", "bd", "kap":
		return abbreviationNumber
	case "etc", "inc", "ltd", "co", "corp", "llc", "plc", "jr", "bros", "dept", "est", "al", "a.m", "p.m",
		"г", "гг", "др", "пр", "тыс", "млн", "млрд", "руб", "км", "обл", "р-н", "usw", "u.s.w":
		return abbreviationEnding
	}
	return abbreviationNone
}

// opensSentence tells words that begin a sentence and no name, so that "in the U.S. The" is two sentences and "U.S.
// Treasury" is one.
func opensSentence(after string) bool {
	word := after
	if i := strings.IndexFunc(after, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		word = after[:i]
	}
	switch word {
	case "The", "This", "These", "That", "Those", "It", "Its", "He", "She", "They", "Their", "We", "Our", "His", "Her",
		"There", "In", "On", "At", "By", "For", "From", "With", "After", "Before", "During", "Since", "Until", "While",
		"When", "Where", "If", "As", "But", "And", "Or", "Yet", "So", "However", "Although", "Both", "Several", "Some",
		"Most", "Many", "Few", "All", "No", "Not", "An", "Another", "Other", "Also", "According", "Later", "Meanwhile",
		"Это", "Этот", "Эти", "Он", "Она", "Они", "Но", "На", "По", "Как", "После", "При", "Однако", "Также", "Все",
		"Der", "Die", "Das", "Es", "Er", "Sie", "Ein", "Eine", "Im", "Am", "Nach", "Le", "La", "Les", "Il", "Elle", "El", "Los":
		return true
	}
	return false
}

// germanMonth tells that an ordinal before it, as in "5. Mai", ends no sentence.
func germanMonth(after string) bool {
	for _, month := range [...]string{
		"Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
	} {
		rest, ok := strings.CutPrefix(after, month)
		if ok && !startsWord(rest) {
			return true
		}
	}
	return false
}
