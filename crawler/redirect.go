package crawler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nlnwa/whatwg-url/url"

	"github.com/ibid-archive/ibid/archive"
)

// follow moves v on to where x redirects; false when x is the end.
func (c *Crawler) follow(v *visit, x *archive.Exchange) bool {
	switch x.Status {
	case 301, 302, 303, 307, 308:
	default:
		return false
	}
	location := x.Header.Get("Location")
	if location == "" {
		return false
	}
	target, err := resolve(x.URL, location)
	if err != nil {
		v.failAt(location, c.now(), "redirect", archive.ClassURL, err.Error())
		return false
	}
	if slices.Contains(v.chain, target) {
		if v.jar != nil || !v.takeCookies() {
			v.failAt(target, c.now(), "redirect", archive.ClassLoop, "the redirects lead back to "+target)
			return false
		}
		// A server that wants its cookie back redirects to itself until it gets it.
		v.chain = nil
	}
	if len(v.chain) > c.cfg.MaxRedirects {
		v.failAt(target, c.now(), "redirect", archive.ClassHops, fmt.Sprintf("more than %d redirects (--max-redirects)", c.cfg.MaxRedirects))
		return false
	}
	v.url, v.attempt = target, 0
	return true
}

// upgrade moves v on to https when nothing takes connections at the http port of
// the cited address; x says so. Browsers ask by https first, so readers get there.
func (v *visit) upgrade(x *archive.Exchange) bool {
	f := x.Failure
	rest, plain := strings.CutPrefix(v.url, "http://")
	if f == nil || f.Phase != "connect" || !plain || len(v.chain) != 1 {
		return false
	}
	switch f.Class {
	case archive.ClassRefused, archive.ClassTimeout, archive.ClassUnreachable:
	default:
		return false
	}
	host := hostOf(v.url)
	bare := strings.TrimSuffix(host, ":80")
	if i := strings.LastIndexByte(bare, ':'); i > strings.LastIndexByte(bare, ']') {
		return false // another port is no web server's
	}
	v.url, v.attempt = "https://"+bare+rest[len(host):], 0
	return true
}

var whatwg = url.NewParser()

// resolve makes a Location absolute as browsers do (URL standard) and drops
// its fragment and credentials.
func resolve(base, location string) (string, error) {
	u, err := whatwg.ParseRef(base, location)
	if err != nil {
		return "", fmt.Errorf("redirect to %q: %w", location, err)
	}
	if s := u.Scheme(); s != "http" && s != "https" {
		return "", fmt.Errorf("redirect to %q: scheme %q is not http or https", location, s)
	}
	u.SetUsername("")
	u.SetPassword("")
	return u.Href(true), nil
}

func hostOf(rawURL string) string {
	_, rest, _ := strings.Cut(rawURL, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return strings.ToLower(rest)
}
