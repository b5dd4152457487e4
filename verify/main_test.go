package verify

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestReadPageMain(t *testing.T) {
	s := raid()
	p := pageOf(t, s.html())
	if p.Extractor != MainExtractor || p.WhyVisible != "" {
		t.Fatal(p.Extractor, p.WhyVisible)
	}
	for _, paragraph := range s.paragraphs {
		if !strings.Contains(p.Main, paragraph) {
			t.Errorf("the main text has no %q", paragraph)
		}
	}
	for _, furniture := range append(s.related, "Home", "All rights reserved") {
		if strings.Contains(p.Main, furniture) {
			t.Errorf("the main text has %q", furniture)
		}
		if !strings.Contains(p.Text, furniture) {
			t.Errorf("the visible text has no %q", furniture)
		}
	}
}

func TestReadPageFallback(t *testing.T) {
	for _, c := range []struct{ name, body, mediaType, why string }{
		{"plain text", "Some words.", "text/plain", "no HTML"},
		{"nothing", "<html></html>", "text/html", "no main text"},
		{"too many elements", strings.Repeat("<p>word</p>", slimElements+1), "text/html", "too large"},
		{"too large", "<p>" + strings.Repeat("word ", slimBytes/5+1), "text/html", "too large"},
		{"hidden rest", "<p>word</p><svg><p>more", "text/html", "leaves an element open"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := ReadPage(strings.NewReader(c.body), c.mediaType, "https://a.test/")
			if err != nil {
				t.Fatal(err)
			}
			if p.Extractor != VisibleExtractor || p.Main != p.Text || !strings.Contains(p.WhyVisible, c.why) {
				t.Errorf("%s: %s", p.Extractor, p.WhyVisible)
			}
		})
	}
	if _, err := ReadPage(strings.NewReader("\x89PNG\r\n\x1a\n"), "", "https://a.test/"); !errors.Is(err, ErrNoText) {
		t.Errorf("an image: %v", err)
	}
}

// hostilePages are pages that cost much where nobody takes care.
func hostilePages() map[string]string {
	many := slimElements - 10
	attributes := strings.Builder{}
	for i := range 2_000 {
		fmt.Fprintf(&attributes, `<b id="%d"><i class="%d">`, i, i)
	}
	return map[string]string{
		"formatting opened again": attributes.String() + strings.Repeat("<p>x", many),
		"links in links":          strings.Repeat(`<a href="/x">x<p>`, many/2),
		"deep":                    strings.Repeat("<div>", many) + "x",
		"deep lists":              strings.Repeat("<ul><li>x", many/2),
		"half as deep":            strings.Repeat("<div>word, word, word ", 500) + strings.Repeat("<p>Some words, and more of them, and again.</p>", many-510),
		"tables in tables":        strings.Repeat("<table><tr><td>x", many/3),
		"fostered":                "<table>" + strings.Repeat("<p>x", many),
		"line breaks":             strings.Repeat("<br>", many),
		"many attributes":         "<p " + strings.Repeat("a=b ", 100_000) + ">x",
		"one long word":           "<p>" + strings.Repeat("x", 3<<20),
		"unlikely":                strings.Repeat(`<div class="comment sidebar ad">Some words, and more of them, and again.</div>`, many),
	}
}

// TestReadPageHostile reads them all. That they end, and with a small stack and
// little memory, is what it asks.
func TestReadPageHostile(t *testing.T) {
	for name, page := range hostilePages() {
		t.Run(name, func(t *testing.T) {
			p := pageOf(t, page)
			if p.Main == "" && p.Text != "" {
				t.Error("no main text")
			}
			t.Log(p.Extractor, p.WhyVisible)
			if d := Compare(p, pageOf(t, page+"<p>more"), Cited{Claims: []string{"some words and more"}}); d.Class.Validate() != nil {
				t.Error(d.Class)
			}
		})
	}
}
