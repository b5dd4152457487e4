package seeds

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// lintAddress says of a citation's address why nobody else may get to see what its author saw, and what to do. rule is
// empty if nothing speaks against it.
func lintAddress(c *Citation) (rule, level, message string) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return "", "", ""
	}
	if u.Scheme == "file" {
		return RuleURLLocal, LevelError, fmt.Sprintf("%s is a file of one computer: cite where it is published, or attach it", shown(c.Raw))
	}
	if c.Key == "" {
		return "", "", ""
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	switch {
	case localHost(host):
		return RuleURLLocal, LevelWarning, fmt.Sprintf("%s is on the author's own computer: cite where it is published", c.URL)
	case privateHost(host):
		return RuleURLPrivate, LevelWarning, fmt.Sprintf("%s is in a private network: cite an address that readers can reach", c.URL)
	case shortener(host) && strings.Trim(u.Path, "/") != "":
		return RuleURLShortener, LevelNote, fmt.Sprintf("%s is a short address, which may stop to lead anywhere: cite the address that it leads to", c.URL)
	case searchPage(host, u):
		return RuleURLSearch, LevelWarning, fmt.Sprintf("%s is a search, whose results change: cite the page that was found", c.URL)
	case loginPage(host, u):
		return RuleURLLogin, LevelWarning, fmt.Sprintf("%s is a page to log in: cite the page behind it, or a public copy of that", c.URL)
	}
	return "", "", ""
}

// localPath is the path of a file on a computer or a server with Windows.
var localPath = regexp.MustCompile(`(?:^|[\s("'<\[])([A-Za-z]:\\[^\s"<>|:*?]{2,}|\\\\[\w.-]+\\[^\s"<>|:*?]+)`)

