package seeds

import "strings"

// parsed are the parts of an address, serialised by the URL standard.
type parsed struct {
	scheme, host, port, path, search, hash string // search and hash with their signs
	credentials                            bool
	whole                                  string // the address, if it was so already
}

// plainParts takes an address apart that the URL standard leaves as it is, as most addresses are: https, a host in lower
// case, and nothing that would have to be decoded, encoded or resolved. The parser is several times slower, and leaves 2 KB behind.
func plainParts(raw string) (p parsed, ok bool) {
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok || scheme != "https" && scheme != "http" {
		return parsed{}, false
	}
	end := 0
	for end < len(rest) && rest[end] != '/' {
		end++
	}
	p = parsed{scheme: scheme, host: rest[:end], path: rest[end:], whole: raw}
	if !plainHost(p.host) || p.path == "" || strings.Contains(p.path, "/.") {
		return parsed{}, false
	}
	if i := strings.IndexByte(p.path, '#'); i >= 0 {
		p.path, p.hash = p.path[:i], p.path[i:]
	}
	if i := strings.IndexByte(p.path, '?'); i >= 0 {
		p.path, p.search = p.path[:i], p.path[i:]
	}
	if !plainText(p.path) || p.search != "" && (len(p.search) == 1 || !plainText(p.search[1:])) || p.hash != "" && (len(p.hash) == 1 || !plainText(p.hash[1:])) {
		return parsed{}, false
	}
	return p, true
}

// plainHost tells names of several labels that neither IDNA nor the parser of IPv4 addresses changes.
func plainHost(host string) bool {
	last, dots := -1, 0 // the dot before
	for i := 0; i <= len(host); i++ {
		if i < len(host) && host[i] != '.' {
			if c := host[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != '-' || i == last+1 || host[i-1] == '-') {
				return false
			}
			continue
		}
		if i == last+1 || host[i-1] == '-' {
			return false
		}
		if i == len(host) {
			break
		}
		last = i
		dots++
	}
	return dots > 0 && host[last+1] >= 'a' // no number
}

// plainText tells text that stays as it is in a path, in a query and in a fragment.
func plainText(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9':
		case strings.IndexByte("/-_.~=&,:;+!$()*@", c) >= 0:
		default:
			return false
		}
	}
	return true
}
