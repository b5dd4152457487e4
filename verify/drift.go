package verify

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// Class says how much a source has changed between two captures.
type Class string

// The classes, from nothing to what matters.
const (
	// Same: readers see the same text.
	Same Class = "same"
	// Touched: something changed that is not what was cited and not much of the
	// main text, such as a time, a counter, an advertisement, a list of teasers.
	Touched Class = "touched"
	// Changed: much of the main text is new, but what was cited still stands, or
	// what the page said is still there among more.
	Changed Class = "changed"
	// Drifted: what was cited, or most of the page, is not what it was.
	Drifted Class = "drifted"
)

// Validate reports a string that is no class.
func (c Class) Validate() error {
	switch c {
	case Same, Touched, Changed, Drifted:
		return nil
	}
	return fmt.Errorf("unknown class %q", string(c))
}

// DriftVersion is the version of the comparison. Scores and classes are
// comparable only within one version and one extractor.
const DriftVersion = 2

// The bands of the score, see Compare. Measured on news articles, a replaced tenth
// of the sentences leaves 0.81, three tenths 0.54, six tenths 0.28.
const (
	touchedScore  = 0.80 // and more: a little of the main text changed
	visibleScore  = 0.95 // the same of all visible text, which has much that stays
	replacedScore = 0.30 // and less: hardly anything of the main text is left
	keptShare     = 0.80 // of the old main text, from which on the page has only grown
	replacedShare = 0.50
)

// compareLimit is how much of a text is compared, in bytes.
const compareLimit = 2 << 20

// Cited is what a citation relies on in its source.
type Cited struct {
	Claims []string // sentences of the report that the source supports
	Quotes []string // words that the report quotes from it, see Quoted
}

// CitedFor is what citations rely on that stand behind these claims.
func CitedFor(claims []string) Cited {
	cited := Cited{Claims: claims}
	for _, claim := range claims {
		cited.Quotes = append(cited.Quotes, Quoted(claim)...)
	}
	return cited
}

// Drift is how a source has changed between two captures.
type Drift struct {
	Version   int
	Class     Class
	Extractor string  // of the main texts that were compared
	Score     float64 // 0 to 1: Jaccard similarity of the sets of three words in a row of both main texts
	Kept      float64 // 0 to 1: which share of those of the old main text is anywhere in the new page
	Reasons   []string
	Cited     []CitedSpan // what was cited and what became of it, in the order of the old text
}

// Compare says how a source has changed from an old to a new capture.
//
// What was cited decides. It is looked for in the old page: for a claim the
// sentences that speak to it, as by Passages, for quoted words the sentences that
// they stand in. When one of them is not in the new page with the same words,
// numbers and names in the same order, and without others among them, the source
// has drifted, however alike the pages are: one figure or one "not" is enough.
// Case, punctuation and white space do not count; nor does whether English writes a
// small number as a word or contracts "not"; nor do the number of comments or how
// long ago something was that the claim does not speak of.
//
// Otherwise the page as a whole decides, by the bands of Score and Kept: when what
// was cited was found and stands, only a page that was replaced has drifted; when
// nothing that was cited is found in the old page, because the claim is in other
// words or another language or because there is none, one that lost more than a
// fifth of its main text.
//
// The result is a pure function of its arguments, in time proportional to the
// length of the texts, of which the first 2 MiB are compared. It says nothing
// about why a source changed, nor whether it still supports a claim.
func Compare(old, new Page, cited Cited) Drift {
	d := Drift{Version: DriftVersion, Extractor: old.Extractor, Class: Same, Score: 1, Kept: 1}
	if old.Text == new.Text {
		d.Reasons = append(d.Reasons, because("text-same", "readers see the same text"))
		d.noteCut(false, old, new)
		return d
	}
	c := newComparison(old, new)
	d.Extractor = c.extractor
	d.Cited = c.cited(cited)
	was, is, seen := shingles(c.old.main), shingles(c.new.main), shingles(c.new.text)
	d.Score = jaccard(was, is)
	d.Kept = max(contained(was, seen), contained(was, is))
	visible := jaccard(shingles(c.old.text), seen)

	reasons := citedReasons(d.Cited, cited)
	if len(d.Cited) > 0 { // otherwise they only say that the page as a whole decided
		d.Reasons, reasons = reasons, nil
	}
	lost := slices.ContainsFunc(d.Cited, func(s CitedSpan) bool { return s.Fate != Stands })
	switch {
	case lost: // and that says it all
		d.Class = Drifted
	case d.Score < replacedScore && d.Kept < replacedShare:
		d.Class = Drifted
		d.because("page-replaced", "hardly anything of the main text is left")
	case slices.EqualFunc(c.old.main, c.new.main, sameKey):
		d.Class = Touched
		d.because("main-same", "what changed is outside the main text")
	case d.Score >= touchedScore || visible >= visibleScore && d.Kept >= keptShare:
		d.Class = Touched
		d.because("main-touched", "little of the main text changed")
	case d.Kept >= keptShare:
		d.Class = Changed
		d.because("page-grown", "there is new text, but what the page said is still there")
	case len(d.Cited) > 0:
		d.Class = Changed
		d.because("main-changed", "much of the main text changed, but not what was cited")
	default:
		d.Class = Drifted
		d.because("main-changed", "much of the main text changed")
	}
	d.Reasons = append(d.Reasons, reasons...)
	if c.extractor == VisibleExtractor {
		why := old.WhyVisible
		if why == "" {
			why = new.WhyVisible
		}
		if why == "" {
			why = "it is a document of another kind than it was"
		}
		d.because("no-main-text", "all visible text was compared: %s", why)
	}
	d.noteCut(c.cut, old, new)
	return d
}

