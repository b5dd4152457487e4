package verify

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// QuoteStatus is what is known of quoted words in a source.
type QuoteStatus string

// The statuses. None of them says that a quotation is fair.
const (
	QuoteFound       QuoteStatus = "found"       // the same words in the same order
	QuoteApproximate QuoteStatus = "approximate" // much the same: the differences are listed, none of them in a number, a negation or a name
	QuoteChanged     QuoteStatus = "changed"     // much the same, but a number, a negation or a name differs
	QuoteAbsent      QuoteStatus = "absent"      // nothing like it
)

// Selector describes quoted words (W3C Web Annotation Data Model §4.2.4,
// TextQuoteSelector): what they are, and what stands before and behind them. The
// latter two may be empty; they choose between several places.
type Selector struct{ Exact, Prefix, Suffix string }

// Anchor is where quoted words stand in a text.
type Anchor struct {
	Status     QuoteStatus
	Similarity float64      // 0 to 1: 1 minus edits per character, of all parts together
	Parts      []QuotedPart // those that were found; a quotation has several when it leaves something out
}

// QuotedPart is where one part of a quotation stands.
type QuotedPart struct {
	Quote      string // as quoted
	Span       Span   // of the text, whole words
	Similarity float64
	Edits      []Edit // from Quote to the text at Span, as spans of these; empty when found
	Kinds      []string
}

// Thresholds of an approximate match. On unrelated pages the best match of a
// quotation of 40 characters reaches 0.57, of 60 characters 0.51; a quarter of the
// words replaced leaves 0.78.
const (
	exactBelow  = 25 // characters: shorter quotations are found exactly or not at all
	strictBelow = 40
	strictLeast = 0.90
	approxLeast = 0.80
	quoteLimit  = 4 << 10 // bytes of a quotation that are looked for
)

// AnchorQuote finds quoted words in a text. Case, white space, punctuation, the
// kinds of quotes and dashes and ligatures do not count. Where a quotation leaves
// something out (…, [...]), its parts are looked for in their order.
//
// Who said it, between the two halves of one quotation, and brackets of the quoting
// author do not count either. Words that differ are never found: they are approximate, or changed, with their
// differences.
func AnchorQuote(text string, q Selector) Anchor {
	return indexQuotes(cutText(text, compareLimit)).anchor(q)
}

// anchor finds a quotation, also where its author interrupted it.
func (ix *quoteIndex) anchor(q Selector) Anchor {
	a := ix.plainAnchor(q)
	if a.Status == QuoteFound {
		return a
	}
	if b := ix.uninterrupted(); b != nil {
		if bridged, ok := b.anchor(q); ok {
			return bridged
		}
	}
	return a
}

func (ix *quoteIndex) plainAnchor(q Selector) Anchor {
	parts := quoteParts(q.Exact)
	if len(parts) == 0 {
		return Anchor{Status: QuoteAbsent}
	}
	a := Anchor{Status: QuoteFound}
	from, length := 0, 0
	for i, part := range parts {
		prefix, suffix := "", ""
		if i == 0 {
			prefix = q.Prefix
		}
		if i == len(parts)-1 {
			suffix = q.Suffix
		}
		n := utf8.RuneCountInString(part)
		length += n
		p, ok := ix.find(part, prefix, suffix, from)
		if !ok {
			a.Status = QuoteAbsent
			continue
		}
		a.Parts = append(a.Parts, p)
		a.Similarity += p.Similarity * float64(n)
		a.Status = worse(a.Status, p.status())
		from = p.Span.End
	}
	a.Similarity /= float64(length)
	return a
}

func (p QuotedPart) status() QuoteStatus {
	switch {
	case len(p.Kinds) == 0:
		return QuoteFound
	case slices.Equal(p.Kinds, []string{WordsChanged}):
		return QuoteApproximate
	}
	return QuoteChanged
}

func worse(a, b QuoteStatus) QuoteStatus {
	order := []QuoteStatus{QuoteFound, QuoteApproximate, QuoteChanged, QuoteAbsent}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// quoteParts cuts a quotation where it leaves something out.
func quoteParts(quote string) []string {
	quote = cutText(quote, quoteLimit)
	quote = strings.NewReplacer("[...]", "…", "[…]", "…", "(...)", "…", "(…)", "…", "...", "…", ". . .", "…").Replace(strings.ToValidUTF8(quote, " "))
	quote = insertions(quote)
	var parts []string
	for part := range strings.SplitSeq(quote, "…") {
		if part = oneLine(part, quoteLimit); len(tokenize(part)) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

// insertions takes what the quoting author put in brackets out of a quotation: a letter
// that fits it into a sentence ("[t]he dam") counts as if it stood there alone, and words
// ("[the minister]", "[sic]") stand for others.
func insertions(quote string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(quote, "[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		inside, after, ok := strings.Cut(rest, "]")
		if !ok {
			return b.String() + "[" + rest
		}
		if utf8.RuneCountInString(inside) == 1 {
			b.WriteString(inside)
		} else {
			b.WriteString("…")
		}
		quote = after
	}
}

// Quoted returns the words that a sentence puts in quotation marks, when they are
// enough to be looked for: three words, or fifteen characters.
func Quoted(sentence string) []string {
	var found []string
	for _, s := range quotedSpans(sentence) {
		found = append(found, sentence[s.Start:s.End])
	}
	return found
}

// quotedSpans are the places of what Quoted returns.
func quotedSpans(sentence string) []Span {
	var found []Span
	for i := 0; i < len(sentence); {
		r, n := utf8.DecodeRuneInString(sentence[i:])
		before, _ := utf8.DecodeLastRuneInString(sentence[:i])
		i += n
		end, n := quoteEnd(cutText(sentence[i:], quoteLimit), r, i == n || !unicode.IsLetter(before) && !unicode.IsDigit(before))
		if end < 0 {
			continue
		}
		words := sentence[i : i+end]
		start := i + len(words) - len(strings.TrimLeftFunc(words, unicode.IsSpace))
		words = strings.TrimSpace(words)
		if len(tokenize(words)) >= 3 || utf8.RuneCountInString(words) >= 15 {
			found = append(found, Span{start, start + len(words)})
		}
		i += end + n
	}
	return found
}

// quoteEnd finds the quotation mark that ends what opening begins, and its length;
// -1 when there is none. apart says that no letter stands before the opening one:
// single marks are apostrophes as well, and quote only from the start of a word to
// the end of another.
func quoteEnd(rest string, opening rune, apart bool) (at, n int) {
	closing, single := closingQuotes(opening)
	if closing == "" || single && !apart {
		return -1, 0
	}
	for i, r := range rest {
		if !strings.ContainsRune(closing, r) {
			continue
		}
		n := utf8.RuneLen(r)
		if single {
			before, _ := utf8.DecodeLastRuneInString(rest[:i])
			after, _ := utf8.DecodeRuneInString(rest[i+n:])
			if i == 0 || unicode.IsSpace(before) || unicode.IsLetter(after) || unicode.IsDigit(after) {
				continue
			}
		}
		return i, n
	}
	return -1, 0
}

// closingQuotes are the quotation marks that end what r begins, and whether they
// are single ones.
func closingQuotes(r rune) (closing string, single bool) {
	switch r {
	case '"', '“', '„', '‟', '＂', '❝':
		return "\"”“＂❞", false
	case '«':
		return "»", false
	case '»':
		return "«", false
	case '「':
		return "」", false
	case '『':
		return "』", false
	case '《':
		return "》", false
	case '‹':
		return "›", true
	case '‘', '‚', '\'':
		return "’'‘", true
	}
	return "", false
}
