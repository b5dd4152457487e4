package crawler

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"
)

// RobotsMaxBytes is how much of a robots.txt is read; RFC 9309 §2.5 asks for at
// least 500 KiB. A line cut by the limit is dropped, since "Disallow: /a" cut
// short forbids more than was meant.
const RobotsMaxBytes = 1 << 20

// Robots is a parsed robots.txt (RFC 9309). It is read-only after parsing and
// safe for concurrent use. The nil and the zero Robots allow everything.
type Robots struct {
	groups      map[string][]*robotsGroup // by product token in lower case, "*" for the rest
	delays      map[string]time.Duration
	disallowAll bool
}

// robotsGroup holds the rules under one row of User-agent lines, longest
// pattern first and, of equal length, Allow first. Groups are shared by their
// tokens and merged only when asked: copying rules to every token would let a
// small file take gigabytes.
type robotsGroup struct {
	rules []robotsRule
}

// robotsVerdict is what the answer to a robots.txt request means (§2.3.1).
type robotsVerdict string

const (
	robotsParse       robotsVerdict = "parse"
	robotsAllowAll    robotsVerdict = "allow-all"
	robotsDisallowAll robotsVerdict = "disallow-all"
)

// robotsJudge gives the verdict for a final status, or for err when there was
// no answer. A redirect that is still one after the hops that the caller
// follows counts as unavailable, which allows (§2.3.1.2).
func robotsJudge(status int, err error) robotsVerdict {
	switch {
	case err != nil:
		return robotsDisallowAll
	case status >= 200 && status < 300:
		return robotsParse
	case status >= 300 && status < 500:
		return robotsAllowAll
	}
	return robotsDisallowAll
}

// robotsFor turns the answer to a robots.txt request into rules.
func robotsFor(status int, err error, body []byte) *Robots {
	switch robotsJudge(status, err) {
	case robotsParse:
		return ParseRobots(body)
	case robotsAllowAll:
		return &Robots{}
	}
	return &Robots{disallowAll: true}
}

// ParseRobots reads a robots.txt. It accepts any bytes: lines that are no
// record are passed over, groups of one product token are merged (§2.2.1), and
// what stands before the first User-agent line belongs to nobody.
func ParseRobots(body []byte) *Robots {
	if len(body) > RobotsMaxBytes {
		body = body[:RobotsMaxBytes]
		if i := bytes.LastIndexAny(body, "\r\n"); i >= 0 {
			body = body[:i]
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	r := &Robots{groups: make(map[string][]*robotsGroup), delays: make(map[string]time.Duration)}
	var current *robotsGroup
	var all []*robotsGroup
	var undelayed []string // tokens that a Crawl-delay line would speak to
	naming := false        // no rule has followed the last User-agent line yet
	for len(body) > 0 {
		line := body
		if i := bytes.IndexAny(body, "\r\n"); i >= 0 {
			line, body = body[:i], body[i+1:]
		} else {
			body = nil
		}
		key, value, ok := robotsRecord(line)
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			if !naming {
				current, naming = &robotsGroup{}, true
				all, undelayed = append(all, current), nil
			}
			token := robotsToken(value)
			undelayed = append(undelayed, token)
			if of := r.groups[token]; token != "" && (len(of) == 0 || of[len(of)-1] != current) {
				r.groups[token] = append(of, current)
			}
		case "allow", "disallow":
			naming = false
			// An empty pattern matches nothing (§2.2.2).
			if value != "" && current != nil {
				current.rules = append(current.rules, newRobotsRule(value, key == "allow"))
			}
		case "crawl-delay":
			// No record of the standard: it neither opens nor closes a group (§2.2.4).
			if d, ok := robotsDelay(value); ok {
				for _, token := range undelayed {
					r.delays[token] = max(r.delays[token], d)
				}
				undelayed = nil
			}
		}
	}
	for _, g := range all {
		slices.SortStableFunc(g.rules, robotsRule.compare)
	}
	return r
}

// Allowed reports whether the product token may fetch the path and query of a
// URL. The rules of its own groups decide, else those of "*", else everything
// is allowed; of the matching rules the longest wins, and Allow among equals
// (§2.2.2). /robots.txt itself is always allowed.
func (r *Robots) Allowed(agent, pathAndQuery string) bool {
	pathAndQuery, _, _ = strings.Cut(pathAndQuery, "#")
	if !strings.HasPrefix(pathAndQuery, "/") {
		pathAndQuery = "/" + pathAndQuery
	}
	if r == nil || pathAndQuery == "/robots.txt" {
		return true
	}
	if r.disallowAll {
		return false
	}
	path := robotsNormal(pathAndQuery, false)
	var best *robotsRule
	for _, g := range r.lookup(agent) {
		for i := range g.rules {
			rule := &g.rules[i]
			if best != nil && best.compare(*rule) <= 0 {
				break // the rest of this group is no more specific
			}
			if rule.match(path) {
				best = rule
				break
			}
		}
	}
	return best == nil || best.allow
}

// CrawlDelay is the wait between two fetches that the site asks of the product
// token, 0 when it asks for none. It is no part of the standard.
func (r *Robots) CrawlDelay(agent string) time.Duration {
	if r == nil {
		return 0
	}
	token := robotsToken(agent)
	if r.groups[token] == nil {
		token = "*"
	}
	return r.delays[token]
}

func (r *Robots) lookup(agent string) []*robotsGroup {
	if of := r.groups[robotsToken(agent)]; of != nil {
		return of
	}
	return r.groups["*"]
}

// robotsRecord splits "key : value # comment"; the key comes in lower case.
func robotsRecord(line []byte) (key, value string, ok bool) {
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	k, v, ok := bytes.Cut(line, []byte{':'})
	if !ok {
		return "", "", false
	}
	k = bytes.Trim(k, " \t\v\f\x00")
	if len(k) == 0 || len(k) > len("crawl-delay") {
		return "", "", false
	}
	return string(bytes.ToLower(k)), string(bytes.Trim(v, " \t\v\f\x00")), true
}

// robotsToken is the product token that a User-agent value begins with, in
// lower case, so that "Foo/1.0 (like Bar)" means foo and never foobot. Digits
// are taken in though §2.2.1 has none: "360spider" is a name in use.
func robotsToken(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "*") {
		return "*"
	}
	end := 0
	for end < len(s) && (robotsUnreserved(s[end]) && s[end] != '.' && s[end] != '~') {
		end++
	}
	return strings.ToLower(s[:end])
}

func robotsDelay(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0) {
		return 0, false
	}
	return time.Duration(min(f, 86400) * float64(time.Second)), true
}
