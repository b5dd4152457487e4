package platform

import (
	"encoding/json"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// bluesky: the page is an app. The public AppView of the network answers without
// an account: first who a handle is, then the post, then, when that is not given,
// what became of it in the thread, which tells deleted from withheld.
func blueskyProbe() *probe {
	const host = "https://public.api.bsky.app/xrpc/"
	uri := func(s *subject) string {
		if s.did == "" {
			return ""
		}
		return "at://" + s.did + "/app.bsky.feed.post/" + s.id
	}
	return &probe{
		name: "bluesky", title: "Bluesky", about: "posts of Bluesky", hosts: []string{"bsky.app"}, witnesses: 2,
		known: "https://bsky.app/profile/bsky.app/post/3l6oveex3ii2l", missing: "https://bsky.app/profile/bsky.app/post/2222222222222",
		control: "https://bsky.app/profile/did:plc:z72i7hdynmk6r22z27h6tvur/post/3l6oveex3ii2l",
		match: func(s *subject) bool {
			parts := segments(s.key)
			if len(parts) != 4 || parts[0] != "profile" || parts[2] != "post" || !isWord(parts[3], 64) {
				return false
			}
			s.id, s.handle = parts[3], unescaped(parts[1])
			if s.did = ""; strings.HasPrefix(s.handle, "did:") {
				s.did = s.handle
			}
			return isAuthority(s.handle)
		},
		asks: []ask{
			{name: "handle", base: host + "com.atproto.identity.resolveHandle", accept: "application/json", expect: archive.PostRegistered,
				url: func(base string, s *subject) string {
					if s.did != "" {
						return ""
					}
					return withQuery(base, "handle", s.handle)
				},
				read: readHandle},
			{name: "posts", base: host + "app.bsky.feed.getPosts", accept: "application/json",
				url: func(base string, s *subject) string {
					if uri(s) == "" {
						return ""
					}
					return withQuery(base, "uris", uri(s))
				},
				read: readBluesky},
			{name: "thread", base: host + "app.bsky.feed.getPostThread", accept: "application/json",
				url: func(base string, s *subject) string {
					if uri(s) == "" {
						return ""
					}
					return withQuery(base, "uri", uri(s), "depth", "0", "parentHeight", "0")
				},
				read: readThread},
		},
	}
}

// isWord reports letters, digits, - and _ alone.
func isWord(s string, limit int) bool {
	return s != "" && len(s) <= limit && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// isAuthority reports a handle, which is a domain name, or a DID.
func isAuthority(s string) bool {
	return len(s) <= 253 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-._:%") == "" && strings.ContainsAny(s, ".:")
}

func readHandle(s *subject, a *Answer) reading {
	var who struct {
		DID   string `json:"did"`
		Error string `json:"error"`
	}
	if a.Failure != "" || a.Status != 200 && a.Status != 400 {
		return refusal(a)
	}
	switch err := json.Unmarshal(a.Body, &who); {
	case err == nil && a.Status == 400 && who.Error != "":
		return read(archive.PostUnclear, "says that nobody has this handle any more: renamed, or the account is gone")
	case err != nil || a.Status != 200 || !strings.HasPrefix(who.DID, "did:") || !isAuthority(who.DID):
		return read(archive.PostUnclear, "does not say who has this handle")
	}
	s.did = who.DID
	return read("", "the handle is that of %s", who.DID)
}

// blueskyPost is what is read of a post.
type blueskyPost struct {
	Type   string `json:"$type"`
	URI    string `json:"uri"`
	Author struct {
		Handle string `json:"handle"`
		Name   string `json:"displayName"`
	} `json:"author"`
	Record struct {
		Text      string   `json:"text"`
		CreatedAt string   `json:"createdAt"`
		Langs     []string `json:"langs"`
	} `json:"record"`
	Embed struct {
		Images []struct {
			URL string `json:"fullsize"`
			Alt string `json:"alt"`
		} `json:"images"`
		Thumbnail string `json:"thumbnail"` // of a film
	} `json:"embed"`
}

func (b *blueskyPost) post() archive.Post {
	p := archive.Post{Author: author(b.Author.Name, b.Author.Handle, ""), Text: cut(b.Record.Text, maxText), PostedAt: instant(b.Record.CreatedAt)}
	if p.Author != nil && isAuthority(b.Author.Handle) {
		p.Author.URL = webURL("https://bsky.app/profile/" + b.Author.Handle)
	}
	if len(b.Record.Langs) > 0 {
		p.Lang = cut(b.Record.Langs[0], 35)
	}
	for _, i := range b.Embed.Images {
		addMedia(&p, archive.MediaImage, i.URL, i.Alt)
	}
	addMedia(&p, archive.MediaImage, b.Embed.Thumbnail, "")
	return p
}

func readBluesky(s *subject, a *Answer) reading {
	var got struct {
		Posts []blueskyPost `json:"posts"`
	}
	if a.Failure != "" || a.Status != 200 {
		return refusal(a)
	}
	if json.Unmarshal(a.Body, &got) != nil || got.Posts == nil {
		return read(archive.PostUnclear, "answers with something else than posts")
	}
	for i := range got.Posts {
		if p := &got.Posts[i]; strings.HasSuffix(p.URI, "/"+s.id) {
			r := read(archive.PostShown, "gives the post")
			r.post = p.post()
			return r
		}
	}
	if len(got.Posts) == 0 {
		return read(archive.PostAbsent, "has no such post")
	}
	return read(archive.PostUnclear, "gives another post")
}

func readThread(s *subject, a *Answer) reading {
	var got struct {
		Error  string `json:"error"`
		Thread struct {
			Type string      `json:"$type"`
			Post blueskyPost `json:"post"`
		} `json:"thread"`
	}
	if a.Failure != "" || a.Status != 200 && a.Status != 400 && a.Status != 404 {
		return refusal(a)
	}
	if json.Unmarshal(a.Body, &got) != nil {
		return read(archive.PostUnclear, "answers with something else than a thread")
	}
	switch kind := got.Thread.Type; {
	case a.Status != 200 && got.Error == "NotFound", strings.HasSuffix(kind, "#notFoundPost"):
		return read(archive.PostAbsent, "has no such post")
	case strings.HasSuffix(kind, "#blockedPost"):
		return read(archive.PostRestricted, "withholds it from those who are not logged in")
	case strings.HasSuffix(kind, "#threadViewPost") && strings.HasSuffix(got.Thread.Post.URI, "/"+s.id):
		r := read(archive.PostShown, "gives the post")
		r.post = got.Thread.Post.post()
		return r
	}
	return read(archive.PostUnclear, "answers in a way that is not known (%d)", a.Status)
}
