package crawltest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The shell that X serves for every post, whatever became of it.
const xShell = `<!doctype html>
<html dir="ltr" lang="en"><head><meta charset="utf-8"><title></title></head>
<body><div id="react-root"></div><noscript><h1>JavaScript is not available.</h1>
<p>We’ve detected that JavaScript is disabled in this browser. Please enable JavaScript or switch to a supported browser to continue using x.com.</p></noscript>
<script src="https://abs.twimg.com/responsive-web/client-web/main.js"></script></body></html>
`

// XID is an ID of X that says a time; n tells posts of one moment apart.
func XID(at time.Time, n int) string {
	return strconv.FormatInt((at.UnixMilli()-1288834974657)<<22|int64(n&0xfff), 10)
}

func xTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "x", Name: name, Want: want, Shown: want == "alive", Note: note}
	}
	return twin{
		name: "x",
		fates: []Fate{
			fate("live", "alive", "both endpoints give it"),
			fate("embed-only", "alive", "syndication answers {}, oEmbed gives it"),
			fate("syndication-only", "alive", "oEmbed asks for payment (402), syndication gives it"),
			fate("renamed", "alive", "the author has another handle now"),
			fate("comeback", "alive", "404 at the first look, there at the second"),
			fate("flaky", "alive", "503 at first"),
			fate("deleted", "gone", "404 from both"),
			fate("empty", "gone", "{} and 404"),
			fate("protected", "restricted", "{} and 403 not authorized"),
			fate("tombstone", "restricted", "a tombstone and 404"),
			fate("tombstone-only", "restricted", "a tombstone, and oEmbed refuses us"),
			fate("walled", "unknown", "a page of HTML with 200, and 403"),
			fate("limited", "unknown", "429 from both"),
			fate("payment", "unknown", "402 from both"),
			fate("conflict", "unknown", "404 and 500"),
			fate("half", "unknown", "{} and a page of HTML with 200"),
			fate("other", "unknown", "another post than was asked for"),
			fate("garbage", "unknown", "JSON that is no post"),
		},
		id:      func(p Post, n int) string { return XID(p.At, n) },
		address: func(p Post) string { return "https://x.com/" + p.Handle + "/status/" + p.ID },
		hosts: []twinHost{
			{name: "x.com", about: func(*url.URL) string { return "" }, page: func(*url.URL) page { return textPage(200, xShell) }},
			{name: "twitter.com", about: func(*url.URL) string { return "" },
				page: func(u *url.URL) page { return redirect(http.StatusMovedPermanently, "https://x.com"+u.Path) }},
			{name: "cdn.syndication.twimg.com", about: func(u *url.URL) string { return u.Query().Get("id") }, says: xSyndication},
			{name: "publish.twitter.com", about: xEmbedID,
				says: func(_ *Post, u *url.URL, _ int) page {
					return redirect(http.StatusMovedPermanently, "https://publish.x.com/oembed?"+u.RawQuery)
				}},
			{name: "publish.x.com", about: xEmbedID, says: xEmbed},
			{name: "pbs.twimg.com", about: func(*url.URL) string { return "" }, page: postPicture},
		},
	}
}

func xEmbedID(u *url.URL) string {
	if u.Path != "/oembed" {
		return ""
	}
	_, id, _ := strings.Cut(u.Query().Get("url"), "/status/")
	return id
}

func xSyndication(p *Post, u *url.URL, n int) page {
	q := u.Query()
	if q.Get("token") == "" || q.Get("lang") != "en" || u.Path != "/tweet-result" {
		return jsonAnswer(400, map[string]any{"error": "bad request"})
	}
	if p == nil {
		return textPage(404, "")
	}
	switch p.Fate {
	case "deleted", "conflict":
		return textPage(404, "")
	case "comeback":
		if n == 0 {
			return textPage(404, "")
		}
	case "empty", "embed-only", "protected", "half":
		return jsonAnswer(200, map[string]any{})
	case "tombstone", "tombstone-only":
		return jsonAnswer(200, map[string]any{"__typename": "TweetTombstone",
			"tombstone": map[string]any{"text": map[string]any{"text": "Age-restricted adult content. This content might not be appropriate for people under 18 years old."}}})
	case "walled":
		return blockPage(200)
	case "limited":
		return page{status: 429}
	case "payment":
		return page{status: 402}
	case "other":
		return jsonAnswer(200, map[string]any{"__typename": "Tweet", "id_str": "20", "text": "another"})
	case "garbage":
		return jsonAnswer(200, []any{"what", 1, nil})
	case "flaky":
		if n == 0 {
			return page{status: 503}
		}
	}
	return jsonAnswer(200, xJSON(p))
}

func xJSON(p *Post) map[string]any {
	var media []any
	text := escaped(p.Text)
	for i, at := range p.pictures("https://pbs.twimg.com/media/") {
		short := "https://t.co/pic" + strconv.Itoa(i) + "aaaa"
		if i == 0 {
			text += " " + short
		}
		media = append(media, map[string]any{"type": "photo", "media_url_https": at, "ext_alt_text": "The gauge", "url": short})
	}
	return map[string]any{"__typename": "Tweet", "id_str": p.ID, "lang": "en", "text": text, "mediaDetails": media,
		"created_at": p.At.UTC().Format("2006-01-02T15:04:05.000Z"), "favorite_count": 12,
		"user": map[string]any{"name": p.Name, "screen_name": p.handleNow()}, "entities": map[string]any{"urls": []any{}}}
}

// handleNow is the author's handle as the platform has it.
func (p *Post) handleNow() string {
	if p.Fate == "renamed" {
		return p.Handle + "_2"
	}
	return p.Handle
}

func xEmbed(p *Post, u *url.URL, n int) page {
	if p == nil {
		return textPage(404, "")
	}
	switch p.Fate {
	case "deleted", "empty", "tombstone":
		return textPage(404, "")
	case "comeback":
		if n == 0 {
			return textPage(404, "")
		}
	case "protected":
		return jsonAnswer(403, map[string]any{"error": "Sorry, you are not authorized to see this status."})
	case "syndication-only", "payment":
		return page{status: 402}
	case "walled", "tombstone-only":
		return blockPage(403)
	case "half":
		return blockPage(200)
	case "limited":
		return page{status: 429}
	case "conflict":
		return page{status: 500}
	case "other":
		return jsonAnswer(200, map[string]any{"url": "https://twitter.com/jack/status/20", "html": "<blockquote><p>another</p></blockquote>"})
	case "garbage":
		return jsonAnswer(200, "what")
	}
	address := "https://twitter.com/" + p.handleNow() + "/status/" + p.ID
	return jsonAnswer(200, map[string]any{"url": address, "author_name": p.Name, "author_url": "https://twitter.com/" + p.handleNow(),
		"html":          `<blockquote class="twitter-tweet"><p lang="en" dir="ltr">` + escaped(p.Text) + `</p>&mdash; ` + escaped(p.Name) + ` (@` + p.handleNow() + `) <a href="` + address + `?ref_src=twsrc%5Etfw">` + p.At.Format("January 2, 2006") + "</a></blockquote>\n",
		"provider_name": "Twitter", "type": "rich", "version": "1.0"})
}