// lintPaths finds notes that name a file of one computer. In prose such a path is what the report is about.
func lintPaths(d *document, spans []noteSpan) []Finding {
	if !strings.Contains(d.text, `:\`) && !strings.Contains(d.text, `\\`) {
		return nil
	}
	var all []Finding
	for _, s := range spans {
		from := min(s.textStart, s.end)
		for _, m := range localPath.FindAllStringSubmatchIndex(d.text[from:s.end], maxRepeat) {
			start := from + m[2]
			end := start + len(strings.TrimRight(d.text[start:from+m[3]], ".,;)]"))
			all = append(all, Finding{
				Rule: RuleURLLocal, Level: LevelWarning, Note: s.label, Position: d.origin.position(start, end),
				Message: short(d.text[start:end]) + " is a file of one computer: cite where it is published, or attach it",
			})
		}
	}
	return all
}

// localHost tells the names and addresses of the computer itself.
func localHost(host string) bool {
	if a, ok := hostAddress(host); ok {
		return a.Unmap().IsLoopback() || a.IsUnspecified()
	}
	return isHost(host, "localhost")
}

// hostAddress is the IP address that a host is. Most are names, which it costs an error to parse.
func hostAddress(host string) (netip.Addr, bool) {
	if n := len(host); n == 0 || (host[n-1] < '0' || host[n-1] > '9') && !strings.Contains(host, ":") {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(host)
	return a, err == nil
}

// privateHost tells addresses and names that mean nothing outside of a network: those of RFC 1918, 4193, 3927 and 6598,
// names of one label, and the suffixes that are set aside for it or used as if they were.
func privateHost(host string) bool {
	if a, ok := hostAddress(host); ok {
		a = a.Unmap()
		return a.IsPrivate() || a.IsLinkLocalUnicast() || netip.MustParsePrefix("100.64.0.0/10").Contains(a)
	}
	if !strings.Contains(host, ".") {
		return true
	}
	for _, suffix := range [...]string{"local", "internal", "intranet", "lan", "corp", "home", "home.arpa", "localdomain"} {
		if isHost(host, suffix) {
			return true
		}
	}
	return false
}

// shortener tells the services that make short addresses, in public or for one publisher.
func shortener(host string) bool {
	switch strings.TrimPrefix(host, "www.") {
	case "bit.ly", "bitly.com", "j.mp", "t.co", "tinyurl.com", "goo.gl", "maps.app.goo.gl", "forms.gle", "ow.ly", "is.gd", "v.gd", "buff.ly",
		"cutt.ly", "rb.gy", "t.ly", "tiny.cc", "shorturl.at", "shorturl.asia", "short.io", "bl.ink", "rebrand.ly", "lnkd.in", "dlvr.it", "ift.tt",
		"trib.al", "fb.me", "fb.watch", "wp.me", "qr.ae", "amzn.to", "a.co", "s.id", "clck.ru", "vk.cc", "u.to", "goo.su", "bc.vc", "adf.ly",
		"x.gd", "shrtco.de", "tr.im", "su.pr", "snip.ly", "snipurl.com", "zpr.io", "linktr.ee", "kutt.it", "reut.rs", "nyti.ms", "bbc.in",
		"wapo.st", "on.ft.com", "econ.st", "cnn.it", "bloom.bg", "apne.ws", "politi.co", "wrd.cm", "rviv.ly", "gu.com", "tcrn.ch", "zlnk.de":
		return true
	}
	return false
}

// engine is a service that searches: its pages of results have a path with this beginning, and the parameter.
type engine struct{ host, path, parameter string }

// engines are the services that search, and the searches within places where much is cited from. Those of Google and
// Yandex have hosts in many countries.
var engines = [...]engine{
	{"google.com", "/search", "q"}, {"google.com", "/imgres", "imgurl"}, {"news.google.com", "/search", "q"}, {"scholar.google.com", "/scholar", "q"},
	{"bing.com", "/", "q"}, {"duckduckgo.com", "/", "q"}, {"search.yahoo.com", "/search", "p"}, {"yandex.com", "/search", "text"},
	{"yandex.ru", "/search", "text"}, {"ya.ru", "/search", "text"}, {"baidu.com", "/s", "wd"}, {"baidu.com", "/s", "word"},
	{"ecosia.org", "/search", "q"}, {"startpage.com", "/", "query"}, {"qwant.com", "/", "q"}, {"search.brave.com", "/search", "q"},
	{"kagi.com", "/search", "q"}, {"naver.com", "/search", "query"}, {"sogou.com", "/web", "query"}, {"go.mail.ru", "/search", "q"},
	{"ask.com", "/web", "q"}, {"swisscows.com", "/", "query"}, {"mojeek.com", "/search", "q"},
	{"x.com", "/search", "q"}, {"twitter.com", "/search", "q"}, {"facebook.com", "/search", "q"}, {"youtube.com", "/results", "search_query"},
	{"reddit.com", "/search", "q"}, {"linkedin.com", "/search", "keywords"}, {"vk.com", "/search", "q"}, {"tiktok.com", "/search", "q"},
	{"amazon.com", "/s", "k"}, {"worldcat.org", "/search", "q"},
}

// searchPage tells a page of results of a service that searches.
func searchPage(host string, u *url.URL) bool {
	if googleHost(host) {
		host = "google.com"
	}
	for _, e := range engines {
		if isHost(host, e.host) && strings.HasPrefix(u.Path, e.path) && (u.Query().Get(e.parameter) != "" || strings.HasPrefix(u.Fragment, e.parameter+"=")) {
			return true
		}
	}
	return false
}

// loginPage tells a page that asks who one is: by its path, which ends in such a word, or begins with one and says where
// to go on to; by the services that do nothing else; and by the gateways through which libraries let their readers in.
func loginPage(host string, u *url.URL) bool {
	first, _, _ := strings.Cut(host, ".")
	switch host {
	case "accounts.google.com", "login.microsoftonline.com", "login.live.com", "login.yahoo.com", "appleid.apple.com", "idp.nature.com", "login.openathens.net":
		return true
	}
	if strings.Contains(first, "ezproxy") || strings.Contains(host, ".ezproxy.") || strings.Contains(host, ".idm.oclc.org") || strings.Contains(host, ".proxy.lib.") {
		return true
	}
	if ownPage(host, u.Path) {
		return true
	}
	path := strings.Trim(strings.ToLower(u.Path), "/")
	if loginWord(path[strings.LastIndexByte(path, '/')+1:]) {
		return true
	}
	if segment, _, _ := strings.Cut(path, "/"); !loginWord(segment) && !loginWord(first) {
		return false
	}
	query := u.Query()
	for _, onward := range [...]string{"next", "return", "returnurl", "returnUrl", "return_to", "returnTo", "redirect", "redirect_uri", "redirect_url", "continue", "url", "target", "dest", "service"} {
		if query.Has(onward) {
			return true
		}
	}
	return false
}

// ownPage tells a mailbox, a chat or a folder in the view of the one who uses it: to anybody else it is a page to log in.
func ownPage(host, path string) bool {
	switch host {
	case "mail.google.com", "outlook.office.com", "outlook.office365.com", "outlook.live.com", "mail.yahoo.com", "mail.yandex.ru", "mail.yandex.com", "e.mail.ru", "mail.proton.me",
		"web.telegram.org", "web.whatsapp.com", "teams.microsoft.com", "app.slack.com", "messages.google.com":
		return true
	case "drive.google.com":
		return strings.HasPrefix(path, "/drive/my-drive") || strings.HasPrefix(path, "/drive/shared-with-me") || strings.HasPrefix(path, "/drive/recent")
	case "dropbox.com", "www.dropbox.com":
		return path == "/home" || strings.HasPrefix(path, "/home/")
	}
	return false
}

// loginWord tells the words that pages to log in are called by.
func loginWord(word string) bool {
	word, _, _ = strings.Cut(word, ".")
	switch word {
	case "login", "log-in", "log_in", "logon", "signin", "sign-in", "sign_in", "sso", "wp-login", "anmelden", "einloggen", "connexion", "iniciar-sesion", "checkpoint":
		return true
	}
	return false
}
