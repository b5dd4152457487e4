package verify

import "math"

// Bounds of the suspicion that a source is not the one that was meant.
const (
	coverageFloor  = 0.25 // of Coverage: below it the source is suspected
	coverageTerms  = 6    // terms that a claim needs, general words counting half
	coverageText   = 120  // terms that a source needs: a login page has fewer
	coverageWindow = 20   // best sentences whose neighbourhoods are looked at
)

// coverage says how much of a claim stands in a source, from 0 to 1: the geometric
// mean of the share that stands anywhere in it and of the share that its best
// passage has. A term counts by its rareness in pages of any kind, and numbers,
// months and names a little more. So a long page on another subject, which has
// many of the words but none of them together, covers little.
func (ix *claimIndex) coverage(c claimTerms) float64 {
	weight := make([]float64, len(c.weight))
	for key, n := range c.index {
		weight[n] = c.weight[n] * rareness(key)
	}
	// Always summed in the order of the terms: so a sum is the same each time, and
	// no part is larger than the whole.
	total := 0.0
	for _, w := range weight {
		total += w
	}
	if total == 0 {
		return 0
	}
	share := func(from, to int) float64 {
		sum := 0.0
		for n, covered := range ix.covered(from, to) {
			if covered {
				sum += weight[n]
			}
		}
		return sum / total
	}
	best := 0.0
	free := make([]bool, len(ix.sentences))
	for n, r := range ix.rank() {
		if n == coverageWindow {
			break
		}
		first, last := ix.window(r.sentence, free)
		best = math.Max(best, share(first, last+1))
	}
	return math.Sqrt(best * share(0, len(ix.sentences)))
}

// terms is how many terms the source has.
func (ix *claimIndex) terms() int {
	sum := 0
	for _, n := range ix.length {
		sum += n
	}
	return sum
}
