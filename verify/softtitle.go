package verify

import (
	"strings"
	"unicode/utf8"
)

// absent-sounding titles and headings come in two strengths.
type absenceOf int

const (
	notAbsent  absenceOf = iota
	vaguely              // it is named 404 or "not found" and nothing else
	explicitly           // it says that the page, the article or the document is not there
)

// absenceIn reads a title or a heading. The name of the site may stand beside
// what is said, behind a dash or a bar.
func absenceIn(line string) (absenceOf, string) {
	if line == "" {
		return notAbsent, ""
	}
	whole := splitTitle(line, false)
	clauses := whole
	if strings.ContainsAny(line, ":\uff1a,\uff0c;،") {
		// A clause may hold a comma: "Страница, которую вы ищете, не найдена".
		clauses = append(splitTitle(line, true), whole...)
	}
	for _, part := range clauses {
		folded := foldText(part)
		if absences.exact[folded] || absences.exact[withoutFillers(folded)] || absences.startOf(folded) {
			return explicitly, part
		}
	}
	for i, part := range whole {
		folded := foldText(part)
		bare := withoutFillers(folded)
		switch {
		case len(whole) > 2 || i > 0 && len(foldText(whole[0])) > len(folded):
		case bare == "" && (hasWord(folded, "404") || hasWord(folded, "410")),
			vagueAbsences.exact[bare]:
			return vaguely, part
		}
	}
	return notAbsent, ""
}

// startOf reports a sentence that one of the phrases begins, but for a few
// words: "Sorry, the page you are looking for has been moved".
func (p phrases) startOf(folded string) bool {
	one := p.in(folded)
	if one == "" || !strings.Contains(one, " ") && !writesNoSpaces(one) {
		return false
	}
	before, _, _ := strings.Cut(folded, one)
	switch n := len(strings.Fields(before)); {
	case writesNoSpaces(one):
		return len(before) <= 12*3
	case n > 4:
		return false
	}
	return true
}

// splitTitle parts a title where a site puts its name or ends a sentence, with
// sentences also at colons.
func splitTitle(line string, sentences bool) []string {
	var parts []string
	from := 0
	cut := func(at, width int) {
		if part := strings.TrimSpace(line[from:at]); part != "" {
			parts = append(parts, part)
		}
		from = at + width
	}
	for i, r := range line {
		switch r {
		case '|', '–', '—', '·', '•', '»', '«', '›', '‹', '¦', '→', '/', '。', '\uff5c':
			cut(i, utf8.RuneLen(r))
		case '-', '!', '.', '?', '…', '؟', '\uff01':
			// Within a word they part nothing.
			if rest := line[i+utf8.RuneLen(r):]; rest == "" || rest[0] == ' ' || r == '\uff01' {
				cut(i, utf8.RuneLen(r))
			}
		case ':', '\uff1a', ',', '\uff0c', ';', '،':
			if sentences {
				cut(i, utf8.RuneLen(r))
			}
		}
	}
	cut(len(line), 0)
	return parts
}

// withoutFillers drops the fillers of absence from a folded text.
func withoutFillers(folded string) string {
	words := strings.Fields(folded)
	kept := words[:0]
	for _, w := range words {
		if !absenceFillers.exact[w] {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

func hasWord(folded, word string) bool {
	for w := range strings.FieldsSeq(folded) {
		if w == word {
			return true
		}
	}
	return false
}
