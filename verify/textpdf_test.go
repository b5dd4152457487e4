package verify

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds/pdf/pdftest"
)

const pdfStory = `info Title The weir of Wend
page
text 72 760 9 Office of Rivers
text 72 700 18 The weir of Wend
text 72 670 11 The office counted 412 fish at the weir in the spring of the year, which is more than the com-
text 72 656 11 mittee had hoped for when the ladder was built.^1^ Two hundred of them were trout, it said.
text 72 632 11 The ladder was paid for by the anglers of Lower Wend, who had asked for it since the flood, and
rule 72 110 100
text 72 98 8 ^1^ Minutes of the meeting in the hall.
text 300 40 9 1
page
text 72 760 9 Office of Rivers
text 72 700 11 by the council, which gave a third of the sum from its fund for the upkeep of the river banks.
text 300 40 9 2
page
text 72 760 9 Office of Rivers
text 72 700 11 Nothing else was built at the weir.
text 300 40 9 3`

func drawn(more ...string) string {
	return string(pdftest.Draw(strings.NewReplacer(more...).Replace(pdfStory)))
}

func TestTextPDF(t *testing.T) {
	want := Doc{URL: "https://rivers.example/weir", MediaType: "application/pdf", Title: "The weir of Wend", Language: "en", Text: `The weir of Wend
The office counted 412 fish at the weir in the spring of the year, which is more than the committee had hoped for when the ladder was built.¹ Two hundred of them were trout, it said.
The ladder was paid for by the anglers of Lower Wend, who had asked for it since the flood, and by the council, which gave a third of the sum from its fund for the upkeep of the river banks.
Nothing else was built at the weir.
¹ Minutes of the meeting in the hall.`}
	body := drawn("than the com-", "than the committee", "11 mittee had", "11 had")
	for _, kind := range []string{"application/pdf", "application/pdf; charset=binary", "application/x-pdf", "application/octet-stream", ""} {
		got, err := Text(strings.NewReader(body), kind, want.URL)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", kind, diff)
		}
	}
	page, err := ReadPage(strings.NewReader(body), "application/pdf", want.URL)
	if err != nil || page.Extractor != PDFExtractor || page.Main != want.Text {
		t.Errorf("main text %q by %s, %v", page.Main, page.Extractor, err)
	}
}

func TestTextPDFWithout(t *testing.T) {
	var many strings.Builder // more bytes of content than are read
	z := zlib.NewWriter(&many)
	for range 33 {
		if _, err := z.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, body, why string }{
		{"a scan", string(pdftest.Draw("page\nimage\npage\nimage")), "its pages are images"},
		{"nothing on it", string(pdftest.Draw("page")), "its pages show no text"},
		{"no PDF", "<p>Sign in to read", "this is no PDF file"},
		{"broken off", "%PDF-1.4\n1 0 obj", "the file has no pages"},
		{"unpacks to too much", "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[<</Type/Page/Contents 3 0 R>>]>>endobj 3 0 obj<</Filter/FlateDecode>>stream\n" + many.String() + "\nendstream endobj", "its first page holds more than is read"},
		{"too long", "%PDF-1.4" + strings.Repeat(" ", pdfLimit), "it is longer than the 32 MiB that are read"},
	} {
		_, err := Text(strings.NewReader(tt.body), "application/pdf", cited)
		var none *NoTextError
		if !errors.Is(err, ErrNoText) || !errors.As(err, &none) || none.Why != tt.why {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.why)
		}
	}
}

// TestTextPDFCut has more pages than are read.
func TestTextPDFCut(t *testing.T) {
	var b strings.Builder
	for n := range pdfBounds.Pages + 2 {
		fmt.Fprintf(&b, "page\ntext 72 600 10 This is what page %s says.\n", strings.Repeat("i", n/50)+strings.Repeat("o", n%50))
	}
	d, err := Text(bytes.NewReader(pdftest.Draw(b.String())), "application/pdf", cited)
	if err != nil || !d.Truncated || !strings.HasSuffix(d.Text, "i"+strings.Repeat("o", (pdfBounds.Pages-1)%50)+" says.") {
		t.Errorf("truncated %v, ends in %q, %v", d.Truncated, d.Text[max(0, len(d.Text)-40):], err)
	}
}

