package verify

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/ibid-archive/ibid/archive"
)

// sightLimit is how much of a decoded body is read for its text, in bytes.
const sightLimit = 1 << 20

// sight is what a reader sees of a page, measured. It costs a walk over the
// whole page and is asked for only when something cheaper is suspicious.
type sight struct {
	text   string // normal form, see Doc
	words  int    // all of them
	prose  int    // those in lines that are long enough to be sentences
	script bool   // the page has scripts
}

// proseLine is how many words make a line prose, and not a menu or a caption.
const proseLine = 12

// sight reads the text of the look's end: HTML and plain text; other media
// types have none.
func (e *evidence) sight() sight {
	if e.seen == nil {
		x := e.end()
		s := sight{script: bytes.Contains(bytes.ToLower(e.text()), []byte("<script"))}
		if d, err := seenText(x.Content(archive.DecodeLimits{MaxBytes: sightLimit}), x.Header.Get("Content-Type"), x.URL); err == nil {
			s.text = d.Text
			s.words, s.prose = measure(d.Text)
		}
		e.seen = &s
	}
	return *e.seen
}

// seenText is Text without PDFs: what pages say when they are not there is no
// matter of them, and they cost more.
func seenText(body io.Reader, mediaType, url string) (Doc, error) {
	raw, err := io.ReadAll(io.LimitReader(body, pageLimit+1))
	if err != nil {
		return Doc{}, fmt.Errorf("read text of %s: %w", url, err)
	}
	return visibleText(raw, textType(raw, mediaType, url), mediaType, url)
}

// measure counts the words of a text, and those in lines of prose.
func measure(text string) (words, prose int) {
	for line := range strings.SplitSeq(text, "\n") {
		n := countWords(line)
		words += n
		if n >= proseLine {
			prose += n
		}
	}
	return words, prose
}

// countWords counts words; where a script writes none, two characters are one.
func countWords(line string) int {
	words, solid, inside := 0, 0, false
	for _, r := range line {
		if r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			solid++
			inside = false
			continue
		}
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		if letter && !inside {
			words++
		}
		inside = letter || inside && (r == '\'' || r == '’')
	}
	return words + (solid+1)/2
}

// Bounds of what an apology is, in words. On 181 article pages the least prose
// was 40 words and the shortest page 91; apologies rarely pass 60 and 120.
const (
	shortPage    = 120     // all that such a page says
	apologyProse = 250     // prose beside a title that says what is missing
	thinProse    = 60      // prose of a page that stands before another
	scantPage    = 15      // a page that says next to nothing
	smallHTML    = 8 << 10 // bytes of a decoded page that may be one of these
)

// small reports a page that is short enough to have its text read.
func (e *evidence) small() bool {
	return e.end().PayloadSize <= smallHTML && len(e.text()) <= smallHTML
}
