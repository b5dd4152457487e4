package render

import (
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// post says who made a post, when, and how it begins, in lines of at most room
// columns: what a person needs to know it again, also when it is gone. Its text
// has at most so many lines.
func (c *CitationResult) post(room, limit int) []string {
	p := c.Post
	var who []string
	if !p.PostedAt.IsZero() {
		at := p.PostedAt.UTC().Format("2006-01-02 15:04:05 UTC")
		if p.PostedBy == archive.PostedByID {
			at += " by its ID"
		}
		who = append(who, at)
	}
	author := len(who)
	if a := p.Author; a != nil {
		if h := c.said(a.Handle); h != "" {
			who = append(who, "@"+cutEnd(h, 40))
		}
		if n := c.said(a.Name); n != "" {
			who = append(who, cutEnd(n, 40))
		}
	}
	if p.Original != "" {
		who = append(who, "copy of "+c.said(p.Original))
	}
	if len(who) == author && p.Cited != "" {
		who = append(who, "cited as @"+cutEnd(c.said(p.Cited), 40))
	}
	var lines []string
	if len(who) > 0 {
		lines = append(lines, cutEnd(strings.Join(who, " · "), room))
	}
	for _, said := range []string{p.Title, p.Text} {
		if said = c.said(said); said != "" {
			if limit == 1 {
				said = cutEnd(said, room-2)
			}
			lines = append(lines, wrap("“"+said+"”", room, limit)...)
		}
	}
	return lines
}
