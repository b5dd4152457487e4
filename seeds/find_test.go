package seeds

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// flat is a citation reduced to what a table can hold: raw, URL, and flags d(efanged), r(epaired), i(nvalid).
type flat struct{ Raw, URL, Flags string }

func flatten(citations []Citation) []flat {
	var all []flat
	for _, c := range citations {
		f := flat{Raw: c.Raw, URL: c.URL}
		if c.Defanged {
			f.Flags += "d"
		}
		if c.Repaired {
			f.Flags += "r"
		}
		if c.Invalid != "" {
			f.Flags += "i"
		}
		all = append(all, f)
	}
	return all
}

// one is the usual expectation: one address.
func one(raw, url, flags string) []flat { return []flat{{raw, url, flags}} }

func TestFindDefanged(t *testing.T) {
	const want = "https://example.org/a"
	for _, raw := range []string{
		"hxxps://example.org/a", "hXXps://example.org/a", "HXXPS://example.org/a", "h**ps://example.org/a", "h__ps://example.org/a",
		"hxxp[s]://example.org/a", "htxps://example.org/a",
		"https[:]//example.org/a", "https[://]example.org/a", "https(:)//example.org/a", "https(://)example.org/a",
		"https:\\\\example.org/a", "https:[/][/]example.org/a", "https:(/)(/)example.org/a", "https[:][/][/]example.org/a",
		"https:[//]example.org/a", "https：//example.org/a",
		"https://example[.]org/a", "https://example(.)org/a", "https://example{.}org/a", "https://example<.>org/a",
		"https://example[dot]org/a", "https://example(dot)org/a", "https://example{dot}org/a", "https://example[DOT]org/a",
		"https://example [.] org/a", "https://example (dot) org/a", "https://example[ . ]org/a", "https://example dot org/a",
		"https://example\\.org/a", "https://example[.org/a", "https://example.]org/a",
		"https://example．org/a", "https://example・org/a", "https://example。org/a", "https://example .org/a",
		"https://example.org[/]a", "https://example.org(/)a", "hxxps[:]//example[.]org[/]a",
	} {
		for _, frame := range [][2]string{{"", ""}, {"[1] ", ""}, {"See ", ", p. 2."}, {"(", ")."}, {"“", "”"}, {"Source:", "\nNext line."}} {
			r := mustRead(t, "t", []byte(frame[0]+raw+frame[1]))
			if diff := cmp.Diff(one(raw, want, "d"), flatten(r.Citations)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", frame[0]+raw+frame[1], diff)
			}
		}
	}
}

