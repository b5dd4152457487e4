package verify

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// wall is what the answer of one bot wall looks like. All of its conditions
// must hold; an empty condition holds always.
type wall struct {
	who      string   // the end of the reason's code
	statuses []int    // nil for every status
	host     string   // the end of the answering host's name
	header   string   // this field is there
	value    string   // and contains this, in lower case
	body     []string // one of these stands in the first 64 KiB of the decoded body
	size     int64    // and the body has at most so many bytes as sent; 0 for any size
	words    int      // and at most so many words are to be read in it; 0 for any number
	says     string
}

// smallPage bounds, in bytes as sent, the bodies that are searched behind a
// success: a wall's page is small, and ordinary pages must not cost their decoding.
const smallPage = 8 << 10

// captchaWords is how many words a page says that shows nothing but a captcha.
const captchaWords = 60

// knownWalls is the table of signatures. A product's mere presence (Server:
// cloudflare, a cookie, x-datadome on a page that was let through) proves
// nothing and is not in it. It is not changed.
var knownWalls = wallTable()

func wallTable() []wall {
	refusals := []int{401, 402, 403, 405, 406, 418, 420, 429, 430, 451, 503, 999}
	denied := []int{403, 405, 429, 503}
	ok := []int{200}
	// Walls that answer as if nothing were there.
	absences := append(slices.Clone(refusals), 400, 404, 410, 428)
	return []wall{
		{who: "cloudflare", header: "Cf-Mitigated", value: "challenge", says: "Cloudflare asks for proof of a person"},
		{who: "cloudflare", statuses: denied, body: []string{"/cdn-cgi/challenge-platform/", "/cdn-cgi/l/chk_", "cf-error-details", "<title>Attention Required! | Cloudflare"}, says: "Cloudflare refuses us"},
		{who: "vercel", header: "X-Vercel-Mitigated", value: "challenge", says: "Vercel asks for proof of a person"},
		{who: "vercel", header: "X-Vercel-Mitigated", value: "deny", says: "Vercel's firewall refuses us"},
		{who: "akamai", statuses: []int{403}, header: "Server", value: "akamaighost", says: "Akamai refuses us"},
		{who: "akamai", statuses: absences, size: smallPage, words: captchaWords, body: []string{"errors.edgesuite.net"}, says: "Akamai refuses us"},
		{who: "akamai", size: smallPage, words: captchaWords, body: []string{`id="sec-if-cpt-container"`}, says: "Akamai asks for proof of a browser"},
		{who: "datadome", statuses: refusals, header: "X-Dd-B", says: "DataDome refuses us"},
		{who: "datadome", statuses: refusals, header: "X-Datadome", says: "DataDome refuses us"},
		{who: "datadome", statuses: absences, size: smallPage, words: captchaWords, body: []string{"captcha-delivery.com"}, says: "DataDome asks for proof of a person"},
		{who: "imperva", statuses: refusals, header: "X-Iinfo", says: "Imperva refuses us"},
		{who: "imperva", size: smallPage, words: captchaWords, body: []string{`src="/_Incapsula_Resource?SWUDNSAI`}, says: "Imperva asks for proof of a person"},
		{who: "imperva", statuses: append(slices.Clone(absences), 200), size: smallPage, header: "X-Iinfo", body: []string{"Incapsula incident ID"}, says: "Imperva asks for proof of a person"},
		{who: "aws-waf", header: "X-Amzn-Waf-Action", value: "challenge", says: "AWS WAF asks for proof of a person"},
		{who: "aws-waf", header: "X-Amzn-Waf-Action", value: "captcha", says: "AWS WAF asks for proof of a person"},
		{who: "cloudfront", statuses: []int{403}, header: "X-Cache", value: "error from cloudfront", body: []string{"The request could not be satisfied"}, says: "CloudFront refuses us"},
		{who: "kasada", statuses: refusals, header: "X-Kpsdk-Ct", says: "Kasada asks for proof of a person"},
		{who: "kasada", statuses: refusals, body: []string{"window.KPSDK"}, says: "Kasada asks for proof of a person"},
		{who: "perimeterx", statuses: refusals, body: []string{"window._pxAppId"}, says: "PerimeterX asks for proof of a person"},
		{who: "perimeterx", size: smallPage << 1, words: captchaWords, body: []string{`id="px-captcha"`}, says: "PerimeterX asks for proof of a person"},
		{who: "anubis", statuses: append(slices.Clone(refusals), 200), size: smallPage, body: []string{`id="anubis_challenge"`}, says: "Anubis asks for proof of work"},
		{who: "anubis", size: smallPage, words: captchaWords, body: []string{`href="https://github.com/TecharoHQ/anubis`, `href="https://anubis.techaro.lol`}, says: "Anubis refuses us"},
		{who: "imunify", size: smallPage, header: "Server", value: "imunify360", says: "Imunify360 takes us for a robot"},
		{who: "imunify", size: smallPage, words: captchaWords, body: []string{"Imunify360 bot-protection"}, says: "Imunify360 takes us for a robot"},
		{who: "fastly", size: smallPage, words: captchaWords, body: []string{`src="/_fs-ch-`}, says: "Fastly asks for proof of a browser"},
		{who: "servicepipe", size: smallPage, words: captchaWords, body: []string{`src="https://servicepipe.ru/static/checkjs`, `id="id_captcha_frame_div"`}, says: "Servicepipe asks for proof of a browser"},
		{who: "qrator", statuses: refusals, header: "Server", value: "qrator", says: "Qrator refuses us"},
		{who: "sucuri", statuses: refusals, body: []string{"Sucuri WebSite Firewall - Access Denied"}, says: "Sucuri's firewall refuses us"},
		{who: "wordfence", statuses: refusals, body: []string{"Generated by Wordfence", "Your access to this site has been limited by the site owner"}, says: "Wordfence refuses us"},
		{who: "f5", statuses: ok, size: smallPage, body: []string{"<title>Request Rejected</title>", "The requested URL was rejected. Please consult with your administrator"}, says: "F5's firewall refuses us"},
		{who: "distil", statuses: append(slices.Clone(refusals), 200), size: smallPage, body: []string{"<title>Pardon Our Interruption"}, says: "Imperva takes us for a robot"},
		{who: "siteground", header: "Sg-Captcha", value: "challenge", says: "SiteGround asks for proof of a person"},
		{who: "siteground", statuses: []int{200, 202, 403}, size: smallPage, body: []string{"/.well-known/sgcaptcha/"}, says: "SiteGround asks for proof of a person"},
		{who: "radware", statuses: append(slices.Clone(refusals), 200), size: smallPage, body: []string{"captcha.perfdrive.com/", "<title>Radware Captcha Page"}, says: "Radware asks for proof of a person"},
		{who: "aliyun", statuses: append(slices.Clone(refusals), 200), size: smallPage, body: []string{"acw_sc__v2", "aliyun_waf_"}, says: "Aliyun asks for proof of a browser"},
		{who: "testcookie", statuses: ok, size: smallPage, body: []string{"slowAES.decrypt("}, says: "a script asks for proof of a browser"},
		{who: "arvan", statuses: denied, header: "Server", value: "arvancloud", says: "ArvanCloud refuses us"},
		{who: "google", statuses: append(slices.Clone(refusals), 200), host: "google.com", body: []string{`action="/sorry/`, "/sorry/index", "Our systems have detected unusual traffic"}, says: "Google takes us for a robot"},
		{who: "yandex", statuses: append(slices.Clone(refusals), 200), size: smallPage << 2, body: []string{"/showcaptcha?", "/checkcaptcha?"}, says: "Yandex asks for proof of a person"},
		{who: "browser-check", statuses: append(slices.Clone(denied), 200, 404, 410), size: smallPage, words: captchaWords, body: []string{"Checking your browser before accessing", "Verifying you are human", "erify you are a human", "Please verify you are human"}, says: "a page checks our browser first"},
		{who: "captcha", statuses: append(slices.Clone(denied), 200), size: smallPage, words: captchaWords, body: []string{"google.com/recaptcha/", "hcaptcha.com/1/api.js", "challenges.cloudflare.com/turnstile/", "smartcaptcha.yandexcloud.net/", `class="g-recaptcha"`, `class="h-captcha"`}, says: "there is nothing but a captcha"},
		{who: "ddos-guard", statuses: denied, header: "Server", value: "ddos-guard", says: "DDoS-Guard refuses us"},
		{who: "linkedin", statuses: []int{999}, host: "linkedin.com", says: "LinkedIn refuses programs"},
		{who: "reddit", statuses: denied, host: "reddit.com", body: []string{"blocked by network security"}, says: "Reddit refuses us"},
		{who: "youtube", statuses: ok, host: "youtube.com", body: []string{"<title> - YouTube</title>"}, says: "YouTube answers with a page that shows no video"},
	}
}

