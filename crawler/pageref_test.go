package crawler

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// tokenizerUnescape reads a value the way the tokenizer of x/net/html does.
func tokenizerUnescape(value string) string {
	z := html.NewTokenizer(strings.NewReader("<a a=\"" + value + "\">"))
	z.Next()
	z.TagName()
	_, v, _ := z.TagAttr()
	return string(v)
}

var unescapeSamples = []string{
	"", "a", "&", "a&", "&amp;", "&amp", "&amp=", "&ampx", "&amp;amp;", "?a=1&b=2", "?a=1&copy=2", "?a=1&copy;=2", "?a&copy2", "&copy", "&notit;", "&not;it",
	"&semi;", "&;", "&#", "&#;", "&#x", "&#x;", "&#xg;", "&#65;", "&#65", "&#65x", "&#x41;", "&#X41g", "&#0;", "&#x80;", "&#xd800;", "&#x110000;", "&#99999999999999;",
	"&#000000000000000000000000000000000000000000065;", "&NotEqualTilde;", "&bne;", "&CounterClockwiseContourIntegral;", "&quot;a&quot;", "&&amp;&", "&lt&gt", "&AMP", "&hellip",
	"&zwnj;&#8204;", "&fjlig;", "&lt;=", "&lt=",
}

func TestPageUnescape(t *testing.T) {
	for _, s := range unescapeSamples {
		if got, want := pageUnescape([]byte(s)), tokenizerUnescape(s); got != want {
			t.Errorf("pageUnescape(%q) = %q, want %q", s, got, want)
		}
	}
}

func FuzzPageUnescape(f *testing.F) {
	for _, s := range unescapeSamples {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "\"\r\x00") {
			return // the tokenizer ends the value or changes the line ends
		}
		if got, want := pageUnescape([]byte(s)), tokenizerUnescape(s); got != want {
			t.Fatalf("pageUnescape(%q) = %q, want %q", s, got, want)
		}
	})
}
