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

func BenchmarkPageHead(b *testing.B) {
	body := []byte("<html><head><meta charset=utf-8><title>A title</title></head><body>" + strings.Repeat("<p class=\"x\">text and more text</p>\n", 1000))
	b.Run("title", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Title(body, 200)
		}
	})
}
