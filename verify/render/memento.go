package render

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// memento says as of when a web archive has the source, and where that is kept.
func (p *printer) memento(c *CitationResult, room int) []string {
	if c.Memento == nil {
		return nil
	}
	parts := []string{c.Memento.sentence()}
	if key := shortKey(c.Memento.Capture); key != "" {
		parts = append(parts, key)
	}
	return oneLine(parts, room)
}

// sentence says as of when an archive has the source, and whether we keep that.
func (m *Memento) sentence() string {
	name, day := cutEnd(clean(m.Archive, longLine), 40), m.Datetime.UTC().Format(time.DateOnly)
	if m.Capture == "" {
		return name + " has it as of " + day
	}
	return "kept as of " + day + " from " + name
}

// whyAndKept is why, and that an archive has it.
func (c *CitationResult) whyAndKept() string {
	why := c.why()
	if c.Memento == nil {
		return why
	}
	if why != "" {
		why += "; "
	}
	return why + c.Memento.sentence()
}

// submitted says what became of asking a web archive to capture the source.
func (p *printer) submitted(c *CitationResult, room int) []string {
	s := c.Submitted
	if s == nil {
		return nil
	}
	where := cutEnd(clean(s.Archive, longLine), 40)
	switch {
	case s.Status == archive.SubmissionPending:
		return []string{shorten("submitted: "+where+" had not finished at "+minute(s.At), room)}
	case s.Status == archive.SubmissionSuccess && !s.Datetime.IsZero():
		return []string{shorten("submitted: "+where+" has it as of "+minute(s.Datetime), room)}
	case s.Status == archive.SubmissionSuccess:
		return wrap(c.said("submitted: "+where+" has it: "+s.Message), room, 2)
	}
	return wrap(c.said("submitted: "+where+" did not take it: "+s.Message), room, 2)
}

// asked says which web archives learned of how many addresses.
func asked(r *Result) []string {
	var lines []string
	for _, host := range slices.Sorted(maps.Keys(r.Asked)) {
		noun := "addresses"
		if r.Asked[host] == 1 {
			noun = "address"
		}
		lines = append(lines, fmt.Sprintf("asked %s for %d %s", clean(host, 80), r.Asked[host], noun))
	}
	return lines
}
