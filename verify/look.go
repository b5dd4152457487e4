package verify

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// evidence is one look at a source: the hops of one chain of redirects. The
// last hop is where the look ended.
type evidence struct {
	visit *archive.Visit
	hops  []*archive.Exchange

	head []byte // decoded start of the end's body, see text
	read bool
}

func (e *evidence) end() *archive.Exchange { return e.hops[len(e.hops)-1] }

// redirected reports that the look went beyond the cited URL, or was told to.
func (e *evidence) redirected() bool {
	return len(e.hops) > 1 || isRedirect(e.end().Status)
}

// text returns the start of the end's body without content coding, at most
// textLimit bytes of it.
func (e *evidence) text() []byte {
	if !e.read {
		e.head, e.read = decodedHead(e.end()), true
	}
	return e.head
}

// splitLooks groups the exchanges with the source itself into looks. An
// exchange continues a look when the one before it redirected there; one that
// asks the last hop of a chain again is a look that shares the hops before it.
func splitLooks(v *archive.Visit) [][]*archive.Exchange {
	var looks [][]*archive.Exchange
	var current []*archive.Exchange
	for _, x := range v.Exchanges {
		if x.Role != archive.RoleSource {
			continue
		}
		switch {
		case current == nil:
			current = []*archive.Exchange{x}
		case leadsTo(current[len(current)-1], x, v.URL):
			current = append(current, x)
		default:
			looks = append(looks, current)
			before := current[:len(current)-1]
			if len(before) > 0 && x.URL == current[len(current)-1].URL && !sameURL(x.URL, v.URL) {
				current = append(before[:len(before):len(before)], x)
			} else {
				current = []*archive.Exchange{x}
			}
		}
	}
	if current != nil {
		looks = append(looks, current)
	}
	return looks
}

// leadsTo reports that next is where prev redirected to. A redirect back to
// the cited URL is told from a new look by its Location.
func leadsTo(prev, next *archive.Exchange, cited string) bool {
	if !isRedirect(prev.Status) || prev.Failure != nil && prev.Failure.Phase != "body" {
		return false // a redirect with a broken body still redirects
	}
	location := prev.Header.Get("Location")
	if location == "" {
		return false
	}
	if !sameURL(next.URL, cited) {
		return true
	}
	base, err := url.Parse(prev.URL)
	if err != nil {
		return false
	}
	target, err := base.Parse(strings.TrimSpace(location))
	return err == nil && sameURL(target.String(), next.URL)
}

func sameURL(a, b string) bool { return bareURL(a) == bareURL(b) }

// bareURL drops the fragment and an empty path's slash.
func bareURL(s string) string {
	s, _, _ = strings.Cut(s, "#")
	if u, err := url.Parse(s); err == nil && u.Path == "" && u.Host != "" {
		u.Path = "/"
		return u.String()
	}
	return s
}

// isRedirect reports a status that sends the client elsewhere (RFC 9110 §15.4).
func isRedirect(status int) bool {
	switch status {
	case http.StatusMultipleChoices, http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func isPermanent(status int) bool {
	return status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect
}
