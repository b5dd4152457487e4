package crawler

import (
	"net/http"
	"net/http/cookiejar"
	neturl "net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// takeCookies collects the cookies that this look's answers set, for the rest
// of this visit only; false when there are none.
func (v *visit) takeCookies() bool {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return false
	}
	found := false
	for _, x := range v.seen.Exchanges {
		u, err := neturl.Parse(x.URL)
		if err != nil || x.Header == nil {
			continue
		}
		if cookies := (&http.Response{Header: x.Header}).Cookies(); len(cookies) > 0 {
			jar.SetCookies(u, cookies)
			found = true
		}
	}
	if found {
		v.jar = jar
	}
	return found
}

// cookies is the header that sends v's cookies to where it goes next.
func (v *visit) cookies() http.Header {
	if v.jar == nil {
		return nil
	}
	v.takeCookies()
	u, err := neturl.Parse(v.url)
	if err != nil {
		return nil
	}
	var pairs []string
	for _, c := range v.jar.Cookies(u) {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	if len(pairs) == 0 {
		return nil
	}
	return http.Header{"Cookie": {strings.Join(pairs, "; ")}}
}
