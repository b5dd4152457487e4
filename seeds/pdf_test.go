package seeds

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/seeds/pdf/pdftest"
)

// TestPDFRefuses checks that what cannot be read is said so, with the way out.
func TestPDFRefuses(t *testing.T) {
	unknown := strings.Repeat("raw BT /X 10 Tf 72 700 Td (abcdefghijklmnopqrstuvwxyz) Tj ET\n", 3)
	for _, tt := range []struct{ name, description, want string }{
		{"scan", "page\nimage\npage\nimage", "its pages are images without text, as a scanner makes them"},
		{"fonts", "raw BT /R 10 Tf 72 700 Td <8d8f909d818d8f909d818d8f909d818d8f909d818d8f909d81> Tj ET\n" + unknown, "its fonts do not say which characters they show"},
	} {
		_, err := Read("report.pdf", pdftest.Draw(tt.description))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "ocrmypdf") {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := Read("report.pdf", pdftest.Draw("page")); err != nil {
		t.Errorf("an empty page: %v", err)
	}
}

// TestPDFWritten reads one report from files that are written in different ways, by a name that does not tell.
func TestPDFWritten(t *testing.T) {
	const description = "text 72 700 12 The verdict was overturned by the court.^1^\nrule 72 150 100\ntext 72 130 9 ^1^ https://appeal.test/44"
	var first *Report
	for _, how := range [][]pdftest.Option{nil, {pdftest.Packed}, {pdftest.Damaged}} {
		r, err := Read("report", pdftest.Draw(description, how...))
		if err != nil {
			t.Fatal(err)
		}
		r.SHA256 = ""
		if first == nil {
			first = r
		}
		if diff := cmp.Diff(first, r); diff != "" || len(r.Citations) != 1 {
			t.Errorf("(-first +this):\n%s", diff)
		}
	}
}

// TestPDFLarge reads a file with many links.
func TestPDFLarge(t *testing.T) {
	linear(t, "links in a PDF", 4000, func(links int) func() {
		data := manyLinks(links)
		return func() {
			if r := mustRead(t, "report.pdf", data); len(r.Citations) != links {
				t.Errorf("%d of %d links", len(r.Citations), links)
			}
		}
	})
}

// manyLinks is a file with 50 links on every page.
func manyLinks(n int) []byte {
	var b strings.Builder
	for i := range n {
		if i%50 == 0 {
			b.WriteString("page\n")
		}
		y := 740 - 14*(i%50)
		fmt.Fprintf(&b, "text 72 %d 10 Source number %d, which says so in a few words and then in some more of them: page\nlink 350 %d 500 %d https://h%d.test/page/%d\n", y, i, y-2, y+10, i%977, i)
	}
	return pdftest.Draw(b.String())
}

func BenchmarkReadPDF(b *testing.B) {
	data := manyLinks(50_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read("report.pdf", data); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzReadPDF draws whatever it is given: the reader must come to an end with the same result each time.
func FuzzReadPDF(f *testing.F) {
	names, err := filepath.Glob("testdata/formats/pdf-*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, description, _ := bytes.Cut(data, []byte("-- report.pdf --\n"))
		description, _, _ = bytes.Cut(description, []byte("-- want --\n"))
		f.Add(pdftest.Draw(string(description)))
		f.Add(pdftest.Draw(string(description), pdftest.Packed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("report.pdf", data)
		if err != nil {
			return
		}
		checkReport(t, r, data)
		again, err := Read("report.pdf", data)
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("read again it gives something else, %v", err)
		}
	})
}
