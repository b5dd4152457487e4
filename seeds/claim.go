package seeds

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// enoughWords is how many words make a claim that can stand alone.
const enoughWords = 4

// span is text[start:end].
type span struct{ start, end int }

// findClaims returns the claim of every group of marks. Marks with no word between them share one. A claim is the sentence
// that ends at the mark, or the part of it since the previous mark. If that is under enoughWords words, it reaches back
// over previous marks of the sentence, then forward to the end of the sentence, then back over sentences without marks.
func findClaims(d *document, spans []noteSpan, marks []group) []string {
	claims := make([]string, 0, len(marks))
	if len(marks) == 0 {
		return claims
	}
	c := claimer{text: d.text, marks: marks}
	for _, p := range paragraphs(d, spans) {
		first := len(claims)
		last := first
		for last < len(marks) && marks[last].start < p.end {
			last++
		}
		c.current = 0
		c.findWords(p, marks[first:last])
		sentences := c.sentences(p, marks[first:last])
		for i := first; i < last; {
			j := i + 1
			for j < last && c.words(marks[j-1].end, marks[j].start) == 0 {
				j++
			}
			claim := c.claim(p, sentences, first, i, j)
			for ; i < j; i++ {
				claims = append(claims, claim)
			}
		}
		if n := len(sentences); n > 0 {
			c.previous = sentences[n-1]
		}
	}
	for len(claims) < len(marks) {
		claims = append(claims, "")
	}
	return claims
}

// claimer cuts claims out of a text.
type claimer struct {
	text     string
	marks    []group
	starts   []int // where the words of the paragraph begin
	previous span  // last sentence of the paragraph before
	current  int   // sentence that the search for the next mark begins with
}

// claim finds the claim of the marks [i, j) of a paragraph whose first mark is first.
func (c *claimer) claim(p span, sentences []span, first, i, j int) string {
	start, end := c.marks[i].start, c.marks[j-1].end
	s := c.current
	for s+1 < len(sentences) && sentences[s+1].start <= start {
		s++
	}
	c.current = s
	sentence := sentences[s]
	tail := c.words(end, sentence.end) == 0
	to := start
	if tail {
		to = sentence.end
	}
	k := i // marks before k lie before the claim
	from := sentence.start
	if k > first && c.marks[k-1].end > from {
		from = c.marks[k-1].end
	}
	for from > sentence.start && c.words(from, to) < enoughWords {
		k--
		from = sentence.start
		if k > first && c.marks[k-1].end > from {
			from = c.marks[k-1].end
		}
	}
	if !tail && c.words(from, to) < enoughWords {
		to = sentence.end
		if j < len(c.marks) && c.marks[j].start < to {
			to = c.marks[j].start
		}
	}
	for s > 0 && c.words(from, to) < enoughWords && (i == first || c.marks[i-1].end <= sentences[s-1].start) {
		s--
		from = sentences[s].start
	}
	if c.words(from, to) == 0 && from == p.start {
		return c.clean(c.previous, i)
	}
	return c.clean(span{from, to}, i)
}

// findWords finds the words of a paragraph outside its marks. Every Han character, kana or hangul is one, for they are
// written without spaces.
func (c *claimer) findWords(p span, marks []group) {
	c.starts = c.starts[:0]
	inside := false
	for i := p.start; i < p.end; {
		if len(marks) > 0 && i >= marks[0].start {
			i = max(i, marks[0].end)
			marks = marks[1:]
			inside = false
			continue
		}
		r, n := utf8.DecodeRuneInString(c.text[i:p.end])
		word := isWord(r)
		if word && (!inside || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)) {
			c.starts = append(c.starts, i)
		}
		inside = word || inside && (r == '\'' || r == '’' || r == '-')
		i += n
	}
}

// words counts the words that begin in text[from:to].
func (c *claimer) words(from, to int) int {
	return max(0, sort.SearchInts(c.starts, to)-sort.SearchInts(c.starts, from))
}

// clean takes the marks out of a stretch of text and collapses its white space; near is one of the marks about there.
func (c *claimer) clean(s span, near int) string {
	k := near
	for k > 0 && c.marks[k-1].start >= s.start {
		k--
	}
	for k < len(c.marks) && c.marks[k].end <= s.start {
		k++
	}
	var b strings.Builder
	at := s.start
	for ; k < len(c.marks) && c.marks[k].start < s.end; k++ {
		piece := c.text[at:max(at, c.marks[k].start)]
		trimmed := strings.TrimRightFunc(piece, invisible)
		b.WriteString(trimmed)
		at = max(at, c.marks[k].end)
		next, _ := utf8.DecodeRuneInString(c.text[min(at, s.end):s.end])
		if next == '.' && strings.HasSuffix(trimmed, ".") { // "in 1960 г. [1]."
			at++
			next, _ = utf8.DecodeRuneInString(c.text[min(at, s.end):s.end])
		}
		if len(trimmed) < len(piece) && !unicode.IsPunct(next) || isWord(next) {
			b.WriteByte(' ')
		}
	}
	b.WriteString(c.text[min(at, s.end):s.end])
	text := strings.Map(func(r rune) rune {
		if zeroWidth(r) && r != '\u200c' && r != '\u200d' {
			return -1 // joiners shape words of some scripts, the others are debris
		}
		return r
	}, b.String())
	return strings.TrimRight(strings.TrimLeft(collapse(text), ",;:.!?)]”’»–—-•◦▪●○■‣· "), ",;: ")
}
