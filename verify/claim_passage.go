package verify

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// factPassages returns the sentences of a source that have the most of the facts
// of a claim: for a source in another language, whose words say nothing. One with
// less than two facts is weak.
func factPassages(text string, sentences []Span, facts []Fact, k int) []Passage {
	type place struct{ fact, sentence int }
	of := map[int][]Span{}
	seen := map[place]bool{}
	count := map[int]int{}
	for i, f := range facts {
		for _, s := range f.Source {
			at, _ := slices.BinarySearchFunc(sentences, s, func(a, b Span) int { return cmp.Compare(a.End, b.Start+1) })
			if at == len(sentences) || sentences[at].Start > s.Start {
				continue
			}
			of[at] = append(of[at], s)
			if p := (place{i, at}); !seen[p] {
				seen[p] = true
				count[at]++
			}
		}
	}
	var order []int
	for at := range count {
		order = append(order, at)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	var found []Passage
	for _, at := range order[:min(len(order), max(0, k))] {
		p := Passage{Start: sentences[at].Start, End: sentences[at].End, Score: float64(count[at]) / float64(len(facts)), Weak: count[at] < 2}
		p.Text = text[p.Start:p.End]
		for _, s := range of[at] {
			if written := text[s.Start:s.End]; !slices.Contains(p.Terms, written) {
				p.Terms = append(p.Terms, written)
			}
		}
		found = append(found, p)
	}
	return found
}

// Highlights are the stretches of a passage that a claim and a source share, in
// order, without overlaps: its terms, and the facts that were found there. They
// are offsets into Doc.Text.
func (c *ClaimCheck) Highlights(p Passage) []Span {
	var all []Span
	terms := readTerms(p.Terms)
	for t := range wordsOf(p.Text) {
		if terms[p.Text[t.Start:t.End]] {
			all = append(all, Span{p.Start + t.Start, p.Start + t.End})
		}
	}
	for _, f := range c.Facts {
		for _, s := range f.Source {
			if s = (Span{max(s.Start, p.Start), min(s.End, p.End)}); s.Start < s.End {
				all = append(all, s)
			}
		}
	}
	slices.SortFunc(all, func(a, b Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	var merged []Span
	for _, s := range all {
		if n := len(merged); n > 0 && s.Start <= merged[n-1].End {
			merged[n-1].End = max(merged[n-1].End, s.End)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

func readTerms(written []string) map[string]bool {
	all := make(map[string]bool, len(written))
	for _, w := range written {
		all[w] = true
	}
	return all
}

// wordsOf are the stretches of a text that terms reads.
func wordsOf(text string) func(yield func(Span) bool) {
	return func(yield func(Span) bool) {
		last := Span{-1, -1}
		for t := range terms(text) {
			if t.Span == last {
				continue // a date is several terms
			}
			if last = t.Span; !yield(t.Span) {
				return
			}
		}
	}
}

func lastRune(s string) (rune, int) { return utf8.DecodeLastRuneInString(s) }

func isLetter(r rune) bool { return unicode.IsLetter(r) }

// upperWord reports that the last word of a text is of capitals, as in COVID-19.
func upperWord(text string) bool {
	n := 0
	for len(text) > 0 {
		r, size := lastRune(text)
		if !unicode.IsLetter(r) {
			break
		}
		if !unicode.IsUpper(r) {
			return false
		}
		n++
		text = text[:len(text)-size]
	}
	return n > 0
}
