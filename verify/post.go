package verify

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// judgePosts judges a visit whose platform was asked. What the platform said
// stands before everything that the page says: the page of a post is a shell
// that tells nothing, except on platforms whose pages are evidence too (see
// archive.Post.Page), where an absence needs both.
func judgePosts(v *archive.Visit, looks [][]*archive.Exchange) archive.Judgement {
	var page *archive.Judgement
	if len(looks) > 0 {
		pages := *v
		if p := v.BestPost(); p.Standing != archive.PostRegistered && !(p.Page && p.Standing == archive.PostUnclear) {
			// The platform has said enough; otherwise the page is judged as any page.
			pages.Memory = archive.Memory{}
		}
		j := judgeLooks(&pages, looks)
		j.Reasons = slices.DeleteFunc(j.Reasons, func(r string) bool { // combine says it below
			code := ReasonCode(r)
			return code == "single-look" || code == "second-look"
		})
		page = &j
	}
	each := make([]archive.Judgement, len(v.Posts))
	for i, p := range v.Posts {
		each[i] = judgePost(p, page)
	}
	j := combine(each)
	if !v.Posts[len(v.Posts)-1].Page {
		j.Ask = ""
	}
	return withState(postDrift(v, j))
}

// judgePost judges what one look at a platform learnt. page is what the pages of
// all looks come to, nil when there are none.
func judgePost(p *archive.Post, page *archive.Judgement) archive.Judgement {
	why := brief(p.Why)
	var j archive.Judgement
	switch p.Standing {
	case archive.PostShown:
		j = judged(archive.Alive, because("post-shown", "%s", why))
	case archive.PostRegistered:
		j = known(p, page)
	case archive.PostRestricted:
		if j = judged(archive.Restricted, because("post-restricted", "%s", why)); p.Page && page != nil && found(page.Verdict) {
			j = after(*page, because("post-restricted", "%s", why))
		}
	case archive.PostAbsent:
		j = missing(p, page)
	default:
		switch reason := because("post-unclear", "%s", why); {
		case p.Page && page != nil:
			j = after(*page, reason)
		case silent(p) && page != nil && (page.Verdict == archive.Unreachable || ReasonCode(page.Reasons[0]) == "no-such-host"):
			j = judged(archive.Unreachable, append([]string{page.Reasons[0]}, reason)...)
		default:
			j = judged(archive.Unknown, reason)
		}
	}
	if p.Mismatch && p.Author != nil {
		j.Reasons = append(j.Reasons, because("post-author", "the citation names @%s, the platform @%s: renamed, or the wrong handle", brief(p.Cited), brief(p.Author.Handle)))
	}
	return j
}

// known: the name is registered, and where it leads the page says.
func known(p *archive.Post, page *archive.Judgement) archive.Judgement {
	reason := because("post-registered", "%s", brief(p.Why))
	if page == nil {
		return judged(archive.Unknown, reason)
	}
	return after(*page, reason)
}

// missing: every witness of the platform says that there is no such post. Where
// the page is evidence it must agree.
func missing(p *archive.Post, page *archive.Judgement) archive.Judgement {
	reason := because("post-absent", "%s", brief(p.Why))
	switch {
	case !p.Page:
		return judged(archive.Gone, reason)
	case page == nil:
		return judged(archive.Unknown, reason)
	case page.Verdict == archive.Gone, page.Verdict == archive.Soft404:
		return judged(archive.Gone, append([]string{reason}, page.Reasons[0])...)
	}
	return judged(archive.Unknown, because("conflict", "the platform knows no such post, and its page does not say so"), reason, page.Reasons[0])
}

// after is j with one more reason.
func after(j archive.Judgement, reason string) archive.Judgement {
	j.Reasons = append(append([]string(nil), j.Reasons...), reason)
	return j
}

// silent reports that no endpoint answered at all.
func silent(p *archive.Post) bool {
	for _, a := range p.Asked {
		if a.Status != 0 {
			return false
		}
	}
	return true
}

// archivedError: an archive gives back what it once got, which was an error page.
// Mementos of errors are often those of a crawler that was refused, so they say
// nothing of the source, then or now (RFC 7089 §2.1.1 has the field).
func archivedError(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if x.Status < 400 || x.Header.Get("Memento-Datetime") == "" {
		return archive.Judgement{}, false
	}
	return judged(archive.Unknown, because("archived-error", "the archive kept an error page (%d), which says nothing of the source", x.Status)), true
}

// shell: a page of a platform that answers alike for every post, read without
// the platform having been asked: when that was turned off, or in what others
// captured. A page with the text of a post in it, as archives have it from earlier
// years, is none; and that a refusal, a redirect to a login or a failure is something
// else is for the other rules to say.
func shell(e *evidence) (archive.Judgement, bool) {
	if !strings.HasPrefix(e.visit.Key, "https://x.com/i/status/") {
		return archive.Judgement{}, false
	}
	switch {
	case len(e.visit.Posts) > 0 || !success(e.end().Status) && e.end().Status != 404 && e.end().Status != 410:
		return archive.Judgement{}, false
	case !success(e.end().Status) || isPage(e.end()) && (bytes.Contains(e.text(), []byte("react-root")) || e.sight().words <= scantPage):
		return judged(archive.Unknown, because("post-not-asked", "the page is the same for every post, and the platform was not asked about this one")), true
	}
	return archive.Judgement{}, false
}
