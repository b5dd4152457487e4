package verify

import (
	"cmp"
	"math"
	"slices"
)

// Passage is a stretch of a source that speaks to a claim: it uses the claim's
// rarer words, numbers, dates and names. Whether it supports the claim is for
// a reader to say.
type Passage struct {
	Text       string   // of the Doc, [Start, End)
	Start, End int      // byte offsets into Doc.Text
	Score      float64  // how much of what could be found of the claim stands here, 0 to 1
	Terms      []string // what the passage shares with the claim, as the passage writes it, each once, in its order
}

const (
	claimLimit   = 4 << 10 // bytes of a claim that are read
	windowLength = 3       // sentences of a passage, at most

	// Okapi BM25 (Robertson and Zaragoza 2009, §3): saturation of a term's
	// frequency, and how much a sentence's length counts.
	saturation = 1.2
	lengthBias = 0.6

	numberWeight = 1.4
	nameWeight   = 1.3

	sourceFloor = 0.0
	scoreFloor  = 0.0
	gain          = 0.12 // share of a claim that a neighbour must add to join
)

// Passages returns the at most k passages of a source that speak to a claim
// most, best first, without overlaps. It returns none when the source as a
// whole, or its best sentence, has too little of the claim: better none than a
// wrong one. Equal arguments give equal results.
//
// Sentences are ranked by BM25 over the claim's terms, in which numbers,
// months and names weigh more; a sentence's neighbours join it, up to three
// together, when they have much of the claim that it does not have.
func Passages(doc Doc, claim string, k int) []Passage {
	c := readClaim(claim)
	if len(c.weight) == 0 || k <= 0 {
		return nil
	}
	ix := indexClaim(doc.Text, c)
	if ix.share(0, len(ix.sentences)) < sourceFloor {
		return nil
	}
	used := make([]bool, len(ix.sentences))
	var found []Passage
	for _, r := range ix.rank() {
		if len(found) == k || r.score < scoreFloor {
			break
		}
		if used[r.sentence] {
			continue
		}
		first, last := ix.window(r.sentence, used)
		for j := first; j <= last; j++ {
			used[j] = true
		}
		p := Passage{Start: ix.sentences[first].Start, End: ix.sentences[last].End, Score: r.score}
		p.Text = doc.Text[p.Start:p.End]
		p.Terms = c.termsIn(p.Text)
		found = append(found, p)
	}
	return found
}

// claimTerms are the terms of a claim.
type claimTerms struct {
	index  map[string]int // by key
	weight []float64
}

func readClaim(claim string) claimTerms {
	c := claimTerms{index: map[string]int{}}
	for t := range terms(claim[:min(len(claim), claimLimit)]) {
		if stopWords[t.key] {
			continue
		}
		i, known := c.index[t.key]
		if !known {
			i = len(c.weight)
			c.index[t.key] = i
			c.weight = append(c.weight, 1)
		}
		switch {
		case t.number:
			c.weight[i] = numberWeight
		case t.name:
			c.weight[i] = nameWeight
		}
	}
	return c
}

// termsIn is what a text shares with the claim, as the text writes it.
func (c claimTerms) termsIn(text string) []string {
	var shared []string
	for t := range terms(text) {
		if _, ok := c.index[t.key]; ok {
			if written := text[t.Start:t.End]; !slices.Contains(shared, written) {
				shared = append(shared, written)
			}
		}
	}
	return shared
}

// occurrence is how often a term of the claim stands in a sentence.
type occurrence struct{ term, count int }

// claimIndex is where the terms of a claim stand in a text.
type claimIndex struct {
	sentences []Span
	length    []int // terms of each sentence
	found     [][]occurrence
	average   float64   // length of a sentence
	weight    []float64 // of each term of the claim, by its rareness in this text
	total     float64   // of all weights
}

func indexClaim(text string, c claimTerms) *claimIndex {
	ix := &claimIndex{sentences: Sentences(text)}
	ix.length = make([]int, len(ix.sentences))
	ix.found = make([][]occurrence, len(ix.sentences))
	having := make([]int, len(c.weight))
	length := 0
	for i, s := range ix.sentences {
		for t := range terms(text[s.Start:s.End]) {
			ix.length[i]++
			n, ok := c.index[t.key]
			if !ok {
				continue
			}
			at := slices.IndexFunc(ix.found[i], func(o occurrence) bool { return o.term == n })
			if at < 0 {
				ix.found[i] = append(ix.found[i], occurrence{term: n})
				at = len(ix.found[i]) - 1
				having[n]++
			}
			ix.found[i][at].count++
		}
		length += ix.length[i]
	}
	ix.average = max(1, float64(length)/float64(max(1, len(ix.sentences))))
	all := float64(len(ix.sentences))
	ix.weight = make([]float64, len(c.weight))
	for n, w := range c.weight {
		ix.weight[n] = w * math.Log(1+(all-float64(having[n])+0.5)/(float64(having[n])+0.5))
		ix.total += ix.weight[n]
	}
	return ix
}

// ranked is a sentence with its score, from 0 to 1.
type ranked struct {
	sentence int
	score    float64
}

// rank orders the sentences that have a term of the claim, best first; of two
// equal ones the first in the text.
func (ix *claimIndex) rank() []ranked {
	var all []ranked
	for i, found := range ix.found {
		if len(found) > 0 {
			all = append(all, ranked{i, ix.score(i)})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	return all
}

// score is the BM25 score of a sentence, as a share of what a sentence with
// all terms of the claim could reach.
func (ix *claimIndex) score(i int) float64 {
	sum := 0.0
	norm := saturation * (1 - lengthBias + lengthBias*float64(ix.length[i])/ix.average)
	for _, o := range ix.found[i] {
		tf := float64(o.count)
		sum += ix.weight[o.term] * tf / (tf + norm)
	}
	return sum / ix.total
}

// share is how much of the claim, by weight, stands in the sentences
// [from, to).
func (ix *claimIndex) share(from, to int) float64 {
	sum := 0.0
	seen := make([]bool, len(ix.weight))
	for _, found := range ix.found[from:to] {
		for _, o := range found {
			if !seen[o.term] {
				seen[o.term] = true
				sum += ix.weight[o.term]
			}
		}
	}
	return sum / ix.total
}

// window is the range [first, last] of sentences around i to show with it.
func (ix *claimIndex) window(i int, used []bool) (first, last int) {
	first, last = i, i
	for last-first+1 < windowLength {
		have := ix.share(first, last+1)
		before, after := 0.0, 0.0
		if first > 0 && !used[first-1] {
			before = ix.share(first-1, last+1) - have
		}
		if last+1 < len(ix.sentences) && !used[last+1] {
			after = ix.share(first, last+2) - have
		}
		switch {
		case max(before, after) < gain:
			return first, last
		case after >= before:
			last++
		default:
			first--
		}
	}
	return first, last
}
