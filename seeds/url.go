package seeds

import (
	"errors"
	"fmt"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// address is one parsed URL: parsing is the slow part, so it happens once per citation.
type address struct {
	href        string // serialised with its fragment, without credentials
	key         string // normal form
	credentials bool   // the address held a user name or a password, which href does not
}

// Normalize returns the normal form of an http or https URL: two spellings of one page have the same. It follows the
// WHATWG URL standard (host in lower case and ASCII, no default port, dot segments resolved) and then drops
// credentials, the fragment unless it is a route (#! or #/), tracking parameters and an empty query, and folds the
// spellings of platforms whose page is known by an ID. The order of the other parameters is kept, and http and https
// differ. The normal form is a URL whose normal form is itself. The error says why a URL cannot be fetched.
func Normalize(rawURL string) (key string, err error) {
	a, err := parseAddress(rawURL)
	if err != nil {
		return "", fmt.Errorf("normalize %q: %w", rawURL, err)
	}
	return a.key, nil
}

// parseAddress parses, serialises and normalises; its error is a short reason that does not repeat the address.
func parseAddress(raw string) (address, error) {
	p, ok := plainParts(raw)
	if !ok {
		var err error
		if p, err = parts(raw); err != nil {
			return address{}, err
		}
	}
	if p.scheme != "http" && p.scheme != "https" {
		return address{}, fmt.Errorf("only http and https are fetched, not %s", p.scheme)
	}
	if !plausibleHost(p.host) {
		return address{}, errors.New("the host is not a valid name")
	}
	a := address{href: p.whole, credentials: p.credentials}
	if a.href == "" {
		a.href = p.origin() + p.path + p.search + p.hash
	}
	if a.key = foldPlatform(p.host, p.port, p.path, p.search); a.key != "" {
		return a, nil
	}
	path, search, hash := upperEscapes(p.path), upperEscapes(dropTracking(p.host, p.search)), route(p.hash)
	if path == p.path && search == p.search && hash == p.hash {
		a.key = a.href // one string in memory, of the two that most citations have
	} else {
		a.key = p.origin() + path + search + hash
	}
	return a, nil
}

// parts takes an address apart by the URL standard.
func parts(raw string) (parsed, error) {
	u, err := whatwg.Parse(raw)
	if err != nil {
		return parsed{}, errors.New(reasonOf(raw, err))
	}
	return parsed{
		scheme: u.Scheme(), host: u.Hostname(), port: u.Port(), path: u.Pathname(), search: u.Search(), hash: u.Hash(),
		credentials: u.Username() != "" || u.Password() != "",
	}, nil
}

// origin is the address up to its path.
func (p *parsed) origin() string {
	if p.port != "" {
		return p.scheme + "://" + p.host + ":" + p.port
	}
	return p.scheme + "://" + p.host
}

// plausibleHost refuses what the URL standard lets pass and no resolver can look up: empty labels and overlong names
// (RFC 1035 §2.3.4). An IPv6 literal is in brackets.
func plausibleHost(host string) bool {
	if strings.HasPrefix(host, "[") {
		return true
	}
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > maxHost {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return true
}

// reasonOf puts a parser's error into words for the author of the report.
func reasonOf(raw string, err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "port"):
		return "the port is not a number up to 65535"
	case strings.Contains(text, "IPv6"), strings.Contains(text, "IPv4"):
		return "the host is not a valid IP address"
	case strings.Contains(text, "host"), strings.Contains(text, "ToASCII"), strings.Contains(text, "domain"):
		return "the host is not a valid name"
	case !strings.Contains(raw, ":"):
		return "there is no scheme such as https://"
	}
	return "it is not a valid URL"
}

// route keeps the fragments that single-page sites use as a path, and drops all others.
func route(hash string) string {
	if strings.HasPrefix(hash, "#!") || strings.HasPrefix(hash, "#/") {
		return hash
	}
	return ""
}

// upperEscapes writes percent-encoded bytes in upper case (RFC 3986 §6.2.2.1).
func upperEscapes(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' && isHex(b[i+1]) && isHex(b[i+2]) {
			b[i+1], b[i+2] = upper(b[i+1]), upper(b[i+2])
			i += 2
		}
	}
	return string(b)
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}
