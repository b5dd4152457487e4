package verify

import (
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// absentPage: a success code, and a page that says that nothing is there. What
// says so is, from the surest to the least sure:
//
//   - the page's own marks for machines, such as prerender-status-code 404;
//   - the address of an error page, where the look was redirected to;
//   - title or first heading, when the rest of the page is no article;
//   - all that a short page says.
//
// An earlier capture that looks the same overrules all of them, and so does a
// cited address that is itself about such pages. A title above some prose, and one
// of vague words, may be that of an article or a song: a server that gives its
// own 404, and another page, to what nobody made knows what it has.
func absentPage(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) || x.PayloadSize == 0 {
		return archive.Judgement{}, false
	}
	why, doubtful := e.apology()
	if why == "" || e.likeness().same() {
		return archive.Judgement{}, false
	}
	if doubtful && e.siblingAbsent() {
		if e.sight().prose >= thinProse {
			return archive.Judgement{}, false
		}
		return judged(archive.Unknown, why, because("sibling-absent", "but what nobody made is answered otherwise, with 404: the server knows this page")), true
	}
	reasons := []string{why, because(statusCode(x.Status), "the server calls it a success")}
	if e.likeness() == unlikeIt {
		reasons = append(reasons, e.unlikeEarlier())
	}
	j := judged(archive.Soft404, reasons...)
	if doubtful && e.sibling() == notAsked {
		j.Ask = e.siblingURL()
	}
	return j, true
}

// scant judges a page that says next to nothing at an address that is no home
// page's. It is believed, unless a page that nobody made gets the same answer. Then
// a page that only scripts fill tells nothing. Any other tells that there is nothing
// where the home page of the site has more to say; where it has not, the site as a
// whole may be walled, down or gone.
func (e *evidence) scant(answer string) archive.Judgement {
	s := e.sight()
	switch e.sibling() {
	case sameFate:
		why := because("sibling", "a page that nobody made gets the same answer of %d words", s.words)
		switch {
		case s.script:
			return judged(archive.Unknown, because("shell", "a page that only scripts fill, the same for every address"), why, answer)
		case s.words == 0:
			return judged(archive.Unknown, because("empty", "a page without words, the same for every address"), why, answer)
		}
		if e.home() == ownFate {
			return judged(archive.Soft404, why, answer)
		}
		j := judged(archive.Unknown, because("site-same", "the same few words at every address that was asked: %q", brief(oneLine(s.text, 120))), why, answer)
		if e.home() == notAsked {
			j.Ask = e.homeURL()
		}
		return j
	case notAsked:
		j := e.arrived(answer)
		j.Ask = e.siblingURL()
		return j
	}
	return e.arrived(answer)
}

// apology says how the page tells that nothing is there, "" when it does not. It
// is doubtful when a page that is there could say the same.
func (e *evidence) apology() (why string, doubtful bool) {
	x := e.end()
	if isPage(x) {
		if e.heading().absent && e.sight().prose < apologyProse {
			return because("not-found-mark", "it calls itself an error page where machines read it"), false
		}
		if e.strayed() && errorAddress(x.URL) && !errorAddress(e.hops[0].URL) {
			return because("not-found-address", "redirected to an error page: %s", brief(x.URL)), false
		}
		if why, doubtful := e.apologyInHeading(); why != "" {
			return why, doubtful
		}
	}
	if !e.small() {
		return "", false
	}
	if why := apologyInData(x, e.text()); why != "" {
		return why, false
	}
	if v, said := apologyOfStorage(x, e.text()); v == archive.Soft404 {
		return because("not-found-text", "the store of its files says %q", brief(said)), false
	}
	if s := e.sight(); s.words > 0 && s.words <= shortPage && !aboutAbsence(e.hops[0].URL) {
		folded := foldText(s.text)
		if said := absences.in(folded); said != "" {
			return because("not-found-text", "all that it says is %q", brief(oneLine(s.text, 120))), s.prose >= thinProse
		}
		if s.words <= scantPage {
			if how, said := absenceIn(oneLine(s.text, titleLimit)); how != notAbsent {
				return because("not-found-text", "all that it says is %q", brief(said)), false
			}
		}
	}
	return "", false
}

// apologyInHeading reads title and first heading. Vague words count only on
// a page without prose.
func (e *evidence) apologyInHeading() (why string, doubtful bool) {
	h := e.heading()
	for _, line := range []struct{ what, text string }{{"title", h.title}, {"heading", h.h1}} {
		how, said := absenceIn(line.text)
		if how == notAbsent || aboutAbsence(e.hops[0].URL) {
			continue
		}
		if prose := e.sight().prose; how == explicitly && prose < apologyProse || prose < thinProse {
			vague := how == vaguely && vagueAbsences.exact[withoutFillers(foldText(said))]
			return because("not-found-title", "its %s says %q", line.what, brief(said)), prose >= thinProse || vague
		}
	}
	return "", false
}

// errorAddress reports a URL that names an error page.
func errorAddress(raw string) bool {
	for segment := range strings.SplitSeq(strings.ToLower(addressOf(raw).place()), "/") {
		segment, _, _ = strings.Cut(segment, ".")
		switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(segment) {
		case "404", "410", "error404", "404error", "err404", "notfound", "pagenotfound", "404notfound", "filenotfound", "error", "errorpage",
			"nofound", "missing", "404page", "page404", "gone":
			return true
		}
	}
	return false
}

// aboutAbsence reports a cited address that itself speaks of 404 or of what is
// not found: there a page that says so is the content.
func aboutAbsence(raw string) bool {
	a := addressOf(raw)
	folded := foldText(a.place() + " " + a.query)
	return hasWord(folded, "404") || strings.Contains(folded, "not found") || strings.Contains(folded, "notfound") || absences.in(folded) != ""
}
