package seeds

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

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

const quarry = `# The quarry at Lome

The quarry was opened in 1998 by a company that nobody had heard of before.[^1] Its owner, a former colonel, had bought
the land for a tenth of its price.[^2] The contract was never published, and the ministry refused to answer questions.[^3]

In the spring of 2004 the first deaths were reported. Residents of the village counted eleven of them within a year.[^4][^5]
The company spoke of two accidents.[^6] An inspector who had visited the site in May wrote that none of the safety rules had
been followed, and that the management knew about it.[^7]

## What happened later

It heard 34 witnesses over three years.[^8] The verdict was overturned on appeal.[^9] Since then nobody has worked in the
quarry, but the owner still receives 12 million a year for the licence.[^10] His lawyer says that all of it is legal.[^11]

More than 40 km² of forest were lost in the meantime, as satellite images show.[^12]

[^1]: Register of companies, <https://register.example.org/companies/4711?lang=en>, accessed 3 May 2022.
[^2]: Land for a song, <https://daily.example.com/2001/07/land-for-a-song-how-the-colonel-bought-the-quarry-at-lome.html>.
[^3]: Letter of the ministry, <https://ministry.example.org/letters/2003-11-02.pdf>.
[^4]: Interview with a resident, June 2005.
[^5]: <https://archive.example.org/web/20050611000000/https://village.example.org/dead>
[^6]: See <https://company.example.com/press/2005/two-accidents> and <https://company.example.com/press/2005/correction>.
[^7]: Ibid.
[^8]: <https://court.example.org/cases/2009/117/witnesses>
[^9]: <https://appeal.example.org/2013/44>
[^10]: Budget of 2020, <https://ministry.example.org/budget/2020/annex-7/licences-and-concessions/page-112.html#lome>.
[^11]: <https://daily.example.com/2021/03/all-of-it-is-legal.html>
[^12]: Images of the site, <https://images.example.net/lome/1998..2021>.
`

// TestPDFSame makes PDFs of a report with LibreOffice and with Chromium and finds in them what is found in the report.
func TestPDFSame(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: no other programs")
	}
	dir := t.TempDir()
	run := func(name string, args ...string) {
		t.Helper()
		path, err := exec.LookPath(name)
		if err != nil {
			if os.Getenv("IBID_REQUIRE_SERVICES") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
		cmd := exec.CommandContext(t.Context(), path, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "quarry.md"), []byte(quarry), 0o600); err != nil {
		t.Fatal(err)
	}
	want := foundIn(mustRead(t, "quarry.md", []byte(quarry)))
	compare := func(t *testing.T, name string) {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, foundIn(mustRead(t, name, data))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	run("pandoc", "quarry.md", "-o", "quarry.docx")
	run("soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "pdf", "quarry.docx")
	compare(t, "quarry.pdf")
	run("pandoc", "quarry.md", "-s", "--metadata", "pagetitle=The quarry at Lome", "-o", "quarry.html")
	run("chromium", "--headless", "--no-sandbox", "--user-data-dir="+dir+"/chromium", "--print-to-pdf=printed.pdf", "quarry.html")
	compare(t, "printed.pdf")
}

// foundIn writes down what does not depend on the format of a report.
func foundIn(r *Report) []string {
	all := []string{"title " + r.Title}
	for _, m := range r.Marks {
		all = append(all, fmt.Sprintf("mark %s: %s", m.Label, m.Claim))
	}
	for _, n := range r.Notes {
		all = append(all, fmt.Sprintf("note %s: %s", n.Label, n.Text))
	}
	for _, c := range r.Citations {
		all = append(all, fmt.Sprintf("citation %s: %s %s", c.ID, c.URL, c.Accessed))
	}
	for _, f := range r.Findings {
		all = append(all, fmt.Sprintf("finding %s %s: %s", f.Rule, f.Note, f.Message))
	}
	return all
}

// TestPDFLarge reads a file with very many links in time that grows with its size. The limit is far above what a linear
// reader needs, and far below what a quadratic one does.
func TestPDFLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a large file")
	}
	const links, limit = 20_000, 20 * time.Second
	start := time.Now()
	r := mustRead(t, "report.pdf", manyLinks(links))
	if took := time.Since(start); took > limit || len(r.Citations) != links {
		t.Errorf("%d of %d links in %v", len(r.Citations), links, took)
	}
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
