package platform

import (
	"net/url"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Bounds of what is kept of a post, in bytes but for the last.
const (
	maxText  = 64 << 10
	maxName  = 1 << 10
	maxURL   = 4 << 10
	maxMedia = 20
)

// cut bounds s and makes it valid UTF-8.
func cut(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ToValidUTF8(s, "")
}

// brief bounds a piece of an answer within a sentence.
func brief(s string) string {
	if s = strings.Join(strings.Fields(s), " "); len(s) > 160 {
		return cut(s, 160) + "…"
	}
	return strings.ToValidUTF8(s, "")
}

// author returns nil when nothing is known.
func author(name, handle, at string) *archive.PostAuthor {
	if name == "" && handle == "" {
		return nil
	}
	return &archive.PostAuthor{Name: cut(name, maxName), Handle: cut(strings.TrimPrefix(handle, "@"), maxName), URL: webURL(at)}
}

// webURL returns raw when it is an absolute http or https address without
// credentials, else "".
func webURL(raw string) string {
	if len(raw) > maxURL {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

// addMedia adds what has a usable address and is not there yet.
func addMedia(p *archive.Post, kind, raw, alt string) {
	at := webURL(raw)
	if at == "" || len(p.Media) >= maxMedia {
		return
	}
	for _, m := range p.Media {
		if m.URL == at {
			return
		}
	}
	p.Media = append(p.Media, archive.PostMedia{Kind: kind, URL: at, Alt: cut(alt, maxText)})
}

// instant reads an RFC 3339 time, zero when it is none or none that a record
// can hold.
func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1990 || t.Year() > 9998 {
		return time.Time{}
	}
	return t.UTC()
}

func isDigits(s string, limit int) bool {
	return s != "" && len(s) <= limit && strings.Trim(s, "0123456789") == ""
}

// withQuery is base with the pairs of names and values in their order.
func withQuery(base string, pairs ...string) string {
	var b strings.Builder
	b.WriteString(base)
	for i := 0; i+1 < len(pairs); i += 2 {
		if i == 0 {
			b.WriteByte('?')
		} else {
			b.WriteByte('&')
		}
		b.WriteString(pairs[i] + "=" + url.QueryEscape(pairs[i+1]))
	}
	return b.String()
}

// segments are the parts of the path of an absolute address, as they stand in it.
func segments(raw string) []string {
	_, rest, _ := strings.Cut(raw, "://")
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	_, path, _ := strings.Cut(rest, "/")
	return strings.Split(strings.TrimSuffix(path, "/"), "/")
}

// unescaped is a path segment without percent-encoding.
func unescaped(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
