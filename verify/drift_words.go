package verify

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of what a reason quotes of a change.
const (
	wordsAround  = 4   // tokens on each side of it
	changedLimit = 160 // bytes of each text
)

// changedWords returns the first change of one kind in a sentence that was
// altered, as both texts have it, with a few words around it.
func (s *CitedSpan) changedWords(kind string) (was, is string) {
	for i := 0; i < len(s.Edits); {
		if s.Edits[i].Op == Kept {
			i++
			continue
		}
		first := i
		for i < len(s.Edits) && s.Edits[i].Op != Kept {
			i++
		}
		run := s.Edits[first:i]
		if slices.Contains(kindsOf(s.Was, s.Is, run), kind) {
			last := run[len(run)-1]
			return around(s.Was, Span{run[0].Old.Start, last.Old.End}), around(s.Is, Span{run[0].New.Start, last.New.End})
		}
	}
	return around(s.Was, Span{0, len(s.Was)}), around(s.Is, Span{0, len(s.Is)})
}

// around quotes a stretch of a text with some words before and behind it.
func around(text string, s Span) string {
	tokens := tokenize(text)
	in := tokensIn(tokens, s)
	from, to := max(0, in.Start-wordsAround), min(len(tokens), in.End+wordsAround)
	if from >= to {
		return ""
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
	}
	quoted := text[tokens[from].Start:tokens[to-1].End]
	if len(quoted) > changedLimit {
		end := changedLimit
		for !utf8.RuneStart(quoted[end]) {
			end--
		}
		quoted, to = quoted[:end], 0
	}
	b.WriteString(oneLine(quoted, changedLimit))
	if to < len(tokens) {
		b.WriteString("…")
	}
	return b.String()
}
