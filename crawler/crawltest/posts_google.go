package crawltest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

func googleTwin() twin {
	fate := func(name, want, note string) Fate {
		return Fate{Platform: "google", Name: name, Want: want, Note: note}
	}
	login := "https://accounts.google.com/ServiceLogin?continue=x"
	return twin{
		name: "google",
		fates: []Fate{
			fate("live", "alive", "its text can be had"),
			fate("private", "restricted", "both lead to a login"),
			fate("no-access", "restricted", "the text is refused, the page says that one needs access"),
			fate("deleted", "gone", "404 from both"),
			fate("half", "unknown", "the text is not there, the page is the shell of every document"),
			fate("walled", "blocked", "429 from both"),
		},
		id:      func(_ Post, n int) string { return fmt.Sprintf("1Wend_gauge-%d", n) },
		address: func(p Post) string { return "https://docs.google.com/document/d/" + p.ID + "/edit" },
		hosts: []twinHost{
			{name: "docs.google.com", about: func(u *url.URL) string {
				_, rest, _ := strings.Cut(u.Path, "/d/")
				id, _, _ := strings.Cut(rest, "/")
				return id
			}, says: func(p *Post, u *url.URL, _ int) page {
				fate, export := "deleted", strings.HasSuffix(u.Path, "/export")
				if p != nil {
					fate = p.Fate
				}
				switch {
				case fate == "deleted", fate == "half" && export:
					return textPage(404, "<!doctype html><title>Google Docs - Page Not Found</title><p>Sorry, the file you have requested does not exist.</p>\n")
				case fate == "private":
					return redirect(http.StatusFound, login)
				case fate == "walled":
					return page{status: 429}
				case fate == "no-access" && export:
					return textPage(403, "<!doctype html><title>Access denied</title>\n")
				case fate == "no-access":
					return textPage(200, "<!doctype html><title>You need access</title><p>Ask for access, or switch to an account with access.</p>\n")
				case export:
					return redirect(http.StatusTemporaryRedirect, "https://doc-04-wend.googleusercontent.com/export/"+p.ID)
				}
				return textPage(200, "<!doctype html><title>The gauge - Google Docs</title><div id=\"docs-editor\"></div><script src=\"/static/document.js\"></script>\n")
			}},
			{name: "doc-04-wend.googleusercontent.com", about: func(u *url.URL) string { return strings.TrimPrefix(u.Path, "/export/") },
				says: func(p *Post, _ *url.URL, _ int) page {
					if p == nil {
						return page{status: 404}
					}
					return page{ctype: "text/plain", body: "\ufeff" + p.Text + "\r\n", fields: "Content-Disposition: attachment; filename=\"Thegauge.txt\"; filename*=UTF-8''The%20gauge.txt\r\n"}
				}},
			{name: "accounts.google.com", about: func(*url.URL) string { return "" }, page: func(*url.URL) page {
				return textPage(200, "<!doctype html><title>Sign in - Google Accounts</title><form action=\"https://accounts.google.com/signin\"></form>\n")
			}},
		},
	}
}
