package verify

import (
	"net/netip"
	"net/url"
	"strings"
)

// address is a URL in parts. It is cut, not parsed: what a browser would visit
// must not be lost to a stricter parser, such as net/url, which refuses the
// escape %zz.
type address struct {
	scheme string // lower case
	host   string // lower case, without port, brackets and final dot
	port   string // "" for the scheme's own
	path   string // as written
	query  string // as written, without ?
}

func addressOf(raw string) address {
	raw, _, _ = strings.Cut(raw, "#")
	scheme, rest, ok := strings.Cut(raw, ":")
	if !ok {
		return address{path: raw}
	}
	a := address{scheme: strings.ToLower(scheme)}
	rest, ok = strings.CutPrefix(rest, "//")
	if !ok {
		a.path = rest
		return a
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority = rest[:i]
		a.path, a.query, _ = strings.Cut(rest[i:], "?")
	}
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && strings.Trim(authority[i+1:], "0123456789") == "" {
		authority, a.port = authority[:i], authority[i+1:]
	}
	if a.scheme == "http" && a.port == "80" || a.scheme == "https" && a.port == "443" {
		a.port = ""
	}
	a.host = strings.TrimSuffix(strings.ToLower(strings.Trim(authority, "[]")), ".")
	return a
}

// below reports that the host is domain or stands below it.
func (a address) below(domain string) bool {
	return a.host == domain || strings.HasSuffix(a.host, "."+domain)
}

// place is the path without its trailing slashes and, where they are valid,
// without escapes.
func (a address) place() string {
	path := a.path
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	return strings.TrimRight(path, "/")
}

// literal reports a host that is an address and not a name. A last label that
// is a number makes an address of the whole (URL standard, "ends in a number").
func (a address) literal() bool {
	if _, err := netip.ParseAddr(a.host); err == nil {
		return true
	}
	label := a.host[strings.LastIndexByte(a.host, '.')+1:]
	digits, hexadecimal := strings.CutPrefix(label, "0x")
	set := "0123456789"
	if hexadecimal {
		set = "0123456789abcdef"
	}
	return label != "" && strings.Trim(digits, set) == ""
}

// unfetchable says why a URL cannot be requested at all, "" when it may.
func (a address) unfetchable() string {
	switch {
	case a.scheme != "http" && a.scheme != "https":
		return because("url-invalid", "only http and https can be visited, not %q", brief(a.scheme))
	case a.host == "" || strings.ContainsAny(a.host, " <>\\^|"):
		return because("url-invalid", "there is no host in it")
	}
	return ""
}
