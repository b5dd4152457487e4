package crawler

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// pageMaxRef is the longest reference that is looked at, in bytes. What is
// longer is a mistake or data.
const pageMaxRef = 16 << 10

// pageResolver makes absolute URLs of the references in one document, reading
// them as the URL standard does where that differs from RFC 3986: blanks, line
// ends, backslashes, missing or surplus slashes and bare characters are common
// in pages, and browsers fetch them.
type pageResolver struct {
	base *url.URL
	// decode turns bytes that are not UTF-8 into text; the document's encoding.
	decode func(string) string

	origin, dir string // what "/" and "" resolve to, for the plain cases; see plain
}

// resolve gives the absolute http or https URL of a reference, without
// fragment and credentials. It reports false for every other scheme, for
// references to the document itself and for what no URL can be made of.
func (r *pageResolver) resolve(ref string) (string, bool) {
	if ref == "" || len(ref) > pageMaxRef {
		return "", false
	}
	if abs, ok := r.plain(ref); ok {
		return abs, true
	}
	return r.full(ref)
}

// plain resolves the references that need no change but a prefix, which are
// nearly all; it reports false for those that full has to look at.
func (r *pageResolver) plain(ref string) (string, bool) {
	for i := 0; i < len(ref); i++ {
		if !pagePlain[ref[i]] || ref[i] == '/' && i+1 < len(ref) && ref[i+1] == '.' {
			return "", false
		}
	}
	var host string
	switch {
	case strings.HasPrefix(ref, "https://"):
		host = ref[8:]
	case strings.HasPrefix(ref, "http://"):
		host = ref[7:]
	case strings.HasPrefix(ref, "//"):
		host, ref = ref[2:], r.base.Scheme+":"+ref
	default:
		if strings.IndexByte(ref, ':') >= 0 || ref[0] == '.' || ref[0] == '?' {
			return "", false
		}
		if r.dir == "" {
			r.prefixes()
		}
		if r.dir == "" {
			return "", false
		}
		if ref[0] == '/' {
			return r.origin + ref, true
		}
		return r.dir + ref, true
	}
	for i := 0; i < len(host); i++ {
		switch c := host[i]; {
		case c == '/':
			return ref, i > 0
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '.':
		default:
			return "", false
		}
	}
	return "", false
}

func (r *pageResolver) prefixes() {
	if abs, ok := r.full("x"); ok {
		r.dir = abs[:len(abs)-1]
	}
	if abs, ok := r.full("/"); ok {
		r.origin = abs[:len(abs)-1]
	}
}

// pagePlain holds the bytes that stand in a URL as they are: the unreserved
// ones and the delimiters but "#", the quotes and the brackets.
var pagePlain = func() (t [256]bool) {
	for i := range t {
		t[i] = robotsUnreserved(byte(i)) || strings.IndexByte("/?=&+,;:@!$()*", byte(i)) >= 0
	}
	return t
}()