// walled: the answer is that of a known bot wall.
func walled(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	for i := range knownWalls {
		w := &knownWalls[i]
		if w.matches(e, x) {
			j := judged(archive.Blocked, because("bot-wall-"+w.who, "%s", w.says), because(statusCode(x.Status), "it came with status %d", x.Status))
			return withRetryAfter(j, x), true
		}
	}
	return archive.Judgement{}, false
}

func (w *wall) matches(e *evidence, x *archive.Exchange) bool {
	if w.statuses != nil && !slices.Contains(w.statuses, x.Status) {
		return false
	}
	if w.header != "" && !hasHeader(x.Header, w.header, w.value) {
		return false
	}
	if w.size > 0 && x.PayloadSize > w.size {
		return false
	}
	if w.host != "" && !addressOf(x.URL).below(w.host) {
		return false
	}
	if w.body == nil {
		return true
	}
	if w.size > 0 && int64(len(e.text())) > 2*w.size {
		return false // small only as it was compressed
	}
	for _, marker := range w.body {
		if bytes.Contains(e.text(), []byte(marker)) {
			return w.words == 0 || e.sight().words <= w.words
		}
	}
	return false
}

func hasHeader(h http.Header, name, value string) bool {
	values := h.Values(name)
	if value == "" {
		return len(values) > 0
	}
	for _, v := range values {
		if strings.Contains(strings.ToLower(v), value) {
			return true
		}
	}
	return false
}
