package verify

import "slices"

// Passage is a stretch of a source that speaks to a claim: it uses the claim's
// rarer words, numbers, dates and names. Whether it supports the claim is for
// a reader to say.
type Passage struct {
	Text       string   // of the Doc, [Start, End)
	Start, End int      // byte offsets into Doc.Text
	Score      float64  // 0 to 1: BM25 of its best sentence, as a share of what one with the whole claim could reach
	Terms      []string // what the passage shares with the claim, as the passage writes it, each once, in its order
	Weak       bool     // too little of the claim to say that it speaks to it, see Passages
}

const (
	claimLimit   = 4 << 10 // bytes of a claim that are read
	indexLimit   = 1 << 18 // sentences of a source that are read: more than 16 MiB of prose have
	candidates   = 256     // sentences that are looked at as passages, best first
	windowLength = 3       // sentences of a passage, at most
	windowGain   = 0.12    // share of a claim that a neighbour must add to join

	// Okapi BM25 (Robertson and Zaragoza 2009, §3): where the frequency of a
	// term stops to count, and how much the length of a sentence does.
	saturation = 0.7
	lengthBias = 0.3

	// Weights of a term beside a plain word's 1.
	numberWeight  = 1.4
	nameWeight    = 1.1
	generalWeight = 0.5

	// The floors, see Passages. evidenceFloor is for the product of how many
	// terms the best passage shares with the claim, which share of the claim
	// by weight they are, and which share all terms in the source are.
	evidenceFloor = 0.06
	sharedFloor   = 2   // terms that every passage shares with a claim of two or more
	scoreFloor    = 0.4 // of the score of the best passage

	weakShared = 1.4 // terms that the best sentence of a weak passage shares with a claim of as many: two, of which one may be general
)

// Passages returns the at most k passages of a source that speak to a claim
// most, without overlaps: strong ones first, then weak ones, each best first.
//
// A passage is strong when the source and its best passage have enough of the
// claim, when it has at least two terms of the claim, if the claim has as many,
// and when it scores not much less than the best. A page on another subject has
// none of these, as a rule. A weak passage is what comes nearest to the claim in
// the source, and no more: it is for a reader who looks for the evidence, and is
// shown as weak. None at all says that the source has no word of the claim that
// would be worth a look.
//
// Weak or none is no finding about the claim: the source may say the same in
// other words or in another language. Scripts that are written without spaces are
// not cut into words, so that only numbers and dates are found in them.
//
// Sentences are ranked by BM25 over the claim's terms, in which numbers,
// months and names weigh more, and words that any text may have weigh less. A
// sentence's neighbours join it, up to three together, when they have much of
// the claim that it does not have. Equal arguments give equal results.
func Passages(doc Doc, claim string, k int) []Passage {
	c := readClaim(claim)
	if len(c.weight) == 0 || k <= 0 {
		return nil
	}
	return indexClaim(doc.Text, c).passages(doc.Text, c, k)
}

// StrongPassages returns the strong ones of Passages.
func StrongPassages(doc Doc, claim string, k int) []Passage {
	all := Passages(doc, claim, k)
	return slices.DeleteFunc(all, func(p Passage) bool { return p.Weak })
}

func (ix *claimIndex) passages(text string, c claimTerms, k int) []Passage {
	order := ix.rank()
	order = order[:min(len(order), candidates)]
	used := make([]bool, len(ix.sentences))
	found := ix.strong(text, c, k, order, used)
	for _, r := range order {
		if len(found) == k {
			break
		}
		if used[r.sentence] || ix.shared(c, r.sentence, r.sentence+1) < min(weakShared, c.count()) {
			continue
		}
		first, last := ix.window(r.sentence, used)
		p := ix.passage(text, c, r, first, last, used)
		p.Weak = true
		found = append(found, p)
	}
	return found
}

// strong takes the strong passages out of the sentences in their order.
func (ix *claimIndex) strong(text string, c claimTerms, k int, order []ranked, used []bool) []Passage {
	whole := ix.share(0, len(ix.sentences))
	var found []Passage
	for _, r := range order {
		if len(found) == k || len(found) > 0 && r.score < scoreFloor*found[0].Score {
			break
		}
		if used[r.sentence] {
			continue
		}
		first, last := ix.window(r.sentence, used)
		shared := ix.shared(c, first, last+1)
		if shared < min(sharedFloor, c.count()) {
			continue
		}
		if len(found) == 0 && shared*ix.share(first, last+1)*whole < evidenceFloor {
			return nil
		}
		found = append(found, ix.passage(text, c, r, first, last, used))
	}
	return found
}

// passage makes a passage of the sentences [first, last], which are used then.
func (ix *claimIndex) passage(text string, c claimTerms, r ranked, first, last int, used []bool) Passage {
	for j := first; j <= last; j++ {
		used[j] = true
	}
	p := Passage{Start: ix.sentences[first].Start, End: ix.sentences[last].End, Score: r.score}
	p.Text = text[p.Start:p.End]
	p.Terms = c.termsIn(p.Text)
	return p
}
