package seeds

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// TestSniffHTML tells pages from what only has elements in it.
func TestSniffHTML(t *testing.T) {
	for head, want := range map[string]bool{
		"<!DOCTYPE html>\n<p>":            true,
		"\xef\xbb\xbf \r\n<HTML lang=en>": true,
		"<?xml version=\"1.0\"?>\n<!-- x --><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">": true,
		"\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00":                                                         true,
		"<div align=center>\n\n# A README":                                                               false,
		"<htmlx>":                                                                                        false,
		"<!DOCTYPE NETSCAPE-Bookmark-file-1>":                                                            false,
		"<!-- never closed <html>":                                                                       false,
		"<html":                                                                                          true,
		"About <html>":                                                                                   false,
	} {
		if got := sniffHTML([]byte(head)); got != want {
			t.Errorf("%q: %v", head, got)
		}
	}
}

// TestHTMLEncodings reads one page in several encodings: the texts are the same, and the places are those of its bytes.
func TestHTMLEncodings(t *testing.T) {
	tests := []struct {
		name    string
		charset encoding.Encoding
		text    string
		head    string
		want    string
	}{
		{"windows-1251", charmap.Windows1251, "Мост закрыт.", `<meta charset=windows-1251>`, "windows-1251"},
		{"latin 1 is windows-1252", charmap.Windows1252, "The “quay” is sold.", `<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">`, "windows-1252"},
		{"shift_jis", japanese.ShiftJIS, "橋は閉鎖された。", `<meta charset="Shift_JIS">`, "shift_jis"},
		{"iso-2022-jp", japanese.ISO2022JP, "橋は閉鎖された。", `<meta charset="iso-2022-jp">`, "iso-2022-jp"},
		{"gb18030", simplifiedchinese.GB18030, "桥已关闭。", `<meta charset="gb18030">`, "gb18030"},
		{"utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "桥已关闭 🌉。", ``, "utf-16le"},
		{"a lie", charmap.Windows1251, "Мост через реку закрыт с понедельника из-за ремонта, сообщила пресс-служба города, и откроется он только осенью.", `<meta charset="utf-8">`, "windows-1251"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := "<!DOCTYPE html><html><head>" + test.head + "<title>x</title></head><body><p>" + test.text +
				`<sup><a href="#fn1">1</a></sup></p><ol><li id="fn1">` + test.text + ` <a href="https://a.example/x">x</a></li></ol></body></html>`
			data, err := test.charset.NewEncoder().Bytes([]byte(page))
			if err != nil {
				t.Fatal(err)
			}
			r := mustRead(t, "report.html", data)
			if r.Encoding != test.want || len(r.Citations) != 1 || len(r.Marks) != 1 || r.Marks[0].Claim != strings.TrimSuffix(test.text, ".") && r.Marks[0].Claim != test.text {
				t.Fatalf("%s: %d citations, marks %+v", r.Encoding, len(r.Citations), r.Marks)
			}
			c := r.Citations[0]
			raw, err := test.charset.NewDecoder().Bytes(data[c.Offset : c.Offset+c.Length])
			if err != nil || string(raw) != c.Raw || c.URL != "https://a.example/x" {
				t.Errorf("at %+v stands %q, %v, not %q", c.Position, raw, err, c.Raw)
			}
		})
	}
}

