package crawler

import (
	"strings"
	"testing"
)

func TestTitle(t *testing.T) {
	for _, tt := range []struct {
		name, html string
		limit      int
		want       string
	}{
		{"none", "<p>text", 0, ""},
		{"plain", "<html><head><title>A title</title>", 0, "A title"},
		{"blanks and references", "<TITLE lang=en>\n A &amp;\tB &#x2014; C&nbsp;D\n</TITLE >", 0, "A & B — C D"},
		{"markup is text", "<title>a <b>c</title>", 0, "a <b>c"},
		{"first of two", "<title>one</title><title>two</title>", 0, "one"},
		{"not in a comment or script", "<!--<title>no</title>--><script>'<title>no</title>'</script><title>yes</title>", 0, "yes"},
		{"not in svg", "<svg><title>icon</title></svg><title>page</title>", 0, "page"},
		{"svg and nothing else", "<svg><title>icon</title></svg>", 0, ""},
		{"html within svg", "<svg><foreignObject><p></foreignObject><title>icon</title></svg><title>page</title>", 0, "page"},
		{"cut by the page's end", "<title>half", 0, "half"},
		{"limit", "<title>abc def</title>", 5, "abc d"},
		{"limit at a blank", "<title>abc def</title>", 4, "abc"},
		{"limit counts runes", "<title>Хабар аз Тоҷикистон</title>", 5, "Хабар"},
		{"limit not reached", "<title>Хабар</title>", 5, "Хабар"},
		{"windows-1251", "<meta charset=windows-1251><title>\xd5\xe0\xe1\xe0\xf0</title>", 0, "Хабар"},
		{"empty", "<title> \n</title><title>no</title>", 0, ""},
	} {
		if got := Title([]byte(tt.html), tt.limit); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMetaRefresh(t *testing.T) {
	tag := func(content string) string { return `<meta http-equiv="refresh" content="` + content + `">` }
	for _, tt := range []struct {
		name, html, target string
		delay              float64
		ok                 bool
	}{
		{"none", "<meta charset=utf-8><p>refresh", "", 0, false},
		{"reload", tag("30"), "", 30, true},
		{"target", tag("0;url=next.html"), "next.html", 0, true},
		{"case and blanks", `<META CONTENT=" 5 ; URL = 'a b.html' " HTTP-EQUIV=Refresh>`, "a b.html", 5, true},
		{"comma", tag("5,url=a"), "a", 5, true},
		{"blank only", tag("5 url=a"), "a", 5, true},
		{"no url word", tag("5; a.html"), "a.html", 5, true},
		{"starts like url", tag("5; urls.html"), "urls.html", 5, true},
		{"fraction", tag("0.5;url=a"), "a", 0.5, true},
		{"no whole part", tag(".5;url=a"), "a", 0.5, true},
		{"many dots", tag("1.2.3;url=a"), "a", 1.2, true},
		{"quoted, more behind", `<meta http-equiv=refresh content='0;url="a"b'>`, "a", 0, true},
		{"unclosed quote", tag("0;url='a"), "a", 0, true},
		{"reference", tag("0;url=a?b=1&amp;c=2"), "a?b=1&c=2", 0, true},
		{"name written as reference", `<meta http-equiv="&#114;efresh" content="0;url=a">`, "a", 0, true},
		{"a > in the value", `<meta content="0;url=a>b" http-equiv=refresh>`, "a>b", 0, true},
		{"no number", tag("url=a"), "", 0, false},
		{"negative", tag("-1;url=a"), "", 0, false},
		{"no separator", tag("5x;url=a"), "", 0, false},
		{"no content", `<meta http-equiv=refresh>`, "", 0, false},
		{"bad one, then a good one", tag("x") + tag("1;url=a"), "a", 1, true},
		{"first counts", tag("1;url=a") + tag("2;url=b"), "a", 1, true},
		{"in noscript", "<noscript>" + tag("0;url=nojs") + "</noscript>", "", 0, false},
		{"after noscript", "<noscript>" + tag("0;url=nojs") + "</noscript>" + tag("0;url=a"), "a", 0, true},
		{"in a comment", "<!--" + tag("0;url=a") + "-->", "", 0, false},
		{"huge number", tag(strings.Repeat("9", 400) + ";url=a"), "", 0, false},
	} {
		target, delay, ok := MetaRefresh([]byte(tt.html))
		if target != tt.target || delay != tt.delay || ok != tt.ok {
			t.Errorf("%s: %q, %v, %v; want %q, %v, %v", tt.name, target, delay, ok, tt.target, tt.delay, tt.ok)
		}
		page := ReadPage(mustURL(t, "https://e.test/"), "text/html", []byte(tt.html), 0)
		if want := (Refresh{tt.target, tt.delay, tt.ok}); page.Refresh != want {
			t.Errorf("%s: ReadPage says %v, want %v", tt.name, page.Refresh, want)
		}
	}
}

func BenchmarkPageHead(b *testing.B) {
	body := []byte("<html><head><meta charset=utf-8><title>A title</title></head><body>" + strings.Repeat("<p class=\"x\">text and more text</p>\n", 1000))
	b.Run("title", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Title(body, 200)
		}
	})
	b.Run("refresh", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			MetaRefresh(body)
		}
	})
}
