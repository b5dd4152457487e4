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

	says *heading // of the end, see heading
	seen *sight   // of the end, see sight
	like *likeness

	byText bool // the likeness is one of texts, not of titles
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

// heading returns title and first heading of the end's page, none when it is
// no HTML.
func (e *evidence) heading() heading {
	if e.says == nil {
		e.says = &heading{}
		if x := e.end(); isPage(x) {
			h := readHeading(e.text(), x.Header.Get("Content-Type"))
			e.says = &h
		}
	}
	return *e.says
}

// isPage reports an answer that may be HTML by its media type.
func isPage(x *archive.Exchange) bool {
	kind, _, _ := strings.Cut(x.Header.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "", "text/html", "application/xhtml+xml":
		return x.PayloadSize > 0
	}
	return false
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

// leadsTo reports that next is where prev redirected to, whatever became of
// prev's body. A redirect back to the cited URL is told from a new look by its
// Location; elsewhere crawler and net/url may spell one target differently.
func leadsTo(prev, next *archive.Exchange, cited string) bool {
	location := prev.Header.Get("Location")
	if !isRedirect(prev.Status) || location == "" {
		return false
	}
	if base, err := url.Parse(prev.URL); err == nil {
		if target, err := base.Parse(strings.TrimSpace(location)); err == nil && sameURL(target.String(), next.URL) {
			return true
		}
	}
	if notTried(next) {
		return true
	}
	return !sameURL(next.URL, prev.URL) && !sameURL(next.URL, cited)
}

// notTried reports an exchange that stands for a redirect which was not
// followed: it says why, and nothing was sent.
func notTried(x *archive.Exchange) bool {
	if x.Failure == nil || x.Status != 0 {
		return false
	}
	switch x.Failure.Class {
	case archive.ClassURL, archive.ClassLoop, archive.ClassHops:
		return true
	}
	return false
}

// sameURL compares two URLs without their fragments.
func sameURL(a, b string) bool {
	x, y := addressOf(a), addressOf(b)
	if x.path == "" {
		x.path = "/"
	}
	if y.path == "" {
		y.path = "/"
	}
	return x == y
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
