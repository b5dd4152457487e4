package verify

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// FactKind is what a Fact of a claim is.
type FactKind string

// The kinds.
const (
	NumberFact FactKind = "number"
	DateFact   FactKind = "date"
	NameFact   FactKind = "name"
	QuoteFact  FactKind = "quote" // words in quotation marks
)

// FactState is what is known of a fact of a claim in a source.
type FactState string

// The states. None of them says that the source supports the claim: a number that
// is found may count something else.
const (
	FactFound       FactState = "found"
	FactPartly      FactState = "partly-found"     // of a name, single words
	FactApproximate FactState = "approximate"      // of a quote: see QuoteApproximate
	FactChanged     FactState = "changed"          // of a quote: see QuoteChanged
	FactAbsent      FactState = "not-found"        // not in the source as far as it can be read
	FactOpen        FactState = "language-differs" // not seen, but the source is in another language
	FactUnread      FactState = "unread"           // the source has no text
)

// Fact is something in a claim that a source either has or has not.
type Fact struct {
	Kind   FactKind
	State  FactState
	Text   string // as the claim writes it
	Claim  Span   // of the claim
	Source []Span // where it stands in Doc.Text, the first of them; nil when it is nowhere
	Quote  Anchor // of a QuoteFact
}

// ClaimCheck is what a source has of a claim. It is for a reader who judges; it
// never says that a source supports a claim.
type ClaimCheck struct {
	Passages  []Passage // that speak to the claim, strong ones first
	Facts     []Fact    // in the order of the claim
	Coverage  float64   // 0 to 1: how much of the claim, by weight, stands in the source
	Suspected bool      // that the source is not the one that was meant
	Language  Language  // of the claim
	Source    Language  // of the source
	Differs   bool      // the languages, so that words cannot be compared
	Reasons   []string  // "<what>: <of what>", the gravest first
}

const (
	factsLimit = 64 // facts of one kind in a claim that are looked for
	spansLimit = 8  // places of a fact that are kept
)

// What a reason of a ClaimCheck begins with.
const (
	WrongSource     = "wrong-source suspected"
	LanguageDiffers = "language differs"
	NoText          = "no text"
)

// CheckClaim looks up what a source has of a claim: the at most k passages that
// speak to it, and which of its numbers, dates, names and quoted words are in it.
//
// Numbers and dates are compared by what they mean, in figures of any script or as
// words (see readFigures, readDates); names by their words with the endings of
// cases, across alphabets by their sound; quotes by AnchorQuote. Where the source
// is in another language than the claim, what is not seen is open, not absent.
//
// A source is suspected to be a wrong one when hardly anything of the claim is in
// it. It never is when the languages differ or one of them is not clear, when the
// source has too little text or the claim too few words to tell, or when a quote
// was found. The first 4 KiB
// of the claim count. Time and memory grow with the source and with nothing else.
// Equal arguments give equal results.
func CheckClaim(claim string, doc Doc, k int) ClaimCheck {
	claim = oneLine(cutText(claim, claimLimit), claimLimit)
	c := claimCheck{claim: claim, doc: doc}
	c.Language, c.Source = languageOf(claim), languageOf(doc.Text)
	c.Differs = differs(c.Language, c.Source, doc.Text)
	c.read()
	if doc.Text == "" {
		for i := range c.Facts {
			c.Facts[i].State = FactUnread
		}
		c.Reasons = []string{because(NoText, "the source has no text that could be read")}
		return c.ClaimCheck
	}
	c.search()
	c.quotes()
	c.judge(k)
	return c.ClaimCheck
}

// claimCheck is a ClaimCheck in the making.
type claimCheck struct {
	ClaimCheck
	claim string
	doc   Doc

	numbers map[string][]int // facts by what their number may mean
	dates   map[int]dated    // by fact
	names   []claimName
	ofName  []int // the fact of each name
}

