package verify

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive"
)

const cited = "https://gazette.example/2026/dam"

func TestJudge(t *testing.T) {
	status := func(n int, fields ...string) []*archive.Exchange {
		return []*archive.Exchange{answer(t, cited, n, "<p>words</p>", fields...)}
	}
	fails := func(phase, class, message string) []*archive.Exchange {
		return []*archive.Exchange{failure(cited, phase, class, message)}
	}
	chain := func(xs ...*archive.Exchange) []*archive.Exchange { return xs }
	cutBody := func(why archive.Truncation, class string) []*archive.Exchange {
		x := page(t, cited)
		x.Truncated, x.Failure = why, &archive.Failure{Phase: "body", Class: class, Message: "connection reset"}
		return chain(x)
	}
	unmodified := func(at string) *archive.Exchange {
		x := answer(t, at, 304, "")
		x.Prior = &archive.Prior{URL: at, Date: visitedAt.AddDate(0, -1, 0)}
		return x
	}
	form := func(at, body string) *archive.Exchange { return answer(t, at, 200, body) }
	const elsewhere = "https://gazette.example/archive/17"
	const password = `<form><INPUT name=p type="password"></form>`

	for _, tc := range []struct {
		name      string
		url       string // "" for that of the first exchange
		exchanges []*archive.Exchange
		verdict   archive.Verdict
		codes     string // in order
	}{
		{"whole page", "", status(200), "alive", "http-200"},
		{"non-authoritative", "", status(203), "alive", "http-203"},
		{"created", "", status(201), "alive", "http-201"},
		{"unchanged", "", chain(unmodified(cited)), "alive", "not-modified"},
		{"304 unasked", "", chain(answer(t, cited, 304, "")), "unknown", "http-304"},
		{"unchanged where it moved", "", chain(redirect(t, cited, 301, elsewhere), unmodified(elsewhere)), "moved", "redirect-permanent not-modified not-compared"},
		{"accepted", "", status(202), "unknown", "http-202"},
		{"no content", "", chain(answer(t, cited, 204, "")), "unknown", "empty"},
		{"reset content", "", chain(answer(t, cited, 205, "")), "unknown", "empty"},
		{"empty page", "", chain(answer(t, cited, 200, "")), "unknown", "empty"},
		{"a part", "", status(206, "Content-Range: bytes 0-11/4000"), "unreachable", "partial-content"},
		{"a part without a range", "", status(206), "unreachable", "partial-content"},
		{"a part that is the whole", "", status(206, "Content-Range: bytes 0-11/12"), "alive", "http-206"},

		{"moved 301", "", chain(redirect(t, cited, 301, elsewhere), page(t, elsewhere)), "moved", "redirect-permanent http-200 not-compared"},
		{"moved 308", "", chain(redirect(t, cited, 308, elsewhere), page(t, elsewhere)), "moved", "redirect-permanent http-200 not-compared"},
		{"moved by a relative Location", "", chain(redirect(t, cited, 301, "../archive/17"), page(t, elsewhere)), "moved", "redirect-permanent http-200 not-compared"},
		{"moved to another host", "", chain(redirect(t, cited, 301, "https://new.example/2026/dam"), page(t, "https://new.example/2026/dam")), "moved", "redirect-permanent http-200 not-compared"},
		{"moved to another query", "https://a.example/p?id=5", chain(redirect(t, "https://a.example/p?id=5", 301, "/p?id=9"), page(t, "https://a.example/p?id=9")), "moved", "redirect-permanent http-200 not-compared"},
		{"for now 302", "", chain(redirect(t, cited, 302, elsewhere), page(t, elsewhere)), "alive", "http-200 redirect-temporary"},
		{"for now 307", "", chain(redirect(t, cited, 307, elsewhere), page(t, elsewhere)), "alive", "http-200 redirect-temporary"},
		{"see other", "", chain(redirect(t, cited, 303, elsewhere), page(t, elsewhere)), "alive", "http-200 redirect-temporary"},
		{"to https for good, elsewhere for now", "http://a.example/x", chain(redirect(t, "http://a.example/x", 301, "https://a.example/x"), redirect(t, "https://a.example/x", 302, "/y"), page(t, "https://a.example/y")), "alive", "http-200 redirect-temporary"},
		{"https", "http://a.example/x", chain(redirect(t, "http://a.example/x", 301, "https://a.example/x"), page(t, "https://a.example/x")), "alive", "http-200 redirect-same"},
		{"www", "http://a.example/x", chain(redirect(t, "http://a.example/x", 301, "https://www.a.example/x"), page(t, "https://www.a.example/x")), "alive", "http-200 redirect-same"},
		{"slash", "https://a.example/x", chain(redirect(t, "https://a.example/x", 301, "/x/"), page(t, "https://a.example/x/")), "alive", "http-200 redirect-same"},
		{"dropped parameter", "https://a.example/x?a=1&utm_source=z", chain(redirect(t, "https://a.example/x?a=1&utm_source=z", 301, "/x?a=1"), page(t, "https://a.example/x?a=1")), "alive", "http-200 redirect-same"},
		{"cookie gate", "", chain(redirect(t, cited, 302, cited), page(t, cited)), "alive", "http-200 redirect-same"},
		{"away and back", "", chain(redirect(t, cited, 301, elsewhere), redirect(t, elsewhere, 302, cited), page(t, cited)), "alive", "http-200 redirect-same"},
		{"a redirect whose body broke off", "", chain(brokenBody(redirect(t, cited, 301, elsewhere)), page(t, elsewhere)), "moved", "redirect-permanent http-200 not-compared"},
		{"home page", "", chain(redirect(t, cited, 302, "/"), page(t, "https://gazette.example/")), "soft-404", "redirect-home redirect-temporary http-200 single-look"},
		{"home page for good", "", chain(redirect(t, cited, 301, "/"), page(t, "https://gazette.example/")), "soft-404", "redirect-home redirect-permanent http-200 single-look"},
		{"down to http", "", chain(redirect(t, cited, 301, "http://gazette.example/2026/dam"), page(t, "http://gazette.example/2026/dam")), "alive", "http-200 redirect-insecure redirect-same"},

		{"login page", "", chain(redirect(t, cited, 302, "/login?next=x"), form("https://gazette.example/login?next=x", password)), "restricted", "login"},
		{"login host", "", chain(redirect(t, cited, 302, "https://sso.example/x"), form("https://sso.example/x", password)), "restricted", "login"},
		{"login.aspx", "", chain(redirect(t, cited, 301, "/Login.aspx"), form("https://gazette.example/Login.aspx", password)), "restricted", "login"},
		{"platform login", "", chain(redirect(t, cited, 302, "https://accounts.google.com/v3/signin"), form("https://accounts.google.com/v3/signin", "<script>")), "restricted", "login"},
		{"login path without a form", "", chain(redirect(t, cited, 302, "/login"), form("https://gazette.example/login", "<input type=search>")), "alive", "http-200 redirect-temporary"},
		{"form without a login path", "", chain(redirect(t, cited, 302, elsewhere), form(elsewhere, password)), "alive", "http-200 redirect-temporary"},
		{"a login page that was cited", "https://a.example/login", chain(form("https://a.example/login", password)), "alive", "http-200"},

		{"401", "", status(401), "restricted", "http-401"},
		{"402", "", status(402), "restricted", "http-402"},
		{"440", "", status(440), "restricted", "http-440"},
		{"403", "", status(403), "blocked", "http-403"},
		{"407", "", status(407), "blocked", "http-407"},
		{"418", "", status(418), "blocked", "http-418"},
		{"420", "", status(420), "blocked", "http-420"},
		{"429", "", status(429, "Retry-After: 3600"), "blocked", "http-429 retry-after"},
		{"430", "", status(430), "blocked", "http-430"},
		{"451", "", status(451), "blocked", "http-451"},
		{"999", "", status(999), "blocked", "http-999"},
		{"robots", "", fails("robots", archive.ClassRobots, "disallowed"), "blocked", "robots"},
		{"403 where it moved", "", chain(redirect(t, cited, 301, elsewhere), answer(t, elsewhere, 403, "no")), "blocked", "http-403"},

		{"404 twice", "", append(status(404), status(404)...), "gone", "http-404 second-look"},
		{"410 twice", "", append(status(410), status(410)...), "gone", "http-410 second-look"},
		{"404 then 410", "", append(status(404), status(410)...), "gone", "http-410 other-look second-look"},
		{"404 once", "", status(404), "gone", "http-404 single-look"},
		{"404 where it moved", "", chain(redirect(t, cited, 301, elsewhere), answer(t, elsewhere, 404, "no")), "gone", "http-404 single-look"},
		{"no such host twice", "", append(fails("dns", archive.ClassNoHost, "no such host"), fails("dns", archive.ClassNoHost, "no such host")...), "gone", "no-such-host second-look"},
		{"no such host, then 404", "", append(fails("dns", archive.ClassNoHost, "no such host"), status(404)...), "gone", "http-404 other-look second-look"},
		{"no such host where it points", "", chain(redirect(t, cited, 301, "https://nowhere.example/"), failure("https://nowhere.example/", "dns", archive.ClassNoHost, "no such host")), "unreachable", "redirect-no-such-host"},

		{"400", "", status(400), "unknown", "http-400"},
		{"405", "", status(405), "unknown", "http-405"},
		{"406", "", status(406), "unknown", "http-406"},
		{"409", "", status(409), "unknown", "http-409"},
		{"412", "", status(412), "unknown", "http-412"},
		{"416", "", status(416), "unknown", "http-416"},
		{"431", "", status(431), "unknown", "http-431"},
		{"499", "", status(499), "unknown", "http-499"},
		{"408", "", status(408), "unreachable", "http-408"},
		{"421", "", status(421), "unreachable", "http-421"},
		{"425", "", status(425), "unreachable", "http-425"},
		{"500", "", status(500), "unreachable", "http-500"},
		{"502", "", status(502), "unreachable", "http-502"},
		{"503", "", status(503), "unreachable", "http-503"},
		{"503 come back", "", status(503, "Retry-After: 120"), "unreachable", "http-503 retry-after"},
		{"511", "", status(511), "unreachable", "captive-portal"},
		{"520", "", status(520), "unreachable", "http-520"},
		{"600", "", status(600), "unknown", "http-600"},

		{"DNS", "", fails("dns", archive.ClassDNS, "server misbehaving"), "unreachable", "dns"},
		{"refused", "", fails("connect", archive.ClassRefused, "connection refused"), "unreachable", "refused"},
		{"no route", "", fails("connect", archive.ClassUnreachable, "no route to host"), "unreachable", "no-route"},
		{"reset", "", fails("header", archive.ClassReset, "connection reset"), "unreachable", "reset"},
		{"time-out", "", fails("header", archive.ClassTimeout, "30s passed"), "unreachable", "timeout"},
		{"slow", "", fails("header", archive.ClassSlow, "1 B/s"), "unreachable", "too-slow"},
		{"TLS", "", fails("tls", archive.ClassTLS, "handshake failure"), "unreachable", "tls"},
		{"header limit", "", fails("header", archive.ClassHeader, "over 256 KiB"), "unreachable", "header-limit"},
		{"framing", "", fails("header", archive.ClassFraming, "two lengths"), "unreachable", "framing"},
		{"other", "", fails("", archive.ClassOther, ""), "unreachable", "failed"},
		{"loop", "", chain(redirect(t, cited, 302, elsewhere), failure(elsewhere, "limit", archive.ClassLoop, "back to the start")), "unreachable", "redirect-loop"},
		{"too many redirects", "", chain(redirect(t, cited, 302, elsewhere), failure(elsewhere, "limit", archive.ClassHops, "over 10")), "unreachable", "redirect-limit"},
		{"expired, by message", "", fails("tls", archive.ClassCertificate, "x509: certificate has expired or is not yet valid"), "unreachable", "tls-expired"},
		{"wrong name, by message", "", fails("tls", archive.ClassCertificate, "x509: certificate is valid for a, not b"), "unreachable", "tls-wrong-name"},
		{"untrusted, by message", "", fails("tls", archive.ClassCertificate, "x509: certificate signed by unknown authority"), "unreachable", "tls-untrusted"},
		{"bad certificate", "", fails("tls", archive.ClassCertificate, "x509: unhandled critical extension"), "unreachable", "tls-certificate"},
		{"cut by length", "", cutBody(archive.TruncatedLength, archive.ClassBody), "unreachable", "truncated-length"},
		{"cut by time", "", cutBody(archive.TruncatedTime, archive.ClassTimeout), "unreachable", "truncated-time"},
		{"cut off", "", cutBody(archive.TruncatedDisconnect, archive.ClassReset), "unreachable", "truncated-disconnect"},
		{"cut somehow", "", cutBody("", archive.ClassFraming), "unreachable", "truncated-unspecified"},

		{"redirect to nowhere", "", chain(answer(t, cited, 302, "")), "unreachable", "redirect-broken"},
		{"redirect to a script", "", chain(redirect(t, cited, 302, "javascript:alert(1)")), "unreachable", "redirect-broken"},
		{"redirect to a file", "", chain(redirect(t, cited, 302, "file:///etc/passwd"), failure("file:///etc/passwd", "guard", archive.ClassURL, "scheme")), "unreachable", "redirect-broken"},
		{"redirect to a script, not followed", "", chain(redirect(t, cited, 302, "javascript:alert(1)"), failure("javascript:alert(1)", "redirect", archive.ClassURL, "scheme")), "unreachable", "redirect-broken"},
		{"redirect to itself, not followed", "", chain(redirect(t, cited, 302, cited), failure(cited, "redirect", archive.ClassLoop, "back")), "unreachable", "redirect-loop"},
		{"redirect in a spelling of its own, not followed", "", chain(redirect(t, cited, 302, "https:\\\\gazette.example\\2026\\dam"), failure(cited, "redirect", archive.ClassLoop, "back")), "unreachable", "redirect-loop"},
		{"redirect to a bad port", "", chain(redirect(t, cited, 302, "https://gazette.example:22/"), failure("https://gazette.example:22/", "guard", archive.ClassURL, "port 22")), "unreachable", "redirect-broken"},
		{"a hop whose body broke off, asked again", "", chain(redirect(t, cited, 301, elsewhere), brokenBody(redirect(t, elsewhere, 302, "/end")), redirect(t, elsewhere, 302, "/end"), page(t, "https://gazette.example/end")), "moved", "redirect-permanent http-200 not-compared other-look"},
		{"choices with a preference", "", chain(redirect(t, cited, 300, elsewhere)), "unknown", "http-300"},
		{"choices", "", chain(answer(t, cited, 300, "a or b")), "unknown", "http-300"},
		{"305", "", chain(redirect(t, cited, 305, elsewhere)), "unknown", "http-305"},
		{"redirect to a private address", "", chain(redirect(t, cited, 302, "http://10.0.0.1/"), failure("http://10.0.0.1/", "guard", archive.ClassPrivate, "10.0.0.0/8")), "unreachable", "private-address"},
		{"private by name", "", fails("guard", archive.ClassPrivate, "10.0.0.0/8"), "unreachable", "private-address"},
		{"private literal", "http://10.0.0.1/", chain(failure("http://10.0.0.1/", "guard", archive.ClassPrivate, "10.0.0.0/8")), "invalid", "private-address"},
		{"private IPv6 literal", "http://[::1]/", chain(failure("http://[::1]/", "guard", archive.ClassPrivate, "::1")), "invalid", "private-address"},
		{"private number", "http://0x7f.1/", chain(failure("http://0x7f.1/", "guard", archive.ClassPrivate, "127.0.0.0/8")), "invalid", "private-address"},

		{"not HTTP twice", "", append(fails("header", archive.ClassNotHTTP, "SSH-2.0"), fails("header", archive.ClassNotHTTP, "SSH-2.0")...), "invalid", "not-http second-look"},
		{"not HTTP where it points", "", chain(redirect(t, cited, 302, elsewhere), failure(elsewhere, "header", archive.ClassNotHTTP, "SSH")), "unreachable", "redirect-not-http"},
		{"mail", "mailto:a@b.example", chain(failure("mailto:a@b.example", "guard", archive.ClassURL, "scheme")), "invalid", "url-invalid"},
		{"no host", "https:///x", chain(failure("https:///x", "guard", archive.ClassURL, "host")), "invalid", "url-invalid"},
		{"no URL", "https://a b/%zz", chain(failure("https://a b/%zz", "guard", archive.ClassURL, "parse")), "invalid", "url-invalid"},
		{"an escape that is none", "", chain(page(t, "https://a.example/odd/%zz")), "alive", "http-200"},
		{"switching protocols", "", chain(answer(t, cited, 101, "")), "unreachable", "http-101"},
		{"refused by the guard", "https://a.example:22/", chain(failure("https://a.example:22/", "guard", archive.ClassURL, "port 22")), "invalid", "url-invalid"},

		{"interrupted", "", fails("connect", archive.ClassInterrupted, "stopped"), "unknown", "interrupted"},
		{"interrupted before the second look", "", append(status(404), fails("connect", archive.ClassInterrupted, "stopped")...), "unknown", "interrupted other-look"},
		{"no reason", "", chain(&archive.Exchange{Role: archive.RoleSource, URL: cited}), "unknown", "http-none"},
		{"only requisites", cited, chain(&archive.Exchange{Role: archive.RoleRequisite, URL: cited, Status: 404}), "unknown", "no-evidence"},

		{"404, then there", "", append(status(404), status(200)...), "alive", "http-200 other-look"},
		{"there, then 404", "", append(status(200), status(404)...), "alive", "http-200 other-look"},
		{"503 thrice, then there", "", append(append(append(status(503), status(503)...), status(503)...), status(200)...), "alive", "http-200 other-look"},
		{"404, then refused", "", append(status(404), status(403)...), "blocked", "http-403 other-look"},
		{"refused, then 404 twice", "", append(append(status(403), status(404)...), status(404)...), "unknown", "conflict http-404 other-look"},
		{"404, then trouble", "", append(status(404), status(500)...), "unreachable", "http-500 other-look"},
		{"trouble, then 404", "", append(status(500), status(404)...), "gone", "http-404 other-look single-look"},
		{"the hop asked again", "", chain(redirect(t, cited, 301, elsewhere), answer(t, elsewhere, 503, "x"), page(t, elsewhere)), "moved", "redirect-permanent http-200 not-compared other-look"},
		{"the chain walked again", "", chain(redirect(t, cited, 301, elsewhere), answer(t, elsewhere, 404, "x"), redirect(t, cited, 301, elsewhere), answer(t, elsewhere, 404, "x")), "gone", "http-404 second-look"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := visit(tc.exchanges...)
			if tc.url != "" {
				v.URL = tc.url
			}
			j := Judge(v)
			var codes []string
			for _, r := range j.Reasons {
				codes = append(codes, ReasonCode(r))
			}
			got, want := []string{string(j.Verdict), strings.Join(codes, " ")}, []string{string(tc.verdict), tc.codes}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("judgement (-want +got):\n%s%q", diff, j.Reasons)
			}
			wellFormed(t, j)
		})
	}
}

