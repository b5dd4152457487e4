package seeds

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode"
)

// referred is how much of a note is looked at for what it refers to, in bytes.
const referred = 400

// noteReference is a reference to notes by their numbers. It counts behind a word such as "see", before one such as
// "above", or where it is all that a note says.
var noteReference = regexp.MustCompile(`(?i)(?:^|[\s(,;])` +
	`((?:(see also|see|cf\.|as in|same as|supra|infra|siehe(?: auch| oben)?|vgl\.|s\.|см\.|voir|véase|vid\.|zie)[\s,]+(?:supra[\s,]+|infra[\s,]+|oben[\s,]+|above[\s,]+)?)?` +
	`(?:(?:foot|end)?notes?|fnn?\.?|nn?\.|anm(?:erkung(?:en)?|\.)|fußnoten?|прим(?:ечани[ея]|\.)|сноск[аиу]|notas?|voetnoot)\s*` +
	`(\d{1,4}(?:\s*(?:,|–|-|&|and|und|et|и|y|en)\s*\d{1,4})*)` +
	`(?:,?\s+(above|supra|below|infra|oben|unten|выше|ниже|ci-dessus|hierboven))?)`)

// workReference is a reference to a work that a note before it names by its author.
var workReference = regexp.MustCompile(`(?i)(?:^|[\s(,;:])(op\.?\s?cit\.?|loc\.?\s?cit\.?|art\.\s?cit\.?|ob\.\s?cit\.?|a\.\s?a\.\s?o\.|указ\.\s?соч\.?|цит\.\s?соч\.?)`)

// citedNotes are the citations of notes while they are made.
type citedNotes struct {
	d         *document
	spans     []noteSpan
	addresses []found
	all       []Citation     // so far
	index     map[string]int // label to span, the first of each
	ranges    [][2]int       // of all, by span, as far as it is made
	words     map[string][]int
	indexed   int // spans whose words are known
}

func newCitedNotes(d *document, spans []noteSpan, addresses []found) *citedNotes {
	n := &citedNotes{d: d, spans: spans, addresses: addresses, index: make(map[string]int, len(spans)), ranges: make([][2]int, 0, len(spans))}
	for i, s := range spans {
		if _, ok := n.index[s.label]; !ok {
			n.index[s.label] = i
		}
	}
	return n
}

// refer returns the citations that note i refers to instead of an address, and the words that say so: text[start:end] of
// the document. problem says why what it refers to is not known; it is empty if the note refers to nothing.
func (n *citedNotes) refer(i int) (start, end int, repeated []Citation, problem string) {
	s := n.spans[i]
	from := min(s.textStart, s.end)
	text := n.d.text[from:min(s.end, from+referred)]
	blank := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace)) // of RTF, a no-break space
	from, text = from+blank, text[blank:]
	if start, end := ibidem(text); end > 0 {
		repeated, problem = n.before(i, text[start:end])
		return from + start, from + end, repeated, problem
	}
	lower := strings.ToLower(text)
	if mayNameNote(lower) {
		if m := noteReference.FindStringSubmatchIndex(text); m != nil && (m[4] >= 0 || m[8] >= 0 || m[2] == 0 && strings.Trim(text[m[3]:], " .\r\n") == "") {
			repeated, problem = n.named(i, text[m[6]:m[7]])
			return from + m[2], from + m[3], repeated, problem
		}
	}
	if strings.Contains(lower, "cit") || strings.Contains(lower, "соч") || strings.Contains(lower, "a. o.") || strings.Contains(lower, "a.o.") {
		if m := workReference.FindStringSubmatchIndex(text); m != nil {
			word, author := text[m[2]:m[3]], names(beforeWork(text[:m[2]]))
			switch {
			case len(author) > 0:
				repeated, problem = n.work(i, author, word)
			case hasPrefixFold(word, "loc"):
				repeated, problem = n.before(i, word)
			default:
				problem = fmt.Sprintf("note %s says %q and not of whom: name the author, or the source", s.label, word)
			}
			return from + m[2], from + m[3], repeated, problem
		}
	}
	return 0, 0, nil, ""
}

// beforeWork is the part of a note in front of "op. cit." that names the author: behind other sources and prose.
func beforeWork(text string) string {
	const longest = 100
	text = strings.ToValidUTF8(text[max(0, len(text)-longest):], "")
	return text[strings.LastIndexAny(text, ";(:")+1:]
}