func TestFindWithoutScheme(t *testing.T) {
	tests := []struct {
		text string
		want []flat
	}{
		{"khovar(dot)tj/rus/2022/", one("khovar(dot)tj/rus/2022/", "https://khovar.tj/rus/2022/", "dr")},
		{"see example[.]com.", one("example[.]com", "https://example.com/", "dr")},
		{"example[.]co[.]uk/x", one("example[.]co[.]uk/x", "https://example.co.uk/x", "dr")},
		{"example [.] com/x", one("example [.] com/x", "https://example.com/x", "dr")},
		{"khovar dot tj/rus", one("khovar dot tj/rus", "https://khovar.tj/rus", "dr")},
		{"8.8.8[.]8", one("8.8.8[.]8", "https://8.8.8.8/", "dr")},
		{"www.example.org", one("www.example.org", "https://www.example.org/", "r")},
		{"WWW.Example.ORG/Path", one("WWW.Example.ORG/Path", "https://www.example.org/Path", "r")},
		{"(www.example.org/a_(b)).", one("www.example.org/a_(b)", "https://www.example.org/a_(b)", "r")},
		{"Eurasianet, eurasianet.org, 5 May", one("eurasianet.org", "https://eurasianet.org/", "r")},
		{"t.me/channel/12", one("t.me/channel/12", "https://t.me/channel/12", "r")},
		{"user.github.io/page", one("user.github.io/page", "https://user.github.io/page", "r")},
		{"example.org:8443/x", one("example.org:8443/x", "https://example.org:8443/x", "r")},
		{"example.org?id=5", one("example.org?id=5", "https://example.org/?id=5", "r")},
		{"пример.рф/путь", one("пример.рф/путь", "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C", "r")},
		{"readme.md/x is a path", one("readme.md/x", "https://readme.md/x", "r")},
		{"readme[.]md", one("readme[.]md", "https://readme.md/", "dr")},
		{"mail a.b@example.org or c@example.com now", nil},
		{"report.txt main.go readme.md lib.rs script.py Node.js archive.zip", nil},
		{"U.S. e.g. i.e. a.m. No. 5 v1.2.3 3.14 1.000.000", nil},
		{"ended.The next one. It's ASP.NET, Amazon.com and booking.com's", nil},
		{"the dot com bubble, gazette dot com", nil},
		{"co.uk and com.", nil},
		{"i.e.in time, at 10.30.am or 9.am", nil},
		{"path/to/example.com/x @example.com #example.com", nil},
		{"and/or he.she/they", nil},
		{"example.unknowntld/x", nil},
	}
	for _, tt := range tests {
		r := mustRead(t, "t", []byte(tt.text))
		if diff := cmp.Diff(tt.want, flatten(r.Citations)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestFindExtent(t *testing.T) {
	const a, b = "https://a.example/x", "https://b.example/y"
	tests := []struct {
		text string
		want []flat
	}{
		{"<https://a.example/x>", one(a, a, "")},
		{"(https://a.example/x)", one(a, a, "")},
		{"\"https://a.example/x\"", one(a, a, "")},
		{"'https://a.example/x'", one(a, a, "")},
		{"“https://a.example/x.”", one(a, a, "")},
		{"«https://a.example/x»", one(a, a, "")},
		{"`https://a.example/x`", one(a, a, "")},
		{"*https://a.example/x*", one(a, a, "")},
		{"_https://a.example/x_", one(a, a, "")},
		{"|https://a.example/x|", one(a, a, "")},
		{"[https://a.example/x]", one(a, a, "")},
		{"{https://a.example/x}", one(a, a, "")},
		{"\\url{https://a.example/x}", one(a, a, "")},
		{"https://a.example/x.", one(a, a, "")},
		{"https://a.example/x, https://b.example/y; and", []flat{{a, a, ""}, {b, b, ""}}},
		{"https://a.example/x,https://b.example/y", []flat{{a, a, ""}, {b, b, ""}}},
		{"https://a.example/xhttps://b.example/y", []flat{{a, a, ""}, {b, b, ""}}},
		{"seehttps://a.example/x", one(a, a, "")},
		{"https://a.example/x[1]", one(a, a, "")},
		{"https://a.example/x¹", one(a, a, "")},
		{"https://a.example/x…", one(a, a, "")},
		{"Is it https://a.example/x?", one(a, a, "")},
		{"https://a.example/x!!! Wow", one(a, a, "")},
		{"https://a.example/x’s claim", []flat{{"https://a.example/x’s", "https://a.example/x%E2%80%99s", ""}}},
		{"https://a.example/x—a dash", one(a, a, "")},
		{"参见https://a.example/x。", one(a, a, "")},
		{"https://example.com的报道", one("https://example.com", "https://example.com/", "")},
		{"https://a.example/Foo_(bar)", one("https://a.example/Foo_(bar)", "https://a.example/Foo_(bar)", "")},
		{"(https://a.example/Foo_(bar)).", one("https://a.example/Foo_(bar)", "https://a.example/Foo_(bar)", "")},
		{"https://a.example/(x", one("https://a.example/", "https://a.example/", "")},
		{"https://a.example/?f[0]=x&g[]=y [1]", one("https://a.example/?f[0]=x&g[]=y", "https://a.example/?f[0]=x&g[]=y", "")},
		{"https://web.archive.org/web/2020/https://a.example/x", one("https://web.archive.org/web/2020/https://a.example/x", "https://web.archive.org/web/2020/https://a.example/x", "")},
		{"https://a.example/?u=https://b.example/y", one("https://a.example/?u=https://b.example/y", "https://a.example/?u=https://b.example/y", "")},
		{"https://a.example/?a=1&amp;b=2", one("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2", "r")},
		{"https://a.example/x&gt; and", one(a, a, "")},
		{"https:\\/\\/a.example\\/x", one("https:\\/\\/a.example\\/x", a, "r")},
		{"https://a.exam\u200bple/\u00adx", one("https://a.exam\u200bple/\u00adx", a, "r")},
		{"https://a.example/x\u200b next", one(a, a, "")},
		{"https://a.example/x\u00a0next", one(a, a, "")},
		{"https://https://a.example/x", one("https://https://a.example/x", a, "r")},
		{"http:/a.example/x", one("http:/a.example/x", "http://a.example/x", "r")},
		{"https//a.example/x", one("https//a.example/x", a, "r")},
		{"https:///a.example/x", one("https:///a.example/x", a, "r")},
		{"https:// www.example.org/x", one("https:// www.example.org/x", "https://www.example.org/x", "r")},
		{"https://user:secret@a.example/x", one("https://user:secret@a.example/x", a, "r")},
		{"HTTPS://A.Example/X", one("HTTPS://A.Example/X", "https://a.example/X", "")},
		{"http://localhost:8080/x", one("http://localhost:8080/x", "http://localhost:8080/x", "")},
		{"http://[2001:db8::1]:80/x", one("http://[2001:db8::1]:80/x", "http://[2001:db8::1]/x", "")},
		{"https://de.wikipedia.org/wiki/Müller", one("https://de.wikipedia.org/wiki/Müller", "https://de.wikipedia.org/wiki/M%C3%BCller", "")},
		{"https://münchen.de/x", one("https://münchen.de/x", "https://xn--mnchen-3ya.de/x", "")},
		{"https://a.example/x#part", one("https://a.example/x#part", "https://a.example/x#part", "")},
		{"https://a.example:99999/x", one("https://a.example:99999/x", "https://a.example:99999/x", "i")},
		{"ftp://a.example/x", one("ftp://a.example/x", "ftp://a.example/x", "i")},
		{"https://example.org dot the i", one("https://example.org", "https://example.org/", "")},
		{"https://example.org .NET is a framework", one("https://example.org", "https://example.org/", "")},
		{"http:// and https:// and hxxp", nil},
		{"https://…", nil},
	}
	for _, tt := range tests {
		r := mustRead(t, "t", []byte(tt.text))
		if diff := cmp.Diff(tt.want, flatten(r.Citations)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestJoinLines(t *testing.T) {
	const wide = "https://news.example/2022/05/a-rather-long-and-winding-name-of-a-page" // 69 bytes
	tests := []struct {
		name, text string
		want       []string
	}{
		{"slash and piece", "[1] https://a.example/2022/\n05/report.html", []string{"https://a.example/2022/05/report.html"}},
		{"hyphen", "[1] https://a.example/some-\nthing, accessed 5 May", []string{"https://a.example/some-thing"}},
		{"hyphen, CRLF, indented", "[1] https://a.example/some-\r\n    thing-or-other/x\r\n", []string{"https://a.example/some-thing-or-other/x"}},
		{"ampersand", "[1] https://a.example/?a=1&\nb=2", []string{"https://a.example/?a=1&b=2"}},
		{"equals", "[1] https://a.example/?v=\nabc", []string{"https://a.example/?v=abc"}},
		{"question mark", "[1] https://a.example/x?\nid=7", []string{"https://a.example/x?id=7"}},
		{"percent", "[1] https://a.example/%\n20x", []string{"https://a.example/%20x"}},
		{"file ending", "[1] https://a.example/report.\npdf", []string{"https://a.example/report.pdf"}},
		{"next line opens with a query", "[1] https://a.example/x\n?id=7", []string{"https://a.example/x?id=7"}},
		{"middle of a wide line", "[1] " + wide + "\nand-more/31810956.html", []string{wide + "and-more/31810956.html"}},
		{"angle brackets", "[1] <https://a.example/so\nme>", []string{"https://a.example/some"}},
		{"three lines", "[1] https://a.example/a/\nb/\nc.html", []string{"https://a.example/a/b/c.html"}},
		{"scheme alone in its line", "[1] https://\nwww.example.org/x", []string{"https://www.example.org/x"}},

		{"another address", "[1] https://a.example/\nhttps://b.example/y", []string{"https://a.example/", "https://b.example/y"}},
		{"another bare address", "[1] https://a.example/\nwww.example.org/y", []string{"https://a.example/", "https://www.example.org/y"}},
		{"another note", "[1] https://a.example/\n[2] https://b.example/y", []string{"https://a.example/", "https://b.example/y"}},
		{"another numbered note", "1. https://a.example/\n2. https://b.example/y", []string{"https://a.example/", "https://b.example/y"}},
		{"sentence", "https://a.example/\nThe report says so.", []string{"https://a.example/"}},
		{"small words", "https://a.example/\naccessed on 5 May", []string{"https://a.example/"}},
		{"hyphenated word", "https://a.example/\nwell-known facts", []string{"https://a.example/"}},
		{"full stop and sentence", "See https://a.example/x.\nnext we saw", []string{"https://a.example/x"}},
		{"question and sentence", "Seen https://a.example/x?\nYes, we did.", []string{"https://a.example/x"}},
		{"empty line", "https://a.example/x-\n\nthing/more", []string{"https://a.example/x-"}},
		{"bullet", "https://a.example/x\n- more/things", []string{"https://a.example/x"}},
		{"date", "[1] " + wide + "\n5 May 2022", []string{wide}},
		{"author", "[1] " + wide + "\nMiller", []string{wide}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := mustRead(t, "t", []byte(tt.text))
			var got []string
			for _, c := range r.Citations {
				got = append(got, c.URL)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.text, diff)
			}
			joined := len(tt.want) == 1 && len(r.Citations) == 1 && r.Citations[0].Repaired
			if wantJoined := r.Citations[0].Raw != tt.want[0]; joined != wantJoined && len(tt.want) == 1 {
				t.Errorf("repaired = %v, want %v", joined, wantJoined)
			}
		})
	}
}
