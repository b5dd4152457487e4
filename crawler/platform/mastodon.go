package platform

import (
	"encoding/json"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// mastodon: any host can be one, so a source is known by the shape of its
// address, and its own host is asked. Its page answers as its status says, and is
// evidence too: a host that is something else loses nothing by the question.
func mastodonProbe() *probe {
	return &probe{
		name: "mastodon", title: "Its server", about: "posts of Mastodon and what speaks like it, on any host, by the shape of the address", page: true, witnesses: 1,
		known: "https://mastodon.social/@Gargron/1", missing: "https://mastodon.social/@Gargron/999999999999999999",
		shape: func(key string) bool { return strings.Contains(key, "/@") || strings.Contains(key, "/statuses/") },
		match: func(s *subject) bool {
			parts := segments(s.key)
			switch {
			case len(parts) == 2 && strings.HasPrefix(parts[0], "@") && isDigits(parts[1], 20):
				s.handle, s.id = parts[0][1:], parts[1]
			case len(parts) == 4 && parts[0] == "users" && parts[2] == "statuses" && isDigits(parts[3], 20):
				s.handle, s.id = parts[1], parts[3]
			default:
				return false
			}
			return s.handle != "" && len(s.handle) <= 200
		},
		asks: []ask{{name: "status", accept: "application/json",
			url: func(_ string, s *subject) string {
				scheme, _, _ := strings.Cut(s.key, "://")
				return scheme + "://" + s.host + "/api/v1/statuses/" + s.id
			},
			read: readStatus}},
	}
}

func readStatus(s *subject, a *Answer) reading {
	if a.Failure != "" {
		return refusal(a)
	}
	var got struct {
		Error     string `json:"error"`
		ID        string `json:"id"`
		CreatedAt string `json:"created_at"`
		Language  string `json:"language"`
		Content   string `json:"content"`
		Warning   string `json:"spoiler_text"`
		Account   struct {
			Acct string `json:"acct"`
			Name string `json:"display_name"`
			URL  string `json:"url"`
		} `json:"account"`
		Media []struct {
			Type    string `json:"type"`
			URL     string `json:"url"`
			Preview string `json:"preview_url"`
			Alt     string `json:"description"`
		} `json:"media_attachments"`
	}
	valid := json.Unmarshal(a.Body, &got) == nil
	switch {
	case valid && a.Status == 404 && got.Error != "":
		return read(archive.PostAbsent, "does not give it: deleted, not public or never there (404)")
	case valid && (a.Status == 401 || a.Status == 422) && got.Error != "":
		return read(archive.PostUnclear, "answers only those who are logged in (%d)", a.Status)
	case !valid || a.Status != 200 || got.ID != s.id:
		if a.Status == 200 || a.Status == 404 {
			return read(archive.PostUnclear, "does not speak Mastodon's language (%d)", a.Status)
		}
		return refusal(a)
	}
	r := read(archive.PostShown, "gives the post")
	p := &r.post
	handle := got.Account.Acct
	if name, _, _ := strings.Cut(s.handle, "@"); strings.EqualFold(handle, name) {
		handle = s.handle // of a local account the host is left out
	}
	p.Author, p.PostedAt, p.Lang = author(got.Account.Name, handle, got.Account.URL), instant(got.CreatedAt), cut(got.Language, 35)
	p.Text, p.Title = textOf(got.Content), cut(got.Warning, maxName)
	for _, m := range got.Media {
		switch m.Type {
		case "image":
			addMedia(p, archive.MediaImage, m.URL, m.Alt)
		case "video", "gifv":
			addMedia(p, archive.MediaImage, m.Preview, m.Alt)
			addMedia(p, archive.MediaVideo, m.URL, "")
		}
	}
	return r
}
