package seeds

import (
	"net/url"
	"strings"
)

// redirected returns what an address leads to whose only purpose is to lead there: pages of search engines, networks and
// mail filters that carry the whole address in their query, caches of AMP, and Twitter's first addresses of posts. Addresses that say nothing of where they lead, such as those
// of shorteners, stay.
func redirected(address string) (string, bool) {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return "", false
	}
	if target := carried(rest); target != "" {
		return target, true
	}
	if !strings.Contains(rest, "?") {
		return "", false
	}
	host := hostOf(strings.ToLower(address[:min(len(address), maxHost)]))
	for _, r := range redirectors {
		if !isHost(host, r.host) && (r.host != "google.com" || !googleHost(host)) {
			continue
		}
		u, err := url.Parse(address)
		if err != nil || !strings.HasSuffix(u.Path, r.path) {
			continue
		}
		query := u.Query()
		for _, name := range [...]string{r.parameter, r.other} {
			target := query.Get(name)
			if name != "" && (hasPrefixFold(target, "https://") || hasPrefixFold(target, "http://")) && !strings.ContainsAny(target, " \t\r\n") {
				return target, true
			}
		}
	}
	return "", false
}

// carried returns the address that another one, given without its scheme, carries in its path or its fragment; empty if
// there is none.
func carried(rest string) string {
	host, path, _ := strings.Cut(rest, "/")
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	switch {
	case host == "twitter.com" && strings.HasPrefix(path, "#!/"): // as it wrote them until 2012
		return "https://twitter.com/" + path[len("#!/"):]
	case host == "google.com" || googleHost(host):
		return ampPage(path, "amp/")
	case strings.HasSuffix(host, ".cdn.ampproject.org"):
		for _, kind := range [...]string{"c/", "v/", "a/"} {
			if page := ampPage(path, kind); page != "" {
				return page
			}
		}
	case host == "urldefense.com" && strings.HasPrefix(path, "v3/__"): // https://a.example/b__;…
		target, _, ok := strings.Cut(path[len("v3/__"):], "__;")
		if ok && !strings.Contains(target, "*") && (hasPrefixFold(target, "https://") || hasPrefixFold(target, "http://")) {
			return target
		}
	}
	return ""
}

// ampPage returns the page that a cache of AMP keeps under a path: amp/s/a.example/b, where s stands for https.
func ampPage(path, kind string) string {
	page, ok := strings.CutPrefix(path, kind)
	if !ok {
		return ""
	}
	scheme := "http://"
	if secure, ok := strings.CutPrefix(page, "s/"); ok {
		scheme, page = "https://", secure
	}
	if host, _, _ := strings.Cut(page, "/"); !publicHost([]byte(host)) {
		return ""
	}
	return scheme + page
}

// googleHost tells google.de, www.google.co.uk and the like.
func googleHost(host string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(host, "www."), "google.")
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "co."), "com.")
	return ok && len(rest) == 2
}

// redirectors are the addresses that carry another one in a parameter.
var redirectors = [...]struct{ host, path, parameter, other string }{
	{"google.com", "/url", "q", "url"}, // and those of countries
	{"l.facebook.com", "/l.php", "u", ""},
	{"lm.facebook.com", "/l.php", "u", ""},
	{"l.instagram.com", "/", "u", ""},
	{"l.messenger.com", "/l.php", "u", ""},
	{"l.threads.com", "/", "u", ""},
	{"youtube.com", "/redirect", "q", ""},
	{"out.reddit.com", "", "url", ""},
	{"vk.com", "/away.php", "to", ""},
	{"linkedin.com", "/redir/redirect", "url", ""},
	{"linkedin.com", "/safety/go", "url", ""},
	{"duckduckgo.com", "/l/", "uddg", ""},
	{"slack-redir.net", "/link", "url", ""},
	{"t.umblr.com", "/redirect", "z", ""},
	{"steamcommunity.com", "/linkfilter/", "u", "url"},
	{"safelinks.protection.outlook.com", "", "url", ""},
	{"disq.us", "/url", "url", ""},
	{"exit.sc", "/", "url", ""},
}
