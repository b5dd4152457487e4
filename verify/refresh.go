package verify

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/ibid-archive/ibid/archive"
)

// refreshDelay is after how many seconds at most a page is one that leads on, and
// not one that is read and then renewed.
const refreshDelay = 30

// leadsOn: a page of next to no words that has browsers go on to another address by
// <meta http-equiv=refresh>. Visits do not follow it, so what the source says has
// not been seen.
func leadsOn(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) || !isPage(x) || !e.small() || !bytes.Contains(bytes.ToLower(e.text()), []byte("refresh")) {
		return archive.Judgement{}, false
	}
	target := refreshTarget(e.text(), x.URL)
	if target == "" || e.sight().words > scantPage {
		return archive.Judgement{}, false
	}
	return judged(archive.Unknown, because("refresh", "a page that only has browsers go on to %s, which was not visited: cite that address", brief(target)),
		because(statusCode(x.Status), "answered with %d bytes", x.PayloadSize)), true
}

// refreshTarget is the other address to which a page at base leads by itself, ""
// when it does not.
func refreshTarget(page []byte, base string) string {
	at, err := url.Parse(base)
	if err != nil {
		return ""
	}
	noscript := false
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "noscript" {
				noscript = false
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			if string(name) == "noscript" {
				noscript = true
			}
			if string(name) != "meta" || noscript {
				continue
			}
			var equiv, content string
			for more {
				var key, value []byte
				switch key, value, more = z.TagAttr(); string(key) {
				case "http-equiv":
					equiv = string(value)
				case "content":
					content = string(value)
				}
			}
			if !strings.EqualFold(strings.TrimSpace(equiv), "refresh") {
				continue
			}
			to, err := at.Parse(refreshURL(content))
			if err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
				return ""
			}
			to.Fragment = ""
			if here := *at; to.Host == here.Host && to.RequestURI() == here.RequestURI() {
				return ""
			}
			return to.String()
		}
	}
}

// refreshURL is the address in the value of a refresh ("0; url=/new"), "" for none.
func refreshURL(content string) string {
	i := strings.IndexAny(content, ";, ")
	if i < 0 {
		return ""
	}
	if delay, err := strconv.ParseFloat(strings.TrimSpace(content[:i]), 64); err != nil || !(delay >= 0 && delay <= refreshDelay) {
		return ""
	}
	rest := strings.TrimSpace(strings.TrimLeft(content[i:], ";, "))
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if after, ok := strings.CutPrefix(strings.TrimSpace(rest[3:]), "="); ok {
			rest = strings.TrimSpace(after)
		}
	}
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		rest, _, _ = strings.Cut(rest[1:], rest[:1])
	}
	return strings.TrimSpace(rest)
}
