package crawler

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// oracleMatcher takes every element: cascadia folds the case of a name, and
// would not find <feImage>.
var oracleMatcher = cascadia.MustCompile("*")

// oraclePage does what ReadPage does on the tree that x/net/html builds, by
// goquery, without scripts.
func oraclePage(t testing.TB, base *url.URL, contentType string, body []byte) Page {
	t.Helper()
	root, err := html.ParseWithOptions(bytes.NewReader(body), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Skipf("the oracle cannot parse this: %v", err)
	}
	p := newPageReader(base, contentType, body)
	p.wantIcon = true
	goquery.NewDocumentFromNode(root).FindMatcher(oracleMatcher).Each(func(_ int, sel *goquery.Selection) {
		n := sel.Nodes[0]
		at := func(space, key string) (string, bool) {
			for _, a := range n.Attr {
				if a.Namespace == space && a.Key == key {
					return a.Val, true
				}
			}
			return "", false
		}
		add := func(key, kind string) {
			if v, ok := at("", key); ok {
				p.add(v, kind)
			}
		}
		set := func(keys ...string) {
			for _, key := range keys {
				if v, ok := at("", key); ok {
					srcsetURLs(v, func(u string) { p.add(u, RequisiteImage) })
				}
			}
		}
		svg := n.Namespace != ""
		switch n.Data {
		case "title":
			if !p.hasTitle && !svg {
				p.hasTitle, p.title = true, strings.Join(strings.Fields(sel.Text()), " ")
			}
		case "base":
			if v, ok := at("", "href"); ok && !p.hasBase && !svg {
				p.hasBase, p.baseHref = true, v
			}
		case "link":
			rel, _ := at("", "rel")
			as, _ := at("", "as")
			if kind := pageLinkKind(rel, as); kind != "" {
				if v, _ := at("", "href"); v != "" && slices.Contains(strings.Fields(strings.ToLower(rel)), "icon") {
					p.hasIcon = true
				}
				add("href", kind)
				if kind == RequisiteImage {
					set("imagesrcset")
				}
			}
		case "script":
			add("src", RequisiteScript)
		case "style":
			if v, _ := at("", "type"); strings.TrimSpace(v) == "" || strings.EqualFold(strings.TrimSpace(v), "text/css") {
				p.css([]byte(sel.Text()))
			}
		case "img":
			add("src", RequisiteImage)
			set("srcset")
			add("data-src", RequisiteImage)
			set("data-srcset")
		case "source":
			set("srcset", "data-srcset")
		case "video":
			add("poster", RequisiteImage)
		case "input":
			if v, _ := at("", "type"); strings.EqualFold(strings.TrimSpace(v), "image") {
				add("src", RequisiteImage)
			}
		case "body":
			add("background", RequisiteImage)
		case "object", "embed":
			if v, _ := at("", "type"); len(v) > 6 && strings.EqualFold(v[:6], "image/") {
				add(map[string]string{"object": "data", "embed": "src"}[n.Data], RequisiteImage)
			}
		case "image", "use", "feImage":
			if !svg {
				break
			}
			if _, ok := at("", "href"); ok {
				add("href", RequisiteImage)
			} else if v, ok := at("xlink", "href"); ok {
				p.add(v, RequisiteImage)
			}
		}
		if v, ok := at("", "style"); ok {
			p.css([]byte(v))
		}
	})
	return p.page()
}

// comparePages compares sets: where the parser moves nodes (tables, late head
// elements) the order differs, and that is the only thing that may.
func comparePages(base *url.URL, got, want Page) string {
	byURL := func(a, b Requisite) int { return strings.Compare(a.URL, b.URL) }
	got.Requisites, want.Requisites = slices.Clone(got.Requisites), slices.Clone(want.Requisites)
	slices.SortFunc(got.Requisites, byURL)
	slices.SortFunc(want.Requisites, byURL)
	return cmp.Diff(want, got)
}

