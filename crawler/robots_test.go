package crawler

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestRobotsAllowed(t *testing.T) {
	for _, tt := range []struct {
		name, robots, agent, path string
		want                      bool
	}{
		{"empty file", "", "ibid", "/", true},
		{"html instead", "<html><body>not: found</body></html>", "ibid", "/", true},
		{"disallow all", "User-agent: *\nDisallow: /", "ibid", "/x", false},
		{"empty disallow", "User-agent: *\nDisallow:", "ibid", "/x", true},
		{"robots itself", "User-agent: *\nDisallow: /", "ibid", "/robots.txt", true},
		{"rules before any group", "Disallow: /\nUser-agent: x\nDisallow: /a", "ibid", "/b", true},
		{"prefix", "User-agent: *\nDisallow: /fish", "ibid", "/fish.html", false},
		{"prefix is case-sensitive", "User-agent: *\nDisallow: /fish", "ibid", "/Fish", true},
		{"longest wins, allow", "User-agent: *\nDisallow: /a\nAllow: /a/b", "ibid", "/a/b/c", true},
		{"longest wins, disallow", "User-agent: *\nAllow: /a\nDisallow: /a/b", "ibid", "/a/b/c", false},
		{"equal length, allow wins", "User-agent: *\nDisallow: /page\nAllow: /page", "ibid", "/page", true},
		{"equal length, other order", "User-agent: *\nAllow: /page\nDisallow: /page", "ibid", "/page", true},
		{"wildcard counts as an octet", "User-agent: *\nAllow: /page\nDisallow: /*.htm", "ibid", "/page.htm", false},
		{"allow with anchor beats slash", "User-agent: *\nAllow: /$\nDisallow: /", "ibid", "/", true},
		{"anchor does not match more", "User-agent: *\nAllow: /$\nDisallow: /", "ibid", "/page.htm", false},
		{"anchor after wildcard", "User-agent: *\nDisallow: /*.php$", "ibid", "/a/b.php", false},
		{"anchor after wildcard, query", "User-agent: *\nDisallow: /*.php$", "ibid", "/a/b.php?x", true},
		{"anchor needs the last occurrence", "User-agent: *\nDisallow: /*.php$", "ibid", "/a.php/b.php", false},
		{"anchor, overlap is no match", "User-agent: *\nDisallow: /aba*aba$", "ibid", "/ababa", true},
		{"star before anchor", "User-agent: *\nDisallow: /a*$", "ibid", "/abc", false},
		{"dollar inside is itself", "User-agent: *\nDisallow: /a$b", "ibid", "/a$bc", false},
		{"escaped dollar is itself", "User-agent: *\nDisallow: /a%24", "ibid", "/a$x", false},
		{"escaped star is itself", "User-agent: *\nDisallow: /a%2Ab", "ibid", "/axb", true},
		{"escaped star matches star", "User-agent: *\nDisallow: /a%2Ab", "ibid", "/a*b", false},
		{"wildcard in the middle", "User-agent: *\nDisallow: /fish*.php", "ibid", "/fishheads/catfish.php?p", false},
		{"many wildcards", "User-agent: *\nDisallow: /**a***b", "ibid", "/xaxb", false},
		{"leading wildcard", "User-agent: *\nDisallow: *.gif", "ibid", "/a.gif", false},
		{"no leading slash", "User-agent: *\nDisallow: private", "ibid", "/private/x", false},
		{"hex case", "User-agent: *\nDisallow: /a%3cd.html", "ibid", "/a%3Cd.html", false},
		{"hex case, turned", "User-agent: *\nDisallow: /a%3Cd.html", "ibid", "/a%3cd.html", false},
		{"bare < is %3C", "User-agent: *\nDisallow: /a<d", "ibid", "/a%3Cd", false},
		{"escaped unreserved", "User-agent: *\nDisallow: /%62%61%7E", "ibid", "/ba~r", false},
		{"utf-8 pattern", "User-agent: *\nDisallow: /ツ", "ibid", "/%E3%83%84/x", false},
		{"utf-8 path", "User-agent: *\nDisallow: /%e3%83%84", "ibid", "/ツ", false},
		{"escaped slash is no slash", "User-agent: *\nDisallow: /a%2Fb", "ibid", "/a/b", true},
		{"query of the standard's table", "User-agent: *\nDisallow: /foo/bar?baz=https://foo.bar", "ibid", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
		{"query", "User-agent: *\nDisallow: /*?", "ibid", "/a?b=c", false},
		{"lone percent", "User-agent: *\nDisallow: /100%", "ibid", "/100%25", false},
		{"fragment is not seen", "User-agent: *\nDisallow: /*b", "ibid", "/a#b", true},
		{"own group", "User-agent: *\nDisallow: /\nUser-agent: ibid\nDisallow: /x", "ibid", "/y", true},
		{"own empty group", "User-agent: *\nDisallow: /\n\nUser-agent: ibid\n", "ibid", "/y", true},
		{"star group for others", "User-agent: foo\nAllow: /\nUser-agent: *\nDisallow: /", "ibid", "/y", false},
		{"agent case", "uSER-aGENT: IBID\ndISALLOW: /", "ibid", "/y", false},
		{"agent with version", "User-agent: ibid/2.0\nDisallow: /", "IBID", "/y", false},
		{"asked with version", "User-agent: ibid\nDisallow: /", "ibid/1.2 (+https://example.org)", "/y", false},
		{"agent is no prefix", "User-agent: foo\nDisallow: /\n", "foobot", "/y", true},
		{"agent is no longer name", "User-agent: foobot\nDisallow: /\n", "foo", "/y", true},
		{"agent with digits", "User-agent: bot2\nDisallow: /\n", "bot", "/y", true},
		{"space before the colon", "User-agent : *\nDisallow :\t/ ", "ibid", "/y", false},
		{"comments", "# c\nUser-agent: * # all\nDisallow: /x # y", "ibid", "/x", false},
		{"BOM", "\ufeffUser-agent: *\nDisallow: /", "ibid", "/x", false},
		{"CR lines", "User-agent: *\rDisallow: /", "ibid", "/x", false},
		{"CRLF lines", "User-agent: *\r\n\r\nDisallow: /\r\n", "ibid", "/x", false},
		{"several agents", "User-agent: a\nUser-agent: ibid\nDisallow: /", "ibid", "/x", false},
		{"groups merge, first", "User-agent: ibid\nDisallow: /a\n\nUser-agent: b\nDisallow: /b\n\nUser-agent: ibid\nDisallow: /c", "ibid", "/a", false},
		{"groups merge, second", "User-agent: ibid\nDisallow: /a\n\nUser-agent: b\nDisallow: /b\n\nUser-agent: ibid\nDisallow: /c", "ibid", "/c", false},
		{"groups merge, other", "User-agent: ibid\nDisallow: /a\n\nUser-agent: b\nDisallow: /b\n\nUser-agent: ibid\nDisallow: /c", "ibid", "/b", true},
		{"merged, longest over groups", "User-agent: ibid\nDisallow: /a/b\nUser-agent: ibid\nAllow: /a/b/c\nDisallow: /", "ibid", "/a/b/c", true},
		{"a rule ends the agents", "User-agent: ibid\nDisallow: /a\nUser-agent: b\nDisallow: /", "ibid", "/x", true},
		{"sitemap does not end the agents", "User-agent: ibid\nSitemap: https://e.org/s\nUser-agent: b\nDisallow: /", "ibid", "/x", false},
		{"blank line does not end a group", "User-agent: ibid\n\nDisallow: /", "ibid", "/x", false},
		{"unknown records", "User-agent: *\nNoindex: /\nHost: e.org\nDisallow: /x", "ibid", "/y", true},
		{"empty path", "User-agent: *\nDisallow: /$", "ibid", "", false},
	} {
		if got := ParseRobots([]byte(tt.robots)).Allowed(tt.agent, tt.path); got != tt.want {
			t.Errorf("%s: Allowed(%q, %q) = %v, want %v under\n%s", tt.name, tt.agent, tt.path, got, tt.want, tt.robots)
		}
	}
	if !(*Robots)(nil).Allowed("ibid", "/") || !(&Robots{}).Allowed("ibid", "/") {
		t.Error("nil and zero Robots must allow")
	}
}

func TestRobotsFor(t *testing.T) {
	body := []byte("User-agent: *\nDisallow: /a")
	for _, tt := range []struct {
		status       int
		err          error
		verdict      robotsVerdict
		allowA, allB bool
	}{
		{200, nil, robotsParse, false, true},
		{206, nil, robotsParse, false, true},
		{302, nil, robotsAllowAll, true, true},
		{401, nil, robotsAllowAll, true, true},
		{404, nil, robotsAllowAll, true, true},
		{429, nil, robotsAllowAll, true, true},
		{500, nil, robotsDisallowAll, false, false},
		{503, nil, robotsDisallowAll, false, false},
		{999, nil, robotsDisallowAll, false, false},
		{0, nil, robotsDisallowAll, false, false},
		{0, errors.New("connection refused"), robotsDisallowAll, false, false},
	} {
		if got := robotsJudge(tt.status, tt.err); got != tt.verdict {
			t.Errorf("robotsJudge(%d, %v) = %s, want %s", tt.status, tt.err, got, tt.verdict)
		}
		r := robotsFor(tt.status, tt.err, body)
		if a, b := r.Allowed("ibid", "/a"), r.Allowed("ibid", "/b"); a != tt.allowA || b != tt.allB {
			t.Errorf("robotsFor(%d, %v): /a %v, /b %v; want %v, %v", tt.status, tt.err, a, b, tt.allowA, tt.allB)
		}
		if !r.Allowed("ibid", "/robots.txt") {
			t.Errorf("robotsFor(%d, %v) forbids /robots.txt", tt.status, tt.err)
		}
	}
}

func TestRobotsCrawlDelay(t *testing.T) {
	r := ParseRobots([]byte("User-agent: *\nCrawl-delay: 2.5\n\nUser-agent: ibid\nCrawl-delay: 1e99\nUser-agent: b\nCrawl-delay: -1\n"))
	for agent, want := range map[string]time.Duration{"x": 2500 * time.Millisecond, "ibid": 24 * time.Hour} {
		if got := r.CrawlDelay(agent); got != want {
			t.Errorf("CrawlDelay(%s) = %v, want %v", agent, got, want)
		}
	}
}

func TestRobotsSize(t *testing.T) {
	long := "User-agent: *\n" + strings.Repeat("# comment\n", 51200) + "Disallow: /late\n"
	if len(long) < 500<<10 {
		t.Fatal("the file is too small to prove anything")
	}
	if ParseRobots([]byte(long)).Allowed("ibid", "/late") {
		t.Error("a rule past 500 KiB was not read")
	}
	head := "User-agent: *\n"
	cut := head + strings.Repeat("#", RobotsMaxBytes-len(head)-len("\nDisallow: /")) + "\nDisallow: /private"
	if !ParseRobots([]byte(cut)).Allowed("ibid", "/public") {
		t.Error("a line cut by the limit was read as a shorter rule")
	}
}

// Patterns and files made to be slow stay linear: the whole test takes some
// tens of milliseconds, an exponential matcher would not end, and a copy of
// every rule for every token would need gigabytes.
func TestRobotsHostile(t *testing.T) {
	start := time.Now()
	stars := strings.Repeat("*a", 4000) + "b"
	r := ParseRobots([]byte("User-agent: *\nDisallow: /" + stars + "\nDisallow: /" + strings.Repeat("*", 100000) + "x$\n"))
	if !r.Allowed("ibid", "/"+strings.Repeat("a", 8000)) {
		t.Error("matched without a b")
	}
	square := strings.Repeat("User-agent: a\nUser-agent: b\n", 15000) + strings.Repeat("Disallow: /a*z\n", 30000)
	if r = ParseRobots([]byte(square)); r.Allowed("b", "/abz") {
		t.Error("the shared group was lost")
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
}

// robotsReference is the obvious matcher by dynamic programming.
func robotsReference(pattern, path string) bool {
	anchor := strings.HasSuffix(pattern, "$")
	pattern = strings.TrimSuffix(pattern, "$")
	at := map[int]bool{0: true}
	for i := 0; i < len(pattern); i++ {
		next := map[int]bool{}
		for p := range at {
			if pattern[i] == '*' {
				for q := p; q <= len(path); q++ {
					next[q] = true
				}
			} else if p < len(path) && path[p] == pattern[i] {
				next[p+1] = true
			}
		}
		at = next
	}
	return len(at) > 0 && (!anchor || at[len(path)])
}

func FuzzRobotsMatch(f *testing.F) {
	f.Add("/a*b$", "/axxb")
	f.Add("/*ab*ba$", "/aba")
	f.Fuzz(func(t *testing.T, pattern, path string) {
		small := func(s string) string { // a small alphabet makes collisions likely
			if len(s) > 24 {
				s = s[:24]
			}
			b := []byte(s)
			for i := range b {
				b[i] = "abc/*"[b[i]%5]
			}
			return string(b)
		}
		anchor := strings.HasSuffix(pattern, "$")
		pattern, path = "/"+small(pattern), "/"+strings.ReplaceAll(small(path), "*", "a")
		if anchor {
			pattern += "$"
		}
		rule := newRobotsRule(pattern, false)
		if got, want := rule.match(path), robotsReference(pattern, path); got != want {
			t.Fatalf("match(%q, %q) = %v, want %v", pattern, path, got, want)
		}
	})
}

func FuzzRobotsParse(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a%3", "/%e3%83")
	f.Fuzz(func(t *testing.T, body, path string) {
		r := ParseRobots([]byte(body))
		r.Allowed("ibid", path)
		if n := robotsNormal(path, false); robotsNormal(n, false) != n {
			t.Fatalf("normal form of %q is not stable: %q", path, n)
		}
		if d := r.CrawlDelay("ibid"); d < 0 {
			t.Fatalf("delay %v", d)
		}
	})
}

func BenchmarkRobots(b *testing.B) {
	body := []byte("User-agent: *\n" + strings.Repeat("Disallow: /wp-admin/*.php$\nAllow: /wp-content/\n", 50))
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			ParseRobots(body)
		}
	})
	r := ParseRobots(body)
	b.Run("allowed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Allowed("ibid", "/2026/11/22/some-article?id=5")
		}
	})
}
