package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// quoteIndex is a text in which quotations are looked for.
type quoteIndex struct {
	text   string
	tokens []token
	ids    map[string]int32
	list   []int32 // of tokens

	folded  []int32 // characters, see foldRunes; made when they are needed
	offsets []int   // of each of them in text

	bridged *bridged // see uninterrupted
}

func indexQuotes(text string) *quoteIndex {
	ix := &quoteIndex{text: text, tokens: tokenize(text), ids: map[string]int32{}}
	for _, t := range ix.tokens {
		if _, ok := ix.ids[t.key]; !ok {
			ix.ids[t.key] = int32(len(ix.ids)) + 1
		}
		ix.list = append(ix.list, ix.ids[t.key])
	}
	return ix
}

// find looks for one part of a quotation behind an offset.
func (ix *quoteIndex) find(part, prefix, suffix string, from int) (QuotedPart, bool) {
	if at, ok := ix.exact(part, prefix, suffix, from); ok {
		return QuotedPart{Quote: part, Span: at, Similarity: 1}, true
	}
	pattern, _ := foldRunes(part)
	if len(pattern) < exactBelow {
		return QuotedPart{}, false
	}
	least := approxLeast
	if len(pattern) < strictBelow {
		least = strictLeast
	}
	if ix.folded == nil {
		ix.folded, ix.offsets = foldRunes(ix.text)
	}
	first := 0
	for first < len(ix.offsets) && ix.offsets[first] < from {
		first++
	}
	at, edits, ok := nearest(pattern, ix.folded[first:], int((1-least)*float64(len(pattern))+1e-9))
	if !ok || at.Start == at.End {
		return QuotedPart{}, false
	}
	p := QuotedPart{Quote: part, Similarity: 1 - float64(edits)/float64(len(pattern))}
	p.Span = ix.wholeWords(Span{ix.offsets[first+at.Start], ix.offsets[first+at.End-1] + 1})
	found := ix.text[p.Span.Start:p.Span.End]
	p.Edits = Edits(part, found)
	p.Kinds = kindsOf(part, found, p.Edits)
	return p, true
}

// exact finds the same tokens in the same order; of several places the one whose
// surroundings share most with prefix and suffix, then the first.
func (ix *quoteIndex) exact(part, prefix, suffix string, from int) (Span, bool) {
	pattern, ok := ix.known(tokenize(part))
	if !ok {
		return Span{}, false
	}
	first := tokensIn(ix.tokens, Span{from, len(ix.text)}).Start
	before, _ := ix.known(tokenize(prefix))
	behind, _ := ix.known(tokenize(suffix))
	best, at := -1, 0
	for _, i := range occurrences(pattern, ix.list[first:], exactMost) {
		i += first
		if score := sharedEnd(ix.list[:i], before) + sharedStart(ix.list[i+len(pattern):], behind); score > best {
			best, at = score, i
		}
	}
	if best < 0 {
		return Span{}, false
	}
	return textSpan(ix.tokens, Span{at, at + len(pattern)}), true
}

// known returns tokens as numbers, and whether the text has all of them. Those
// that it does not have are -1.
func (ix *quoteIndex) known(tokens []token) (all []int32, ok bool) {
	ok = true
	for _, t := range tokens {
		id, has := ix.ids[t.key]
		if !has {
			id, ok = -1, false
		}
		all = append(all, id)
	}
	return all, ok
}

func sharedEnd(a, b []int32) int {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

func sharedStart(a, b []int32) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// wholeWords widens a span to the tokens that it cuts through.
func (ix *quoteIndex) wholeWords(s Span) Span {
	in := tokensIn(ix.tokens, s)
	if in.Start > 0 && ix.tokens[in.Start-1].End > s.Start {
		in.Start--
	}
	if in.Start == in.End {
		return s
	}
	return textSpan(ix.tokens, in)
}

// foldRunes returns the characters of a text as they are compared: lower case, in
// compatibility form, with one kind of quote and dash and single spaces; and for
// each its byte offset in the text.
func foldRunes(text string) (folded []int32, offsets []int) {
	space := true
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
			if !space {
				folded, offsets = append(folded, ' '), append(offsets, i)
			}
			space = true
			continue
		case joiner(r):
			continue
		case apostrophe(r), strings.ContainsRune("\"“”„«»‹›", r):
			r = '\''
		case unicode.Is(unicode.Pd, r), r == '−':
			r = '-'
		}
		space = false
		if r < utf8.RuneSelf {
			folded, offsets = append(folded, unicode.ToLower(r)), append(offsets, i)
			continue
		}
		for _, c := range strings.ToLower(norm.NFKC.String(string(r))) {
			folded, offsets = append(folded, c), append(offsets, i)
		}
	}
	return folded, offsets
}
