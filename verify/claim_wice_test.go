package verify

import (
	"slices"
	"sort"
	"testing"
)

// TestCheckClaimWiCE measures on claims of Wikipedia what CheckClaim says as it is
// shipped: how often what people marked as evidence is among the first three
// passages; how well coverage tells the page that a claim cites from one that
// another article cites; how often which of them is suspected; and which share of
// the numbers, dates and names is found in the one and in the other.
//
// A claim counts for the cited pages when people found that its page supports at
// least a part of it; the figures with all claims are logged.
func TestCheckClaimWiCE(t *testing.T) {
	all := readWiCE(t)
	var passages hits
	var cited, every, foreign []float64
	var suspected, suspectedForeign, strongForeign int
	found, foundForeign := map[FactKind]*[2]int{}, map[FactKind]*[2]int{}
	count := func(into map[FactKind]*[2]int, c ClaimCheck) {
		for _, f := range c.Facts {
			if into[f.Kind] == nil {
				into[f.Kind] = new([2]int)
			}
			into[f.Kind][1]++
			if len(f.Source) > 0 && f.State != FactPartly && f.State != FactChanged {
				into[f.Kind][0]++
			}
		}
	}
	for i, w := range all {
		doc, starts := w.source()
		c := CheckClaim(w.Claim, doc, 3)
		if gold := w.gold(); len(gold) > 0 {
			passages.add(slices.IndexFunc(c.Passages, func(p Passage) bool { return touches(p.Start, p.End, starts, gold) }))
		}
		every = append(every, c.Coverage)
		if w.Label != "not_supported" {
			cited = append(cited, c.Coverage)
			if c.Suspected {
				suspected++
			}
		}
		if w.Label == "supported" {
			count(found, c)
		}
		for _, step := range []int{37, 174} {
			other := all[(i+step)%len(all)]
			if other.Meta.Title == w.Meta.Title {
				continue
			}
			doc, _ := other.source()
			c := CheckClaim(w.Claim, doc, 3)
			foreign = append(foreign, c.Coverage)
			count(foundForeign, c)
			if c.Suspected {
				suspectedForeign++
			}
			if len(c.Passages) > 0 && !c.Passages[0].Weak {
				strongForeign++
			}
		}
	}
	auc, aucAll := areaUnder(cited, foreign), areaUnder(every, foreign)
	flagged, caught := float64(suspected)/float64(len(cited)), float64(suspectedForeign)/float64(len(foreign))
	strong := float64(strongForeign) / float64(len(foreign))
	t.Logf("evidence: %s", passages)
	t.Logf("wrong source: AUC %.4f with claims that are supported at least in part, %.4f with all; suspected %.3f of cited pages, %.3f of foreign ones", auc, aucAll, flagged, caught)
	t.Logf("strong passages in %.3f of foreign pages", strong)
	for _, kind := range []FactKind{NumberFact, DateFact, NameFact, QuoteFact} {
		a, b := found[kind], foundForeign[kind]
		if a != nil && b != nil {
			t.Logf("%s: %.3f of %d found for supported claims, %.3f of %d in foreign pages", kind, float64(a[0])/float64(a[1]), a[1], float64(b[0])/float64(b[1]), b[1])
		}
	}
	if passages.at(3) < 0.96 || auc < 0.99 || aucAll < 0.99 || flagged > 0.025 || caught < 0.92 || strong > 0.04 {
		t.Error("checks of claims are worse than they were")
	}
}

// areaUnder is the area under the curve of the receiver operating characteristic:
// how often one of the higher values is above one of the lower.
func areaUnder(higher, lower []float64) float64 {
	sort.Float64s(lower)
	sum := 0.0
	for _, v := range higher {
		below := sort.SearchFloat64s(lower, v)
		equal := sort.Search(len(lower), func(i int) bool { return lower[i] > v }) - below
		sum += float64(below) + float64(equal)/2
	}
	return sum / float64(len(higher)*len(lower))
}
