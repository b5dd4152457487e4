package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// fate is how the answer to a page that nobody made compares with the look.
type fate int

const (
	notAsked fate = iota
	noFate        // it says nothing
	sameFate      // it ends as the look does
	ownFate       // it does not: the server knows what it has
)

// siblingURL is the address of a page that nobody made, beside the one where
// the look left the cited page or ended. It follows from that address, so
// that judging again asks for the same.
func (e *evidence) siblingURL() string {
	at := max(0, e.departure())
	a := addressOf(e.hops[at].URL)
	if e.departure() < 0 {
		a = addressOf(e.end().URL)
	}
	if a.host == "" || a.homely() {
		return "" // beside a home page there is nothing
	}
	sum := sha256.Sum256([]byte(a.scheme + a.host + a.path + a.query))
	name := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15]))
	host := a.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if a.port != "" {
		host += ":" + a.port
	}
	path := strings.TrimRight(a.path, "/")
	path = path[:max(0, strings.LastIndexByte(path, '/'))]
	return a.scheme + "://" + host + path + "/" + name
}

// sibling compares the look with the answer to a page that nobody made.
func (e *evidence) sibling() fate {
	probe := e.siblingAnswer()
	switch {
	case probe == nil:
		return notAsked
	case probe.Status == 404 || probe.Status == 410:
		return ownFate
	case isRedirect(probe.Status):
		at := e.departure()
		if at < 0 {
			return ownFate
		}
		a, b := targetOf(e.hops[at]), targetOf(probe)
		if a != "" && b != "" && sameURL(a, b) {
			return sameFate
		}
		return ownFate
	case !success(probe.Status) || !probe.Complete():
		return noFate
	case e.departure() >= 0:
		return ownFate
	case e.sameAs(probe):
		return sameFate
	}
	return ownFate
}

// homeURL is the home page of the site where the look ended.
func (e *evidence) homeURL() string {
	a := addressOf(e.end().URL)
	host := a.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if a.port != "" {
		host += ":" + a.port
	}
	return a.scheme + "://" + host + "/"
}

// home compares the look with the home page of its site: ownFate when that has more to
// say and something else.
func (e *evidence) home() fate {
	wanted := e.homeURL()
	for _, x := range e.visit.Exchanges {
		if x.Role != archive.RoleProbe || !sameURL(x.URL, wanted) {
			continue
		}
		if !success(x.Status) || !x.Complete() {
			return noFate
		}
		if other := (&evidence{visit: e.visit, hops: []*archive.Exchange{x}}); e.sameAs(x) || other.sight().words <= scantPage {
			return sameFate
		}
		return ownFate
	}
	return notAsked
}

// siblingAnswer is the answer to the page that nobody made, nil if it was not asked for.
func (e *evidence) siblingAnswer() *archive.Exchange {
	var probe *archive.Exchange
	wanted := e.siblingURL()
	for _, x := range e.visit.Exchanges {
		if x.Role == archive.RoleProbe && wanted != "" && sameURL(x.URL, wanted) {
			probe = x
		}
	}
	return probe
}

// siblingAbsent reports that the page that nobody made is not found, says its status,
// and that another page says so than the one where the look ended.
func (e *evidence) siblingAbsent() bool {
	probe := e.siblingAnswer()
	return probe != nil && (probe.Status == 404 || probe.Status == 410) && !e.sameAs(probe)
}

// sameAs reports an answer with the page where the look ended.
func (e *evidence) sameAs(x *archive.Exchange) bool {
	if x.PayloadSHA256 == e.end().PayloadSHA256 {
		return true
	}
	other := &evidence{visit: e.visit, hops: []*archive.Exchange{x}}
	a, b := spelled(foldText(e.sight().text)), spelled(foldText(other.sight().text))
	return bytes.Equal(e.text(), other.text()) || len(a) > 0 && sharedSequences(a, b) >= 0.9
}
