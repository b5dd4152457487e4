package seeds

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readText fills a report from plain text. It returns the IDs of the citations that are the target of a link whose text
// is the citation before.
func readText(r *Report, src *source) (targets map[string]bool) {
	addresses := findAddresses(src.text)
	groups := findGroups(src.text, addresses)
	spans := findNotes(src, addresses, groups)
	marks := selectMarks(src.text, spans, groups, addresses)

	r.Title = title(src, spans)
	for _, n := range spans {
		r.Notes = append(r.Notes, Note{
			Label:    n.label.text,
			Position: src.position(n.start, n.end),
			Text:     collapse(src.text[min(n.textStart, n.end):n.end]),
		})
	}
	claims := findClaims(src, spans, marks)
	byLabel := make(map[string][]Mark)
	for i, g := range ranges(src.text, marks) {
		for _, l := range g.labels {
			m := Mark{Label: l, Position: src.position(g.start, g.end), Claim: claims[min(i, len(claims)-1)]}
			r.Marks = append(r.Marks, m)
			byLabel[l] = append(byLabel[l], m)
		}
	}
	r.Citations, targets = cite(src, spans, addresses, byLabel)
	r.Published, r.PublishedFrom = published(src, spans, r.Citations)
	return targets
}

// ranges adds to a group the labels between it and the next one if only a dash stands between them: [1]–[3] cites the
// note 2 as well. It keeps the number of groups.
func ranges(text string, marks []group) []group {
	for i := range marks[:max(0, len(marks)-1)] {
		g, next := marks[i], marks[i+1]
		switch strings.TrimSpace(text[g.end:max(g.end, min(next.start, g.end+8))]) {
		case "-", "–", "—":
			if next.start-g.end < 8 && len(g.labels) > 0 {
				marks[i].labels = append(g.labels, between(g.labels[len(g.labels)-1], next.labels[0])...)
			}
		}
	}
	return marks
}

// cite makes the citations of the addresses and of the notes that repeat the one before.
func cite(src *source, spans []noteSpan, addresses []found, byLabel map[string][]Mark) (all []Citation, targets map[string]bool) {
	targets = make(map[string]bool)
	count := make(map[string]int)
	add := func(c Citation) {
		prefix := c.Note
		if prefix == "" {
			prefix = "L" + strconv.Itoa(c.Line)
		}
		count[prefix]++
		c.ID = prefix + "." + strconv.Itoa(count[prefix])
		c.Marks = byLabel[c.Note]
		all = append(all, c)
	}
	linked := func(i int) {
		if i > 0 && isLink(src.text[addresses[i-1].end:addresses[i].start]) {
			targets[all[len(all)-1].ID] = true
		}
	}
	next := 0
	body := func(until int) {
		for ; next < len(addresses) && addresses[next].start < until; next++ {
			add(citation(src, addresses[next]))
			linked(next)
		}
	}
	before := 0 // where the citations of the note before begin
	for _, n := range spans {
		body(n.start)
		first := len(all)
		for ; next < len(addresses) && addresses[next].start < n.end; next++ {
			c := citation(src, addresses[next])
			c.Note = n.label.text
			add(c)
			linked(next)
		}
		text := min(n.textStart, n.end)
		if start, end := ibidem(src.text[text:n.end]); end > 0 && first == len(all) {
			repeat(src, n, text+start, text+end, all[before:first], add)
		}
		before = first
	}
	body(len(src.text) + 1)
	return all, targets
}

// isLink tells whether only the sign of a link stands between two addresses: "www.example.org <https://…>", as mail
// programs write it, or "[www.example.org](https://…)".
func isLink(between string) bool {
	switch between {
	case "<", " <", "\u00a0<", "](", "](<":
		return true
	}
	return false
}

// maxRepeat is how many addresses "Ibid." may stand for; of more it would not be clear which is meant.
const maxRepeat = 16

// repeat cites again what the note before cited; text[start:end] is the word that says so.
func repeat(src *source, n noteSpan, start, end int, before []Citation, add func(Citation)) {
	if len(before) > maxRepeat {
		return
	}
	for _, c := range before {
		if c.Note == "" {
			continue // an address of the prose between two blocks of notes
		}
		add(Citation{
			Note: n.label.text, URL: c.URL, Key: c.Key, Invalid: c.Invalid,
			Raw: src.text[start:end], Position: src.position(start, end),
		})
	}
}

// citation makes a citation of one address, without its note.
func citation(src *source, f found) Citation {
	c := Citation{
		URL: f.url, Raw: src.text[f.start:f.end], Defanged: f.defanged, Repaired: f.repaired,
		Position: src.position(f.start, f.end),
	}
	a, err := parseAddress(f.url)
	if err != nil {
		c.Invalid = err.Error()
		return c
	}
	c.URL, c.Key = a.href, a.key
	if c.Key == c.URL {
		c.Key = c.URL // one string in memory, of the two that most citations have
	}
	c.Repaired = c.Repaired || a.credentials
	return c
}

// title returns the first line that is neither address nor note, at most maxTitle code points of it.
func title(src *source, spans []noteSpan) string {
	const maxTitle = 200
	end := len(src.text)
	if len(spans) > 0 {
		end = spans[0].start
	}
	last := sort.Search(len(src.lines), func(i int) bool { return src.lines[i].start >= end })
	for i := range last {
		t := strings.TrimLeft(collapse(strings.TrimFunc(src.lineText(i), invisible)), "#* ")
		if t == "" || addressStart(t) || underline(t) {
			continue
		}
		if utf8.RuneCountInString(t) > maxTitle {
			return string([]rune(t)[:maxTitle-1]) + "…"
		}
		return t
	}
	return ""
}
