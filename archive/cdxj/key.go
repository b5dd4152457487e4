package cdxj

import (
	"net/netip"
	"slices"
	"strings"
)

// Key returns the searchable URL of a URL, its SURT: the host's labels in
// reverse, a closing parenthesis, path and query.
//
// The rules are those that the Internet Archive and pywb have in common, except
// for the case of paths. Of http and https URLs: scheme, credentials and
// fragment go; so do "www." and "www" with digits before a host, a dot behind
// it, and a default port; the host is in lower case, and an IP address is not
// reversed. A slash at the end goes unless the path is nothing else. Escapes of
// unreserved characters (RFC 3986 §2.3) are undone, other escapes have capital
// digits, and what is not printable ASCII is escaped. Session ids go from path
// and query, parameters are sorted by bytes, an empty query goes.
//
// The case of path and query is kept, as servers distinguish it, while the
// CDXJ specification, pywb and wabac.js put everything in lower case: whoever
// searches our keys for theirs must fold the case of both.
//
// Any other URL (urn:, dns:) is its own key, but for the escapes.
func Key(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	https := strings.EqualFold(scheme, "https")
	if !ok || !https && !strings.EqualFold(scheme, "http") {
		return escape(url)
	}
	rest, _, _ = strings.Cut(rest, "#")
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	path, query, _ := strings.Cut(path, "?")
	return reverse(authority, https) + ")" + keyPath(path) + keyQuery(query)
}

func reverse(authority string, https bool) string {
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	host, port := strings.ToLower(authority), ""
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host, port = host[:i], host[i:]
	}
	if port == ":" || port == ":80" && !https || port == ":443" && https {
		port = ""
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if _, err := netip.ParseAddr(bare); err != nil {
		host = strings.TrimSuffix(host, ".")
		labels := strings.Split(host, ".")
		if len(labels) > 2 && strings.Trim(strings.TrimPrefix(labels[0], "www"), "0123456789") == "" && strings.HasPrefix(labels[0], "www") {
			labels = labels[1:]
		}
		slices.Reverse(labels)
		host = strings.Join(labels, ",")
	}
	return escape(host) + escape(port)
}

func keyPath(path string) string {
	if i := indexFold(path, ";jsessionid="); i >= 0 {
		path = path[:i]
	}
	path = escape(path)
	if path = strings.TrimSuffix(path, "/"); path == "" {
		return "/"
	}
	return path
}

func keyQuery(query string) string {
	var kept []string
	for p := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(p, "=")
		if p != "" && !isSession(name) {
			kept = append(kept, escape(p))
		}
	}
	if len(kept) == 0 {
		return ""
	}
	slices.Sort(kept)
	return "?" + strings.Join(kept, "&")
}

// isSession reports whether a parameter of this name tells visits apart, not pages.
func isSession(name string) bool {
	switch strings.ToLower(name) {
	case "jsessionid", "phpsessid", "sid", "cfid", "cftoken":
		return true
	}
	return len(name) > len("aspsessionid") && strings.EqualFold(name[:len("aspsessionid")], "aspsessionid")
}

func indexFold(s, lower string) int {
	for i := 0; i+len(lower) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(lower)], lower) {
			return i
		}
	}
	return -1
}

const capitals = "0123456789ABCDEF"

// escape makes s printable ASCII with escapes in one form.
func escape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			if i += 2; isUnreserved(c) {
				b.WriteByte(c)
				continue
			}
		} else if c > ' ' && c < 0x7f {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(capitals[c>>4])
		b.WriteByte(capitals[c&15])
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

func isUnreserved(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte("-._~", c) >= 0
}