// TestTextPDFHostile draws many letters in small pieces: memory must grow with what
// is drawn, not with its square.
func TestTextPDFHostile(t *testing.T) {
	const pieces, most = 50_000, 256 << 20
	var columns strings.Builder
	for i := range pieces {
		fmt.Fprintf(&columns, "1 0 0 1 %d %d Tm (a) Tj ", i*37%600, i*53%790)
	}
	for name, content := range map[string]string{
		"accents":   "1 0 0 1 72 700 Tm " + strings.Repeat("(\\264) Tj 1 0 0 1 72 700 Tm (a) Tj ", pieces),
		"one line":  "(" + strings.Repeat("ab- ", pieces) + ") Tj",
		"headings":  strings.Repeat("0 -12 Td (Notes) Tj ", pieces),
		"scattered": columns.String(),
	} {
		body := pdftest.Draw("raw BT /R 10 Tf " + content + " ET")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Text(bytes.NewReader(body), "application/pdf", cited)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > most || err != nil && !errors.Is(err, ErrNoText) {
			t.Errorf("%s: %d MiB, %v", name, used>>20, err)
		}
	}
}

func TestJudgePDFInPlace(t *testing.T) {
	const claim = "Officials counted 412 fish at the weir in spring, more than the committee had hoped for."
	scan := string(pdftest.Draw("page\nimage"))
	html := "<p>" + strings.Repeat("Our new site has all that you look for. ", 20)
	for _, c := range []struct {
		name, was, is string
		kind          string // of what is there now
		verdict       archive.Verdict
		codes         string
	}{
		{"the same bytes", drawn(), drawn(), "application/pdf", "alive", "http-200"},
		{"made anew", drawn(), drawn("info Title", "info CreationDate D:20240203\ninfo Title"), "application/pdf", "alive", "http-200 text-same as-cited"},
		{"written in another way", drawn(), string(pdftest.Draw(pdfStory, pdftest.Packed)), "application/octet-stream", "alive", "http-200 text-same as-cited"},
		{"another header", drawn(), drawn("Office of Rivers", "Office of Rivers and Weirs"), "application/pdf", "alive", "http-200 text-same as-cited"},
		{"broken in other lines", drawn(), drawn("than the com-", "than the", "11 mittee had", "11 committee had"), "application/pdf", "alive", "http-200 cited-stands main-same as-cited"},
		{"a number", drawn(), drawn("412 fish", "421 fish"), "application/pdf", "drifted", "cited-number as-cited http-200"},
		{"a number elsewhere", drawn(), drawn("a third of", "a half of"), "application/pdf", "alive", "http-200 cited-stands main-touched as-cited"},
		{"a page in its place", drawn(), html, "text/html", "drifted", "cited-missing no-main-text as-cited http-200"},
		{"a scan in its place", drawn(), scan, "application/pdf", "alive", "http-200 not-compared"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := visit(answer(t, cited, 200, c.is, "Content-Type: "+c.kind))
			v.Earlier = keptAs(c.was, "application/pdf")
			v.Claims = func() []string { return []string{claim} }
			j := Judge(v)
			check(t, j, c.verdict, c.codes)
			if w := j.Compared; w != nil && c.kind != "text/html" && w.Extractor != PDFExtractor {
				t.Errorf("compared by %s", w.Extractor)
			}
		})
	}
}

// TestPDFIsNoPage keeps the rules for pages away from PDFs, whatever they say.
func TestPDFIsNoPage(t *testing.T) {
	body := string(pdftest.Draw("info Title 404 Not Found\ntext 72 700 20 Page not found\ntext 72 650 11 Sorry, the page that you look for is not there. Please log in."))
	for _, kind := range []string{"application/pdf", "application/octet-stream"} {
		check(t, Judge(visit(answer(t, cited, 200, body, "Content-Type: "+kind))), "alive", "http-200")
	}
}

func TestCheckClaimPDF(t *testing.T) {
	d, err := Text(strings.NewReader(drawn("412 fish", "412^1^ fish")), "application/pdf", cited)
	if err != nil {
		t.Fatal(err)
	}
	c := CheckClaim("The office counted 412 fish at the weir, most of them trout.", d, 1)
	if len(c.Facts) == 0 || c.Facts[0].State != FactFound || len(c.Passages) == 0 || !strings.Contains(c.Passages[0].Text, "412¹ fish") {
		t.Errorf("%+v", c)
	}
}

func FuzzTextPDF(f *testing.F) {
	f.Add([]byte(drawn()))
	f.Add(pdftest.Draw(pdfStory, pdftest.Packed))
	f.Add(pdftest.Draw(pdfStory, pdftest.Damaged))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Text(bytes.NewReader(data), "application/pdf", cited)
		if err != nil {
			if !errors.Is(err, ErrNoText) {
				t.Fatal(err)
			}
			return
		}
		if !utf8.ValidString(d.Text) || d.Text == "" || strings.Contains(d.Text, "\n\n") || strings.ContainsAny(d.Text, "\x00\r") {
			t.Fatalf("not in normal form: %q", d.Text)
		}
	})
}