// read reads the facts of the claim. Numbers inside of names, such as COVID-19 or
// G20, are none, nor is what stands in square brackets as the mark of a note.
func (c *claimCheck) read() {
	c.numbers, c.dates = map[string][]int{}, map[int]dated{}
	for line := range lexemes(c.claim) {
		taken := make([]bool, len(line))
		for i, l := range line {
			taken[i] = l.digits != "" && noteMark(c.claim, l)
		}
		for _, d := range readDates(c.claim, line, taken) {
			if c.count(DateFact) < factsLimit {
				c.dates[len(c.Facts)] = d
				c.Facts = append(c.Facts, Fact{Kind: DateFact, Claim: d.Span})
			}
		}
		for _, f := range readFigures(c.claim, line, taken) {
			if f.small || partOfName(c.claim, f.Span) || c.count(NumberFact) == factsLimit {
				continue
			}
			for i, v := range f.values {
				if i == 0 || f.either {
					c.numbers[v] = append(c.numbers[v], len(c.Facts))
				}
			}
			c.Facts = append(c.Facts, Fact{Kind: NumberFact, Claim: f.Span})
		}
		for _, n := range readNames(c.claim, line, taken) {
			c.names, c.ofName = append(c.names, n), append(c.ofName, len(c.Facts))
			c.Facts = append(c.Facts, Fact{Kind: NameFact, Claim: n.Span})
		}
	}
	for _, q := range quotedSpans(c.claim) {
		if c.count(QuoteFact) < claimsLimit {
			c.Facts = append(c.Facts, Fact{Kind: QuoteFact, Claim: q})
		}
	}
	for i := range c.Facts {
		f := &c.Facts[i]
		f.Text = c.claim[f.Claim.Start:f.Claim.End]
	}
}

func (c *claimCheck) count(kind FactKind) int {
	n := 0
	for _, f := range c.Facts {
		if f.Kind == kind {
			n++
		}
	}
	return n
}

// noteMark reports digits in square brackets.
func noteMark(text string, l lexeme) bool {
	return l.Start > 0 && text[l.Start-1] == '[' && l.End < len(text) && text[l.End] == ']'
}

// partOfName reports a number that letters stand before without a space, or a capital
// that is no unit behind it: 5G, 3D.
func partOfName(text string, s Span) bool {
	if rest := text[s.End:]; len(rest) > 0 && strings.ContainsRune("GDX", rune(rest[0])) {
		if next, _ := utf8.DecodeRuneInString(rest[1:]); !isLetter(next) {
			return true
		}
	}
	before := strings.TrimRight(text[:s.Start], "-‐‑")
	if len(before) == s.Start && s.Start > 0 && text[s.Start-1] >= 'a' && text[s.Start-1] <= 'z' {
		return true
	}
	last, _ := lastRune(before)
	return isLetter(last) && (len(before) == s.Start || !strings.ContainsAny(text[s.Start:s.End], " ") && upperWord(before))
}

// search reads the source once for all numbers, dates and names.
func (c *claimCheck) search() {
	names := newNameSearch(c.names)
	taken := make([]bool, 0, 256)
	for line := range lexemes(c.doc.Text) {
		taken = slices.Grow(taken[:0], len(line))[:len(line)]
		clear(taken)
		for _, d := range readDates(c.doc.Text, line, taken) {
			c.dated(d)
		}
		for _, f := range readFigures(c.doc.Text, line, taken) {
			for _, v := range f.values {
				for _, i := range c.numbers[v] {
					c.place(i, f.Span)
				}
			}
		}
		names.line(c.doc.Text, line)
	}
	for i := range c.Facts {
		if f := &c.Facts[i]; len(f.Source) > 0 {
			f.State = FactFound
		} else {
			f.State = FactAbsent
		}
	}
	for i, seen := range names.seen {
		f := &c.Facts[c.ofName[i]]
		switch {
		case len(seen.found) > 0:
			f.State, f.Source = FactFound, seen.found
		case len(seen.part) > 0:
			f.State, f.Source = FactPartly, seen.part
		}
	}
	gone := func(i int) bool { return c.names[i].tentative && c.Facts[c.ofName[i]].State == FactAbsent }
	var kept []Fact
	for i, f := range c.Facts {
		if n := slices.Index(c.ofName, i); n < 0 || !gone(n) {
			kept = append(kept, f)
		}
	}
	c.Facts = kept
	slices.SortStableFunc(c.Facts, func(a, b Fact) int { return a.Claim.Start - b.Claim.Start })
}

