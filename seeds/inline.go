package seeds

import (
	"slices"
	"sort"
	"strings"
	"unicode"
)

// A citation outside of notes is its own mark: a link on words of a sentence, or an address in brackets behind one, stands
// in the sentence that it supports.

// longestInline is how many bytes a sentence has at most that is the claim of what it links.
const longestInline = 2000

// inlineClaims returns the claim of every address by its index, empty for those in notes and for those that stand in no
// sentence: in lists of links, in lists of references, and alone. Claims of one sentence share its bytes.
func inlineClaims(d *document, spans []noteSpan, marks []group, addresses []found) []string {
	if d.list {
		return nil
	}
	var claims []string
	c := claimer{text: d.text, marks: withAddresses(d.text, marks, addresses)}
	next, first := 0, 0
	for _, p := range paragraphs(d, spans) {
		for next < len(addresses) && addresses[next].start < p.start {
			next++
		}
		for first < len(c.marks) && c.marks[first].start < p.start {
			first++
		}
		end := next
		for end < len(addresses) && addresses[end].start < p.end {
			end++
		}
		if end == next {
			continue
		}
		last := first
		for last < len(c.marks) && c.marks[last].start < p.end {
			last++
		}
		c.findWords(p, c.marks[first:last])
		for _, s := range c.sentences(p, c.marks[first:last]) {
			from := next
			cites, words := false, c.words(s.start, s.end)
			for ; next < end && addresses[next].start < s.end; next++ {
				f := addresses[next]
				cites = cites || inline(d.text, f)
				words -= c.words(f.start, min(f.end, s.end))
			}
			if !cites || words < enoughWords || s.end-s.start > longestInline {
				continue
			}
			claim := c.clean(s, first)
			if claims == nil {
				claims = make([]string, len(addresses))
			}
			for i := from; i < next; i++ {
				if inline(d.text, addresses[i]) {
					claims[i] = claim
				}
			}
		}
		next, first = end, last
	}
	return claims
}

// inline tells a link on words from one on an address, and an address in brackets from one in the text.
func inline(text string, f found) bool {
	shown := strings.TrimSpace(text[f.start:f.end])
	if f.link == 0 || shown == "" || addressStart(shown) || hasPrefixFold(shown, "www.") {
		start, end := bracketedAddress(text, f)
		return start < f.start && end > f.end
	}
	return strings.IndexFunc(shown, unicode.IsLetter) >= 0
}

// bracketedAddress is the stretch of an address and the brackets around it, if there are some.
func bracketedAddress(text string, f found) (start, end int) {
	if f.start > 0 && f.end < len(text) && strings.IndexByte("([<", text[f.start-1]) >= 0 && text[f.end] == closerOf(text[f.start-1]) {
		return f.start - 1, f.end + 1
	}
	return f.start, f.end
}

// withAddresses adds the addresses that are written in the text to the marks, for they are no words of a claim either.
func withAddresses(text string, marks []group, addresses []found) []group {
	all := slices.Clone(marks)
	for _, f := range addresses {
		if f.link > 0 && !addressStart(strings.TrimSpace(text[f.start:f.end])) {
			continue
		}
		start, end := bracketedAddress(text, f)
		all = append(all, group{start: start, end: end})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].start < all[j].start })
	return all
}
