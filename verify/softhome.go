package verify

import (
	"net/url"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// strayed reports that the look ended at another page than the one cited.
func (e *evidence) strayed() bool {
	return len(e.hops) > 1 && otherPage(e.hops[0].URL, e.end().URL)
}

// departure is the index of the hop that led away from the cited page, -1 when
// none did.
func (e *evidence) departure() int {
	for i, x := range e.hops[:len(e.hops)-1] {
		if otherPage(x.URL, e.hops[i+1].URL) {
			return i
		}
	}
	return -1
}

// landed judges a look that a redirect led to another page which answered.
// first says how it answered. It is moved or alive only as far as there is
// evidence that the page still is the source:
//
//   - other cited pages of the site end at the same page, which has nothing of what
//     was cited: a soft 404, whatever a title says;
//   - it carries the text of an earlier capture, or its title where its text
//     is not known: it is; though sites that give all pages one title prove
//     nothing by that of their home page;
//   - it does not: the home page is a soft 404, a page with another text has drifted;
//   - else: a deep link that ends at the home page of its
//     own site is a soft 404, and so is one that ends where a page that nobody
//     made ends too; for everything else the redirect is believed, and said
//     that it could not be compared.
func (e *evidence) landed(first string) archive.Judgement {
	reasons := e.tail(first)
	final := e.end().URL
	permanent := false
	for i, x := range e.hops[:len(e.hops)-1] {
		permanent = permanent || isPermanent(x.Status) && otherPage(x.URL, e.hops[i+1].URL)
	}
	verdict, way := archive.Alive, because("redirect-temporary", "redirected for now to %s", brief(final))
	if permanent {
		verdict, way = archive.Moved, because("redirect-permanent", "moved for good to %s", brief(final))
	}
	believed := func(more ...string) archive.Judgement {
		if permanent {
			reasons = append([]string{way}, reasons...)
		} else {
			reasons = append(reasons, way)
		}
		return judged(verdict, append(reasons, more...)...)
	}
	home := e.toHome()
	if n := e.crowd(); n >= crowdFrom {
		return judged(archive.Soft404, e.homeward(because("redirect-many", "%d other cited pages of this site end at the same page: %s", n, brief(final)), reasons, way)...)
	}
	if before := e.earlier(); before != nil && !otherPage(before.FinalURL, final) {
		return believed(because("same-as-earlier", "it ended there on %s too", before.Date.UTC().Format("2006-01-02")))
	}
	switch like := e.likeness(); {
	case like == likeIt && (e.byText || home == notHome):
		return believed(because("like-earlier", "it still carries what was there on %s", e.earlier().Date.UTC().Format("2006-01-02")))
	case like == unlikeIt && home != notHome:
		return judged(archive.Soft404, e.homeward(way, reasons, e.unlikeEarlier())...)
	case e.sibling() == sameFate:
		return judged(archive.Soft404, e.homeward(because("redirect-all", "a page that nobody made is redirected there too: %s", brief(final)), reasons, way)...)
	case like == unlikeIt && e.byText:
		return judged(archive.Drifted, append([]string{e.unlikeEarlier(), way}, reasons...)...)
	case home == certainly:
		return judged(archive.Soft404, e.homeward(way, reasons)...)
	}
	var more []string
	switch {
	case !permanent && home == notHome:
		// The server itself says that the cited address still holds.
	case e.earlier() == nil:
		more = append(more, because("not-compared", "nothing earlier is kept to compare its content with"))
	default:
		more = append(more, because("not-compared", "its content could not be compared with what is kept"))
	}
	j := believed(more...)
	if e.sibling() == notAsked && !e.keepsName() {
		j.Ask = e.siblingURL()
	}
	return j
}

// crowdFrom is how many other cited pages of a site must end where one ends before
// that says nothing of any of them.
const crowdFrom = 3

// crowd counts the other cited pages of the same site that ended at the page where
// the look ended, when that makes its end doubtful: it is 0 when the page still has
// the text of then, the name of the cited page in its address, or a passage that
// speaks to what the citation is for, and for hosts whose addresses are names of
// pages elsewhere.
func (e *evidence) crowd() int {
	from, final := addressOf(e.hops[0].URL), e.end().URL
	if e.visit.Landed == nil || e.departure() < 0 || !from.deep() || resolver(from) || e.keepsName() {
		return 0
	}
	n := e.visit.Landed(final)
	if n < crowdFrom {
		return 0
	}
	if before := e.earlier(); before != nil && otherPage(before.FinalURL, final) && e.likeness() == likeIt && e.byText {
		return 0
	}
	if e.visit.Claims != nil {
		page := Doc{Text: e.sight().text}
		for _, claim := range e.visit.Claims()[:min(len(e.visit.Claims()), claimsLimit)] {
			if len(Passages(page, claim, 1)) > 0 {
				return 0
			}
		}
	}
	return n
}

// homeward orders the reasons of a soft 404 behind a redirect.
func (e *evidence) homeward(way string, reasons []string, more ...string) []string {
	all := make([]string, 0, len(reasons)+len(more)+1)
	for _, r := range reasons {
		if ReasonCode(r) == "redirect-home" {
			all = append(all, r)
		}
	}
	all = append(append(all, way), more...)
	for _, r := range reasons {
		if ReasonCode(r) != "redirect-home" {
			all = append(all, r)
		}
	}
	return all
}

// How sure it is that a redirect leads from a page of a site to its home page.
type homing int

const (
	notHome homing = iota
	perhaps
	certainly
)

// toHome reports a redirect that ends at a home page. It is certain for a deep
// link and the home page of its own site; what leads to the home page of another
// site may be a short link or a project that got a site of its own, unless
// the cited address is that of an article.
func (e *evidence) toHome() homing {
	from, to := addressOf(e.hops[0].URL), addressOf(e.end().URL)
	at := e.departure()
	if at < 0 || from.homely() || !to.homely() {
		return notHome
	}
	// A route in the fragment names a page inside the one page of such a site.
	for _, x := range e.hops[at : len(e.hops)-1] {
		if _, fragment, ok := strings.Cut(x.Header.Get("Location"), "#"); ok && strings.Contains(fragment, "/") {
			return notHome
		}
	}
	switch {
	case resolver(from):
	case sameSite(from, to) && from.deep(), from.article():
		return certainly
	}
	return perhaps
}

// resolver reports a host whose addresses are names of pages elsewhere.
func resolver(a address) bool {
	for _, host := range []string{"doi.org", "hdl.handle.net", "purl.org", "w3id.org", "n2t.net", "bit.ly", "t.co", "goo.gl", "tinyurl.com", "ow.ly", "lnkd.in",
		"is.gd", "buff.ly", "clck.ru", "youtu.be", "fb.me", "t.me", "feedproxy.google.com", "web.archive.org", "archive.org", "perma.cc"} {
		if a.below(host) {
			return true
		}
	}
	return false
}

// sameSite reports hosts of which one is the other, or stands below it, beyond
// the labels of mobile editions.
func sameSite(a, b address) bool {
	x, y := siteHost(a), siteHost(b)
	return x == y || strings.HasSuffix(x, "."+y) || strings.HasSuffix(y, "."+x)
}

func siteHost(a address) string {
	host := a.host
	for _, label := range []string{"www.", "m.", "mobile.", "amp."} {
		host = strings.TrimPrefix(host, label)
	}
	return host
}

// homely reports the home page of a site or of one of its languages.
func (a address) homely() bool {
	place := strings.ToLower(strings.Trim(a.place(), "/"))
	name, extension, _ := strings.Cut(place, ".")
	switch extension {
	case "", "html", "htm", "php", "asp", "aspx", "jsp", "shtml":
	default:
		return false
	}
	switch name {
	case "", "index", "default", "home", "main", "homepage", "start", "welcome", "portal":
		return !a.picks()
	}
	language, region, _ := strings.Cut(name, "-")
	return !a.picks() && len(language) == 2 && (region == "" || len(region) == 2) && extension == "" || place == "rus" || place == "eng"
}

// picks reports a query that picks something by its number. What follows a
// reader around, such as utm_id, picks nothing.
func (a address) picks() bool {
	for one := range strings.SplitSeq(a.query, "&") {
		key, value, _ := strings.Cut(strings.ToLower(one), "=")
		if strings.HasPrefix(key, "utm_") || strings.HasSuffix(key, "clid") || key == "v" || key == "ver" || key == "t" {
			continue
		}
		if strings.ContainsAny(key+value, "0123456789") {
			return true
		}
	}
	return false
}

// deep reports an address below the first level of a site, or one that names
// something of its own there.
func (a address) deep() bool {
	place := strings.Trim(a.place(), "/")
	if strings.Contains(place, "/") {
		return true
	}
	return len(place) >= 12 || strings.ContainsAny(place, "0123456789-_.") || a.picks()
}

// article reports an address that is made as those of articles are: with a
// date or with a title.
func (a address) article() bool {
	segments := strings.Split(strings.Trim(a.place(), "/"), "/")
	for i, s := range segments {
		words := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '_' })
		if len(words) >= 4 {
			return true
		}
		if year := len(s) == 4 && (s[:2] == "19" || s[:2] == "20"); year && i < len(segments)-1 && strings.Trim(s, "0123456789") == "" {
			return true
		}
	}
	return false
}

// keepsName reports that the page where the look ended still has the last
// part of the cited address in its own, so that it was not sent to just anywhere.
func (e *evidence) keepsName() bool {
	place := addressOf(e.hops[0].URL).place()
	name := strings.ToLower(place[strings.LastIndexByte(place, '/')+1:])
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	to := addressOf(e.end().URL)
	return len(name) >= 2 && strings.Contains(strings.ToLower(to.place()+"?"+to.query), name)
}

// targetOf is where a redirect leads, "" when that is no URL.
func targetOf(x *archive.Exchange) string {
	base, err := url.Parse(x.URL)
	if err != nil {
		return ""
	}
	to, err := base.Parse(strings.TrimSpace(x.Header.Get("Location")))
	if err != nil {
		return ""
	}
	return to.String()
}
