package crawltest

import (
	"fmt"
	"net/url"
	"strings"
)

func tikTokTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "tiktok", Name: name, Want: want, Shown: want == "alive", Note: note}
	}
	return twin{
		name: "tiktok",
		fates: []Fate{
			fate("live", "alive", "oEmbed gives it"),
			fate("deleted", "unknown", "400, which says nothing certain"),
			fate("walled", "unknown", "403"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("67183353908450951%02d", n) },
		address: func(p Post) string { return "https://www.tiktok.com/@" + p.Handle + "/video/" + p.ID },
		hosts: []twinHost{
			{name: "www.tiktok.com", about: func(u *url.URL) string {
				_, id, _ := strings.Cut(u.Query().Get("url"), "/video/")
				return id
			}, says: func(p *Post, _ *url.URL, _ int) page {
				switch {
				case p == nil || p.Fate == "deleted":
					return jsonAnswer(400, map[string]any{"code": 400, "message": "Something went wrong"})
				case p.Fate == "walled":
					return blockPage(403)
				}
				return jsonAnswer(200, map[string]any{"version": "1.0", "type": "video", "title": p.Text, "author_name": p.Name, "author_unique_id": p.Handle,
					"author_url": "https://www.tiktok.com/@" + p.Handle, "thumbnail_url": "https://p16.tiktokcdn.test/" + p.ID + ".jpg"})
			}, page: func(*url.URL) page {
				return textPage(200, "<!doctype html><title>TikTok - Make Your Day</title><div id=\"app\"></div>\n")
			}},
		},
	}
}

func redditTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "reddit", Name: name, Want: want, Shown: name == "live", Note: note}
	}
	id := func(path string) string {
		parts := strings.Split(strings.Trim(path, "/"), "/")
		if len(parts) < 4 {
			return ""
		}
		return parts[3]
	}
	return twin{
		name: "reddit",
		fates: []Fate{
			fate("live", "alive", "oEmbed gives it, the page is a wall"),
			fate("deleted", "gone", "404 from both"),
			fate("walled", "blocked", "403 from both"),
			fate("half", "unknown", "oEmbed says 404, the page refuses us"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("26h%03d", n) },
		address: func(p Post) string { return "https://www.reddit.com/r/wend/comments/" + p.ID + "/the_gauge/" },
		hosts: []twinHost{
			{name: "www.reddit.com", about: func(u *url.URL) string {
				if to, err := url.Parse(u.Query().Get("url")); err == nil && u.Path == "/oembed" {
					return id(to.Path)
				}
				return id(u.Path)
			}, says: func(p *Post, u *url.URL, _ int) page {
				fate := "deleted"
				if p != nil {
					fate = p.Fate
				}
				wall := textPage(403, "<!doctype html><title>Blocked</title><p>You've been blocked by network security.</p>\n")
				switch {
				case u.Path != "/oembed" && fate == "deleted":
					return notFound("www.reddit.com")
				case u.Path != "/oembed":
					return wall
				case fate == "deleted", fate == "half":
					return jsonAnswer(404, map[string]any{"message": "Not Found", "error": 404})
				case fate == "walled":
					return wall
				}
				return jsonAnswer(200, map[string]any{"title": p.Text, "author_name": p.Name, "provider_name": "reddit", "type": "rich", "html": "<blockquote></blockquote>"})
			}},
		},
	}
}

func doiTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "doi", Name: name, Want: want, Note: note}
	}
	return twin{
		name: "doi",
		fates: []Fate{
			fate("live", "alive", "registered, and its page answers"),
			fate("walled", "blocked", "registered, and its page refuses us"),
			fate("lost", "gone", "registered, and its page is gone"),
			fate("unregistered", "gone", "no such name"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("10.5555/wend.%d", n) },
		address: func(p Post) string { return "https://doi.org/" + p.ID },
		hosts: []twinHost{
			{name: "doi.org", about: func(u *url.URL) string {
				return strings.TrimPrefix(strings.TrimPrefix(u.Path, "/"), "api/handles/")
			}, says: func(p *Post, u *url.URL, _ int) page {
				asked := strings.HasPrefix(u.Path, "/api/handles/")
				switch {
				case p == nil || p.Fate == "unregistered":
					if asked {
						return jsonAnswer(404, map[string]any{"responseCode": 100, "handle": "x"})
					}
					return notFound("doi.org")
				case asked:
					return jsonAnswer(200, map[string]any{"responseCode": 1, "handle": p.ID, "values": []any{
						map[string]any{"index": 1, "type": "URL", "data": map[string]any{"format": "string", "value": "https://journal.test/" + p.ID}},
						map[string]any{"index": 100, "type": "HS_ADMIN", "data": map[string]any{"format": "admin", "value": map[string]any{"index": 200}}}}})
				}
				return redirect(302, "https://journal.test/"+p.ID)
			}},
			{name: "journal.test", about: func(u *url.URL) string { return strings.TrimPrefix(u.Path, "/") }, says: func(p *Post, _ *url.URL, _ int) page {
				switch {
				case p == nil || p.Fate == "lost":
					return notFound("journal.test")
				case p.Fate == "walled":
					return blockPage(403)
				}
				return textPage(200, simple("The gauge", p.Text))
			}},
		},
	}
}
