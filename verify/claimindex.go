package verify

import (
	"cmp"
	"math"
	"slices"
)

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
		case t.number && len(t.key) == 1:
			// A number of one figure stands in any text.
		case t.number:
			c.weight[i] = numberWeight
		case generalWords[t.key]:
			c.weight[i] = generalWeight
		case t.name:
			c.weight[i] = nameWeight
		}
	}
	return c
}

// count is how many terms the claim has; general words count as less than one.
func (c claimTerms) count() float64 {
	sum := 0.0
	for _, w := range c.weight {
		sum += min(1, w)
	}
	return sum
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
	ix.sentences = ix.sentences[:min(len(ix.sentences), indexLimit)]
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

// covered marks the terms of the claim that stand in the sentences [from, to).
func (ix *claimIndex) covered(from, to int) []bool {
	covered := make([]bool, len(ix.weight))
	for _, found := range ix.found[from:to] {
		for _, o := range found {
			covered[o.term] = true
		}
	}
	return covered
}

// shared is how many terms of the claim c stand in the sentences [from, to);
// general words count as less than one.
func (ix *claimIndex) shared(c claimTerms, from, to int) float64 {
	sum := 0.0
	for n, covered := range ix.covered(from, to) {
		if covered {
			sum += min(1, c.weight[n])
		}
	}
	return sum
}

// share is how much of the claim, by weight, stands in the sentences
// [from, to).
func (ix *claimIndex) share(from, to int) float64 {
	sum := 0.0
	for n, covered := range ix.covered(from, to) {
		if covered {
			sum += ix.weight[n]
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
		case max(before, after) < windowGain:
			return first, last
		case after >= before:
			last++
		default:
			first--
		}
	}
	return first, last
}
