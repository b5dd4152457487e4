package verify

import (
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// arrived judges a look that found content: alive where it was cited, and as
// landed says when a redirect on the way leads to another page. A redirect that
// changes only the scheme, www., a trailing slash or drops parameters leads to
// the same page. A temporary redirect asks to keep the cited URL (RFC 9110
// §15.4.3), so its citation is alive.
func (e *evidence) arrived(answer string) archive.Judgement {
	reasons := e.tail(answer)
	if len(e.hops) == 1 {
		return judged(archive.Alive, reasons...)
	}
	cited, final := e.hops[0].URL, e.end().URL
	if !otherPage(cited, final) {
		return judged(archive.Alive, append(reasons, because("redirect-same", "redirected to %s", brief(final)))...)
	}
	return e.landed(answer)
}

// tail returns reason followed by what is worth knowing of the way to the end.
func (e *evidence) tail(reason string) []string {
	reasons := []string{reason}
	if len(e.hops) == 1 {
		return reasons
	}
	if e.toHome() != notHome {
		reasons = append(reasons, because("redirect-home", "the redirect ends at a home page, which may not carry what was cited"))
	}
	for i, x := range e.hops[:len(e.hops)-1] {
		if strings.HasPrefix(x.URL, "https:") && strings.HasPrefix(e.hops[i+1].URL, "http:") {
			reasons = append(reasons, because("redirect-insecure", "redirected from https to http at %s", brief(e.hops[i+1].URL)))
			break
		}
	}
	return reasons
}

// deadEnd judges a look that ended at a redirect, at a 3xx that is none, or at
// an interim answer (1xx).
func deadEnd(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	switch {
	case x.Status == 304 || x.Status >= 200 && x.Status < 300 || x.Status > 399:
		return archive.Judgement{}, false
	case x.Status < 200:
		return judged(archive.Unreachable, because(statusCode(x.Status), "an interim answer, and none after it")), true
	case x.Status == 300:
		return judged(archive.Unknown, because("http-300", "the server offers a choice of pages")), true
	case !isRedirect(x.Status):
		return judged(archive.Unknown, because(statusCode(x.Status), "a status without a meaning today")), true
	case x.Header.Get("Location") == "":
		return judged(archive.Unreachable, because("redirect-broken", "a redirect (%d) that does not say where to", x.Status)), true
	}
	return judged(archive.Unreachable, because("redirect-broken", "a redirect (%d) that cannot be followed: %s", x.Status, brief(x.Header.Get("Location")))), true
}

// otherPage reports that b is another page than a, beyond scheme, default
// port, www., a trailing slash and parameters that b drops.
func otherPage(a, b string) bool {
	from, to := addressOf(a), addressOf(b)
	return bareHost(from) != bareHost(to) || from.place() != to.place() || !dropsOnly(from.query, to.query) ||
		from.query != to.query && to.homely() && !from.homely()
}

func bareHost(a address) string {
	host := strings.TrimPrefix(a.host, "www.")
	if a.port != "" {
		host += ":" + a.port
	}
	return host
}

// dropsOnly reports that every parameter of query b stood in query a.
func dropsOnly(a, b string) bool {
	if a == b || b == "" {
		return true
	}
	had := strings.Split(a, "&")
	for _, p := range strings.Split(b, "&") {
		if !slices.Contains(had, p) {
			return false
		}
	}
	return true
}

// wholeRange reports a Content-Range that spans the whole (RFC 9110 §14.4).
func wholeRange(v string) bool {
	span, size, ok := strings.Cut(strings.TrimPrefix(v, "bytes "), "/")
	if !ok || size == "*" {
		return false
	}
	from, to, ok := strings.Cut(span, "-")
	return ok && from == "0" && isPredecessor(to, size)
}