// mayNameNote tells text in lower case in which [noteReference] could find something.
func mayNameNote(text string) bool {
	if strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' }) < 0 {
		return false
	}
	for _, word := range [...]string{"not", "n.", "fn", "anm", "fußnote", "прим", "сноск", "voetnoot"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// before are the citations of the note before, without those that stand between them.
func (n *citedNotes) before(i int, word string) (repeated []Citation, problem string) {
	label := n.spans[i].label
	if i == 0 {
		return nil, fmt.Sprintf("note %s says %q, and no note is before it: name the source", label, collapse(word))
	}
	return n.few(label, word, n.of(i-1))
}

// named are the citations of the notes with some numbers: "4", "4–6 and 9".
func (n *citedNotes) named(i int, numbers string) (repeated []Citation, problem string) {
	label := n.spans[i].label
	last := ""
	for len(numbers) > 0 {
		digits := 0
		for digits < len(numbers) && numbers[digits] >= '0' && numbers[digits] <= '9' {
			digits++
		}
		number := numbers[:digits]
		rest := strings.TrimLeftFunc(numbers[digits:], func(r rune) bool { return r < '0' || r > '9' })
		wanted := []string{number}
		if last != "" {
			wanted = append(between(last, number), number)
		}
		for _, w := range wanted {
			j, ok := n.index[w]
			if !ok {
				return nil, fmt.Sprintf("note %s refers to note %s, which is not there", label, w)
			}
			if j != i {
				repeated = append(repeated, n.of(j)...)
			}
		}
		last = ""
		if strings.ContainsAny(numbers[digits:len(numbers)-len(rest)], "-–") {
			last = number
		}
		numbers = rest
	}
	return n.few(label, "note", repeated)
}

// work are the citations of the one note before that names all that is known of an author.
func (n *citedNotes) work(i int, author []string, word string) (repeated []Citation, problem string) {
	n.learn(i)
	label := n.spans[i].label
	var notes []int
	for _, name := range author {
		with := n.words[name]
		if notes == nil {
			notes = with
			continue
		}
		var both []int
		for _, j := range notes {
			if at := sort.SearchInts(with, j); at < len(with) && with[at] == j {
				both = append(both, j)
			}
		}
		if len(both) > 0 {
			notes = both
		}
	}
	if len(notes) == 0 {
		return nil, fmt.Sprintf("note %s says %q, and no note before it with an address names the author: name the source", label, collapse(word))
	}
	repeated = n.of(notes[0])
	for _, j := range notes[1:] {
		if !sameSources(repeated, n.of(j)) {
			return nil, fmt.Sprintf("note %s says %q, which may be the source of note %s or of note %s: say which", label, collapse(word),
				n.spans[notes[0]].label, n.spans[j].label)
		}
	}
	return n.few(label, word, repeated)
}

// few refuses what cannot be meant by one reference.
func (n *citedNotes) few(label, word string, repeated []Citation) ([]Citation, string) {
	if len(repeated) > maxRepeat {
		return nil, fmt.Sprintf("note %s says %q, which is %d addresses: say which", label, collapse(word), len(repeated))
	}
	return repeated, ""
}

// of are the citations of note i, whether it comes before or after.
func (n *citedNotes) of(i int) []Citation {
	var own []Citation
	if i < len(n.ranges) {
		for _, c := range n.all[n.ranges[i][0]:n.ranges[i][1]] {
			if own = append(own, c); len(own) > maxRepeat {
				break // more than can be meant
			}
		}
		return own
	}
	s := n.spans[i]
	for k := sort.Search(len(n.addresses), func(k int) bool { return n.addresses[k].start >= s.start }); k < len(n.addresses) && n.addresses[k].start < s.end; k++ {
		c, _ := citation(n.d, n.addresses, k, s.start, s.end)
		if own = append(own, c); len(own) > maxRepeat {
			break
		}
	}
	return own
}

// learn notes which names the notes before note i have in front of their addresses.
func (n *citedNotes) learn(i int) {
	const often = 8 // a name that more notes have says nothing
	if n.words == nil {
		n.words = make(map[string][]int)
	}
	for ; n.indexed < i; n.indexed++ {
		s := n.spans[n.indexed]
		if r := n.ranges[n.indexed]; r[0] == r[1] {
			continue
		}
		from := min(s.textStart, s.end)
		to := min(s.end, from+referred/2)
		if k := sort.Search(len(n.addresses), func(k int) bool { return n.addresses[k].start >= from }); k < len(n.addresses) {
			to = min(to, n.addresses[k].start)
		}
		for _, name := range names(n.d.text[from:max(from, to)]) {
			if with := n.words[name]; len(with) <= often && (len(with) == 0 || with[len(with)-1] != n.indexed) {
				n.words[name] = append(with, n.indexed)
			}
		}
	}
}

// names are the words of a text that begin with a capital and may be names, in lower case.
func names(text string) []string {
	const most = 24
	var all []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '’' && r != '\'' }) {
		first := []rune(word)[0]
		if !unicode.IsUpper(first) || len(word) < 3 || len(all) == most {
			continue
		}
		switch lower := strings.ToLower(word); lower {
		case "the", "see", "also", "cf", "and", "for", "vgl", "siehe", "см", "voir", "der", "die", "das", "ders", "dies":
		default:
			all = append(all, lower)
		}
	}
	return all
}

// sameSources tells whether two notes cite the same.
func sameSources(a, b []Citation) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].URL != b[i].URL {
			return false
		}
	}
	return true
}

// repeats tells a citation such as "Ibid." or "see note 4", which is meant to name a source that was named elsewhere.
func (c Citation) repeats() bool {
	if _, end := ibidem(c.Raw); end > 0 && end == len(c.Raw) {
		return true
	}
	if len(c.Raw) > referred || strings.Contains(c.Raw, "://") {
		return false
	}
	whole := func(m []int) bool { return m != nil && m[2] == 0 && m[3] == len(c.Raw) }
	return whole(noteReference.FindStringSubmatchIndex(c.Raw)) || whole(workReference.FindStringSubmatchIndex(c.Raw))
}
