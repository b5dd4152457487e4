package verify

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Names of organisations are long in one text and short in another: United Nations
// and UN, Islamic State Khorasan Province and ISKP. Initials of two letters say so
// little that only those of the best known are believed.

// leastInitials is how many letters others need.
const leastInitials = 3

// shortEnough tells initials that are believed.
func shortEnough(initials string) bool {
	switch initials {
	case "un", "us", "uk", "eu":
		return true
	}
	n := utf8.RuneCountInString(initials)
	return n >= leastInitials && n <= 8
}

// initialsOf are the initials of a name of several words, or the letters of a name that
// is an acronym, in lower case; "" when they say too little.
func initialsOf(words []nameWord) string {
	if len(words) == 1 {
		short := strings.ToLower(words[0].word)
		if short == "usa" {
			short = "us" // whose last word is mostly left out
		}
		if acronym(words[0].word) && shortEnough(short) {
			return short
		}
		return ""
	}
	var b strings.Builder
	for _, w := range words {
		b.WriteRune(firstRune(w.plain))
	}
	if !shortEnough(b.String()) {
		return ""
	}
	return b.String()
}

// initials finds names in a line of the source that are written short there and long in
// the claim, or the other way round.
func (s *nameSearch) initials(text string, line []lexeme) {
	if !slices.ContainsFunc(s.names, func(n claimName) bool { return n.short != "" }) {
		return
	}
	var run []lexeme // words with capitals that stand together
	for i, l := range line {
		if l.word == "" {
			run = run[:0]
			continue
		}
		if len(run) > 0 && !joined(text, line[i-1], l) {
			run = run[:0]
		}
		switch {
		case l.upper:
			run = append(run, l)
		case !particle(l.word) && l.word != "and":
			run = run[:0]
			continue
		default:
			continue
		}
		short := acronym(text[l.Start:l.End])
		for k := range s.names {
			n := &s.names[k]
			switch length := utf8.RuneCountInString(n.short); {
			case n.short == "":
			case len(n.words) > 1:
				if short && (l.word == n.short || n.short == "us" && l.word == "usa") {
					s.found(k, l.Span)
				}
			case len(run) >= length && length > 1:
				words := run[len(run)-length:]
				if i := 0; !slices.ContainsFunc([]rune(n.short), func(r rune) bool { i++; return firstRune(words[i-1].word) != r }) {
					s.found(k, Span{words[0].Start, l.End})
				}
			}
		}
	}
}

func (s *nameSearch) found(name int, at Span) {
	if seen := &s.seen[name]; len(seen.found) < spansLimit {
		seen.found = append(seen.found, at)
	}
}
