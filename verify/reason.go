package verify

import (
	"fmt"
	"strconv"
	"strings"
)

// Code is one kind of reason. Codes are stored and stay as they are.
type Code struct {
	Code    string // "<x>" stands for a value, as in http-<status>
	Meaning string
}

// Codes lists every code that a reason of Judge can carry.
func Codes() []Code {
	return []Code{
		{"http-<status>", "the status that the answer had"},
		{"http-none", "the answer has no status"},
		{"address-tried", "another address of the host did not take the connection"},
		{"not-modified", "the server says that what is archived still holds (304)"},
		{"redirect-permanent", "a permanent redirect (301, 308) to another page"},
		{"redirect-temporary", "a temporary redirect (302, 303, 307) to another page"},
		{"redirect-same", "a redirect that changes only scheme, www., a trailing slash or dropped parameters"},
		{"redirect-home", "a redirect from a page to a site's home page"},
		{"redirect-insecure", "a redirect from https to http"},
		{"redirect-broken", "a redirect that leads nowhere fetchable"},
		{"redirect-loop", "redirects that come round"},
		{"redirect-limit", "more redirects than the limit"},
		{"redirect-no-such-host", "a redirect to a host that does not exist"},
		{"redirect-not-http", "a redirect to something that is no HTTP"},
		{"not-found-title", "title or first heading says that nothing is there"},
		{"not-found-text", "all that the page says is that nothing is there"},
		{"not-found-mark", "the page tells machines that nothing is there"},
		{"not-found-address", "a redirect to the address of an error page"},
		{"sibling", "a page that nobody made gets the same answer"},
		{"site-same", "the site says the same few words at every address, its home page included"},
		{"sibling-absent", "a page that nobody made is not found, so that the server knows what it has"},
		{"redirect-all", "a page that nobody made is redirected to the same page"},
		{"redirect-many", "other cited pages of the site are redirected to the same page"},
		{"shell", "a page that is only made by its scripts, which are not run"},
		{"parked-<who>", "the domain has no site: it is parked, for sale, switched off or new"},
		{"like-earlier", "the page is like the one that an earlier visit found"},
		{"unlike-earlier", "the page has nothing of the one that an earlier visit found"},
		{"same-as-earlier", "the redirect ends where it ended at an earlier visit"},
		{"not-compared", "the page could not be compared with anything earlier"},
		{"as-cited", "when the capture was made that it was compared with"},
		{"text-same", "other bytes than when it was cited, and the same text"},
		{"cited-stands", "what was cited is there as it was"},
		{"cited-number", "a number in what was cited changed"},
		{"cited-negation", "what was cited was negated, or no longer is"},
		{"cited-name", "a name in what was cited changed"},
		{"cited-words", "words in what was cited changed"},
		{"cited-missing", "what was cited is no longer there"},
		{"cited-unknown", "nothing of what was kept speaks to the claim in its words"},
		{"main-same", "what changed is outside the main text"},
		{"main-touched", "little of the main text changed"},
		{"main-changed", "much of the main text changed"},
		{"page-grown", "there is new text, and what the page said is still there"},
		{"page-replaced", "hardly anything of the main text is left"},
		{"no-main-text", "no main text was found, and all visible text was compared"},
		{"text-cut", "only the start of the text was compared"},
		{"login", "a login page in the place of the source"},
		{"consent", "a page that asks for consent in the place of the source"},
		{"age-gate", "a page that asks for an age in the place of the source"},
		{"paywall", "the source is for subscribers"},
		{"geo-block", "the source refuses the country of the visit"},
		{"denied", "a page that refuses the visit, with a success code"},
		{"trouble", "a page that tells of the server's own trouble, with a success code"},
		{"bot-wall-<who>", "the answer is that of a known bot wall"},
		{"robots", "robots.txt forbids the visit and the policy is to respect it"},
		{"retry-after", "the server asks to come back later"},
		{"no-such-host", "DNS says that the name does not exist"},
		{"dns", "DNS did not answer"},
		{"refused", "connection refused"},
		{"no-route", "network or host unreachable"},
		{"reset", "the connection ended before the answer"},
		{"timeout", "a time limit passed"},
		{"too-slow", "the answer came below the minimum rate"},
		{"tls", "the TLS handshake failed"},
		{"tls-expired", "the certificate is out of its dates"},
		{"tls-wrong-name", "the certificate is for another name"},
		{"tls-self-signed", "the certificate is signed by itself"},
		{"tls-untrusted", "the certificate's issuer is not trusted"},
		{"tls-certificate", "the certificate is not valid for another reason"},
		{"https-upgrade", "nothing takes connections by http, and it was asked by https as browsers do"},
		{"header-limit", "more header than the limit"},
		{"framing", "the framing of the answer is broken"},
		{"truncated-length", "the body exceeds the limit; its start is kept"},
		{"truncated-time", "the body did not end in time; what came is kept"},
		{"truncated-disconnect", "the body ended before its end; what came is kept"},
		{"truncated-unspecified", "the body is cut for another reason; what came is kept"},
		{"partial-content", "206: a part of the content that nobody asked to be cut"},
		{"empty", "a success without content"},
		{"not-http", "something else than HTTP answered"},
		{"private-address", "the address is private or reserved and was not contacted"},
		{"url-invalid", "the citation is no URL that can be fetched"},
		{"captive-portal", "the network between here and the source wants a login (511)"},
		{"interrupted", "the program was asked to stop"},
		{"failed", "the exchange failed for a reason without a class"},
		{"conflict", "the looks contradict each other"},
		{"other-look", "how another look of the same visit ended"},
		{"second-look", "two or more looks agreed"},
		{"single-look", "no second look confirmed it"},
		{"no-evidence", "the source was not asked"},
		{"post-shown", "the source's platform gives the post"},
		{"post-registered", "the name is registered; the page that it leads to decides"},
		{"post-restricted", "the platform has the post and does not show it to everybody"},
		{"post-absent", "everyone that the platform has for such questions says that there is no such post"},
		{"post-unclear", "the platform did not say how the post stands"},
		{"post-author", "the platform names another handle than the citation"},
		{"not-permitted", "the platform's page says that only some may see the source"},
		{"platform-absent", "the platform's page says that there is no such source"},
		{"platform-unclear", "the platform's page says the same of what is gone and of what is not public"},
		{"post-not-asked", "a page that is the same for every post, and the platform was not asked"},
		{"archived-error", "an archive gave back an error page that it kept"},
		{"imported", "the records were made by somebody else"},
		{"import-incomplete", "the imported records are not enough to judge by"},
	}
}

// ReasonCode returns the code of a reason "<code>: <sentence>".
func ReasonCode(reason string) string {
	code, _, _ := strings.Cut(reason, ": ")
	return code
}

func because(code, format string, args ...any) string {
	if len(args) == 0 {
		return code + ": " + format
	}
	return code + ": " + fmt.Sprintf(format, args...)
}

func statusCode(status int) string {
	if status == 0 {
		return "http-none"
	}
	return "http-" + strconv.Itoa(status)
}

// brief bounds a piece of hostile text inside a reason. It does not clean it:
// that is done where it is shown.
func brief(s string) string {
	const limit = 200 // bytes
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
