package seeds

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readText reads plain text: a document without any structure.
func readText(data []byte, charset string) (*document, error) {
	src, err := decode(data, charset)
	if err != nil {
		return nil, err
	}
	return &document{layout: src.layout, origin: src, encoding: src.encoding, barred: src.comments()}, nil
}

// fill fills a report from a document. The error is a bound that was passed.
func (d *document) fill(r *Report) error {
	barred := d.explicit()
	addresses, err := d.addresses(barred)
	if err != nil {
		return err
	}
	barred = bar(barred, addresses)
	groups := findGroups(d.text, barred)
	plain := findNotes(d, addresses, groups)
	explicit := d.noteSpans()
	marks := selectMarks(d, plain, explicit, groups, barred)
	spans := explicit
	if len(plain) > 0 {
		spans = append(plain, explicit...)
	}
	slices.SortStableFunc(spans, func(a, b noteSpan) int { return a.start - b.start })
	nested := d.nested()
	d.marks, d.notes, d.barred = nil, nil, nil // there may be as many of them as words

	d.meta.describe(r)
	r.Title = title(d, spans)
	if d.blocks == nil && len(r.Authors) == 0 {
		r.Authors = d.byline(r.Title)
	}
	r.Notes = make([]Note, 0, len(spans))
	marks = ranges(d.text, marks)
	labels := 0
	for _, g := range marks {
		labels += len(g.labels)
	}
	r.Marks = make([]Mark, 0, labels)
	for _, n := range spans {
		r.Notes = append(r.Notes, Note{
			Label:    n.label,
			Position: d.origin.position(n.start, n.end),
			Text:     collapse(d.text[min(n.textStart, n.end):n.end]),
		})
	}
	claims := findClaims(d, spans, marks)
	byLabel := make(map[string][]Mark)
	for i, g := range marks {
		claim := g.claim
		if claim == "" {
			claim = claims[min(i, len(claims)-1)]
		}
		for _, l := range g.labels {
			m := Mark{Label: l, Position: d.origin.position(g.start, g.end), Claim: claim}
			r.Marks = append(r.Marks, m)
			if all, ok := byLabel[l]; ok {
				byLabel[l] = append(all, m)
			} else {
				byLabel[l] = slices.Clip(r.Marks[len(r.Marks)-1:]) // no copy for the one mark that most notes have
			}
		}
	}
	addresses = d.withoutPublishers(spans, addresses)
	inline := inlineClaims(d, spans, marks, addresses)
	d.blocks = nil // the citations take their room
	var targets map[string]bool
	var odd []Finding
	r.Citations, targets, odd = cite(d, spans, addresses, byLabel, inline)
	d.published(r, spans)
	odd = append(odd, d.findings...)
	if !d.list {
		odd = append(odd, lintGaps(r)...)
	}
	odd = append(odd, lintPaths(d, spans)...)
	r.Findings = lint(r, targets, nested, odd)
	return nil
}

