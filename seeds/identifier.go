package seeds

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// arxivStamp is what stands on the first page of papers at arXiv, and names the paper itself.
var arxivStamp = regexp.MustCompile(`^arXiv:[\w./-]+v\d+\s+\[[\w.-]+\]\s+\d{1,2}\s+\p{Lu}\p{Ll}{2}\s+\d{4}`)

// identified reads a source that is named by its DOI or by its number at arXiv, and not by an address, as in
// "doi:10.1000/182", "DOI 10.1000/182" and "arXiv:2101.00001". next is where reading goes on.
func identified(text string, start int, before rune) (f found, next int, ok bool) {
	const longest = 300 // bytes
	t := text[start:min(len(text), start+longest)]
	switch {
	case hasPrefixFold(t, "doi"):
		n := len("doi")
		n += identifierGap(t[n:])
		if n == len("doi") || !isDOI(t[n:]) {
			return found{}, 0, false
		}
		a := addressScan{text: text, pos: start + n, opener: before, out: []byte("https://doi.org/")}
		a.readRest()
		end := a.trim(start)
		return found{start: start, end: end, url: string(a.out), identifier: true}, a.pos, true
	case hasPrefixFold(t, "arxiv:"):
		n := len("arxiv:")
		if strings.HasPrefix(t[n:], " ") {
			n++
		}
		number, end := arxivNumber(t, n)
		if skip := lineBreak(t[end:]); skip > 0 && (strings.HasSuffix(number, "-") || strings.HasSuffix(number, "/")) {
			rest, after := arxivNumber(t, end+skip) // hep-
			number, end = number+rest, after        // lat/0309173
		}
		number = strings.TrimRight(number, "./-")
		url := arxivURL(number)
		if url == "" || arxivStamp.MatchString(t) {
			return found{}, 0, false
		}
		for strings.IndexByte("./-", t[end-1]) >= 0 {
			end--
		}
		return found{start: start, end: start + end, url: url, identifier: true}, start + end, true
	}
	return found{}, 0, false
}

// arxivNumber reads what may be in a number of arXiv from an offset on, and returns where it ends.
func arxivNumber(t string, from int) (number string, end int) {
	for end = from; end < len(t) && (isWordByte(t[end]) || strings.IndexByte("./-", t[end]) >= 0); {
		end++
	}
	return t[from:end], end
}

// identifierGap measures what stands between "DOI" and the identifier.
func identifierGap(t string) int {
	n := 0
	if n < len(t) && (t[n] == ':' || t[n] == '.') {
		n++
	}
	if skip := lineBreak(t[n:]); skip > 0 {
		return n + skip
	}
	return n + blanks(t[n:])
}

// isDOI tells whether a text begins with a DOI: a prefix such as 10.1000, a slash, and something behind it.
func isDOI(t string) bool {
	rest, ok := strings.CutPrefix(t, "10.")
	if !ok {
		return false
	}
	digits := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if digits < 4 || digits > 12 || rest[digits] != '/' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest[digits+1:])
	return isWord(r) || r == '('
}

// identifierReach is how far an identifier may stand from an address that leads to the same, in bytes.
const identifierReach = 300

// withoutIdentified leaves out the identifiers that stand beside an address which leads to the same.
func withoutIdentified(all []found) []found {
	kept := all[:0]
	for i, f := range all {
		if f.identifier && (i > 0 && sameIdentified(all[i-1], f) || i+1 < len(all) && sameIdentified(all[i+1], f)) {
			continue
		}
		kept = append(kept, f)
	}
	return kept
}

// sameIdentified tells whether an address leads to what an identifier names.
func sameIdentified(address, f found) bool {
	if address.identifier || max(address.start-f.end, f.start-address.end) > identifierReach {
		return false
	}
	return leadsToDOI(address.url, strings.TrimPrefix(f.url, "https://arxiv.org/abs/"))
}