func brokenBody(x *archive.Exchange) *archive.Exchange {
	x.Truncated, x.Failure = archive.TruncatedDisconnect, &archive.Failure{Phase: "body", Class: archive.ClassReset, Message: "reset"}
	return x
}

// wellFormed checks what holds of every judgement.
func wellFormed(t interface {
	Helper()
	Errorf(string, ...any)
}, j archive.Judgement) {
	t.Helper()
	if err := j.Verdict.Validate(); err != nil {
		t.Errorf("%v", err)
	}
	if len(j.Reasons) == 0 {
		t.Errorf("no reason for %s", j.Verdict)
	}
	for _, r := range j.Reasons {
		code := ReasonCode(r)
		if !listed(code) || len(r) < len(code)+3 {
			t.Errorf("reason %q: its code is not in Codes, or it says nothing", r)
		}
	}
	want := map[archive.Verdict]archive.State{
		archive.Alive: archive.StateAlive, archive.Moved: archive.StateAlive,
		archive.Gone: archive.StateUnconfirmed, archive.Soft404: archive.StateUnconfirmed, archive.Invalid: archive.StateUnconfirmed,
	}[j.Verdict]
	if j.State != want {
		t.Errorf("state %q with verdict %s, want %q", j.State, j.Verdict, want)
	}
}

