package platform

import (
	"encoding/json"
	"strings"
	"time"

	"golang.org/x/net/html"

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
			if s.id, original = copyOf(s.host, s.key); original != "" {
				return true
			}
			parts := segments(s.key)
			short := s.host != "web.archive.org" && len(parts) == 1 && parts[0] != "search" && parts[0] != "submit" && len(parts[0]) >= 4 && len(parts[0]) <= 6 && isWordly(parts[0])
			if short {
				s.id = parts[0]
			}
			return short
		},
		see: func(a *Answer) archive.Post { return archive.Post{Original: originalOf(a)} },
		post: func(s *subject) archive.Post {
			_, original := copyOf(s.host, s.key)
			if original == "" {
				return archive.Post{} // a short name says neither
			}
			at, _ := time.Parse("20060102150405", s.id)
			return archive.Post{Original: original, PostedAt: at, PostedBy: archive.PostedByID}
		},
	}
}

// perma: the page of a copy shows it in a frame. The public record of the copy
// names what it is of; its title is left out, for it is not what was archived.
func permaProbe() *probe {
	return &probe{
		name: "perma", title: "Perma.cc", about: "copies in Perma.cc: what they are of, and since when", hosts: []string{"perma.cc", "www.perma.cc"}, page: true, witnesses: 1,
		match: func(s *subject) bool {
			parts := segments(s.key)
			if len(parts) != 1 || len(parts[0]) < 9 || len(parts[0]) > 24 || !strings.Contains(parts[0], "-") || !isWordly(parts[0]) {
				return false
			}
			s.id = strings.ToUpper(parts[0])
			return true
		},
		asks: []ask{{name: "record", base: "https://api.perma.cc/v1/public/archives/", accept: "application/json", expect: archive.PostRegistered,
			url: func(base string, s *subject) string { return base + s.id + "/" },
			read: func(s *subject, a *Answer) reading {
				var got struct {
					GUID    string `json:"guid"`
					URL     string `json:"url"`
					Created string `json:"creation_timestamp"`
				}
				switch {
				case a.Failure == "" && a.Status == 404:
					return read(archive.PostAbsent, "has no public copy of this name (404)")
				case a.Failure != "" || a.Status != 200:
					return refusal(a)
				case json.Unmarshal(a.Body, &got) != nil || !strings.EqualFold(got.GUID, s.id):
					return read(archive.PostUnclear, "answers with something else than the record of a copy")
				}
				r := read(archive.PostRegistered, "has the copy")
				r.post.Original, r.post.PostedAt = webURL(got.URL), instant(got.Created)
				return r
			}}},
	}
}

// originalOf is what the page of a copy is of, as it says in the field Link
// (RFC 7089, section 2.2) or in the box with the address above the copy.
func originalOf(a *Answer) string {
	for _, link := range a.Header.Values("Link") {
		for part := range strings.SplitSeq(link, ",") {
			at, params, ok := strings.Cut(strings.TrimSpace(part), ">")
			if ok && strings.HasPrefix(at, "<") && strings.Contains(strings.ReplaceAll(params, " ", ""), `rel="original"`) {
				return webURL(at[1:])
			}
		}
	}
	box := find(document(a.Body), func(n *html.Node) bool { return n.Data == "input" && attr(n, "name") == "q" })
	if box == nil {
		return ""
	}
	return webURL(attr(box, "value"))
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
