package crawler

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mustURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// shortRequisites writes "kind path" for what lies on the page's own host.
func shortRequisites(rs []Requisite) []string {
	var out []string
	for _, r := range rs {
		s := r.Kind + " " + strings.TrimPrefix(r.URL, "https://e.test")
		if r.Implicit {
			s += " (implicit)"
		}
		out = append(out, s)
	}
	return out
}

func TestRequisites(t *testing.T) {
	const icon = `<link rel=icon href="data:,">` // no favicon in the expectations
	for _, tt := range []struct {
		name, html string
		want       []string
	}{
		{"nothing but the icon", "<p>text", []string{"icon /favicon.ico (implicit)"}},
		{"named icon", `<link rel="shortcut icon" href=/i.png>`, []string{"icon /i.png"}},
		{"touch icon does not replace it", `<link rel=apple-touch-icon href=/i.png>`, []string{"icon /i.png", "icon /favicon.ico (implicit)"}},
		{"images", icon + `<img src=a.png><IMG SRC='/b.png' srcset="c.png 1x, d.png 2x,e.png 100w">`,
			[]string{"image /d/a.png", "image /b.png", "image /d/c.png", "image /d/d.png", "image /d/e.png"}},
		{"picture", icon + `<picture><source srcset="a.avif, b.avif 2x"><img src=c.jpg></picture>`,
			[]string{"image /d/a.avif", "image /d/b.avif", "image /d/c.jpg"}},
		{"lazy", icon + `<img src="data:image/gif;base64,R0" data-src=a.png data-srcset="b.png 2x">`, []string{"image /d/a.png", "image /d/b.png"}},
		{"links", icon + `<link rel=stylesheet href=a.css><link rel=preload as=font href=b.woff2><link rel=preload as=style href=c.css>
			<link rel=preload as=image href=d.png imagesrcset="e.png 2x"><link rel=preload as=fetch href=f><link rel=manifest href=g.json>
			<link rel=canonical href=h><link rel=modulepreload href=i.js><link rel=alternate href=j>`,
			[]string{"style /d/a.css", "font /d/b.woff2", "style /d/c.css", "image /d/d.png", "image /d/e.png", "manifest /d/g.json", "script /d/i.js"}},
		{"style attribute and block", icon + `<style>@import "a.css"; p{background:url(b.png)}@font-face{src:url(c)}</style><p style="background:url('e.png')">`,
			[]string{"style /d/a.css", "image /d/b.png", "font /d/c", "image /d/e.png"}},
		{"style of another type", icon + `<style type=text/x>p{background:url(b.png)}</style>`, nil},
		{"scripts and the rest", icon + `<script src=a.js></script><video poster=b.jpg src=v.mp4></video><input type=IMAGE src=c.png><input src=no.png>
			<object type=image/svg+xml data=d.svg></object><object data=no.swf></object><embed type=image/png src=e.png><iframe src=no.html></iframe>`,
			[]string{"script /d/a.js", "image /d/b.jpg", "image /d/c.png", "image /d/d.svg", "image /d/e.png"}},
		{"body background", icon + `<body background=a.png>`, []string{"image /d/a.png"}},
		{"svg", icon + `<svg><image href=a.png /><image xlink:href="b.png"/><use href="c.svg#x"/><use href="#y"/></svg><image src=d.png><use href=no.svg>`,
			[]string{"image /d/a.png", "image /d/b.png", "image /d/c.svg", "image /d/d.png"}},
		{"base", icon + `<img src=a.png><base href="//cdn.test/x/"><base href="/no/"><img src=b.png>`,
			[]string{"image https://cdn.test/x/a.png", "image https://cdn.test/x/b.png"}},
		{"base of another scheme", icon + `<base href="data:text/html,x"><img src=a.png>`, []string{"image /d/a.png"}},
		{"base does not move the icon", `<base href="//cdn.test/x/">`, []string{"icon /favicon.ico (implicit)"}},
		{"noscript", icon + `<noscript><img src=a.png></noscript>`, []string{"image /d/a.png"}},
		{"not tags", icon + `<!-- <img src=a> --><script>"<img src=b>"</script><textarea><img src=c></textarea><title><img src=d></title>
			<p title="<img src=e>"><![CDATA[<img src=f]]><xmp><img src=g></xmp>< img src=h>`, nil},
		{"script within a script comment", icon + `<script><!-- <script> </script> <img src=no> --></script><img src=a>`, []string{"image /d/a"}},
		{"cut tag", icon + `<img src=a.png><img src="b.png`, []string{"image /d/a.png"}},
		{"each once, the page itself never", icon + `<img src=a.png><img src="./a.png#x"><img src=page.html?q><img src="#x"><img src="">`, []string{"image /d/a.png"}},
		{"other schemes", icon + `<img src="javascript:x"><img src="ftp://h/x"><img src="blob:https://h/x"><img src="about:blank"><img src=" DATA:x">`, nil},
		{"references", icon + `<img src="a?x=1&amp;y=2"><img src="b?x=1&copy=2"><img src="&#99;"><img src=d&lt;>`,
			[]string{"image /d/a?x=1&y=2", "image /d/b?x=1&copy=2", "image /d/c", "image /d/d%3C"}},
		{"first attribute wins", icon + `<img src=a src=b>`, []string{"image /d/a"}},
		{"slashes between attributes", icon + `<img/src="a"/alt=x/><br/><img src=b/>`, []string{"image /d/a", "image /d/b/"}},
	} {
		got := Requisites(mustURL(t, "https://e.test/d/page.html?q#f"), "text/html; charset=utf-8", []byte(tt.html))
		if diff := cmp.Diff(tt.want, shortRequisites(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestRequisitesContentTypes(t *testing.T) {
	base := mustURL(t, "https://e.test/d/x")
	html := `<html><head><link rel=icon href=i><body><img src="é.png?é">`
	svg := `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><title>t</title><image href="a.png"/><style>b{fill:url(c.png)}</style></svg>`
	utf16 := []byte("\xff\xfe")
	for _, r := range html {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	latin1 := []byte(strings.ReplaceAll(html, "é", "\xe9"))
	for _, tt := range []struct {
		contentType string
		body        []byte
		want        []string
	}{
		{"text/html", []byte(html), []string{"icon /d/i", "image /d/%C3%A9.png?%C3%A9"}},
		{"", []byte(html), []string{"icon /d/i", "image /d/%C3%A9.png?%C3%A9"}},
		{"Text/HTML ;charset=x", []byte(html), []string{"icon /d/i", "image /d/%C3%A9.png?%C3%A9"}},
		{"text/html; charset=iso-8859-1", latin1, []string{"icon /d/i", "image /d/%C3%A9.png?%E9"}},
		{"text/html", utf16, []string{"icon /d/i", "image /d/%C3%A9.png?%C3%A9"}},
		{"image/svg+xml", []byte(svg), []string{"image /d/a.png", "image /d/c.png"}},
		{"text/css", []byte(`a{b:url(c.png)}`), []string{"image /d/c.png"}},
		{"application/pdf", []byte(html), nil},
		{"text/plain", []byte(html), nil},
		{"application/json", []byte(html), nil},
	} {
		if diff := cmp.Diff(tt.want, shortRequisites(Requisites(base, tt.contentType, tt.body))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.contentType, diff)
		}
	}
}

func TestCSSRequisites(t *testing.T) {
	for _, tt := range []struct {
		name, css string
		want      []string
	}{
		{"url forms", `a{b:url(a.png) URL( "b.png" ) url('c.png')url(d.png)}`, []string{"image /d/a.png", "image /d/b.png", "image /d/c.png", "image /d/d.png"}},
		{"import forms", `@import "a.css"; @IMPORT url(b.css) screen; @import url("c") layer(x);@import/**/'d.css';`,
			[]string{"style /d/a.css", "style /d/b.css", "style /d/c", "style /d/d.css"}},
		{"fonts", `@font-face{font-family:x;src:url(a) format("woff2"),url(b.svg#f)}p{c:url(d)}q{src:url(e.woff2?v=1)}`,
			[]string{"font /d/a", "font /d/b.svg", "image /d/d", "font /d/e.woff2?v=1"}},
		{"font-face without block", `@font-face;a{b:url(c)}`, []string{"image /d/c"}},
		{"nested", `@media x{@font-face{src:url(a)}b{c:url(d)}}`, []string{"font /d/a", "image /d/d"}},
		{"comments", `/* url(no.png) */a{b:url(/*c.png)}/**/d{e:url(f.png)}/* open url(no2.png)`, []string{"image /*c.png", "image /d/f.png"}},
		{"strings", `a{content:"url(no.png)";b:'url("no.png")';c:url(d.png)}`, []string{"image /d/d.png"}},
		{"broken string", "a{content:\"open\nb:url(c.png)}", []string{"image /d/c.png"}},
		{"escapes", `a{b:url(c\29 d.png);e:url("f\"g\
h.png");i:u\72l(j.png);k:\75 rl(l.png)}`, []string{"image /d/c)d.png", "image /d/f%22gh.png", "image /d/j.png", "image /d/l.png"}},
		{"skipped", `a{b:url(#c);d:url(data:image/png,x);e:url("");f:url()}`, nil},
		{"not url", `a{b:myurl(c);d:url-prefix(e);#url(f);g:1url(h);i:u rl(j)}`, nil},
		{"bad urls", `a{b:url(c d);e:url(f"g);h:url(i(j);k:url(l.png)}`, []string{"image /d/l.png"}},
		{"names that look like URLs", `@namespace svg url(http://www.w3.org/2000/svg);@namespace "x(y";@-moz-document url(http://x.test/){a{b:url(c.png)}}`, []string{"image /d/c.png"}},
		{"image-set", `a{b:image-set("c.png" 1x, "d.avif" type("image/avif"), url(e.png) 2x);f:"g"}h{i:-webkit-image-set(url("j.png") 1x,"k.png" 2x)}`,
			[]string{"image /d/c.png", "image /d/d.avif", "image /d/e.png", "image /d/j.png", "image /d/k.png"}},
		{"cut", `a{b:url(c.png`, []string{"image /d/c.png"}},
		{"cut string", `@import "c.css`, []string{"style /d/c.css"}},
		{"cut escape", `a{b:url(c.png\`, []string{"image /d/c.png"}},
		{"cut keyword", `@import`, nil},
	} {
		got := shortRequisites(CSSRequisites(mustURL(t, "https://e.test/d/x.css"), []byte(tt.css)))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestSrcset(t *testing.T) {
	for in, want := range map[string][]string{
		"":                                   nil,
		" , ,":                               nil,
		"a":                                  {"a"},
		"a,b":                                {"a,b"},
		"a, b":                               {"a", "b"},
		"a 1x,b 2x":                          {"a", "b"},
		"\n a 100w ,\tb 200w\n":              {"a", "b"},
		"a,, b":                              {"a", "b"},
		"data:image/png;base64,AA== 1x,b 2x": {"data:image/png;base64,AA==", "b"},
		"a calc(1x, 2x), b":                  {"a", "b"},
		"https://h/i,w_1/x.jpg 1x":           {"https://h/i,w_1/x.jpg"},
	} {
		var got []string
		srcsetURLs(in, func(u string) { got = append(got, u) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

func TestResolve(t *testing.T) {
	r := pageResolver{base: pageBase(mustURL(t, "https://user:pw@E.test:443/a/b/page?q#f"))}
	for in, want := range map[string]string{
		"x":                         "https://e.test/a/b/x",
		"./x":                       "https://e.test/a/b/x",
		"../x":                      "https://e.test/a/x",
		"../../../x":                "https://e.test/x",
		"/x":                        "https://e.test/x",
		"/x/../y":                   "https://e.test/y",
		"//h.test":                  "https://h.test/",
		"//h.test/x":                "https://h.test/x",
		"///h.test/x":               "https://h.test/x",
		"http://H.test":             "http://h.test/",
		"http:h.test/x":             "http://h.test/x",
		"https:x":                   "https://e.test/a/b/x",
		"HTTP://h.test/x":           "http://h.test/x",
		`\\h.test\x`:                "https://h.test/x",
		`/x\y?a\b`:                  `https://e.test/x/y?a\b`,
		"?x=1":                      "https://e.test/a/b/page?x=1",
		" x\n\ty ":                  "https://e.test/a/b/xy",
		"x y?a b":                   "https://e.test/a/b/x%20y?a%20b",
		"x%2Fy|z":                   "https://e.test/a/b/x%2Fy%7Cz",
		"100%":                      "https://e.test/a/b/100%25",
		"a?100%":                    "https://e.test/a/b/a?100%",
		"https://u:p@h.test:443/x":  "https://h.test/x",
		"https://h.test:8443/x":     "https://h.test:8443/x",
		"http://h.test:443/":        "http://h.test:443/",
		"//пример.рф/ж":             "https://xn--e1afmkfd.xn--p1ai/%D0%B6",
		"//h%2Etest/":               "https://h.test/",
		"//[2001:DB8::1]:80/x":      "https://[2001:db8::1]:80/x",
		"//h.test//x":               "https://h.test//x",
		"x?a#b?c":                   "https://e.test/a/b/x?a",
		"":                          "",
		"#x":                        "",
		"mailto:a@b":                "",
		"C:\\x":                     "",
		"//":                        "",
		"http://":                   "",
		"//h test/":                 "",
		"//h.test:x/":               "",
		"//h.test:123456/":          "",
		"//[::1/":                   "",
		"//[zz]/":                   "",
		"//%zz/":                    "",
		strings.Repeat("x", 20<<10): "",
	} {
		got, ok := r.resolve(in)
		if got != want || ok != (want != "") {
			t.Errorf("resolve(%.40q) = %q, %v; want %q", in, got, ok, want)
		}
		if in == "" {
			continue
		}
		if p, ok := r.plain(in); ok && len(in) <= pageMaxRef {
			if f, _ := r.full(in); p != f {
				t.Errorf("%q: the short way gives %q, the long one %q", in, p, f)
			}
		}
	}
}

func TestRequisitesBase(t *testing.T) {
	body := []byte(`<img src=a.png><img src="https://h.test/b.png"><img src="//h.test/c.png">`)
	for base, want := range map[string]int{
		"http://e.test": 4, "https://E.TEST:443/?q": 4, "file:///etc/passwd": 0, "/relative": 0, "mailto:a@b": 0,
	} {
		if got := Requisites(mustURL(t, base), "text/html", body); len(got) != want {
			t.Errorf("%s: %v, want %d", base, got, want)
		}
	}
	if got := Requisites(nil, "text/html", body); len(got) != 0 {
		t.Errorf("without base: %v", got)
	}
}

// A page made to be slow or big is read in time that grows with its size only,
// and what it names is bounded.
func TestReadPageHostile(t *testing.T) {
	base := mustURL(t, "https://e.test/")
	const n = 100_000
	for name, unit := range map[string]string{
		"open meta": "<meta ", "open title": "<title>", "open comment": "<!--", "dashes": "<!---", "svg": "<svg>", "desc": "<svg></desc>",
		"script": "<script><!--<script>", "attributes": "<a a a a", "one tag": " a=b", "styles": "<p style=(&#39;>", "entities": "<img src=&lt;a>",
		"images": "<img src=a", "srcset": "<img srcset='a b,c d,", "import": "@import url(", "namespace": "@namespace x(", "url": "url(", "quotes": `"'`, "escape": `\`, "hex": `\61 (`, "parens": "image-set(",
	} {
		body := []byte("<p>" + strings.Repeat(unit, n))
		start := time.Now()
		rs := Requisites(base, "text/html", body)
		rs = append(rs, CSSRequisites(base, body)...)
		Title(body, 100)
		d := time.Since(start)
		if d > 5*time.Second {
			t.Errorf("%s: %d bytes took %v", name, len(body), d)
		}
		if len(rs) > 2*requisitesMax+2 {
			t.Errorf("%s: %d requisites", name, len(rs))
		}
	}
	var many strings.Builder
	many.WriteString("<base href='/" + strings.Repeat("long/", 3000) + "'>")
	for i := range 20_000 {
		many.WriteString("<img src=" + strings.Repeat("x", i%97) + string(rune('a'+i%26)) + strings.Repeat("y", i%89) + ">")
	}
	size := 0
	for _, r := range Requisites(base, "", []byte(many.String())) {
		size += len(r.URL)
	}
	if size == 0 || size > requisitesMaxBytes+2*pageMaxRef {
		t.Errorf("the URLs take %d bytes", size)
	}
}

func FuzzReadPage(f *testing.F) {
	for _, s := range []string{`<img src="a.png" srcset="b 1x, c 2x">`, `<base href="//h/x"><link rel=icon href=i>`, `<svg><title>x</title><image href=a>`,
		`<style>@import "a";b{c:url(d)}</style>`, `<script><!--<script></script>--></script>`, `<meta http-equiv=refresh content="0;url='x'">`, "\xff\xfe<\x00"} {
		f.Add("https://e.test/a?b", "text/html", []byte(s))
		f.Add("http://e.test:80", "text/css", []byte(s))
	}
	f.Fuzz(func(t *testing.T, base, contentType string, body []byte) {
		u, err := url.Parse(base)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return
		}
		page := ReadPage(u, contentType, body, 50)
		if isHTML(pageMediaType(contentType)) && pageTitle(contentType, body, 50) != page.Title {
			t.Fatalf("title %q alone, %q with the rest", pageTitle(contentType, body, 50), page.Title)
		}
		all := slices.Concat(page.Requisites, CSSRequisites(u, body))
		for _, r := range all {
			a, err := url.Parse(r.URL)
			if err != nil || a.Scheme != "http" && a.Scheme != "https" || a.Host == "" || a.User != nil || a.Fragment != "" {
				t.Fatalf("%q from %q: %v", r.URL, body, err)
			}
			if r.Kind == "" {
				t.Fatalf("%q has no kind", r.URL)
			}
		}
		if title := Title(body, 50); len([]rune(title)) > 50 || strings.ContainsAny(title, "\n\t") {
			t.Fatalf("title %q", title)
		}
	})
}

func BenchmarkRequisites(b *testing.B) {
	base := mustURL(b, "https://e.test/d/page.html")
	prose := strings.Repeat("<p class=\"text\">"+strings.Repeat("Words of a report that goes on and on. ", 12)+"<a href=\"/x\">more</a></p>\n", 60)
	figures := strings.Repeat(`<figure class="f"><img src="/i/a.jpg" srcset="/i/b.jpg 1x, /i/c.jpg 2x" alt="x &amp; y"><p style="color:red">text</p></figure>`, 240)
	for name, body := range map[string]string{"prose": prose, "figures": figures} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				Requisites(base, "text/html", []byte(body))
			}
		})
	}
	css := []byte(strings.Repeat(".class-name > p:hover { color: #333; background: url(\"/i/x.png\") no-repeat; margin: 0 1px }\n", 500))
	b.Run("css", func(b *testing.B) {
		b.SetBytes(int64(len(css)))
		b.ReportAllocs()
		for b.Loop() {
			CSSRequisites(base, css)
		}
	})
}