func genPage() *rapid.Generator[string] {
	oneOf := func(s ...string) *rapid.Generator[string] { return rapid.SampledFrom(s) }
	ref := oneOf("a.png", "/b/c.css", "../d.js?x=1&amp;y=2", "//cdn.test/e.woff2", "https://e.test/f?a=1&copy=2", "#frag", "",
		"data:image/png;base64,AAAA", " g.png ", "h%20i.png#z", "j k.png", "?q=1", "mailto:a@b.test", "http:l.png", "\\m\\n.png",
		"&#47;o.png", "p.png&lt;", "q\nr.png", "ü.png", "javascript:x", "https://user:pw@s.test:443/t")
	attr := rapid.Custom(func(t *rapid.T) string {
		name := oneOf("src", "SRC", "href", "srcset", "data-src", "data-srcset", "style", "poster", "type", "rel", "as", "id",
			"background", "xlink:href", "imagesrcset", "data", "class").Draw(t, "name")
		value := ref.Draw(t, "value")
		switch strings.ToLower(name) {
		case "srcset", "data-srcset", "imagesrcset":
			value += " 1x, " + ref.Draw(t, "second") + " 2x"
		case "style":
			value = oneOf("color:red", "background:url("+value+")", "background:url(&quot;"+value+"&quot;)", "x:URL( "+value+" )").Draw(t, "css")
		case "rel":
			value = oneOf("stylesheet", "icon", "shortcut icon", "preload", "nofollow", "Manifest").Draw(t, "rel")
		case "as":
			value = oneOf("font", "style", "image", "fetch").Draw(t, "as")
		case "type":
			value = oneOf("image", "image/png", "text/css", "text/javascript").Draw(t, "type")
		}
		switch oneOf(`"`, `'`, "", "none").Draw(t, "quote") {
		case `"`:
			return " " + name + `="` + strings.ReplaceAll(value, `"`, "") + `"`
		case `'`:
			return "\n" + name + " = '" + strings.ReplaceAll(value, "'", "") + "'"
		case "":
			return " " + name + "=" + strings.Join(strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" \n\"'>", r) }), "") + " "
		}
		return " " + name
	})
	void := rapid.Custom(func(t *rapid.T) string {
		tag := oneOf("img", "IMG", "link", "input", "source", "image", "br", "embed").Draw(t, "tag")
		return "<" + tag + strings.Join(rapid.SliceOfN(attr, 0, 4).Draw(t, "attrs"), "") + oneOf(">", "/>", " >").Draw(t, "close")
	})
	text := oneOf("text ", "a < b ", "&lt;img src=no.png> ", "<!-- <img src=comment.png> -->", "<!--><img src=after.png>", "<!---->",
		"<!-- a --!><img src=bang.png>", "<!doctype html>", "<?php <img src=pi.png> ?>", "</ bogus <img src=no.png>", "</>", "<3 ", "<![CDATA[ <img src=cdata.png> ]]>",
		"<p =src=x \"<img src=odd.png>\">")
	raw := rapid.Custom(func(t *rapid.T) string {
		tag := oneOf("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes").Draw(t, "tag")
		content := oneOf("", "<img src=raw.png>", "@import 'raw.css'; a{b:url(raw2.png)}", "x</scr", "<!-- <script> </script> <img src=no.png> -->", "a &amp; b\n c", "</ script>").Draw(t, "content")
		return "<" + tag + strings.Join(rapid.SliceOfN(attr, 0, 2).Draw(t, "attrs"), "") + ">" + content + "</" + oneOf(tag, strings.ToUpper(tag), tag+" ").Draw(t, "end") + ">"
	})
	svg := rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		b.WriteString("<svg>")
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			tag := oneOf("image", "use", "feImage", "path", "rect").Draw(t, "tag")
			b.WriteString("<" + tag + strings.Join(rapid.SliceOfN(attr, 0, 3).Draw(t, "attrs"), "") + "/>")
			b.WriteString(oneOf("", "<title>in svg</title>", "<![CDATA[<img src=in-cdata.png>]]>", "<style>a{fill:url(in-svg.png)}</style>",
				"<foreignObject><div style='b:url(fo.png)'><img src=fo2.png></div></foreignObject>", "<desc><img src=desc.png></desc>").Draw(t, "inner"))
		}
		b.WriteString("</svg>")
		return b.String()
	})
	var block *rapid.Generator[string]
	block = rapid.Custom(func(t *rapid.T) string {
		tag := oneOf("div", "p", "a", "picture", "noscript", "section", "article", "video", "object", "span", "b").Draw(t, "tag")
		inner := strings.Join(rapid.SliceOfN(rapid.OneOf(void, text, raw, svg), 0, 4).Draw(t, "inner"), "")
		return "<" + tag + strings.Join(rapid.SliceOfN(attr, 0, 3).Draw(t, "attrs"), "") + ">" + inner + "</" + tag + ">"
	})
	return rapid.Custom(func(t *rapid.T) string {
		head := oneOf("", "<!DOCTYPE html>", "<html><head>", "<html><head><base href=/base/x.html>", "<title>A &amp;\n  B</title>",
			"<head><link rel=icon href=i.ico><noscript><link rel=stylesheet href=ns.css></noscript></head>",
			"<body background=bg.png>", "<body style='background:url(bg2.png)'>", "<meta charset=utf-8>").Draw(t, "head")
		return head + strings.Join(rapid.SliceOfN(rapid.OneOf(void, text, raw, svg, block), 0, 12).Draw(t, "body"), "")
	})
}