func FuzzReadHTML(f *testing.F) {
	names, err := filepath.Glob("testdata/formats/html-*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatal("there are no fixtures", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	for _, s := range htmlHostile {
		f.Add([]byte(s + s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("report.html", data)
		if err != nil {
			return
		}
		ids := make(map[string]bool)
		for _, c := range r.Citations {
			if ids[c.ID] || c.Offset < 0 || c.Length < 0 || c.Offset+c.Length > len(data) || c.Line < 1 || (c.Key == "") == (c.Invalid == "") {
				t.Fatalf("citation %+v", c)
			}
			ids[c.ID] = true
		}
		for _, n := range r.Notes {
			if n.Offset < 0 || n.Length < 0 || n.Offset+n.Length > len(data) {
				t.Fatalf("note %+v", n)
			}
		}
		for _, m := range r.Marks {
			if m.Offset < 0 || m.Length < 0 || m.Offset+m.Length > len(data) {
				t.Fatalf("mark %+v", m)
			}
		}
		again, err := Read("report.html", data)
		if err != nil || described(again) != described(r) {
			t.Fatalf("read twice it differs: %v", err)
		}
	})
}

// htmlHostile are pieces that make a careless reader of pages quadratic, or fill the stack.
var htmlHostile = []string{
	"<div>", "<p>", "<b>", "<a href=#x>1</a>", "<a href=#fn1 id=fn1>1</a>", "<li id=fn1>", "<ol><li>", "</div>", "</p></b>", "<table><tr><td>", "<a href=x>",
	"<sup>", "<sup>1</sup>", "<", "<!--", "&", "&amp", "&#x", "&#1;", "<a ", "<a =", "<a href='", "<br>", "<pre>\n", "<svg>", "<script>", "<i></p>", "</i>",
	"<a href=#fn1><sup>1</sup></a><p id=fn1><a href=#r>1</a>", "<div class=nav>x", "<div class='a b-c-d'>[1] x", "<h1>", "<ul><li><ul>", "\x00", "<title>",
	"<script type=application/ld+json>[", "<a href=https://a.example/>x", "<code><a href=https://a.example/>", "<q>", "<dl><dt id=fn1><dd>", "<span hidden>", "<body>", "<head>",
	"<p><a name=fn1><a href=#fn1>1</a>", "<aside id=fn1><div id=fn1>", "<div id=fn1><p><span id=fn2><a href=#fn2>2</a><a href=#fn1>1</a>",
}

// TestHostileHTML reads a great deal of each piece. The limit is far above what a linear reader needs.
func TestHostileHTML(t *testing.T) {
	for _, piece := range htmlHostile {
		hostileReport(t, "report.html", piece, nil, "no text")
	}
}

// largePage is a page of about 10 MB with 50,000 links, half of them in notes.
func largePage() []byte {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html><head><meta charset=utf-8><title>Big</title></head><body><main>")
	const notes = 25_000
	for i := 1; i <= notes; i++ {
		fmt.Fprintf(&b, `<p class="text">The <em>statement</em> %d is supported by &ldquo;a source&rdquo; below, and by <a href="https://site%d.example/page/%d">another</a>.<sup id="fnref%d"><a href="#fn%d">%d</a></sup></p>`+"\n", i, i%997, i, i, i, i)
	}
	b.WriteString(`<section class="footnotes"><ol>`)
	for i := 1; i <= notes; i++ {
		fmt.Fprintf(&b, `<li id="fn%d"><p>Somebody, <cite>Something about it</cite>, <a class="external" href="https://host%d.example/article?id=%d&amp;x=y">a title</a>, accessed 3 May 2022. <a href="#fnref%d" class="back">↩</a></p></li>`+"\n", i, i%499, i, i)
	}
	b.WriteString("</ol></section></main></body></html>")
	return []byte(b.String())
}

func BenchmarkHTML(b *testing.B) { benchmarkRead(b, "report.html", largePage(), 50_000) }

// TestHTMLDeepLinks reads a link that lies deeper than elements are followed.
func TestHTMLDeepLinks(t *testing.T) {
	for _, depth := range []int{190, 199, 200, 201, 5000} {
		page := strings.Repeat("<div>", depth) + "<p>The dam <a href=\"https://council.test/1\"><b>report</b></a>, <a href=\"https://council.test/2\">plan</a>.</p>" + strings.Repeat("</div>", depth) + "<p>End.</p>"
		r := mustRead(t, "r.html", []byte(page))
		if len(r.Citations) != 2 || r.Citations[0].Shown != "report" || r.Citations[1].Shown != "plan" {
			t.Errorf("%d deep: %+v", depth, r.Citations)
		}
	}
}
