package crawltest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

func telegramTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "telegram", Name: name, Want: want, Shown: want == "alive", Note: note}
	}
	return twin{
		name: "telegram",
		fates: []Fate{
			fate("live", "alive", "the form for embedding gives it"),
			fate("preview-only", "alive", "no embedding, the preview gives it"),
			fate("deleted", "gone", "Post not found, and the preview shows its neighbours"),
			fate("deleted-no-preview", "gone", "Post not found, and the channel has no preview"),
			fate("hidden", "unknown", "nothing to embed, and the channel has no preview"),
			fate("sensitive", "restricted", "cannot be displayed"),
			fate("limited", "unknown", "429"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("lower_wend/%d", 100+n) },
		address: func(p Post) string { return "https://t.me/" + p.ID },
		hosts: []twinHost{
			{name: "t.me", about: func(u *url.URL) string {
				return strings.TrimPrefix(strings.TrimPrefix(u.Path, "/"), "s/")
			}, says: telegramSays},
			{name: "cdn4.telesco.pe", about: func(*url.URL) string { return "" }, page: postPicture},
		},
	}
}

func telegramSays(p *Post, u *url.URL, _ int) page {
	message := func(id string, p *Post) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="%s"><a class="tgme_widget_message_owner_name" href="https://t.me/lower_wend"><span dir="auto">%s</span></a>`, id, escaped(p.Name))
		for _, at := range p.pictures("https://cdn4.telesco.pe/file/") {
			fmt.Fprintf(&b, `<a class="tgme_widget_message_photo_wrap" style="width:800px;background-image:url('%s')"></a>`, at)
		}
		fmt.Fprintf(&b, `<div class="tgme_widget_message_text js-message_text" dir="auto">%s</div><a href="https://t.me/%s"><time datetime="%s" class="datetime">%s</time></a></div>`,
			strings.ReplaceAll(escaped(p.Text), "\n", "<br/>"), id, p.At.UTC().Format("2006-01-02T15:04:05+00:00"), p.At.Format("15:04"))
		return b.String()
	}
	whole := func(inside string) page {
		return textPage(200, "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Telegram Widget</title></head><body class=\"widget_frame_base\">"+inside+"</body></html>\n")
	}
	trouble := func(says string) page {
		return whole(`<div class="tgme_widget_message_error">` + says + `</div>`)
	}
	fate := "deleted"
	if p != nil {
		fate = p.Fate
	}
	id := strings.TrimPrefix(strings.TrimPrefix(u.Path, "/"), "s/")
	switch {
	case fate == "limited":
		return page{status: 429}
	case strings.HasPrefix(u.Path, "/s/"):
		switch fate {
		case "deleted-no-preview", "hidden", "sensitive":
			return redirect(http.StatusFound, "https://t.me/lower_wend")
		case "deleted":
			return whole(message("lower_wend/7", &Post{ID: "lower_wend/7", Name: "Lower Wend", Text: "Another message."}))
		}
		return whole(message(id, p))
	case u.Query().Get("embed") == "1":
		switch fate {
		case "deleted", "deleted-no-preview":
			return trouble("Post not found")
		case "sensitive":
			return trouble("This message couldn't be displayed on your device because it violates the Telegram Terms of Service.")
		case "preview-only", "hidden":
			return whole("")
		}
		return whole(message(id, p))
	}
	// The page of every message says the same, whatever became of it.
	return textPage(200, simple("Telegram: View @lower_wend", "You can view and join @lower_wend right away."))
}

func youTubeTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "youtube", Name: name, Want: want, Shown: want == "alive" && name != "no-embed", Note: note}
	}
	return twin{
		name: "youtube",
		fates: []Fate{
			fate("live", "alive", "oEmbed gives it"),
			fate("no-embed", "alive", "embedding is disabled: 401"),
			fate("deleted", "gone", "404, and no preview picture"),
			fate("private", "unknown", "404, and the preview picture is still there"),
			fate("forbidden", "restricted", "403"),
			fate("malformed", "gone", "400, and no preview picture"),
			fate("limited", "unknown", "429"),
			fate("walled", "unknown", "a page of HTML with 200"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("Wend-gau%03d", n) },
		address: func(p Post) string { return "https://www.youtube.com/watch?v=" + p.ID },
		hosts: []twinHost{
			{name: "www.youtube.com", about: func(u *url.URL) string {
				if u.Path != "/oembed" {
					return ""
				}
				_, id, _ := strings.Cut(u.Query().Get("url"), "v=")
				return id
			}, says: youTubeEmbed, page: func(*url.URL) page {
				return textPage(200, "<!doctype html><title> - YouTube</title><div id=\"player\"></div><script>var ytInitialPlayerResponse = {};</script>\n")
			}},
			{name: "i.ytimg.com", about: func(u *url.URL) string {
				id, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/vi/"), "/")
				return id
			}, says: func(p *Post, u *url.URL, _ int) page {
				if p == nil || p.Fate == "deleted" || p.Fate == "malformed" {
					return page{status: 404, ctype: "image/jpeg", body: "\xff\xd8\xff\xe0 grey"}
				}
				return postPicture(u)
			}},
		},
	}
}

func youTubeEmbed(p *Post, _ *url.URL, _ int) page {
	fate := "deleted"
	if p != nil {
		fate = p.Fate
	}
	switch fate {
	case "deleted", "private":
		return textPage(404, "Not Found")
	case "no-embed":
		return textPage(401, "Unauthorized")
	case "forbidden":
		return textPage(403, "Forbidden")
	case "malformed":
		return textPage(400, "Bad Request")
	case "limited":
		return page{status: 429}
	case "walled":
		return blockPage(200)
	}
	return jsonAnswer(200, map[string]any{"title": p.Text, "author_name": p.Name, "author_url": "https://www.youtube.com/@" + p.Handle,
		"type": "video", "provider_name": "YouTube", "thumbnail_url": "https://i.ytimg.com/vi/" + p.ID + "/hqdefault.jpg"})
}