// noteCut says that not all was compared.
func (d *Drift) noteCut(cut bool, old, new Page) {
	switch {
	case cut:
		d.because("text-cut", "only the first %d MiB were compared", compareLimit>>20)
	case old.Truncated || new.Truncated:
		d.because("text-cut", "it is longer than what is read, and only its beginning was compared")
	}
}

func (d *Drift) because(code, format string, args ...any) {
	d.Reasons = append(d.Reasons, because(code, format, args...))
}

// SameBytes is the Drift of a source whose bytes are the same, which need not be
// read to be compared.
func SameBytes() Drift {
	return Drift{Version: DriftVersion, Extractor: VisibleExtractor, Class: Same, Score: 1, Kept: 1,
		Reasons: []string{because("payload-same", "the server sent the same bytes")}}
}

// Texts returns the texts that were compared, of the pages that d is about. The
// spans of what was cited are of these where CitedSpan.Main is set.
func (d *Drift) Texts(old, new Page) (was, is string) {
	if d.Extractor == VisibleExtractor {
		return cutText(old.Text, compareLimit), cutText(new.Text, compareLimit)
	}
	return cutText(old.Main, compareLimit), cutText(new.Main, compareLimit)
}

func sameKey(a, b token) bool { return a.key == b.key }

// comparison is two pages as they are compared.
type comparison struct {
	old, new  side
	extractor string
	cut       bool
}

// side is one page of a comparison. Where there is no main text, main is text.
type side struct {
	mainText, allText string
	main, text        []token
}

func newComparison(old, new Page) *comparison {
	c := &comparison{extractor: old.Extractor}
	if old.Extractor != new.Extractor || old.Main == "" || new.Main == "" {
		// A main text and a whole page differ in more than the source does.
		c.extractor = VisibleExtractor
	}
	c.old, c.new = c.side(old), c.side(new)
	if c.extractor == PDFExtractor {
		c.joinDivided()
	}
	return c
}

func (c *comparison) side(p Page) side {
	var s side
	s.allText = c.limited(p.Text)
	s.text = tokenize(s.allText)
	if c.extractor == VisibleExtractor || c.extractor == PDFExtractor {
		s.mainText, s.main = s.allText, s.text
		return s
	}
	s.mainText = c.limited(p.Main)
	s.main = tokenize(s.mainText)
	return s
}

// limited cuts a text to what is compared.
func (c *comparison) limited(text string) string {
	if len(text) <= compareLimit {
		return text
	}
	c.cut = true
	return cutText(text, compareLimit)
}

// cutText returns at most n bytes of s, whole characters.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
