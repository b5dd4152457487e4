package render

import (
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// post says who made a post, when, and how it begins, in lines of at most room
// columns: what a person needs to know it again, also when it is gone. Its text
// has at most so many lines.
func (c *CitationResult) post(room, limit int) []string {
	lines := []string{}
	if who := c.who(); who != "" {
		lines = append(lines, cutEnd(who, room))
	}
	p := c.Post
	if c.PostKept != nil {
		p = c.PostKept
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

// who says in one line when a post was made, and by whom, or what it is a copy of;
// "" for what is no post.
func (c *CitationResult) who() string {
	p := c.Post
	if p == nil {
		return ""
	}
	if kept := c.PostKept; kept != nil && !kept.PostedAt.IsZero() {
		p = kept
	}
	var who []string
	if !p.PostedAt.IsZero() {
		at := p.PostedAt.UTC().Format("2006-01-02 15:04:05 UTC")
		if p.PostedBy == archive.PostedByID {
			at += " by its ID"
		}
		who = append(who, at)
	}
	author := len(who)
	a := p.Author
	if a == nil && c.PostKept != nil {
		a = c.PostKept.Author
	}
	if a != nil {
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
	if c.PostKept != nil {
		who = append(who, "no longer shown")
	}
	return strings.Join(who, " · ")
}
