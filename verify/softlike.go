package verify

import (
	"bytes"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// likeness is how a page compares with what an earlier visit found.
type likeness int

const (
	unknownLikeness likeness = iota // nothing earlier, or nothing to compare
	unlikeIt
	partlyLike
	likeIt
)

func (l likeness) same() bool { return l == likeIt }

// Bounds of likeness: the share of three-word sequences that two texts have in
// common. Two articles of one site share next to none of their prose, half of
// the sentences rewritten leave a third.
const (
	alikeFrom  = 0.30
	unlikeUpTo = 0.08
	fewWords   = 25 // of prose, under which there is nothing to compare
)

// earlier is what an earlier visit found, nil for nothing.
func (e *evidence) earlier() *archive.Earlier {
	if e.visit.Earlier == nil {
		return nil
	}
	return e.visit.Earlier()
}

// likeness compares the end of the look with an earlier capture: by text when
// both have some, else by title.
func (e *evidence) likeness() likeness {
	if e.like == nil {
		l := e.compare()
		e.like = &l
	}
	return *e.like
}

func (e *evidence) compare() likeness {
	before := e.earlier()
	x := e.end()
	if before == nil || !success(x.Status) {
		return unknownLikeness
	}
	if text := contentText(before.Content); text != "" {
		old, now := proseOf(text), proseOf(e.sight().text)
		if len(old) >= fewWords {
			e.byText = true
			switch share := sharedSequences(old, now); {
			case share >= alikeFrom:
				return likeIt
			case share <= unlikeUpTo:
				return unlikeIt
			}
			return partlyLike
		}
	}
	return alikeTitles(before.Title, e.heading().title)
}

// contentText is what a reader saw of a page that was kept, "" when it cannot be had.
func contentText(of func() *archive.Content) string {
	if of == nil {
		return ""
	}
	c := of()
	if c == nil || c.Post { // no page is like what a platform says
		return ""
	}
	d, err := seenText(bytes.NewReader(c.Body[:min(len(c.Body), sightLimit)]), c.MediaType, c.URL)
	if err != nil {
		return ""
	}
	return d.Text
}

// alikeTitles compares two titles by the words of their longest parts, so that
// neither a site's name nor its place in the title counts.
func alikeTitles(before, now string) likeness {
	x, y := titleWords(before), titleWords(now)
	if len(x) == 0 || len(y) == 0 {
		return unknownLikeness
	}
	shared := 0
	for w := range x {
		if y[w] {
			shared++
		}
	}
	switch all := len(x) + len(y) - shared; {
	case shared*2 > all:
		return likeIt
	case shared == 0:
		return unlikeIt
	}
	return partlyLike
}

func titleWords(title string) map[string]bool {
	longest := ""
	for _, part := range splitTitle(title, false) {
		if folded := foldText(part); len(folded) > len(longest) {
			longest = folded
		}
	}
	words := map[string]bool{}
	for _, w := range spelled(longest) {
		words[w] = true
	}
	return words
}

// unlikeEarlier is the reason that a page is not what it was.
func (e *evidence) unlikeEarlier() string {
	before := e.earlier()
	return because("unlike-earlier", "it is not what was there on %s: %q", before.Date.UTC().Format("2006-01-02"), brief(oneLine(before.Title, 120)))
}

// proseOf returns the folded words of the lines of prose in a text.
func proseOf(text string) []string {
	var words []string
	for line := range strings.SplitSeq(text, "\n") {
		if countWords(line) >= proseLine {
			words = append(words, spelled(foldText(line))...)
		}
	}
	return words
}

// spelled parts a folded text into words, and text of scripts without spaces
// into characters.
func spelled(folded string) []string {
	var words []string
	for w := range strings.FieldsSeq(folded) {
		if !writesNoSpaces(w) {
			words = append(words, w)
			continue
		}
		for _, r := range w {
			words = append(words, string(r))
		}
	}
	return words
}

// sharedSequences is the Jaccard index of the sequences of three words, of
// fewer where a text has no three.
func sharedSequences(a, b []string) float64 {
	x, y := sequences(a), sequences(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	shared := 0
	for s := range x {
		if y[s] {
			shared++
		}
	}
	return float64(shared) / float64(len(x)+len(y)-shared)
}

func sequences(words []string) map[[3]string]bool {
	all := make(map[[3]string]bool, len(words))
	switch {
	case len(words) == 0:
	case len(words) < 3:
		for _, w := range words {
			all[[3]string{w}] = true
		}
	default:
		for i := range len(words) - 2 {
			all[[3]string(words[i:i+3])] = true
		}
	}
	return all
}