// dated notes a date of the source. A year of the claim may be a number in the
// source, but not the other way round.
func (c *claimCheck) dated(d dated) {
	for i := range c.Facts {
		want, ok := c.dates[i]
		if !ok {
			continue
		}
		if slices.ContainsFunc(want.dates, func(t date) bool { return slices.ContainsFunc(d.dates, t.matches) }) {
			c.place(i, d.Span)
		}
	}
	if len(d.dates) == 1 && d.dates[0].month == 0 {
		for _, i := range c.numbers[numberKey(float64(d.dates[0].year))] {
			c.place(i, d.Span)
		}
	}
}

func (c *claimCheck) place(fact int, s Span) {
	f := &c.Facts[fact]
	if n := len(f.Source); n < spansLimit && (n == 0 || f.Source[n-1] != s) {
		f.Source = append(f.Source, s)
	}
}

// quotes anchors what the claim quotes.
func (c *claimCheck) quotes() {
	var ix *quoteIndex
	for i := range c.Facts {
		f := &c.Facts[i]
		if f.Kind != QuoteFact {
			continue
		}
		if ix == nil {
			ix = indexQuotes(cutText(c.doc.Text, compareLimit))
		}
		f.Quote = ix.anchor(Selector{Exact: f.Text})
		f.State = map[QuoteStatus]FactState{QuoteFound: FactFound, QuoteApproximate: FactApproximate, QuoteChanged: FactChanged, QuoteAbsent: FactAbsent}[f.Quote.Status]
		for _, p := range f.Quote.Parts {
			f.Source = append(f.Source, p.Span)
		}
	}
}

// judge ranks the passages and says what is to be said.
func (c *claimCheck) judge(k int) {
	terms := readClaim(c.claim)
	ix := indexClaim(c.doc.Text, terms)
	if len(terms.weight) > 0 {
		c.Coverage = ix.coverage(terms)
		if k > 0 && !c.Differs {
			c.Passages = ix.passages(c.doc.Text, terms, k)
		}
	}
	if c.Differs {
		for i := range c.Facts {
			if c.Facts[i].State == FactAbsent {
				c.Facts[i].State = FactOpen
			}
		}
		c.Passages = factPassages(c.doc.Text, ix.sentences, c.Facts, k)
		c.Reasons = append(c.Reasons, because(LanguageDiffers, "the claim is in %s, the source in %s; what is not seen may stand there in other words", c.Language, c.Source))
	}
	quoted := slices.ContainsFunc(c.Facts, func(f Fact) bool { return f.Kind == QuoteFact && (f.State == FactFound || f.State == FactApproximate) })
	same := c.Language.Code != "" && c.Language.Code == c.Source.Code
	c.Suspected = same && !c.Differs && !quoted && c.Coverage < coverageFloor && terms.count() >= coverageTerms && ix.terms() >= coverageText
	if c.Suspected {
		c.Reasons = append([]string{because(WrongSource, "the source has hardly anything of the claim (%.0f %% by weight)", 100*c.Coverage)}, c.Reasons...)
	}
	for _, f := range c.Facts {
		if reason := f.reason(); reason != "" {
			c.Reasons = append(c.Reasons, reason)
		}
	}
}

// Word says in words what is known of a fact: "number not found", "quote absent".
func (f Fact) Word() string {
	switch {
	case f.Kind == QuoteFact && f.State == FactAbsent:
		return "quote absent"
	case f.State == FactOpen:
		return string(f.Kind) + " not seen"
	}
	return string(f.Kind) + " " + strings.ReplaceAll(string(f.State), "-", " ")
}

// Written is a fact as the source, the text of which is given, writes it first; ""
// when it does not.
func (f Fact) Written(text string) string {
	if len(f.Source) == 0 || f.Source[0].End > len(text) {
		return ""
	}
	return text[f.Source[0].Start:f.Source[0].End]
}

// reason is what is to be said of a fact: nothing of a number, a date or a name that
// is found, and nothing that the language leaves open.
func (f Fact) reason() string {
	text := brief(f.Text)
	switch {
	case f.State == FactOpen || f.State == FactFound && f.Kind != QuoteFact:
		return ""
	case f.State == FactChanged:
		text += " (" + strings.Join(f.kinds(), ", ") + ")"
	}
	return because(f.Word(), "%s", text)
}

// kinds are the kinds of difference of a quote from the source.
func (f Fact) kinds() []string {
	var all []string
	for _, p := range f.Quote.Parts {
		for _, k := range p.Kinds {
			if !slices.Contains(all, k) {
				all = append(all, k)
			}
		}
	}
	return all
}
