package crawler

import "strings"

// robotsRule is one Allow or Disallow pattern, cut at its wildcards so that
// matching is a row of substring searches, linear whatever the pattern.
type robotsRule struct {
	parts  []string // what stands between the wildcards, in normal form
	anchor bool     // the pattern ends with $
	allow  bool
	size   int // octets of the pattern in normal form: its specificity
}

// newRobotsRule reads a pattern (RFC 9309 §2.2.2, §2.2.3).
func newRobotsRule(pattern string, allow bool) robotsRule {
	rule := robotsRule{allow: allow}
	if strings.HasSuffix(pattern, "$") {
		rule.anchor = true
		pattern = pattern[:len(pattern)-1]
	}
	pattern = robotsNormal(pattern, true)
	rule.size = len(pattern)
	if rule.anchor {
		rule.size++
	}
	if pattern == "" || pattern[0] != '/' && pattern[0] != '*' {
		// §2.2.2 wants a slash; patterns without one are common and meant from the root.
		pattern = "/" + pattern
	}
	for i, part := range strings.Split(pattern, "*") {
		if part != "" || i == 0 {
			rule.parts = append(rule.parts, part)
		}
	}
	if strings.HasSuffix(pattern, "*") {
		rule.anchor = false // "*$" is "*"
	}
	return rule
}

// match reports whether the pattern matches from the start of the path, which
// must be in normal form.
func (r *robotsRule) match(path string) bool {
	if !strings.HasPrefix(path, r.parts[0]) {
		return false
	}
	if len(r.parts) == 1 {
		return !r.anchor || len(path) == len(r.parts[0])
	}
	rest := path[len(r.parts[0]):]
	for i, part := range r.parts[1:] {
		if r.anchor && i == len(r.parts)-2 {
			return strings.HasSuffix(rest, part)
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return true
}

// compare orders rules by falling specificity, Allow before Disallow.
func (r robotsRule) compare(o robotsRule) int {
	if r.size != o.size {
		return o.size - r.size
	}
	switch {
	case r.allow == o.allow:
		return 0
	case r.allow:
		return -1
	}
	return 1
}

// robotsNormal brings a path or a pattern to the form that §2.2.2 compares:
// unreserved octets bare, all others that are no delimiter as %XX in upper
// case. A * or $ that stands for itself becomes %2A or %24, so that in a
// pattern only the wildcard is left bare. In the query, %2F and %3A are / and :
// (the standard's own table wants "?u=http://x" and "?u=http%3A%2F%2Fx" equal).
func robotsNormal(s string, pattern bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s))
	query := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := false
		if c == '%' && i+2 < len(s) {
			if hi, lo := robotsHex(s[i+1]), robotsHex(s[i+2]); hi >= 0 && lo >= 0 {
				c, escaped = byte(hi<<4|lo), true
				i += 2
			}
		}
		switch {
		case robotsUnreserved(c):
			b.WriteByte(c)
		case escaped && query && (c == '/' || c == ':'):
			b.WriteByte(c)
		case !escaped && c == '*' && pattern:
			b.WriteByte('*')
		case !escaped && strings.IndexByte(":/?#[]@!&'()+,;=", c) >= 0:
			query = query || c == '?'
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func robotsHex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// robotsUnreserved reports whether c is unreserved (RFC 3986 §2.3).
func robotsUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}