func listed(code string) bool {
	for _, c := range Codes() {
		pattern := regexp.MustCompile("<[a-z]+>").ReplaceAllString(c.Code, "[a-z0-9-]+")
		if regexp.MustCompile("^" + pattern + "$").MatchString(code) {
			return true
		}
	}
	return false
}

func TestAddressOf(t *testing.T) {
	for raw, want := range map[string]address{
		"HTTPS://user:pw@WWW.Gazette.Example.:443/A%20b/?q=1#f": {scheme: "https", host: "www.gazette.example", path: "/A%20b/", query: "q=1"},
		"http://[::1]:8080":       {scheme: "http", host: "::1", port: "8080"},
		"http://a.example?x":      {scheme: "http", host: "a.example", query: "x"},
		"http://a.example/%zz?/?": {scheme: "http", host: "a.example", path: "/%zz", query: "/?"},
		"mailto:a@b.example":      {scheme: "mailto", path: "a@b.example"},
		"nothing":                 {path: "nothing"},
		"":                        {},
	} {
		if got := addressOf(raw); got != want {
			t.Errorf("%s: %+v, want %+v", raw, got, want)
		}
	}
	for raw, want := range map[string]bool{
		"http://10.0.0.1/": true, "http://[fe80::1]/": true, "http://2130706433/": true, "http://0x7f.1/": true, "http://a.0xzz/": false,
		"http://a.example/": false, "http://1.example/": false, "http://a.1/": true, "http://": false,
	} {
		if got := addressOf(raw).literal(); got != want {
			t.Errorf("%s: literal %t", raw, got)
		}
	}
}