func (r *pageResolver) full(ref string) (string, bool) {
	ref = strings.Trim(ref, pageControl)
	if ref == "" || ref[0] == '#' {
		return "", false
	}
	if strings.ContainsAny(ref, "\t\n\r") {
		ref = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(ref)
	}
	ref, _, _ = strings.Cut(ref, "#")
	path, query, hasQuery := strings.Cut(ref, "?")
	path = strings.ReplaceAll(path, `\`, "/")
	if !utf8.ValidString(path) && r.decode != nil {
		path = r.decode(path)
	}
	scheme, path, ok := r.scheme(path)
	if !ok {
		return "", false
	}
	out := url.URL{Scheme: scheme}
	if strings.HasPrefix(path, "//") {
		var host string
		host, path = pageCutHost(path)
		if out.Host = pageHost(host, scheme); out.Host == "" {
			return "", false
		}
		path = "/" + path
	} else if scheme != r.base.Scheme {
		return "", false
	}
	var err error
	escaped := pageEscape(path, "\"<>`{}^|%")
	if out.Path, err = url.PathUnescape(escaped); err != nil {
		return "", false
	}
	out.RawPath = escaped
	if hasQuery {
		out.RawQuery, out.ForceQuery = pageEscape(query, "\"<>'"), query == ""
	}
	if out.Host == "" {
		out.Scheme = ""
		if path == "" && !hasQuery {
			return "", false
		}
		out = *r.base.ResolveReference(&out)
		out.User, out.Fragment, out.RawFragment = nil, "", ""
	} else {
		out = *out.ResolveReference(&url.URL{Path: out.Path, RawPath: out.RawPath, RawQuery: out.RawQuery, ForceQuery: out.ForceQuery})
	}
	if out.Path == "" {
		out.Path = "/"
	}
	if out.Host == "" || out.Scheme != "http" && out.Scheme != "https" {
		return "", false
	}
	return out.String(), true
}

// scheme takes the scheme off a reference; a reference with an authority comes
// back with exactly two slashes in front of it.
func (r *pageResolver) scheme(ref string) (scheme, rest string, ok bool) {
	scheme, rest = r.base.Scheme, ref
	for i := 0; i < len(ref); i++ {
		c := ref[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if c == ':' && i > 0 {
			scheme, rest = strings.ToLower(ref[:i]), ref[i+1:]
			if scheme != "http" && scheme != "https" {
				return "", "", false
			}
			if scheme != r.base.Scheme || strings.HasPrefix(rest, "//") {
				rest = "//" + strings.TrimLeft(rest, "/")
			}
			return scheme, rest, true
		}
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') {
			break
		}
	}
	if strings.HasPrefix(rest, "//") {
		rest = "//" + strings.TrimLeft(rest, "/")
	}
	return scheme, rest, true
}

// pageCutHost splits "//user@host:port/path" into "host:port" and "path".
func pageCutHost(s string) (host, path string) {
	host, path, _ = strings.Cut(s[2:], "/")
	return host[strings.LastIndexByte(host, '@')+1:], path
}

// pageHost gives a host and port in normal form, "" when it is none.
func pageHost(host, scheme string) string {
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		name, port = host[:i], host[i+1:]
	}
	if strings.IndexByte(name, '%') >= 0 {
		decoded, err := url.PathUnescape(name)
		if err != nil {
			return ""
		}
		name = decoded
	}
	for i := 0; i < len(name); i++ {
		if name[i] >= 0x80 {
			ascii, err := idna.Lookup.ToASCII(name)
			if err != nil {
				return ""
			}
			name = ascii
			break
		}
	}
	name = strings.ToLower(name)
	if name == "" || strings.Trim(port, "0123456789") != "" || len(port) > 5 {
		return ""
	}
	if strings.HasPrefix(name, "[") {
		if !strings.HasSuffix(name, "]") || strings.Trim(name[1:len(name)-1], "0123456789abcdef:.") != "" {
			return ""
		}
	} else if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return ""
	}
	if port == "" || port == "80" && scheme == "http" || port == "443" && scheme == "https" {
		return name
	}
	return name + ":" + port
}

// pageEscape percent-encodes the bytes that no URL has, and those of also; "%"
// in also means a percent sign that begins no escape.
func pageEscape(s, also string) string {
	const hex = "0123456789ABCDEF"
	must := func(i int) bool {
		c := s[i]
		if pagePlain[c] {
			return false
		}
		if c == '%' {
			return strings.HasSuffix(also, "%") && (i+2 >= len(s) || robotsHex(s[i+1]) < 0 || robotsHex(s[i+2]) < 0)
		}
		return c <= 0x20 || c >= 0x7f || strings.IndexByte(also, c) >= 0
	}
	for i := range len(s) {
		if !must(i) {
			continue
		}
		var b strings.Builder
		b.WriteString(s[:i])
		for ; i < len(s); i++ {
			if must(i) {
				b.WriteByte('%')
				b.WriteByte(hex[s[i]>>4])
				b.WriteByte(hex[s[i]&15])
			} else {
				b.WriteByte(s[i])
			}
		}
		return b.String()
	}
	return s
}

// pageControl holds the C0 controls and the space, which surround a reference
// without meaning.
const pageControl = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f "