func TestReadPageEqualsTree(t *testing.T) {
	base, _ := url.Parse("https://example.test/dir/page.html?q")
	pages := genPage()
	rapid.Check(t, func(rt *rapid.T) {
		body := []byte(pages.Draw(rt, "page"))
		got, want := ReadPage(base, "text/html", body, 0), oraclePage(t, base, "text/html", body)
		if diff := comparePages(base, got, want); diff != "" {
			rt.Fatalf("scan differs from the tree (-tree +scan):\n%s\n%s", diff, body)
		}
	})
}

// realPages reads the pages under $IBID_DATA_DIR/articles/html.
func realPages(tb testing.TB) map[string][]byte {
	dir := os.Getenv("IBID_DATA_DIR")
	if dir == "" {
		tb.Skip("IBID_DATA_DIR is not set: no real pages to compare with")
	}
	names, err := filepath.Glob(filepath.Join(dir, "articles", "html", "*.html.gz"))
	if err != nil || len(names) == 0 {
		tb.Fatalf("no pages under %s: %v", dir, err)
	}
	pages := make(map[string][]byte)
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			tb.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			tb.Fatal(err)
		}
		if pages[filepath.Base(name)], err = io.ReadAll(z); err != nil {
			tb.Fatal(err)
		}
		f.Close()
	}
	return pages
}

func TestReadPageEqualsTreeReal(t *testing.T) {
	base, _ := url.Parse("https://example.test/dir/page.html")
	pages, total := realPages(t), 0
	for name, body := range pages {
		t.Run(name, func(t *testing.T) {
			got, want := ReadPage(base, "text/html", body, 0), oraclePage(t, base, "text/html", body)
			total += len(got.Requisites)
			if diff := comparePages(base, got, want); diff != "" {
				t.Errorf("scan differs from the tree (-tree +scan):\n%s", diff)
			}
		})
	}
	t.Log(fmt.Sprintf("%d pages, %d requisites", len(pages), total))
}

func BenchmarkReadPageReal(b *testing.B) {
	base, _ := url.Parse("https://example.test/dir/page.html")
	var pages [][]byte
	size := 0
	for _, body := range realPages(b) {
		pages, size = append(pages, body), size+len(body)
	}
	b.Run("scan", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			for _, body := range pages {
				ReadPage(base, "text/html", body, 200)
			}
		}
	})
	b.Run("tree", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			for _, body := range pages {
				oraclePage(b, base, "text/html", body)
			}
		}
	})
}
