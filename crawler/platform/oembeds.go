package platform

import (
	"encoding/json"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// tiktok: its one endpoint says 400 for everything that it does not give, so it
// proves a film and never its absence.
func tikTokProbe() *probe {
	return &probe{
		name: "tiktok", title: "TikTok", about: "films of TikTok", hosts: []string{"www.tiktok.com", "tiktok.com", "m.tiktok.com"},
		known: "https://www.tiktok.com/@scout2015/video/6718335390845095173",
		note:  "nothing proves that a film is gone",
		match: func(s *subject) bool {
			parts := segments(s.key)
			if len(parts) != 3 || !strings.HasPrefix(parts[0], "@") || parts[1] != "video" && parts[1] != "photo" || !isDigits(parts[2], 20) {
				return false
			}
			s.id, s.handle = parts[2], parts[0][1:]
			return true
		},
		asks: []ask{{name: "oembed", base: "https://www.tiktok.com/oembed", accept: "application/json",
			url: func(base string, s *subject) string {
				return withQuery(base, "url", "https://www.tiktok.com/@"+s.handle+"/video/"+s.id)
			},
			read: func(s *subject, a *Answer) reading {
				if a.Failure == "" && a.Status == 400 {
					return read(archive.PostUnclear, "does not give it: deleted, private or not to be embedded (400)")
				}
				return readTitled(s, a)
			}}},
	}
}

// reddit: its page is a wall to most programs and evidence when it is not.
func redditProbe() *probe {
	return &probe{
		name: "reddit", title: "Reddit", about: "posts and comments of Reddit", hosts: []string{"www.reddit.com"}, page: true, witnesses: 1,
		known: "https://www.reddit.com/r/announcements/comments/26h4f2/reddit_gold_a_second_server_and_the_future/",
		match: func(s *subject) bool {
			parts := segments(s.key)
			if len(parts) < 4 || parts[0] != "r" && parts[0] != "user" || parts[2] != "comments" || !isWord(parts[3], 13) {
				return false
			}
			s.id = strings.Join(parts, "/")
			return true
		},
		asks: []ask{{name: "oembed", base: "https://www.reddit.com/oembed", accept: "application/json",
			url: func(base string, s *subject) string {
				return withQuery(base, "url", "https://www.reddit.com/"+s.id+"/")
			},
			read: func(s *subject, a *Answer) reading {
				if a.Failure == "" && a.Status == 404 {
					return read(archive.PostAbsent, "has no such post (404)")
				}
				return readTitled(s, a)
			}}},
	}
}

// readTitled reads an oEmbed answer that is proof by having a title or an author.
func readTitled(_ *subject, a *Answer) reading {
	if a.Failure != "" || a.Status != 200 {
		return refusal(a)
	}
	var trouble struct {
		Error any `json:"error"`
		Code  any `json:"code"`
	}
	e, ok := parseEmbed(a.Body)
	if err := json.Unmarshal(a.Body, &trouble); err != nil || !ok || trouble.Error != nil || e.Title == "" && e.AuthorName == "" {
		return read(archive.PostUnclear, "answers with something else than a post")
	}
	r := read(archive.PostShown, "gives the post")
	handle := e.AuthorHandle
	if parts := segments(e.AuthorURL); handle == "" && len(parts) > 0 && strings.HasPrefix(parts[len(parts)-1], "@") {
		handle = unescaped(parts[len(parts)-1])
	}
	r.post.Author, r.post.Title = author(e.AuthorName, handle, e.AuthorURL), cut(e.Title, maxText)
	addMedia(&r.post, archive.MediaImage, e.Thumbnail, "")
	return r
}
