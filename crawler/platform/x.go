package platform

import (
	"encoding/json"
	"html"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// x: the page of a post is a shell that scripts fill, the same for every ID. What
// embeds posts elsewhere is asked instead: the syndication endpoint, which knows
// most, and, when that shows nothing, oEmbed. Either one that gives the post
// proves that it is there; only both together say that it is not.
func xProbe() *probe {
	const post = "https://x.com/i/status/"
	return &probe{
		name: "x", title: "X", about: "posts of X, once Twitter, and of the mirrors that show them", hosts: []string{"x.com"}, witnesses: 2,
		known: "https://x.com/jack/status/20", missing: "https://x.com/i/status/1",
		match: func(s *subject) bool {
			id, ok := strings.CutPrefix(s.key, post)
			s.id, s.handle = id, xCited(s.cited)
			return ok && isDigits(id, 20)
		},
		asks: []ask{
			{name: "syndication", base: "https://cdn.syndication.twimg.com/tweet-result", accept: "application/json",
				// The text of a tombstone is in the language that is asked for.
				url: func(base string, s *subject) string {
					return withQuery(base, "id", s.id, "lang", "en", "token", xToken(s.id))
				},
				read: readSyndication},
			{name: "oembed", base: "https://publish.twitter.com/oembed", accept: "application/json", follow: true,
				url: func(base string, s *subject) string {
					return withQuery(base, "url", "https://twitter.com/i/status/"+s.id, "omit_script", "1", "dnt", "1", "lang", "en")
				},
				read: readXEmbed},
		},
	}
}

// xCited is the handle in an address of a post, "" when it names none.
func xCited(cited string) string {
	parts := segments(cited)
	if len(parts) < 3 || parts[1] != "status" && parts[1] != "statuses" {
		return ""
	}
	switch name := parts[0]; {
	case name == "i", name == "", len(name) > 20, strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
		return ""
	default:
		return name
	}
}

// syndicated is what is read of a post in the syndication format.
type syndicated struct {
	Type      string `json:"__typename"`
	ID        string `json:"id_str"`
	Text      string `json:"text"`
	Lang      string `json:"lang"`
	CreatedAt string `json:"created_at"`
	User      struct {
		Name   string `json:"name"`
		Handle string `json:"screen_name"`
	} `json:"user"`
	Entities struct {
		URLs []struct {
			Short    string `json:"url"`
			Expanded string `json:"expanded_url"`
		} `json:"urls"`
	} `json:"entities"`
	Media []struct {
		Type  string `json:"type"`
		URL   string `json:"media_url_https"`
		Alt   string `json:"ext_alt_text"`
		Short string `json:"url"`
		Video struct {
			Variants []xVariant `json:"variants"`
		} `json:"video_info"`
	} `json:"mediaDetails"`
	Quoted    *syndicated `json:"quoted_tweet"`
	Tombstone struct {
		Text struct {
			Text string `json:"text"`
		} `json:"text"`
	} `json:"tombstone"`
}

type xVariant struct {
	Bitrate int    `json:"bitrate"`
	Type    string `json:"content_type"`
	URL     string `json:"url"`
}

func readSyndication(s *subject, a *Answer) reading {
	switch {
	case a.Failure != "":
		return refusal(a)
	case a.Status == 404:
		return read(archive.PostAbsent, "has no such post (404)")
	case a.Status != 200:
		return refusal(a)
	}
	var p syndicated
	if err := json.Unmarshal(a.Body, &p); err != nil {
		return read(archive.PostUnclear, "answers with something else than a post")
	}
	switch {
	case p.Type == "TweetTombstone":
		says := brief(p.Tombstone.Text.Text)
		if says == "" {
			says = "it does not say why"
		}
		return read(archive.PostRestricted, "shows a notice in its place: %s", says)
	case p.ID == s.id:
		r := read(archive.PostShown, "gives the post")
		r.post = p.post(true)
		return r
	case p.ID != "":
		return read(archive.PostUnclear, "gives another post (%s)", brief(p.ID))
	case emptyObject(a.Body):
		return read(archive.PostAbsent, "has no such post (an empty answer)")
	}
	return read(archive.PostUnclear, "answers with something else than a post")
}

func emptyObject(body []byte) bool {
	var fields map[string]json.RawMessage
	return json.Unmarshal(body, &fields) == nil && fields != nil && len(fields) == 0
}

// post turns the format into ours.
func (p *syndicated) post(deep bool) archive.Post {
	out := archive.Post{Author: author(p.User.Name, p.User.Handle, ""), PostedAt: instant(p.CreatedAt), Lang: cut(p.Lang, 35)}
	if h := p.User.Handle; xCited("https://x.com/"+h+"/status/1") != "" {
		out.Author.URL = "https://x.com/" + h
	}
	if len(p.Entities.URLs) > maxMedia {
		p.Entities.URLs = p.Entities.URLs[:maxMedia]
	}
	body := p.Text
	for _, u := range p.Entities.URLs {
		if to := webURL(u.Expanded); to != "" && len(u.Short) > 8 && len(body) < maxText {
			body = strings.Replace(body, u.Short, to, 1)
		}
	}
	for i, m := range p.Media {
		if i >= maxMedia {
			break
		}
		if len(m.Short) > 8 {
			body = strings.Replace(body, m.Short, "", 1) // it stands for the picture
		}
		addMedia(&out, archive.MediaImage, m.URL, html.UnescapeString(m.Alt))
		if v := xVideo(m.Video.Variants); v != "" {
			addMedia(&out, archive.MediaVideo, v, "")
		}
	}
	out.Text = tidy(html.UnescapeString(body))
	if q := p.Quoted; q != nil && deep && isDigits(q.ID, 20) {
		quoted := q.post(false)
		quoted.Platform, quoted.ID, quoted.URL, quoted.Standing = "x", q.ID, "https://x.com/i/status/"+q.ID, archive.PostShown
		if !quoted.PostedAt.IsZero() {
			quoted.PostedBy = archive.PostedByPlatform
		}
		out.Quoted = &quoted
	}
	return out
}

// xVideo picks the best film that is not larger than evidence needs.
func xVideo(variants []xVariant) string {
	const enough = 2_200_000 // bits a second: 720 lines
	best, least := xVariant{Bitrate: -1}, xVariant{Bitrate: -1}
	for _, v := range variants {
		if v.Type != "video/mp4" || webURL(v.URL) == "" {
			continue
		}
		if v.Bitrate <= enough && v.Bitrate > best.Bitrate {
			best = v
		}
		if least.URL == "" || v.Bitrate < least.Bitrate {
			least = v
		}
	}
	if best.URL == "" {
		best = least
	}
	return best.URL
}

func readXEmbed(s *subject, a *Answer) reading {
	switch {
	case a.Failure != "":
		return refusal(a)
	case a.Status == 404:
		return read(archive.PostAbsent, "has no such post (404)")
	case a.Status == 403:
		var refused struct {
			Error string `json:"error"`
		}
		if json.Unmarshal(a.Body, &refused) == nil && strings.Contains(strings.ToLower(refused.Error), "not authorized") {
			return read(archive.PostRestricted, "says: %s", brief(refused.Error))
		}
		return refusal(a)
	case a.Status != 200:
		return refusal(a)
	}
	e, ok := parseEmbed(a.Body)
	if !ok || !embedNames(e, s.id) {
		return read(archive.PostUnclear, "answers with something else than the post")
	}
	r := read(archive.PostShown, "gives the post")
	quote := document([]byte(cut(e.HTML, maxText)))
	if p := find(quote, tag("p")); p != nil {
		r.post.Text, r.post.Lang = text(p), cut(attr(p, "lang"), 35)
	}
	handle := ""
	if parts := segments(e.AuthorURL); len(parts) == 1 {
		handle = parts[0]
	}
	r.post.Author = author(e.AuthorName, handle, e.AuthorURL)
	return r
}

// embedNames reports that an answer is about the post with this ID: its address,
// or the link under the quotation, ends in it.
func embedNames(e embed, id string) bool {
	ends := func(raw string) bool {
		parts := segments(raw)
		for i, p := range parts {
			if (p == "status" || p == "statuses") && i+1 < len(parts) && parts[i+1] == id {
				return true
			}
		}
		return false
	}
	if ends(e.URL) {
		return true
	}
	for _, a := range findAll(document([]byte(cut(e.HTML, maxText))), tag("a")) {
		if ends(attr(a, "href")) {
			return true
		}
	}
	return false
}
