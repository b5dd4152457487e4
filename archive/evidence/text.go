package evidence

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/wacz"
)

// maxPageText is how much of a source's text goes into pages.jsonl, in bytes.
const maxPageText = 256 << 10

// text reads the text of the capture that is shown for s, quotes from it in the
// document, and adds its page.
func (c *collection) text(w *wacz.Writer, s *source) error {
	it := c.items[s.shown]
	if it == nil {
		c.unread(s, "the source was never visited")
		return nil
	}
	claims, first := c.claims(s)
	if !readable(it.capture) {
		c.unread(s, "no visit found its content")
		claims = nil
	}
	text, err := c.sourceText(it, claims)
	switch {
	case errors.Is(err, ErrNoText) && claims == nil:
	case errors.Is(err, ErrNoText):
		c.unread(s, strings.TrimSuffix(strings.TrimPrefix(err.Error(), ErrNoText.Error()+": "), "."))
	case err != nil:
		holder := c.items[it.capture.Content]
		if holder == nil {
			holder = it // of a post
		}
		return c.blame(holder.key, holder.SHA256, fmt.Errorf("read the text of %s: %w", holder.key, err))
	}
	for n, i := range s.citations {
		t := &c.doc.Citations[i]
		t.Language = strings.Clone(text.Language)
		for m := range t.Marks {
			if at := first[n] + m; at < len(text.Quotes) {
				t.Quotes = append(t.Quotes, detached(text.Quotes[at]))
			}
			if at := first[n] + m; at < len(text.Facts) {
				t.Facts = append(t.Facts, apart(text.Facts[at]))
			}
		}
	}
	if it.capture.Content == "" && it.capture.HTTPStatus == 0 && len(it.capture.Redirects) == 0 {
		return nil // nothing answered, so there is nothing that a page could show
	}
	title := it.capture.Title
	if a := postAuthor(it.capture.Post); a != "" {
		title = a
	}
	if title == "" {
		title = text.Title
	}
	return w.AddPage(wacz.Page{URL: valid(it.capture.URL), TS: it.capture.StartedAt, Title: valid(title), Text: cut(valid(text.Text), maxPageText)})
}

// postAuthor names a post by who wrote it, "" when that is not known.
func postAuthor(p *archive.Post) string {
	switch {
	case p == nil || p.Author == nil:
		return ""
	case p.Title != "":
		return p.Author.Name + ": " + p.Title
	case p.Author.Handle == "":
		return p.Author.Name
	}
	return strings.TrimSpace(p.Author.Name + " (@" + p.Author.Handle + ")")
}

// detached returns passages that do not keep the text that they are parts of.
func detached(passages []Passage) []Passage {
	own := make([]Passage, len(passages))
	for i, p := range passages {
		for _, s := range p {
			own[i] = append(own[i], Segment{strings.Clone(s.Text), s.Found})
		}
	}
	return own
}

// apart returns facts that do not keep the text that they are parts of.
func apart(facts []Fact) []Fact {
	own := make([]Fact, len(facts))
	for i, f := range facts {
		own[i] = Fact{strings.Clone(f.What), strings.Clone(f.Of), strings.Clone(f.There)}
	}
	return own
}

// readable reports whether a visit saw something of what was cited, be it only the
// beginning, so that passages of it are passages of the source.
func readable(k *Capture) bool {
	return Visit{Verdict: k.Verdict}.content() > 0 || k.Verdict == archive.Unreachable && k.HTTPStatus/100 == 2
}

// claims are those of all citations of s; those of its n-th citation begin at
// first[n].
func (c *collection) claims(s *source) (claims []string, first []int) {
	for _, i := range s.citations {
		first = append(first, len(claims))
		for _, m := range c.doc.Citations[i].Marks {
			claims = append(claims, m.Claim)
		}
	}
	return claims, first
}

func (c *collection) unread(s *source, why string) {
	for _, i := range s.citations {
		c.doc.Citations[i].Unread = why
	}
}

// sourceText has what a capture says of its source read.
func (c *collection) sourceText(it *item, claims []string) (Text, error) {
	switch {
	case c.Read == nil:
		return Text{}, fmt.Errorf("%w: no text was asked for", ErrNoText)
	case it.capture.Content == "" && it.capture.Post.Said() == "":
		return Text{}, fmt.Errorf("%w: nothing was answered", ErrNoText)
	}
	return c.Read(c.ctx, it.SHA256, claims)
}

// valid is s in UTF-8, which JSON wants.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// cut returns at most n bytes of s, whole characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