func TestCertificateCode(t *testing.T) {
	leaf := func(from, to int, name string, issuer string) *x509.Certificate {
		return &x509.Certificate{
			NotBefore: visitedAt.AddDate(0, from, 0), NotAfter: visitedAt.AddDate(0, to, 0), DNSNames: []string{name},
			Subject: pkix.Name{CommonName: name}, Issuer: pkix.Name{CommonName: issuer},
		}
	}
	for want, chain := range map[string][]*x509.Certificate{
		"tls-expired":     {leaf(-12, -1, "gazette.example", "ca")},
		"tls-wrong-name":  {leaf(-1, 1, "other.example", "ca")},
		"tls-self-signed": {leaf(-1, 1, "gazette.example", "gazette.example")},
		"tls-untrusted":   {leaf(-1, 1, "gazette.example", "ca"), leaf(-1, 1, "ca", "ca")},
	} {
		x := failure(cited, "tls", archive.ClassCertificate, "x509: certificate signed by unknown authority")
		x.TLS = &archive.TLS{Chain: chain}
		if got := ReasonCode(Judge(visit(x)).Reasons[0]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	early := failure(cited, "tls", archive.ClassCertificate, "")
	early.TLS, early.Started = &archive.TLS{Chain: []*x509.Certificate{leaf(1, 2, "gazette.example", "ca")}}, visitedAt.Add(time.Hour)
	if got := ReasonCode(Judge(visit(early)).Reasons[0]); got != "tls-expired" {
		t.Errorf("a certificate of tomorrow: %s", got)
	}
}

// TestRefusalIsNeverDeath: whatever else a visit saw, one refusal among its
// looks keeps it from being judged dead; and any mix gets a well-formed
// judgement, the same when judged again.
func TestRefusalIsNeverDeath(t *testing.T) {
	var pool []func() *archive.Exchange
	for _, status := range []int{200, 204, 206, 301, 302, 304, 400, 401, 404, 405, 410, 418, 429, 500, 503, 511, 600} {
		x := answer(t, cited, status, "x", "Location: /elsewhere")
		pool = append(pool, func() *archive.Exchange { return x })
	}
	for _, class := range []string{
		archive.ClassNoHost, archive.ClassDNS, archive.ClassReset, archive.ClassCertificate, archive.ClassNotHTTP,
		archive.ClassURL, archive.ClassPrivate, archive.ClassInterrupted, archive.ClassLoop, "new-class",
	} {
		pool = append(pool, func() *archive.Exchange { return failure(cited, "x", class, "why") })
	}
	missing := answer(t, "https://gazette.example/elsewhere", 404, "x")
	pool = append(pool, func() *archive.Exchange { return missing })
	refusals := []*archive.Exchange{failure(cited, "robots", archive.ClassRobots, "disallowed")}
	for _, status := range []int{401, 402, 403, 407, 418, 420, 429, 430, 440, 451, 999} {
		refusals = append(refusals, answer(t, cited, status, "x"))
	}
	refusals = append(refusals, answer(t, cited, 404, "x", "Cf-Mitigated: challenge"))

	rapid.Check(t, func(t *rapid.T) {
		var xs []*archive.Exchange
		for range rapid.IntRange(0, 6).Draw(t, "looks") {
			xs = append(xs, rapid.SampledFrom(pool).Draw(t, "exchange")())
		}
		v := &archive.Visit{URL: cited, Exchanges: xs}
		plain := Judge(v)
		wellFormed(t, plain)
		if diff := cmp.Diff(plain, Judge(v)); diff != "" {
			t.Errorf("judged again (-first +second):\n%s", diff)
		}
		at := rapid.IntRange(0, len(xs)).Draw(t, "at")
		v.Exchanges = append(append(append([]*archive.Exchange(nil), xs[:at]...), rapid.SampledFrom(refusals).Draw(t, "refusal")), xs[at:]...)
		refused := Judge(v)
		wellFormed(t, refused)
		if condemns(refused.Verdict) {
			t.Errorf("judged %s in spite of a refusal: %q", refused.Verdict, refused.Reasons)
		}
	})
}

func TestLevelAndFails(t *testing.T) {
	want := map[archive.Verdict]Severity{
		archive.Alive: SeverityPass, archive.Moved: SeverityNote, archive.Drifted: SeverityWarning, archive.Restricted: SeverityNote,
		archive.Blocked: SeverityNote, archive.Soft404: SeverityError, archive.Gone: SeverityError, archive.Unreachable: SeverityWarning,
		archive.Invalid: SeverityError, archive.Unknown: SeverityNote,
	}
	for _, v := range archive.Verdicts() {
		if Level(v) != want[v] {
			t.Errorf("%s is %s, want %s", v, Level(v), want[v])
		}
		once := archive.Judgement{Verdict: v, Reasons: []string{"http-404: x", "single-look: x"}}
		twice := archive.Judgement{Verdict: v, Reasons: []string{"http-404: x", "second-look: x"}}
		if Fails(once) || Fails(twice) != (want[v] == SeverityError) {
			t.Errorf("%s: fails once %t, twice %t", v, Fails(once), Fails(twice))
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	v := visit(answer(b, cited, 200, strings.Repeat("<p>words and words</p>", 1500), "Content-Type: text/html", "Server: nginx"))
	b.ReportAllocs()
	for b.Loop() {
		Judge(v)
	}
}

func TestRetryAfterSaysItsUnit(t *testing.T) {
	for value, want := range map[string]string{
		"3600":                          "come back after 3600 s",
		"Wed, 21 Oct 2026 07:28:00 GMT": "come back after Wed, 21 Oct 2026 07:28:00 GMT",
		"soon":                          "come back after soon",
	} {
		x := &archive.Exchange{Header: http.Header{"Retry-After": {value}}}
		if got := withRetryAfter(archive.Judgement{}, x).Reasons[0]; !strings.HasSuffix(got, ": "+want) {
			t.Errorf("%q gives %q, want %q", value, got, want)
		}
	}
}
