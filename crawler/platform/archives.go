package platform

import (
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// archives: the address of an archived page says what it is a copy of and since
// when. That address is what the citation is about; the copy is what is fetched,
// and its page decides.
func archivesProbe() *probe {
	return &probe{
		name: "archive", title: "The archive", about: "copies in the Wayback Machine and archive.today: what they are of, and since when; nobody is asked", page: true,
		hosts: []string{"web.archive.org", "archive.today", "archive.ph", "archive.is", "archive.li", "archive.vn", "archive.fo", "archive.md"},
		note:  "an error page that the archive kept says nothing of the source",
		match: func(s *subject) bool {
			var original string
			s.id, original = copyOf(s.host, s.key)
			return original != ""
		},
		post: func(s *subject) archive.Post {
			_, original := copyOf(s.host, s.key)
			at, _ := time.Parse("20060102150405", s.id)
			return archive.Post{Original: original, PostedAt: at, PostedBy: archive.PostedByID}
		},
	}
}

// copyOf reads <time>/<address> behind the host, for the Wayback Machine behind
// /web/: the time as 14 digits, and the address; both "" for another page.
func copyOf(host, key string) (at, original string) {
	_, rest, _ := strings.Cut(key, "://")
	_, rest, _ = strings.Cut(rest, "/")
	if host == "web.archive.org" {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, "web/"); !ok {
			return "", ""
		}
	}
	at, original, _ = strings.Cut(rest, "/")
	if host == "web.archive.org" {
		if i := strings.IndexFunc(at, func(r rune) bool { return r < '0' || r > '9' }); i > 0 && len(at) == i+3 && at[i+2] == '_' {
			at = at[:i] // id_, if_: how the copy is to be shown
		}
	}
	at = strings.NewReplacer("-", "", ".", "").Replace(at)
	if !isDigits(at, 14) || len(at) < 4 {
		return "", ""
	}
	if at += "0101000000"[min(10, max(0, len(at)-4)):]; len(at) != 14 {
		return "", ""
	}
	if _, err := time.Parse("20060102150405", at); err != nil {
		return "", ""
	}
	if !strings.Contains(original, "://") {
		if first, _, _ := strings.Cut(original, "/"); strings.HasSuffix(first, ":") || !strings.Contains(first, ".") {
			original = strings.Replace(original, ":/", "://", 1) // what some tools make of //
		} else {
			original = "http://" + original
		}
	}
	if original = webURL(original); original == "" {
		return "", ""
	}
	return at, original
}
