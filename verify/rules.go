package verify

import (
	"net/http"
	"strconv"

	"github.com/ibid-archive/ibid/archive"
)

// lookRules is the order in which one look is judged. Rules on what a page
// says stand before "answered", and those that find the source behind something
// before those that find it gone; what several visits say together is not
// judged here.
func lookRules() []rule {
	return []rule{
		{"failed", failed},                // no whole header, or a redirect that could not be followed
		{"archived error", archivedError}, // it wears the status of somebody else
		{"wall", walled},                  // before all statuses: a wall may wear any of them
		{"region", regional},              // a 403 or 451 that says why
		{"refused", refused},              // 401, 402, 403, 429, …
		{"shell", shell},                  // of a platform: it tells nothing of a post
		{"absent", absent},                // 404, 410
		{"server error", broken},          // 5xx
		{"client error", disliked},        // every other 4xx
		{"dead end", deadEnd},             // a redirect without a way
		{"not modified", unchanged},
		{"platform page", standIn}, // before what is cut: its title is enough
		{"cut", cut},
		{"login", loginPage},
		{"gate", gated},     // before what is absent: a gate says that the source exists
		{"notice", noticed}, // and so is trouble of its server
		{"parked", parked},
		{"absent page", absentPage},
		{"leads on", leadsOn},
		{"empty", empty},
		{"answered", answered},
	}
}

// refused: the source exists, or a wall stands before it; this visitor may not
// see. 401 and 402 ask for something that a reader may have: restricted. The
// others refuse us: blocked. 407 comes from a proxy on the way, 420 and 430
// are unregistered forms of 429 and 403, 418 is a wall's joke, 440 is a
// login that ran out.
func refused(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	why, verdict := "", archive.Blocked
	switch x.Status {
	case http.StatusUnauthorized:
		why, verdict = "asks for a login", archive.Restricted
	case http.StatusPaymentRequired:
		why, verdict = "asks for payment", archive.Restricted
	case 440:
		why, verdict = "asks to log in again", archive.Restricted
	case http.StatusForbidden:
		why = "refused us; others may be let in"
	case http.StatusProxyAuthRequired:
		why = "a proxy on the way asks for a login"
	case http.StatusTeapot:
		why = "refused us by a status that servers use against robots"
	case http.StatusTooManyRequests, 420:
		why = "found our visits too many"
	case 430:
		why = "refused us for security"
	case http.StatusUnavailableForLegalReasons:
		why = "refuses for legal reasons; elsewhere it may answer"
	case 999:
		why = "refused us by a status that is used against robots"
	default:
		return archive.Judgement{}, false
	}
	j := judged(verdict, because(statusCode(x.Status), "%s", why))
	return withRetryAfter(j, x), true
}

// absent: the server says that there is no such page.
func absent(e *evidence) (archive.Judgement, bool) {
	switch e.end().Status {
	case http.StatusNotFound:
		return judged(archive.Gone, e.tail(because("http-404", "not found"))...), true
	case http.StatusGone:
		return judged(archive.Gone, e.tail(because("http-410", "removed for good, says the server"))...), true
	}
	return archive.Judgement{}, false
}

// broken: the server could not answer, which may pass. A 503 that names a time
// to come back is still the server's trouble as long as no wall signed it, so
// it is unreachable, and Retry-After is told.
func broken(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if x.Status < 500 || x.Status > 599 {
		return archive.Judgement{}, false
	}
	if x.Status == http.StatusNetworkAuthenticationRequired {
		return judged(archive.Unreachable, because("captive-portal", "the network on the way asks for a login (511)")), true
	}
	text := http.StatusText(x.Status)
	if text == "" {
		text = "the server has trouble"
	}
	j := judged(archive.Unreachable, because(statusCode(x.Status), "%s", text))
	return withRetryAfter(j, x), true
}

// disliked: every other 4xx says something about the request, not about the
// source. 408, 421 and 425 may pass with time or another connection; the rest
// is no evidence either way, and never an absence.
func disliked(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if x.Status < 400 || x.Status > 499 {
		return archive.Judgement{}, false
	}
	switch x.Status {
	case http.StatusRequestTimeout, http.StatusMisdirectedRequest, http.StatusTooEarly:
		return judged(archive.Unreachable, because(statusCode(x.Status), "%s: could pass", http.StatusText(x.Status))), true
	}
	text := http.StatusText(x.Status)
	if text == "" {
		text = "an unregistered status"
	}
	return judged(archive.Unknown, because(statusCode(x.Status), "%s: the server did not accept the request, which says nothing of the source", text)), true
}

// unchanged: a 304 to a conditional request stands for the archived 200. One
// that nobody asked for stands for nothing.
func unchanged(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if x.Status != http.StatusNotModified {
		return archive.Judgement{}, false
	}
	if x.Prior == nil {
		return judged(archive.Unknown, because("http-304", "not modified, though nothing was asked about")), true
	}
	return e.arrived(because("not-modified", "unchanged since %s, says the server", x.Prior.Date.UTC().Format("2006-01-02"))), true
}

// cut: a success whose body never arrived whole. What came is kept.
func cut(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) {
		return archive.Judgement{}, false
	}
	if x.Truncated == "" && x.Failure == nil {
		if x.Status == http.StatusPartialContent && !wholeRange(x.Header.Get("Content-Range")) {
			return judged(archive.Unreachable, because("partial-content", "answered with a part that was not asked for: %s", brief(x.Header.Get("Content-Range")))), true
		}
		return archive.Judgement{}, false
	}
	code := "truncated-" + string(x.Truncated)
	if x.Truncated == "" {
		code = "truncated-unspecified"
	}
	why := "the body is not whole"
	if x.Failure != nil && x.Failure.Message != "" {
		why = brief(x.Failure.Message)
	}
	return judged(archive.Unreachable, because(code, "%d bytes of the body came and are kept: %s", x.PayloadSize, why)), true
}

// empty: a success without a byte of content is no evidence that the source
// still says anything. 202 promises content for later.
func empty(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	switch {
	case !success(x.Status):
		return archive.Judgement{}, false
	case x.Status == http.StatusAccepted:
		return judged(archive.Unknown, because("http-202", "accepted, the content is still to come")), true
	case x.Status == http.StatusNoContent || x.Status == http.StatusResetContent || x.PayloadSize == 0:
		return judged(archive.Unknown, because("empty", "%d without content", x.Status)), true
	}
	return archive.Judgement{}, false
}

// answered: the source is there.
func answered(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) {
		return archive.Judgement{}, false
	}
	answer := because(statusCode(x.Status), "answered with %d bytes", x.PayloadSize)
	if !e.strayed() && isPage(x) && e.small() && !addressOf(e.hops[0].URL).homely() && e.sight().words <= scantPage && !e.likeness().same() {
		return e.scant(answer), true
	}
	return e.arrived(answer), true
}

func success(status int) bool { return status >= 200 && status <= 299 }

// withRetryAfter adds when the server wants to be asked again (RFC 9110 §10.2.3).
func withRetryAfter(j archive.Judgement, x *archive.Exchange) archive.Judgement {
	if after := x.Header.Get("Retry-After"); after != "" {
		when := brief(after)
		if seconds, err := strconv.ParseUint(after, 10, 63); err == nil {
			when = strconv.FormatUint(seconds, 10) + " s"
		}
		j.Reasons = append(j.Reasons, because("retry-after", "come back after %s", when))
	}
	return j
}
