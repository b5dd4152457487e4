package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

func TestTextHTML(t *testing.T) {
	for _, tt := range []struct{ name, html, want string }{
		{"blocks", "<h1>Head</h1><p>One  two\n three.<p>Four", "Head\nOne two three.\nFour"},
		{"inline elements are no break", "<p>in<b>di</b>visible <span>wo</span><span>rd</span>", "indivisible word"},
		{"forced line break", "a<br>b<br/><br />c", "a\nb\nc"},
		{"scripts and styles", "<style>p{}</style>a<script>if (1<2) '</p>'</script>b<noscript>x</noscript><template>y</template>", "ab"},
		{"hidden", "a<div hidden>x<div>y</div>z</div>b<p style='color:red; DISPLAY : none !important'>x</p>c<i style=visibility:hidden>x</i>", "abc"},
		{"a style that hides nothing", "<p style='background:url(display:none)'>a", "a"},
		{"hidden paragraph without end", "<p hidden>x<p>a", "a"},
		{"hidden item without end", "<ul><li>a<li hidden>x<ul><li>y</ul>z<li>b</ul>c", "a\nb\nc"},
		{"a body is never hidden", "<body style=display:none hidden><p>a", "a"},
		{"hidden formatting across blocks", "<b hidden><p>x</b>a", "a"},
		{"formatting across blocks", "<p>a<b>b<p>c</b>d", "ab\ncd"},
		{"table", "<table><caption>T</caption><tr><th>Year<th>Dead<tr><td>2015<td>1 200</table>after", "T\nYear\tDead\n2015\t1 200\nafter"},
		{"table for layout", "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\nb\nc"},
		{"end tags do not leave a cell", "<div>a<table><tr><td hidden>x</div>y<td>b</table>c</div>d", "a\nb\nc\nd"},
		{"preformatted", "<pre>a  b\nc</pre>", "a b\nc"},
		{"form", "a<select><option>x<option>y</select><textarea>z</textarea><button>Send</button>b", "a\nSend\nb"},
		{"select without end", "<form><select><option>x</form>a", "a"},
		{"footnote mark", "in 2015<sup>3</sup>, 1<sup>st</sup> of<sup><a href=#n>[4]</a></sup>", "in 2015 3, 1st of [4]"},
		{"svg", "a<svg><title>icon</title><style/><text>x</text></svg>b", "ab"},
		{"svg without end", "a<svg><path><p>b", "a\nb"},
		{"formula", "<math><mi>x</mi><annotation>\\x</annotation></math>", "x"},
		{"dialog", "a<dialog>x</dialog><dialog open>b</dialog>", "a\nb"},
		{"image", "a<img alt=x>b", "a b"},
		{"entities", "caf&eacute; &amp; &#1040;&nbsp;&#x2009;b", "café & А b"},
		{"normal form", "<p>cafe\u0301 so\u00adft z\u200bero \u202eright\u202c می\u200cخواهم\ufeff", "café soft zero right می\u200cخواهم"},
		{"normal form joins across tags", "<p>cafe<i>\u0301</i>", "café"},
		{"controls", "a\x00\x07b\u2028c", "ab c"},
		{"ruby", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢kan"},
		{"comment and doctype", "<!doctype html><!-- x -->a<!x>b", "ab"},
		{"cut in a tag", "a<p hidd", "a"},
		{"plaintext", "a<plaintext><b>", "a\n<b>"},
		{"empty", "", ""},
	} {
		d, err := Text(strings.NewReader(tt.html), "text/html; charset=utf-8", "")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if diff := cmp.Diff(tt.want, d.Text); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestTextType(t *testing.T) {
	const page = "<!doctype html><html lang=ru><title> A \n title </title><p>text"
	for _, tt := range []struct{ name, body, mediaType, url, want, read string }{
		{"html", page, "text/html", "", "text/html", "text"},
		{"parameters and case", page, "Text/HTML; Charset=UTF-8", "", "text/html", "text"},
		{"malformed parameters", page, "text/html; charset", "", "text/html", "text"},
		{"xhtml", page, "application/xhtml+xml", "", "application/xhtml+xml", "text"},
		{"sniffed", page, "", "", "text/html", "text"},
		{"no type but bytes", page, "application/octet-stream", "", "text/html", "text"},
		{"a fragment of html", "text <i>here", "", "http://a.example/b.html?c", "text/html", "text here"},
		{"plain by sniffing", "text <i>here", "", "http://a.example/b?c.html", "text/plain", "text <i>here"},
		{"html as plain text", "<p>text", "text/plain", "http://a.example/b.html", "text/plain", "<p>text"},
		{"markdown", "# Head\n- one\n- two", "text/markdown", "", "text/markdown", "# Head\n- one\n- two"},
		{"pdf", "%PDF-1.7", "application/pdf", "", "", "application/pdf"},
		{"pdf by sniffing", "%PDF-1.7", "", "", "", "application/pdf"},
		{"image", "GIF89a", "image/gif", "", "", "image/gif"},
		{"json", "{}", "application/json", "", "", "application/json"},
	} {
		d, err := Text(strings.NewReader(tt.body), tt.mediaType, tt.url)
		if tt.want == "" {
			if !errors.Is(err, ErrNoText) || !strings.Contains(err.Error(), tt.read) {
				t.Errorf("%s: %v, want ErrNoText with %s", tt.name, err, tt.read)
			}
		} else if err != nil || d.MediaType != tt.want || d.Text != tt.read {
			t.Errorf("%s: %+v, %v", tt.name, d, err)
		}
	}
}

func TestTextHead(t *testing.T) {
	long := strings.Repeat("я", titleLimit)
	for _, tt := range []struct{ name, html, title, language string }{
		{"both", "<html lang=tg><title> A\n&amp; b </title>", "A & b", "tg"},
		{"first holds", "<html lang=en lang=de><title>A</title><title>B</title>", "A", "en"},
		{"the title of an icon", "<svg><title>icon</title></svg><title>A</title>", "A", ""},
		{"xml:lang", "<html xml:lang=ru-RU>", "", "ru-RU"},
		{"meta", "<meta content=fa http-equiv=Content-Language>", "", "fa"},
		{"html before meta", "<html lang=ar><meta http-equiv=Content-Language content=fa>", "", "ar"},
		{"no tag", "<html lang='en\x1b[0m'><p lang=de>", "", ""},
		{"long title", "<title>" + long, long[:titleLimit], ""},
	} {
		d, err := Text(strings.NewReader(tt.html), "text/html", "")
		if err != nil || d.Title != tt.title || d.Language != tt.language {
			t.Errorf("%s: title %q, language %q, %v", tt.name, d.Title, d.Language, err)
		}
	}
}

func TestTextCharset(t *testing.T) {
	for _, tt := range []struct{ name, body, mediaType, want, charset string }{
		{"UTF-8 by its validity", "<p>Хабар", "text/html", "Хабар", "utf-8"},
		{"byte order mark first", "\xef\xbb\xbfХабар", "text/html; charset=koi8-r", "Хабар", "utf-8"},
		{"header", "\xd5\xe0\xe1\xe0\xf0", "text/html; charset=windows-1251", "Хабар", "windows-1251"},
		{"meta", "<meta charset=windows-1251>\xd5\xe0\xe1\xe0\xf0", "text/html", "Хабар", "windows-1251"},
		{"nothing known", "caf\xe9", "text/html", "café", "windows-1252"},
		{"UTF-16", "\xff\xfe<\x00p\x00>\x00a\x00", "text/html", "a", "utf-16le"},
		{"broken UTF-8", "a\xffb", "text/plain; charset=utf-8", "a\ufffdb", "utf-8"},
		{"dangerous encoding", "<p>a", "text/html; charset=iso-2022-kr", "\ufffd", "replacement"},
	} {
		d, err := Text(strings.NewReader(tt.body), tt.mediaType, "")
		if err != nil || d.Text != tt.want || d.Charset != tt.charset {
			t.Errorf("%s: %q, %s, %v", tt.name, d.Text, d.Charset, err)
		}
	}
}

func TestTextPlain(t *testing.T) {
	const wrapped = "This line was wrapped by an editor that knows only\r\nseventy columns, and goes on.\r\n\r\nNext.\rShort line\n  1. item\n"
	const want = "This line was wrapped by an editor that knows only seventy columns, and goes on.\nNext.\nShort line\n1. item"
	d, err := Text(strings.NewReader(wrapped), "text/plain", "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, d.Text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDocSHA256 holds the hash of a page to its text alone: it is stored, and
// must be the same for ever.
func TestDocSHA256(t *testing.T) {
	const want = "b9e5e14f7ae91cbd6f5f34f0cb1716c4b8fc3c78b3d5394c0cd95dd83d6b03a1" // printf 'Cafe\nOne two'
	for _, page := range []string{
		"<title>x</title><h1>Cafe</h1><p>One two",
		"<html lang=en><div><div>\n Cafe\n</div><p class=y>One&nbsp;<b>two</b></p><script>1</script>",
	} {
		d, err := Text(strings.NewReader(page), "text/html", "")
		if err != nil || d.SHA256() != want {
			t.Errorf("%s: %s, %v", page, d.SHA256(), err)
		}
	}
}

func TestTextReadError(t *testing.T) {
	_, err := Text(iotest.ErrReader(io.ErrUnexpectedEOF), "text/html", "http://a.example/")
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "http://a.example/") {
		t.Error(err)
	}
}

// TestTextHostile reads pages that are made to exhaust a parser: the work over
// each is in proportion to its length, so that megabytes are read in moments.
func TestTextHostile(t *testing.T) {
	const n = 20_000
	var attributes strings.Builder
	for i := range 400 {
		fmt.Fprintf(&attributes, "<b a=%d>", i)
	}
	for name, page := range map[string]string{
		"deep":                  strings.Repeat("<div>", n) + "end",
		"deep and closed":       strings.Repeat("<div>", n) + "end" + strings.Repeat("</div>", n),
		"deep tables":           strings.Repeat("<table><tr><td>", n) + "end",
		"formatting paragraphs": "<p>" + attributes.String() + strings.Repeat("</p><p>end", n),
		"nested formatting":     strings.Repeat("<a><b><i>", n) + "end" + strings.Repeat("</b></a></i>", n),
		"ends without starts":   strings.Repeat("<b><p>", n) + "end" + strings.Repeat("</span></i></b>", n),
		"many names":            manyTags(n) + "end",
		"one tag":               "<p " + strings.Repeat("a=b ", n) + ">end",
		"a name":                "<" + strings.Repeat("a", n) + ">end",
		"combining marks":       "end" + strings.Repeat("\u0301", n),
	} {
		d, err := Text(strings.NewReader(page), "text/html; charset=utf-8", "")
		if err != nil || !strings.Contains(norm.NFD.String(d.Text), "end") {
			t.Errorf("%s: %.40q, %v", name, d.Text, err)
		}
	}
}

// manyTags opens n elements, each with a name of its own.
func manyTags(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<x%d>", i)
	}
	return b.String()
}

func TestTextLimit(t *testing.T) {
	d, err := Text(io.MultiReader(strings.NewReader(strings.Repeat("я ", pageLimit/3)), strings.NewReader("яяяя")), "", "")
	if err != nil || !d.Truncated || d.Charset != "utf-8" || d.MediaType != "text/plain" {
		t.Errorf("%d bytes, %v, %s, %s, %v", len(d.Text), d.Truncated, d.Charset, d.MediaType, err)
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"<p hidden>a<table><tr><td>b</p><li>c", "<svg><foreignobject><p>a</svg><select><option>b", "<b><p></b></p><sup>1</sup>",
		"<title>a</title><pre>\n\u0301</pre><br>", "<html lang=de><math><annotation>", "a\xff\u202e\u2028\u0340",
	} {
		f.Add([]byte(seed), "text/html; charset=utf-8")
		f.Add([]byte(seed), "text/plain")
	}
	f.Fuzz(func(t *testing.T, body []byte, mediaType string) {
		d, err := Text(bytes.NewReader(body), mediaType, "http://a.example/")
		if err != nil {
			if !errors.Is(err, ErrNoText) {
				t.Fatal(err)
			}
			return
		}
		for _, s := range []string{d.Text, d.Title} {
			if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
				t.Fatalf("%q is no NFC in UTF-8", s)
			}
		}
		for text := range strings.SplitSeq(d.Text, "\n") {
			if text == "" && d.Text != "" || strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
				t.Fatalf("%q in %q is not in the normal form", text, d.Text)
			}
		}
		var again lines
		again.b.Grow(len(d.Text))
		for text := range strings.SplitSeq(d.Text, "\n") {
			for c := range strings.SplitSeq(text, "\t") {
				again.write(c, false)
				again.separate(cell)
			}
			again.separate(line)
		}
		if got := again.String(); got != d.Text {
			t.Fatalf("the normal form of %q is %q", d.Text, got)
		}
		checkSentences(t, d.Text)
		Passages(d, d.Text, 3)
	})
}
