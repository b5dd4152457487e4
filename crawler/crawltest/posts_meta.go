package crawltest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// pageTwin is a platform that nobody asks: its pages alone are judged.
func pageTwin(name, host, path string, says func(fate string) page, fates ...Fate) twin {
	for i := range fates {
		fates[i].Platform, fates[i].NoPost = name, true
	}
	return twin{
		name: name, fates: fates,
		id:      func(_ Post, n int) string { return fmt.Sprintf("17%04d", n) },
		address: func(p Post) string { return "https://" + host + path + p.ID },
		hosts: []twinHost{{name: host,
			about: func(u *url.URL) string {
				id, ok := strings.CutPrefix(u.Path, path)
				if !ok {
					return ""
				}
				return id
			},
			says: func(p *Post, _ *url.URL, _ int) page {
				if p == nil {
					return notFound(host)
				}
				return says(p.Fate)
			},
			page: func(*url.URL) page {
				return textPage(200, "<!doctype html><title>"+host+"</title><div id=\"root\"></div>\n")
			}}},
	}
}

func facebookTwin() twin {
	t := pageTwin("facebook", "www.facebook.com", "/wend/posts/", func(fate string) page {
		switch fate {
		case "login":
			return redirect(http.StatusFound, "https://www.facebook.com/login/?next=x")
		case "in-place":
			return textPage(200, "<!doctype html><title>Log in or sign up to view</title><div id=\"root\"></div>\n")
		case "hidden":
			return textPage(200, "<!doctype html><title>Facebook</title><h1>This content isn't available right now</h1><p>When this happens, it's usually because the owner only shared it with a small group of people, changed who can see it or it's been deleted.</p>\n")
		}
		return textPage(200, simple("The gauge at the lower bridge", "The gauge at the lower bridge stands at 4.12 m & rises."))
	},
		Fate{Name: "live", Want: "alive", Note: "its page can be read"},
		Fate{Name: "login", Want: "restricted", Note: "redirects to a login"},
		Fate{Name: "in-place", Want: "restricted", Note: "a login in its place"},
		Fate{Name: "hidden", Want: "unknown", Note: "not available: deleted or not public"})
	t.hosts = append(t.hosts, twinHost{name: "graph.facebook.com", about: func(u *url.URL) string {
		to := u.Query().Get("url")
		return to[strings.LastIndexByte(to, '/')+1:]
	}, says: func(p *Post, _ *url.URL, _ int) page {
		if p == nil || p.Fate == "hidden" {
			return jsonAnswer(400, map[string]any{"error": map[string]any{"message": "Invalid URL", "code": 24}})
		}
		return jsonAnswer(200, map[string]any{"html": "<div class=\"fb-post\"></div>", "provider_name": "Facebook", "type": "rich", "version": "1.0"})
	}})
	return t
}

func instagramTwin() twin {
	return pageTwin("instagram", "www.instagram.com", "/p/", func(fate string) page {
		switch fate {
		case "login":
			return redirect(http.StatusFound, "https://www.instagram.com/accounts/login/?next=x")
		case "absent":
			return notFound("www.instagram.com")
		}
		return textPage(200, "<!doctype html><title>Login • Instagram</title><div id=\"root\"></div>\n")
	},
		Fate{Name: "login", Want: "restricted", Note: "redirects to a login"},
		Fate{Name: "in-place", Want: "restricted", Note: "a login in its place"},
		Fate{Name: "absent", Want: "gone", Note: "404"})
}

func linkedInTwin() twin {
	return pageTwin("linkedin", "www.linkedin.com", "/posts/wend-", func(fate string) page {
		if fate == "authwall" {
			return redirect(http.StatusFound, "https://www.linkedin.com/authwall?trk=x")
		}
		return textPage(999, "<html><script>window.location.href = \"https://www.linkedin.com/authwall\"</script></html>\n")
	},
		Fate{Name: "refused", Want: "blocked", Note: "999"},
		Fate{Name: "authwall", Want: "blocked", Note: "redirects to its wall"})
}
