package crawltest

import (
	"fmt"
	"net/url"
	"strings"
)

func archiveTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "archive", Name: name, Want: want, Note: note, Original: "https://wend.test/gauge"}
	}
	last := func(u *url.URL) string { return u.Path[strings.LastIndexByte(u.Path, '/')+1:] }
	short := twinHost{name: "archive.ph", about: last, says: func(p *Post, _ *url.URL, _ int) page {
		switch {
		case p == nil || p.Fate == "short-none":
			return notFound("archive.ph")
		case p.Fate == "short-walled":
			return textPage(429, "<!doctype html><title>archive.ph</title><h1>One more step</h1><div class=\"g-recaptcha\"></div>\n")
		}
		answer := textPage(200, simple("The gauge", p.Text))
		if p.Fate == "short-link" {
			answer.fields = "Link: <https://wend.test/gauge>; rel=\"original\", <https://archive.ph/timegate/https://wend.test/gauge>; rel=\"timegate\"\r\n"
		} else {
			answer.body = strings.Replace(answer.body, "<main>", "<form><input type=\"text\" name=\"q\" value=\"https://wend.test/gauge\"></form><main>", 1)
		}
		return answer
	}}
	twins := twin{
		name: "archive",
		fates: []Fate{
			fate("copy", "alive", "a copy of the page"),
			fate("copy-of-error", "unknown", "a copy of an error page"),
			fate("no-copy", "gone", "the archive has no copy"),
			fate("short-link", "alive", "a short name; a field says what it is a copy of"),
			fate("short-box", "alive", "a short name; the page says what it is a copy of"),
			fate("short-none", "gone", "a short name that nobody gave"),
			fate("short-walled", "blocked", "a short name, behind a captcha"),
		},
		id: func(p Post, n int) string {
			if strings.HasPrefix(p.Fate, "short") {
				return fmt.Sprintf("Wg%03d", n)
			}
			return fmt.Sprintf("gauge-%d", n)
		},
		address: func(p Post) string {
			if strings.HasPrefix(p.Fate, "short") {
				return "https://archive.ph/" + p.ID
			}
			return "https://web.archive.org/web/20240503224000/https://wend.test/" + p.ID
		},
		hosts: []twinHost{
			{name: "web.archive.org", about: last,
				says: func(p *Post, _ *url.URL, _ int) page {
					if p == nil || p.Fate == "no-copy" {
						return notFound("web.archive.org")
					}
					answer := textPage(200, simple("The gauge", p.Text))
					if p.Fate == "copy-of-error" {
						answer = notFound("wend.test")
					}
					answer.fields = "Memento-Datetime: Fri, 03 May 2024 22:40:00 GMT\r\n"
					return answer
				}},
			short,
		},
	}
	for i := range twins.fates {
		switch twins.fates[i].Name {
		case "short-none", "short-walled":
			twins.fates[i].Original = ""
		}
	}
	return twins
}

func permaTwin() twin {
	fate := func(name, want, original, note string) Fate {
		return Fate{Platform: "perma", Name: name, Want: want, Note: note, Original: original}
	}
	const gauge = "https://wend.test/gauge"
	return twin{
		name: "perma",
		fates: []Fate{
			fate("copy", "alive", gauge, "its record says what it is a copy of"),
			fate("record-only", "blocked", gauge, "its record is there, its page refuses us"),
			fate("page-only", "alive", "", "its record is in trouble"),
			fate("deleted", "gone", "", "404 from both"),
			fate("private", "unknown", "", "no public record, and a page"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("WEND-G%03d", n) },
		address: func(p Post) string { return "https://perma.cc/" + p.ID },
		hosts: []twinHost{
			{name: "api.perma.cc", about: func(u *url.URL) string { return strings.Trim(strings.TrimPrefix(u.Path, "/v1/public/archives"), "/") },
				says: func(p *Post, _ *url.URL, _ int) page {
					switch {
					case p == nil || p.Fate == "deleted" || p.Fate == "private":
						return jsonAnswer(404, map[string]any{"detail": "Not found."})
					case p.Fate == "page-only":
						return page{status: 500}
					}
					return jsonAnswer(200, map[string]any{"guid": p.ID, "url": gauge, "title": "The gauge", "creation_timestamp": p.At.Format("2006-01-02T15:04:05Z")})
				}},
			{name: "perma.cc", about: func(u *url.URL) string { return strings.Trim(u.Path, "/") }, says: func(p *Post, _ *url.URL, _ int) page {
				switch {
				case p == nil || p.Fate == "deleted":
					return notFound("perma.cc")
				case p.Fate == "record-only":
					return blockPage(403)
				}
				return textPage(200, simple("Perma | The gauge", "Captured on 3 May 2024."))
			}},
		},
	}
}
