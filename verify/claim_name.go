package verify

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// claimName is a name in a claim: words with capitals that stand together.
type claimName struct {
	Span
	words []nameWord
	// tentative is a single word at the start of a sentence: whether it is a name,
	// only a source that has it as one can tell.
	tentative bool
	// compact is a name with hyphens without them: IS-KP is ISKP, too.
	compact string
	// short is the initials of the words that the name may be short for, or long for: "iskp".
	short string
}

type nameWord struct {
	word, plain, stem, sound string
	common                   bool // pages of any kind have it: "State", "National"
}

const (
	namesLimit = 32 // names of a claim that are looked for
	nameGap    = 6  // lexemes that may stand between the words of a name, with its own number of words
)

// readNames reads the names of a claim. Words for months and days, and lexemes that
// are taken, are none.
func readNames(text string, line []lexeme, taken []bool) []claimName {
	var all []claimName
	upper, words := 0, 0
	for i := 0; i < len(line); i++ {
		if line[i].word != "" {
			words++
		}
		if line[i].upper {
			upper++
		}
		if taken[i] || !line[i].upper || notName(line[i].word) && !acronym(text[line[i].Start:line[i].End]) {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(text[line[i].End:]); unicode.Is(unicode.Sc, r) {
			continue // US$
		}
		n := claimName{Span: line[i].Span, words: []nameWord{newNameWord(text, line[i])}, tentative: line[i].opens && !acronym(text[line[i].Start:line[i].End])}
		last := i
		for j := i + 1; j < len(line) && j <= last+3; j++ {
			if taken[j] || line[j].word == "" || !joined(text, line[j-1], line[j]) {
				break
			}
			if line[j].upper && !notName(line[j].word) {
				n.words, n.End, last = append(n.words, newNameWord(text, line[j])), line[j].End, j
			} else if !particle(line[j].word) || !leads(n.words, line[j].word, j-last) {
				break
			}
		}
		n.End = line[last].End
		if len(n.words) > 1 {
			n.tentative = false
			n.compact = compacted(text[n.Start:n.End])
		}
		n.short = initialsOf(n.words)
		n.End -= len(text[n.Start:n.End]) - len(strings.TrimRight(withoutPossessive(text[n.Start:n.End]), " "))
		if known := slices.IndexFunc(all, func(m claimName) bool { return slices.EqualFunc(m.words, n.words, sameWord) }); known >= 0 {
			all[known].tentative = all[known].tentative && n.tentative
		} else if len(all) < namesLimit {
			all = append(all, n)
		}
		i = last
	}
	if words > 3 && upper*4 > words*3 { // a headline: capitals say nothing
		for i := range all {
			all[i].tentative = true
		}
	}
	return all
}

// compacted is a name whose words only hyphens join as one word, "" for others.
func compacted(written string) string {
	written = withoutPossessive(written)
	if !strings.ContainsFunc(written, hyphen) || strings.ContainsFunc(written, unicode.IsSpace) {
		return ""
	}
	return plainLetters(strings.ToLower(strings.Map(func(r rune) rune {
		if hyphen(r) {
			return -1
		}
		return r
	}, written)))
}

func sameWord(a, b nameWord) bool { return a.plain == b.plain }

func newNameWord(text string, l lexeme) nameWord {
	word := withoutPossessive(l.word)
	w := nameWord{word: text[l.Start : l.Start+len(withoutPossessive(text[l.Start:l.End]))], plain: plainLetters(word), stem: stem(word), sound: soundOf(word)}
	w.common = commonness()[w.stem] > 0
	return w
}

func withoutPossessive(word string) string {
	for _, ending := range []string{"'s", "’s", "'S", "’S", "'", "’"} {
		if root, ok := strings.CutSuffix(word, ending); ok && root != "" {
			return root
		}
	}
	return word
}

// acronym reports a word of two or more capitals.
func acronym(written string) bool {
	n := 0
	for _, r := range written {
		if !unicode.IsUpper(r) {
			return false
		}
		n++
	}
	return n > 1
}

// notName tells the words that are written with a capital and are no names.
func notName(word string) bool {
	if months[word] > 0 || stopWords[stem(word)] || generalWords[stem(word)] || solarMonths[word] > 0 {
		return true
	}
	switch word {
	case "i", "mr", "mrs", "ms", "dr", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье":
		return true
	}
	_, number := unitWords[word]
	return number || utf8.RuneCountInString(word) < 2
}

// particle tells the words without a capital inside names.
func particle(word string) bool {
	switch word {
	case "of", "the", "al", "el", "bin", "ibn", "bint", "de", "da", "del", "der", "den", "di", "van", "von", "la", "le", "ul", "ud", "e", "i", "for":
		return true
	}
	return false
}

// leads reports that a particle continues a name rather than tells where its bearer
// is from: Voice of Khorasan and Ministry of Interior are one name, Boris Karimov of
// Norin and the Taliban of the North are two.
func leads(words []nameWord, particle string, distance int) bool {
	if particle == "of" || particle == "for" {
		return len(words) == 1 || words[len(words)-1].common
	}
	return particle != "the" || distance == 1
}

// nameSearch looks for the names of a claim in a source, lexeme by lexeme.
type nameSearch struct {
	names []claimName
	seen  []nameSeen
	known map[string][]nameHit // what words of the source may be
	at    int                  // lexemes read
}

type nameSeen struct {
	last   []int  // by word of the name: the lexeme that it was seen at last, from 1
	spans  []Span // of these
	whole  []bool // it was seen so that it counts for itself
	strict int    // the last lexeme that counts for itself
	found  []Span // of the whole name
	part   []Span // of single words of it
}

// nameHit says that a word of the source may be a word of a name.
type nameHit struct {
	name, word int  // word is below 0 for the name as a whole
	whole      bool // by itself, not only beside the name's other words
}

// knownWords bounds what is remembered of a source's words.
const knownWords = 1 << 15

func newNameSearch(names []claimName) *nameSearch {
	s := &nameSearch{names: names, known: map[string][]nameHit{}}
	for _, n := range names {
		s.seen = append(s.seen, nameSeen{last: make([]int, len(n.words)), spans: make([]Span, len(n.words)), whole: make([]bool, len(n.words))})
	}
	return s
}

// line reads a line of the source.
func (s *nameSearch) line(text string, line []lexeme) {
	if len(s.names) == 0 {
		return
	}
	s.initials(text, line)
	s.at += 64 // no name goes over the end of a line
	for _, l := range line {
		s.at++
		if l.word == "" {
			continue
		}
		for _, h := range s.hits(l) {
			s.hit(h, l)
		}
	}
}

func (s *nameSearch) hit(h nameHit, l lexeme) {
	n, seen := &s.names[h.name], &s.seen[h.name]
	if h.word < 0 {
		if len(seen.found) < spansLimit {
			seen.found = append(seen.found, l.Span)
		}
		return
	}
	several := len(n.words) > 1
	cased := unicode.IsUpper(unicode.ToUpper(firstRune(l.word)))
	if cased && !l.upper && !several {
		if !n.tentative && h.whole && len(seen.part) < spansLimit { // a common noun, or a title: "the resolution"
			seen.part = append(seen.part, l.Span)
		}
		return
	}
	if n.tentative && l.opens && !several && cased {
		return // neither here nor in the claim is it known as a name
	}
	seen.last[h.word], seen.spans[h.word] = s.at, l.Span
	if h.whole {
		seen.strict = s.at
		if l.upper || !several {
			seen.whole[h.word] = true
		}
		if several && !n.words[h.word].common && (l.upper || !cased) && len(seen.part) < spansLimit {
			seen.part = append(seen.part, l.Span)
		}
	}
	first := slices.Min(seen.last)
	if first == 0 || s.at-first > len(n.words)-1+nameGap || seen.strict < first || len(seen.found) == spansLimit {
		return
	}
	span := seen.spans[0]
	for _, part := range seen.spans {
		span.Start, span.End = min(span.Start, part.Start), max(span.End, part.End)
	}
	if last := len(seen.found) - 1; last < 0 || seen.found[last].End <= span.Start {
		seen.found = append(seen.found, span)
	}
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// hits says which words of the names a word of the source may be.
func (s *nameSearch) hits(l lexeme) []nameHit {
	if hits, ok := s.known[l.word]; ok {
		return hits
	}
	word := withoutPossessive(l.word)
	var hits []nameHit
	if len(word) <= 4*soundLimit {
		plain, root, sounds := plainLetters(word), stem(word), soundOf(word)
		arabic := unicode.Is(unicode.Arabic, firstRune(word))
		for i, n := range s.names {
			if n.compact == plain {
				hits = append(hits, nameHit{i, -1, true})
			}
			for j, w := range n.words {
				like, whole := false, false
				switch {
				case arabic:
					like, whole = spelledLike(w.sound, word)
				case sameScript(w.plain, plain) && unicode.Is(unicode.Latin, firstRune(plain)):
					like = w.plain == plain || w.stem == root || derived(w.plain, plain) || len(w.sound) >= 5 && w.sound == sounds
					whole = like
				case w.sound != "" && sounds != "":
					like = soundsLike(w.sound, sounds)
					whole = like && len(w.sound) > 3
					if strings.ToUpper(w.word) == w.word { // an acronym has no cases
						like = len(sounds) >= 3 && w.sound == sounds
						whole = like
					}
				default:
					like = w.plain == plain
					whole = like
				}
				if like {
					hits = append(hits, nameHit{i, j, whole})
				}
			}
		}
	}
	if len(s.known) < knownWords {
		s.known[l.word] = hits
	}
	return hits
}

func sameScript(a, b string) bool {
	return unicode.Is(unicode.Latin, firstRune(a)) == unicode.Is(unicode.Latin, firstRune(b))
}

// derived reports that one of two words is the other with an ending that makes a
// people of a country, or a country of a people: Tajik, Tajikistan; Russia,
// Russian; Iran, Iranian.
func derived(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 4 || !strings.HasPrefix(b, a) {
		return false
	}
	switch b[len(a):] {
	case "s", "n", "an", "ian", "ans", "ians", "i", "is", "istan", "ese", "ish", "ns":
		return true
	}
	return false
}
