package memento

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxLinks bounds the links of one TimeMap. A page of a TimeMap has some thousands.
const maxLinks = 100_000

// link is one link in application/link-format (RFC 6690 §2) or a Link field (RFC
// 8288 §3), with the attributes that Memento uses.
type link struct {
	target                string // as written: it may be relative
	rel                   []string
	datetime, from, until string
}

func (l *link) is(rel string) bool { return slices.Contains(l.rel, rel) }

// parseLinks reads a list of links. Of an attribute that is there twice the first
// counts (RFC 8288 §3.3). What is read before an error is returned with it.
func parseLinks(s string) ([]link, error) {
	var links []link
	p := linkParser{s: s}
	for {
		p.skip(" \t\r\n,")
		if p.s == "" {
			return links, nil
		}
		if len(links) == maxLinks {
			return links, fmt.Errorf("read links: more than %d", maxLinks)
		}
		l, err := p.link()
		if err != nil {
			return links, fmt.Errorf("read link %d: %w", len(links), err)
		}
		links = append(links, l)
	}
}

type linkParser struct{ s string }

func (p *linkParser) skip(set string) { p.s = strings.TrimLeft(p.s, set) }

// take takes one character off when it comes next.
func (p *linkParser) take(c byte) bool {
	if p.s == "" || p.s[0] != c {
		return false
	}
	p.s = p.s[1:]
	return true
}

func (p *linkParser) link() (link, error) {
	var l link
	if !p.take('<') {
		return l, errors.New("no < before the address")
	}
	target, rest, ok := strings.Cut(p.s, ">")
	if !ok || len(target) > maxURL {
		return l, errors.New("no > after the address, or it is too long")
	}
	l.target, p.s = strings.TrimSpace(target), rest
	seen := map[string]bool{}
	for {
		p.skip(" \t\r\n")
		if !p.take(';') {
			return l, nil
		}
		p.skip(" \t\r\n")
		name := strings.ToLower(p.token("=;, \t\r\n"))
		p.skip(" \t\r\n")
		value := ""
		if p.take('=') {
			p.skip(" \t\r\n")
			var err error
			if value, err = p.value(); err != nil {
				return l, err
			}
		}
		if seen[name] {
			continue
		}
		seen[name] = true
		switch name {
		case "rel":
			l.rel = strings.Fields(strings.ToLower(value))
		case "datetime":
			l.datetime = value
		case "from":
			l.from = value
		case "until":
			l.until = value
		}
	}
}

// token takes what stands before one of the characters of set.
func (p *linkParser) token(set string) string {
	i := strings.IndexAny(p.s, set)
	if i < 0 {
		i = len(p.s)
	}
	t := p.s[:i]
	p.s = p.s[i:]
	return t
}

// value takes a quoted string or a token.
func (p *linkParser) value() (string, error) {
	if !p.take('"') {
		return p.token(";, \t\r\n"), nil
	}
	var b strings.Builder
	for i := 0; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '"':
			p.s = p.s[i+1:]
			return b.String(), nil
		case c == '\\' && i+1 < len(p.s):
			i++
			b.WriteByte(p.s[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", errors.New("a quoted value has no end")
}
