package pdf_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/seeds/pdf"
	"github.com/ibid-archive/ibid/seeds/pdf/pdftest"
)

const description = `
info Title Titel (eins) und mehr
info Author A. Löwe
info CreationDate D:20220503101500+02'00'
page
text 72 700 12 Erster Satz.^1^
rule 72 100 144
link 70 690 200 715 https://a.test/x
page
text 72 700 12 Zweiter.
image
`

// text is all that is shown on the pages of a file.
func text(t *testing.T, f *pdf.File) string {
	t.Helper()
	var b strings.Builder
	for n := range f.Pages() {
		p, err := f.Page(n + 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range p.Glyphs {
			b.WriteString(g.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestOpen reads one file in every way in which it may be written.
func TestOpen(t *testing.T) {
	plain := pdftest.Draw(description)
	for name, data := range map[string][]byte{
		"table":             plain,
		"object stream":     pdftest.Draw(description, pdftest.Packed),
		"no table":          pdftest.Draw(description, pdftest.Damaged),
		"bytes before it":   append([]byte("\xef\xbb\xbf\n"), plain...),
		"wrong offsets":     bytes.Replace(plain, []byte("%PDF-1.5\n"), []byte("%PDF-1.5\n% moved\n"), 1),
		"wrong length":      bytes.ReplaceAll(plain, []byte("/Length 1"), []byte("/Length 7")),
		"Mac line ends":     bytes.Replace(plain, []byte("\n%%EOF\n"), []byte("\r%%EOF\r"), 1),
		"cut off":           plain[:bytes.Index(plain, []byte("xref\n"))],
		"generation is not": bytes.Replace(plain, []byte(" 00000 n"), []byte(" 00001 n"), 1),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := pdf.Open(data)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := text(t, f), "Erster Satz.1\nZweiter.\n"; got != want {
				t.Errorf("text %q, want %q", got, want)
			}
			p, err := f.Page(1)
			if err != nil {
				t.Fatal(err)
			}
			want := []pdf.Link{{Rects: []pdf.Rect{{X0: 70, Y0: 690, X1: 200, Y1: 715}}, URI: "https://a.test/x"}}
			if diff := cmp.Diff(want, p.Links); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			if len(p.Rules) != 1 || p.Images {
				t.Errorf("rules %v, images %v", p.Rules, p.Images)
			}
			info := pdf.Info{Title: "Titel (eins) und mehr", Authors: []string{"A. Löwe"}, Created: "2022-05-03", Language: "en"}
			if name == "cut off" {
				info = pdf.Info{Language: "en"}
			}
			if diff := cmp.Diff(info, f.Info()); diff != "" {
				t.Errorf("info (-want +got):\n%s", diff)
			}
		})
	}
}

// TestGlyphs checks places and sizes.
func TestGlyphs(t *testing.T) {
	f, err := pdf.Open(pdftest.Draw("raw q 2 0 0 2 10 20 cm BT /R 10 Tf 50 Tz 1 0 0 1 5 5 Tm [(A) -1000 (B)] TJ ET Q\n" +
		"raw BT /R 10 Tf 0 1 -1 0 300 400 Tm (C) Tj ET\nraw BT /B 10 Tf 20 TL 72 700 Td (D) Tj T* (E) ' ET"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	want := []pdf.Glyph{
		{Text: "A", X: 20, Y: 30, Width: 7.22, Size: 20},
		{Text: "B", X: 37.22, Y: 30, Width: 6.67, Size: 20},
		{Text: "C", X: 400, Y: 312, Width: 6.67, Size: 10, Turn: 1},
		{Text: "D", X: 72, Y: 700, Width: 7.22, Size: 10, Bold: true},
		{Text: "E", X: 72, Y: 660, Width: 6.11, Size: 10, Bold: true},
	}
	near := cmp.Comparer(func(a, b float64) bool { return a-b < 0.01 && b-a < 0.01 })
	if diff := cmp.Diff(want, p.Glyphs, near); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFonts checks what codes mean: by /ToUnicode, by the names of glyphs, by the encoding of a composite font, and by
// what stands in for them.
func TestFonts(t *testing.T) {
	const head = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj " +
		"3 0 obj<</Type/Page/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
	for _, tt := range []struct{ name, font, show, want string }{
		{"names", "<</Type/Font/Subtype/Type1/Encoding<</Differences[1/f_f_i/uni0416/afii10017/eacute/Omega/fi/A.sc/g999]>>>>", "<0102030405060708>", "ffiЖАéΩfiA\ufffd"},
		{"standard", "<</Type/Font/Subtype/Type1>>", "(\\256\\047\\341)", "fi’Æ"},
		{"Windows", "<</Type/Font/Subtype/TrueType/Encoding/WinAnsiEncoding>>", "(\\223\\374\\224)", "“ü”"},
		{"ToUnicode", "<</Type/Font/Subtype/Type1/ToUnicode 6 0 R>>", "<0102030405>", "AffXYZ"},
		{"composite", "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</W[1[500]]>>]>>", "<000100020009>", "Aff\ufffd"},
		{"Japanese", "<</Type/Font/Subtype/Type0/Encoding/90ms-RKSJ-H>>", "<93fa967b41>", "日本A"},
		{"TeX", "<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+CMR10>>", "<0c0d5c>", "fifl“"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmap := "begincmap 1 begincodespacerange <01> <ff> endcodespacerange 2 beginbfchar <01> <0041> <02> <00660066> endbfchar " +
				"1 beginbfrange <03> <04> <0058> <05> <05> [<005a>] endbfrange endcmap"
			data := head + "4 0 obj<<>>stream\nBT /F 10 Tf 9 9 Td " + tt.show + " Tj ET\nendstream endobj 5 0 obj" + tt.font + "endobj " +
				"6 0 obj<<>>stream\n" + cmap + "\nendstream endobj"
			f, err := pdf.Open([]byte(data))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(text(t, f)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestEncrypted reads files of one report that another program has encrypted.
func TestEncrypted(t *testing.T) {
	for _, name := range []string{"rc4-40", "rc4-128", "aes-128", "aes-256", "password"} {
		data, err := os.ReadFile("testdata/" + name + ".pdf")
		if err != nil {
			t.Fatal(err)
		}
		f, err := pdf.Open(data)
		if name == "password" {
			if !errors.Is(err, pdf.ErrEncrypted) {
				t.Errorf("%s: error %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, want := text(t, f), "Erster Satz.1\nZweiter.\n"; got != want || f.Info().Title != "Titel (eins) und mehr" {
			t.Errorf("%s: %q, title %q", name, got, f.Info().Title)
		}
	}
}

// hostile are files that a careless reader does not come to an end of.
var hostile = map[string]string{
	"length of itself":   "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj 3 0 obj<</Type/Page/Contents 4 0 R>>endobj 4 0 obj<</Length 4 0 R>>stream\nendstream endobj",
	"pages in a circle":  "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]>>endobj 3 0 obj<</Type/Page>>endobj",
	"references":         "1 0 obj 2 0 R endobj 2 0 obj 1 0 R endobj trailer<</Root 1 0 R>>",
	"table of billions":  "1 0 obj<</Type/XRef/Size 99999999999/W[1 2 1]/Index[0 99999999999]/Length 0>>stream\nendstream endobj startxref 9",
	"widths of billions": "1 0 obj<</Type/XRef/Size 9/W[99999999999 9999999999 1]/Length 0>>stream\nendstream endobj startxref 9",
	"table in a circle":  "xref\n0 0\ntrailer<</Root 1 0 R/Prev 9>>startxref 9",
	"deep":               "1 0 obj" + strings.Repeat("[<</A", 100_000),
	"form in itself": "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj 3 0 obj<</Type/Page/Contents 4 0 R/Resources<</XObject<</X 4 0 R>>>>>>endobj " +
		"4 0 obj<</Subtype/Form>>stream\n/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do\nendstream endobj",
	"predictor": "1 0 obj<</Type/XRef/Size 9/W[1 2 1]/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 9999999/Columns 99999999/BitsPerComponent 99999>>>>stream\nx\x9c\x03\x00\x00\x00\x00\x01\nendstream endobj startxref 9",
}

// TestBounds checks that what grows without end is an error that says so.
func TestBounds(t *testing.T) {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	zeros := make([]byte, 1<<20)
	for range 257 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const head = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 4 0 obj["
	links := strings.Repeat("<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(a)>>>>", 2000) + "]endobj "
	pages := strings.Repeat("<</Type/Page/Annots 4 0 R>>", 5000)
	for name, data := range map[string]string{
		"unpacks to more": "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[<</Type/Page/Contents 3 0 R>>]>>endobj 3 0 obj<</Filter/FlateDecode>>stream\n" + z.String() + "\nendstream endobj",
		"more objects":    head + links + "2 0 obj<</Kids[" + pages + "]>>endobj",
		"more than 5000":  head + "]endobj 2 0 obj<</Kids[" + pages + "<<>>]>>endobj",
	} {
		f, err := pdf.Open([]byte(data))
		for n := 1; err == nil && n <= f.Pages(); n++ {
			_, err = f.Page(n)
		}
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestHostile(t *testing.T) {
	for name, body := range hostile {
		f, err := pdf.Open([]byte("%PDF-1.4\n" + body))
		if err != nil {
			continue
		}
		for n := range f.Pages() {
			if _, err := f.Page(n + 1); err != nil {
				t.Logf("%s: %v", name, err)
			}
		}
	}
}

// FuzzOpen looks for bytes that make the reader panic or run on.
func FuzzOpen(f *testing.F) {
	for _, how := range [][]pdftest.Option{nil, {pdftest.Packed}, {pdftest.Damaged}} {
		f.Add(pdftest.Draw(description, how...))
	}
	for _, body := range hostile {
		if len(body) < 10_000 {
			f.Add([]byte("%PDF-1.4\n" + body))
		}
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		file, err := pdf.Open(data)
		if err != nil {
			return
		}
		file.Info()
		for n := range min(file.Pages(), 10) {
			if _, err := file.Page(n + 1); err != nil {
				return
			}
		}
	})
}
