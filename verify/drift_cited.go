package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fate is what became of a sentence that was cited.
type Fate string

// The fates.
const (
	Stands  Fate = "stands"  // it is in the new page as it was
	Altered Fate = "altered" // the new page has it in other words
	Missing Fate = "missing" // the new page has nothing like it
)

// Validate reports a string that is no fate.
func (f Fate) Validate() error {
	switch f {
	case Stands, Altered, Missing:
		return nil
	}
	return fmt.Errorf("unknown fate %q", string(f))
}

// CitedSpan is a sentence of the old page that a citation relies on.
type CitedSpan struct {
	Fate   Fate
	Main   bool   // the spans are of Page.Main, else of Page.Text
	Old    Span   // of the sentence
	New    Span   // of what stands in its place; empty when it is missing
	Was    string // the sentence
	Is     string // what stands in its place
	Edits  []Edit // from Was to Is, as spans of these; empty when it is missing
	Kinds  []string
	Quoted bool // words that were quoted stand in it
}

// Kinds of difference in a CitedSpan.
const (
	NumberChanged   = "number"
	NegationChanged = "negation"
	NameChanged     = "name"
	WordsChanged    = "words"
)

const (
	passagesOfClaim = 3
	passageFloor    = 0.6 // of the score of the best passage of a claim
	citedLimit      = 64  // sentences that are followed
	claimsLimit     = 64  // claims, and quotes, of one citation that are looked for
	edgeLimit       = 64  // tokens before and behind a sentence that may belong to it
	furniture       = 8   // tokens: what is shorter and ends without a full stop is a label
)

// cited looks up what a citation relies on in the old page, and follows it into
// the new one.
func (c *comparison) cited(cited Cited) []CitedSpan {
	known := map[string]bool{}
	for _, claim := range cited.Claims[:min(len(cited.Claims), claimsLimit)] {
		for _, t := range tokenize(cutText(claim, claimLimit)) {
			known[t.key] = true
		}
	}
	var all []CitedSpan
	add := func(spans []CitedSpan) {
		for _, s := range spans {
			at := slices.IndexFunc(all, func(t CitedSpan) bool { return t.Main == s.Main && t.Old == s.Old })
			switch {
			case at >= 0:
				all[at].Quoted = all[at].Quoted || s.Quoted
			case len(all) < citedLimit:
				all = append(all, s)
			}
		}
	}
	for _, quote := range cited.Quotes[:min(len(cited.Quotes), claimsLimit)] {
		for _, t := range tokenize(cutText(quote, claimLimit)) {
			known[t.key] = true
		}
		add(c.quoted(quote))
	}
	for _, claim := range cited.Claims[:min(len(cited.Claims), claimsLimit)] {
		add(c.claimed(claim))
	}
	f := followers{c: c, known: known}
	for i := range all {
		f.follow(&all[i])
	}
	slices.SortStableFunc(all, func(a, b CitedSpan) int {
		if a.Main != b.Main {
			if a.Main {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Old.Start, b.Old.Start)
	})
	return all
}

// claimed returns the sentences of the old page that speak to a claim: of its main
// text when it has any, for teasers and menus may have the same words.
func (c *comparison) claimed(claim string) []CitedSpan {
	if found := claimedIn(c.old.mainText, claim, true); len(found) > 0 || c.extractor == VisibleExtractor {
		return found
	}
	return claimedIn(c.old.allText, claim, false)
}

func claimedIn(text, claim string, main bool) []CitedSpan {
	terms := readClaim(claim)
	var found, labels []CitedSpan
	best := 0.0
	for _, p := range StrongPassages(Doc{Text: text}, claim, passagesOfClaim) {
		best = max(best, p.Score)
		if p.Score < passageFloor*best {
			break
		}
		for _, s := range Sentences(p.Text) {
			span := CitedSpan{Main: main, Old: Span{p.Start + s.Start, p.Start + s.End}, Was: p.Text[s.Start:s.End]}
			switch {
			case len(terms.termsIn(span.Was)) == 0:
			case isLabel(span.Was):
				labels = append(labels, span)
			default:
				found = append(found, span)
			}
		}
	}
	if len(found) == 0 {
		return labels // a headline or a row of a table
	}
	return found
}

// isLabel reports what is no sentence but a date, a name, a counter, a menu item.
func isLabel(s string) bool {
	return len(tokenize(s)) < furniture && !strings.ContainsFunc(s[max(0, len(s)-8):], fullStop)
}

// quoted returns the sentences of the old page that quoted words stand in.
func (c *comparison) quoted(quote string) []CitedSpan {
	for _, main := range []bool{true, false} {
		text := c.old.mainText
		if !main {
			text = c.old.allText
		}
		a := AnchorQuote(text, Selector{Exact: quote})
		if a.Status == QuoteAbsent {
			continue
		}
		var found []CitedSpan
		for _, s := range Sentences(text) {
			for _, p := range a.Parts {
				if s.Start < p.Span.End && p.Span.Start < s.End {
					found = append(found, CitedSpan{Main: main, Old: s, Was: text[s.Start:s.End], Quoted: true})
					break
				}
			}
		}
		return found
	}
	return nil
}

// citedReasons tells what became of what was cited, and quotes one change of each
// kind.
func citedReasons(spans []CitedSpan, cited Cited) []string {
	var reasons []string
	for _, r := range []struct{ kind, code, text string }{
		{NumberChanged, "cited-number", "a number in what was cited changed"},
		{NegationChanged, "cited-negation", "what was cited was negated, or no longer is"},
		{NameChanged, "cited-name", "a name in what was cited changed"},
		{WordsChanged, "cited-words", "words in what was cited changed"},
	} {
		if i := slices.IndexFunc(spans, func(s CitedSpan) bool { return slices.Contains(s.Kinds, r.kind) }); i >= 0 {
			was, is := spans[i].changedWords(r.kind)
			reasons = append(reasons, because(r.code, "%s: %q is now %q", r.text, was, is))
		}
	}
	if i := slices.IndexFunc(spans, func(s CitedSpan) bool { return s.Fate == Missing }); i >= 0 {
		reasons = append(reasons, because("cited-missing", "what was cited is no longer there: %q", brief(oneLine(spans[i].Was, changedLimit))))
	}
	switch {
	case len(reasons) > 0:
	case len(spans) > 0:
		reasons = append(reasons, because("cited-stands", "what was cited is there as it was"))
	case len(cited.Claims)+len(cited.Quotes) > 0:
		reasons = append(reasons, because("cited-unknown", "nothing in the earlier page speaks to the claim in its words, so only the page as a whole is compared"))
	}
	return reasons
}
