package verify

import (
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// failed judges a look that ended without a whole header, or at a redirect
// that could not be followed. A body that broke off is not judged here: its
// status still speaks.
//
// A failure beyond a redirect is never blamed on the citation: the cited
// server answered, and its operator can mend where it points. So what would be
// gone or invalid at the cited URL is unreachable there.
func failed(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	f := x.Failure
	if f == nil {
		if x.Status == 0 {
			return judged(archive.Unknown, because("http-none", "no answer, and no reason why")), true
		}
		return archive.Judgement{}, false
	}
	message := brief(f.Message)
	if message == "" {
		message = f.Phase + " failed"
	}
	say := func(v archive.Verdict, code string) (archive.Judgement, bool) {
		return judged(v, because(code, "%s", message)), true
	}
	switch f.Class {
	case archive.ClassInterrupted:
		return say(archive.Unknown, "interrupted")
	case archive.ClassRobots:
		return say(archive.Blocked, "robots")
	case archive.ClassLoop:
		return say(archive.Unreachable, "redirect-loop")
	case archive.ClassHops:
		return say(archive.Unreachable, "redirect-limit")
	case archive.ClassPrivate:
		if !e.redirected() && addressOf(e.visit.URL).literal() {
			return say(archive.Invalid, "private-address")
		}
		return say(archive.Unreachable, "private-address")
	case archive.ClassURL:
		if e.redirected() {
			return say(archive.Unreachable, "redirect-broken")
		}
		return say(archive.Invalid, "url-invalid")
	}
	if x.Status != 0 && !isRedirect(x.Status) {
		return archive.Judgement{}, false
	}
	switch f.Class {
	case archive.ClassNoHost:
		if e.redirected() {
			return say(archive.Unreachable, "redirect-no-such-host")
		}
		return say(archive.Gone, "no-such-host")
	case archive.ClassNotHTTP:
		if e.redirected() {
			return say(archive.Unreachable, "redirect-not-http")
		}
		return say(archive.Invalid, "not-http")
	case archive.ClassCertificate:
		return say(archive.Unreachable, certificateCode(x, f.Message))
	case archive.ClassDNS, archive.ClassRefused, archive.ClassUnreachable, archive.ClassReset, archive.ClassTimeout,
		archive.ClassSlow, archive.ClassTLS, archive.ClassHeader, archive.ClassFraming:
		return say(archive.Unreachable, f.Class)
	case archive.ClassBody:
		return say(archive.Unreachable, "truncated-length")
	}
	return say(archive.Unreachable, "failed")
}

// certificateCode says what is wrong with a certificate: from the chain as it
// was sent, and from the message of the handshake when no chain was kept.
func certificateCode(x *archive.Exchange, message string) string {
	if x.TLS != nil && len(x.TLS.Chain) > 0 {
		leaf := x.TLS.Chain[0]
		if x.Started.Before(leaf.NotBefore) || x.Started.After(leaf.NotAfter) {
			return "tls-expired"
		}
		if leaf.VerifyHostname(addressOf(x.URL).host) != nil {
			return "tls-wrong-name"
		}
		if len(x.TLS.Chain) == 1 && leaf.Subject.String() == leaf.Issuer.String() {
			return "tls-self-signed"
		}
	}
	for _, known := range [][2]string{
		{"expired", "tls-expired"},
		{"not yet valid", "tls-expired"},
		{"certificate is valid for", "tls-wrong-name"},
		{"not valid for any names", "tls-wrong-name"},
		{"doesn't contain any IP SANs", "tls-wrong-name"},
		{"self-signed", "tls-self-signed"},
		{"unknown authority", "tls-untrusted"},
	} {
		if strings.Contains(message, known[0]) {
			return known[1]
		}
	}
	return "tls-certificate"
}