// bar adds the addresses to what is barred already.
func bar(barred []span, addresses []found) []span {
	barred = slices.Grow(barred, len(addresses))
	for _, f := range addresses {
		barred = append(barred, span{f.start, f.end})
	}
	return merged(barred)
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

// cite makes the citations of the addresses, and those of the notes that refer to other ones; odd says of which it is not
// known to what. Addresses outside of notes have the claims by their index, if there are any.
func cite(d *document, spans []noteSpan, addresses []found, byLabel map[string][]Mark, claims []string) (all []Citation, targets map[string]bool, odd []Finding) {
	all = make([]Citation, 0, len(addresses))
	targets = make(map[string]bool)
	count := make(map[string]int)
	add := func(c Citation, where Position) {
		prefix := c.Note
		if prefix == "" {
			prefix = where.prefix()
		}
		count[prefix]++
		c.ID = prefix + "." + strconv.Itoa(count[prefix])
		if c.Marks == nil {
			c.Marks = byLabel[c.Note]
		}
		all = append(all, c)
	}
	linked := func(i int) {
		if i > 0 && addresses[i-1].link+addresses[i].link == 0 && isLink(d.text[addresses[i-1].end:addresses[i].start]) {
			targets[all[len(all)-1].ID] = true
		}
	}
	next := 0
	body := func(until int) {
		for ; next < len(addresses) && addresses[next].start < until; next++ {
			c, where := citation(d, addresses, next, 0, min(until, len(d.text)))
			if claims != nil && claims[next] != "" && c.Accessed == "" {
				c.Marks = []Mark{{Position: where, Claim: claims[next]}}
			}
			add(c, where)
			linked(next)
			addresses[next].url = "" // the citation has it
		}
	}
	notes := newCitedNotes(d, spans, addresses)
	for i, n := range spans {
		body(n.start)
		first := len(all)
		for ; next < len(addresses) && addresses[next].start < n.end; next++ {
			c, where := citation(d, addresses, next, n.start, n.end)
			c.Note = n.label
			add(c, where)
			linked(next)
			addresses[next].url = ""
		}
		if first < len(all)-1 && next > 0 {
			if day := sharedDay(d.text[addresses[next-1].end:max(addresses[next-1].end, n.end)]); day != "" {
				for k := first; k < len(all)-1; k++ {
					if all[k].Accessed == "" {
						all[k].Accessed = day
					}
				}
			}
		}
		if first == len(all) {
			notes.all = all
			start, end, repeated, problem := notes.refer(i)
			repeat(d, n, start, end, repeated, add)
			if problem != "" {
				odd = append(odd, Finding{
					Rule: RuleNoteReference, Level: LevelWarning, Note: n.label, Position: d.origin.position(start, end), Message: problem,
				})
			}
		}
		notes.ranges = append(notes.ranges, [2]int{first, len(all)})
		notes.all = all
	}
	body(len(d.text) + 1)
	return all, targets, odd
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

// repeat cites again what another note cited; text[start:end] is the words that say so.
func repeat(d *document, n noteSpan, start, end int, repeated []Citation, add func(Citation, Position)) {
	for _, c := range repeated {
		at := d.origin.position(start, end)
		raw, ok := d.origin.written(start, end)
		if !ok {
			raw = d.text[start:end]
		}
		add(Citation{
			Note: n.label, URL: c.URL, Key: c.Key, Invalid: c.Invalid,
			Raw: raw, Position: at,
		}, at)
	}
}

// citation makes a citation of address i, without its note, and says where it is cited. What is said of it stands between
// start, which is 0 outside of notes, and limit.
func citation(d *document, addresses []found, i, start, limit int) (c Citation, where Position) {
	f := addresses[i]
	where = d.origin.position(f.start, f.end)
	c = Citation{URL: f.url, Raw: d.text[f.start:f.end], Defanged: f.defanged, Repaired: f.repaired, Position: where}
	if f.link > 0 {
		l := d.links[f.link-1]
		if shown := collapse(c.Raw); shown != l.raw && shown != l.target {
			c.Shown = shown
		}
		c.Raw = l.target
		if l.raw != "" {
			c.Raw, c.Position = l.raw, d.linkedAt(l, where)
		}
	} else if raw, ok := d.origin.written(f.start, f.end); ok {
		c.Raw = raw
	}
	from, first := start, start > 0
	if i > 0 && addresses[i-1].end > start {
		from, first = addresses[i-1].end, false
	}
	if i+1 < len(addresses) {
		limit = min(limit, addresses[i+1].start)
	}
	in, ok := d.cellAt(f.start)
	if ok {
		from, limit = max(from, in.start), min(limit, in.end)
	}
	if c.Accessed = accessed(d.text[min(from, f.start):f.start], d.text[f.end:max(f.end, limit)], first); c.Accessed == "" {
		c.Accessed = in.seen
	}
	if target, ok := redirected(f.url); ok {
		f.url, c.URL, c.Repaired = target, target, true
	}
	a, err := parseAddress(f.url)
	if err != nil {
		c.Invalid = err.Error()
		return c, where
	}
	c.URL, c.Key = a.href, a.key
	c.Repaired = c.Repaired || a.credentials
	return c, where
}

// title returns what the report says its title is, its first heading, or its first line that is neither address nor
// note; at most maxTitle code points of it.
func title(d *document, spans []noteSpan) string {
	if t := collapse(d.meta.title); t != "" {
		return cutTitle(t)
	}
	if t := d.heading(); t != "" {
		return cutTitle(t)
	}
	if d.list {
		return ""
	}
	end := len(d.text)
	if len(spans) > 0 {
		end = spans[0].start
	}
	last := sort.Search(len(d.lines), func(i int) bool { return d.lines[i].start() >= end })
	for i := range last {
		t := strings.TrimLeft(collapse(strings.TrimFunc(d.lineText(i), invisible)), "#* ")
		if t != "" && !addressStart(t) && !underline(t) && !arxivStamp.MatchString(t) {
			return cutTitle(t)
		}
	}
	return ""
}

// heading returns the first heading of the first level, or the first of any level; "Notes" is none.
func (d *document) heading() string {
	first := ""
	for _, b := range d.blocks {
		if b.kind != blockHeading || isHeading(d.text[b.start:b.end]) || arxivStamp.MatchString(collapse(d.text[b.start:b.end])) {
			continue
		}
		if b.level == 1 {
			return collapse(d.text[b.start:b.end])
		}
		if first == "" {
			first = collapse(d.text[b.start:b.end])
		}
	}
	return first
}

func cutTitle(t string) string {
	const maxTitle = 200
	if utf8.RuneCountInString(t) > maxTitle {
		return string([]rune(t)[:maxTitle-1]) + "…"
	}
	return t
}
