package crawltest

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

func blueskyTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "bluesky", Name: name, Want: want, Shown: want == "alive", Note: note}
	}
	// at://did/app.bsky.feed.post/ID
	uriID := func(name string) func(u *url.URL) string {
		return func(u *url.URL) string {
			uri := u.Query().Get(name)
			return uri[strings.LastIndexByte(uri, '/')+1:]
		}
	}
	posts, thread := uriID("uris"), uriID("uri")
	return twin{
		name: "bluesky",
		fates: []Fate{
			fate("live", "alive", "the post is given"),
			fate("deleted", "gone", "no post, and NotFound"),
			fate("withheld", "restricted", "no post, and blockedPost"),
			fate("no-handle", "unknown", "nobody has the handle any more"),
			fate("limited", "unknown", "429"),
		},
		id: func(_ Post, n int) string { return fmt.Sprintf("3lwend%05d", n) },
		address: func(p Post) string {
			handle := strings.ReplaceAll(p.Handle, "_", "-") + ".test"
			if p.Fate == "no-handle" {
				handle = "nobody.test"
			}
			return "https://bsky.app/profile/" + handle + "/post/" + p.ID
		},
		hosts: []twinHost{
			{name: "bsky.app", about: func(*url.URL) string { return "" }, page: func(*url.URL) page {
				return textPage(200, "<!doctype html><title>Bluesky</title><div id=\"root\"></div><noscript>This is a heavily interactive web application, and JavaScript is required.</noscript>\n")
			}},
			{name: "public.api.bsky.app", about: func(u *url.URL) string {
				if id := posts(u); id != "" {
					return id
				}
				return thread(u)
			}, says: blueskySays, page: func(u *url.URL) page {
				if h := u.Query().Get("handle"); h != "nobody.test" {
					return jsonAnswer(200, map[string]any{"did": "did:plc:wend"})
				}
				return jsonAnswer(400, map[string]any{"error": "InvalidRequest", "message": "Unable to resolve handle"})
			}},
			{name: "cdn.bsky.app", about: func(*url.URL) string { return "" }, page: postPicture},
		},
	}
}

func blueskySays(p *Post, u *url.URL, _ int) page {
	fate := "deleted"
	if p != nil {
		fate = p.Fate
	}
	if fate == "limited" {
		return page{status: 429}
	}
	var view map[string]any
	if p != nil {
		var images []any
		for _, at := range p.pictures("https://cdn.bsky.app/img/") {
			images = append(images, map[string]any{"fullsize": at, "thumb": at, "alt": "The gauge"})
		}
		view = map[string]any{"uri": "at://did:plc:wend/app.bsky.feed.post/" + p.ID, "author": map[string]any{"handle": strings.ReplaceAll(p.Handle, "_", "-") + ".test", "displayName": p.Name},
			"record": map[string]any{"text": p.Text, "createdAt": p.At.UTC().Format(time.RFC3339), "langs": []string{"en"}}, "embed": map[string]any{"images": images}}
	}
	if strings.HasSuffix(u.Path, "getPostThread") {
		switch fate {
		case "deleted":
			return jsonAnswer(400, map[string]any{"error": "NotFound", "message": "Post not found"})
		case "withheld":
			return jsonAnswer(200, map[string]any{"thread": map[string]any{"$type": "app.bsky.feed.defs#blockedPost", "blocked": true}})
		}
		return jsonAnswer(200, map[string]any{"thread": map[string]any{"$type": "app.bsky.feed.defs#threadViewPost", "post": view}})
	}
	if fate != "live" && fate != "" {
		return jsonAnswer(200, map[string]any{"posts": []any{}})
	}
	return jsonAnswer(200, map[string]any{"posts": []any{view}})
}

func mastodonTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "mastodon", Name: name, Want: want, Shown: name == "live", Note: note}
	}
	id := func(u *url.URL) string { return u.Path[strings.LastIndexByte(u.Path, '/')+1:] }
	return twin{
		name: "mastodon",
		fates: []Fate{
			fate("live", "alive", "the post is given"),
			fate("deleted", "gone", "404 from both"),
			fate("closed", "alive", "the API wants a login, the page answers"),
			fate("conflict", "unknown", "the API knows nothing, the page answers"),
			fate("not-mastodon", "alive", "another kind of site, whose page answers"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("1123456789012345%02d", n) },
		address: func(p Post) string { return "https://mastodon.social/@" + p.Handle + "/" + p.ID },
		hosts: []twinHost{
			{name: "mastodon.social", about: id, says: func(p *Post, u *url.URL, _ int) page {
				fate := "deleted"
				if p != nil {
					fate = p.Fate
				}
				if !strings.HasPrefix(u.Path, "/api/") {
					if fate == "deleted" {
						return notFound("mastodon.social")
					}
					return textPage(200, simple(p.Name, p.Text))
				}
				switch fate {
				case "deleted", "conflict":
					return jsonAnswer(404, map[string]any{"error": "Record not found"})
				case "closed":
					return jsonAnswer(401, map[string]any{"error": "This API requires an authenticated user"})
				case "not-mastodon":
					return notFound("mastodon.social")
				}
				var media []any
				for _, at := range p.pictures("https://files.mastodon.social/") {
					media = append(media, map[string]any{"type": "image", "url": at, "preview_url": at, "description": "The gauge"})
				}
				return jsonAnswer(200, map[string]any{"id": p.ID, "created_at": p.At.UTC().Format("2006-01-02T15:04:05.000Z"), "language": "en",
					"content": "<p>" + escaped(p.Text) + "</p>", "account": map[string]any{"acct": p.Handle, "display_name": p.Name, "url": "https://mastodon.social/@" + p.Handle}, "media_attachments": media})
			}},
			{name: "files.mastodon.social", about: func(*url.URL) string { return "" }, page: postPicture},
		},
	}
}
