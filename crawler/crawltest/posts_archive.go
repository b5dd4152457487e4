package crawltest

import (
	"fmt"
	"net/url"
	"strings"
)

func archiveTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "archive", Name: name, Want: want, Note: note}
	}
	return twin{
		name: "archive",
		fates: []Fate{
			fate("copy", "alive", "a copy of the page"),
			fate("copy-of-error", "unknown", "a copy of an error page"),
			fate("no-copy", "gone", "the archive has no copy"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("gauge-%d", n) },
		address: func(p Post) string { return "https://web.archive.org/web/20240503224000/https://wend.test/" + p.ID },
		hosts: []twinHost{
			{name: "web.archive.org", about: func(u *url.URL) string { return u.Path[strings.LastIndexByte(u.Path, '/')+1:] },
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
		},
	}
}
