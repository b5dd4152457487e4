package verify

import (
	"bytes"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// loginPage: a redirect that ends at a login. Words such as "log in" stand on
// half of all pages and prove nothing; so the redirect must end at the address
// of a login, and the page must ask for a password, unless the address is one
// of a platform that serves nothing else there.
func loginPage(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) {
		return archive.Judgement{}, false
	}
	if loginAddress(e.hops[0].URL) {
		return archive.Judgement{}, false
	}
	if len(e.hops) == 1 || !loginAddress(x.URL) {
		return e.loginInPlace()
	}
	if at := addressOf(x.URL); at.below("linkedin.com") && strings.HasPrefix(at.path, "/authwall") {
		return judged(archive.Blocked, because("bot-wall-linkedin", "LinkedIn refuses programs: it redirected to %s", brief(x.URL))), true
	}
	if who := loginOf(x.URL); who != "" {
		return judged(archive.Restricted, because("login", "%s shows it only to those who are logged in: redirected to a login page: %s", who, brief(x.URL))), true
	}
	if !asksPassword(e.text()) {
		return archive.Judgement{}, false
	}
	return judged(archive.Restricted, because("login", "redirected to a login page: %s", brief(x.URL))), true
}

// loginInPlace: the cited address itself, or one that is no login's, shows a
// page that calls itself a login, asks for a password and says little else.
func (e *evidence) loginInPlace() (archive.Judgement, bool) {
	h := e.heading()
	for _, line := range [...]string{h.title, h.h1} {
		for _, part := range splitTitle(line, true) {
			if !loginWords.exact[foldText(part)] || e.cites(loginWords) || !asksPassword(e.text()) || e.sight().prose >= thinProse {
				continue
			}
			return judged(archive.Restricted, because("login", "a login page in its place: %q", brief(line))), true
		}
	}
	return archive.Judgement{}, false
}

// loginWords are titles of pages to log in. They are not changed.
var loginWords = phrasesOf("log in|login|log on|logon|sign in|signin|sign in to continue|log in to continue|please log in|please sign in|member login|members login|" +
	"login required|authentication required|anmelden|anmeldung|einloggen|connexion|se connecter|identifiez vous|iniciar sesión|inicia sesión|acceder|entrar|fazer login|" +
	"accedi|inloggen|zaloguj się|logowanie|вход|войти|войдите|авторизация|вход в систему|вход на сайт|увійти|вхід|giriş|giriş yap|oturum aç|kirish|tizimga kirish|" +
	"кириш|тизимга кириш|воридшавӣ|ворид шудан|кирүү|кіру|жүйеге кіру|ورود|ورود به سایت|ننوتل|تسجيل الدخول|登录|登入|ログイン|로그인|लॉग इन|লগ ইন|لاگ ان|masuk|đăng nhập")

// asksPassword reports an input for a password in HTML.
func asksPassword(html []byte) bool {
	html = bytes.ToLower(html)
	for {
		_, rest, ok := bytes.Cut(html, []byte("<input"))
		if !ok {
			return false
		}
		tag, after, _ := bytes.Cut(rest, []byte(">"))
		if _, kind, ok := bytes.Cut(tag, []byte("type")); ok {
			kind = bytes.TrimLeft(kind, " \t\r\n='\"")
			if bytes.HasPrefix(kind, []byte("password")) {
				return true
			}
		}
		html = after
	}
}

// loginAddress reports a URL that looks like a login: by a label of its host
// or a segment of its path.
func loginAddress(raw string) bool {
	if loginOf(raw) != "" {
		return true
	}
	a := addressOf(raw)
	label, _, _ := strings.Cut(a.host, ".")
	switch label {
	case "login", "signin", "accounts", "account", "auth", "sso", "idp", "id", "cas":
		return true
	}
	for _, segment := range strings.Split(strings.ToLower(a.path), "/") {
		segment, _, _ = strings.Cut(segment, ".") // login.php, login.aspx
		switch segment {
		case "login", "log-in", "signin", "sign-in", "sign_in", "logon", "auth", "authenticate", "sso", "wp-login", "checkpoint", "authwall":
			return true
		}
	}
	return false
}

// loginOf is the platform whose login page has this address, "" for none: platforms
// build their form by script, so that no password input stands in the HTML.
func loginOf(raw string) string {
	a := addressOf(raw)
	for _, p := range []struct{ who, domain, path string }{
		{"Google", "accounts.google.com", "/"},
		{"Microsoft", "login.microsoftonline.com", "/"},
		{"Facebook", "facebook.com", "/login"},
		{"Instagram", "instagram.com", "/accounts/login"},
		{"LinkedIn", "linkedin.com", "/authwall"},
		{"LinkedIn", "linkedin.com", "/uas/login"},
		{"X", "x.com", "/i/flow/login"},
		{"X", "twitter.com", "/i/flow/login"},
		{"TikTok", "tiktok.com", "/login"},
	} {
		if a.below(p.domain) && strings.HasPrefix(a.path, p.path) {
			return p.who
		}
	}
	return ""
}
