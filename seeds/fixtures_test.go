package seeds

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ibid-archive/ibid/seeds/pdf/pdftest"
)

var update = flag.Bool("update", false, "write what is read into the fixtures; look at the difference before you keep it")

// TestFixtures reads the report in every archive of testdata/formats and compares what was found with the last file, which
// is called want. docs/formats.md says what each proves. A PDF is a description of its pages; of a zip archive the parts are
// files, see zipped.
func TestFixtures(t *testing.T) {
	names, err := filepath.Glob("testdata/formats/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no fixtures", err)
	}
	docs, err := os.ReadFile("../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		fixture := strings.TrimSuffix(filepath.Base(name), ".txtar")
		t.Run(fixture, func(t *testing.T) {
			if !bytes.Contains(docs, []byte("`"+fixture+"`")) {
				t.Error("docs/formats.md does not say what it proves")
			}
			archive, err := txtar.ParseFile(name)
			if err != nil || len(archive.Files) < 2 {
				t.Fatal("not a report and want", err)
			}
			last := len(archive.Files) - 1
			files, want := archive.Files[:last], &archive.Files[last]
			if filepath.Ext(files[0].Name) == ".tex" {
				bundledFixture(t, files, want, func() error { return os.WriteFile(name, txtar.Format(archive), 0o644) })
				return
			}
			report := zipped(t, files)
			if filepath.Ext(report.Name) == ".pdf" {
				report.Data = pdftest.Draw(string(report.Data))
			}
			r := mustRead(t, report.Name, report.Data)
			checkReport(t, r, report.Data)
			got := described(r)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// bundledFixture reads a LaTeX report with the files beside it.
func bundledFixture(t *testing.T, files []txtar.File, want *txtar.File, write func() error) {
	t.Helper()
	dir := fstest.MapFS{}
	for _, f := range files[1:] {
		dir[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	data, mediaType := Gather(files[0].Name, files[0].Data, dir)
	if mediaType != "" != (len(files) > 1) {
		t.Errorf("of %d files the report is %q", len(files), mediaType)
	}
	r, err := ReadTyped(files[0].Name, mediaType, data)
	if err != nil {
		t.Fatal(err)
	}
	if mediaType == "" {
		checkReport(t, r, data)
	}
	for _, c := range r.Citations {
		if raw := string(data[c.Offset : c.Offset+c.Length]); raw != c.Raw {
			t.Errorf("citation %s: at %d stands %q, not %q", c.ID, c.Offset, raw, c.Raw)
		}
	}
	got := described(r)
	if *update {
		want.Data = []byte(got)
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(want.Data), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// besideLine is the place of what has a line as well.
func besideLine(p Position) string {
	if p.Line == 0 {
		return ""
	}
	return p.Place
}

// zipped makes a report of files such as report.docx/word/document.xml, the parts of a zip archive. Any other file is the
// report itself.
func zipped(t testing.TB, files []txtar.File) txtar.File {
	t.Helper()
	name, _, ok := strings.Cut(files[0].Name, "/")
	if !ok {
		if len(files) > 1 {
			t.Fatal("several reports in one archive")
		}
		return files[0]
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		header := &zip.FileHeader{Name: strings.TrimPrefix(f.Name, name+"/"), Method: zip.Deflate}
		if header.Name == "mimetype" || len(f.Data) < 1<<16 {
			header.Method = zip.Store // as the type of OpenDocument must be; and it takes less time
		}
		part, err := w.CreateHeader(header)
		if err == nil {
			_, err = part.Write(f.Data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return txtar.File{Name: name, Data: b.Bytes()}
}

// described writes down all that was found in a report.
func described(r *Report) string {
	var b strings.Builder
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	field("format", r.Format)
	field("title", r.Title)
	field("authors", strings.Join(r.Authors, "; "))
	field("published", strings.TrimSpace(r.Published.Value+" "+r.Published.From))
	field("language", r.Language)
	field("canonical", r.Canonical)
	for _, m := range r.Marks {
		fmt.Fprintf(&b, "mark %s at %s: %s\n", m.Label, m.Where(), m.Claim)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note %s at %s: %s\n", n.Label, n.Where(), n.Text)
	}
	for _, c := range r.Citations {
		fmt.Fprintf(&b, "citation %s at %s: %s", c.ID, c.Where(), c.URL)
		for _, extra := range [][2]string{{"raw", c.Raw}, {"shown", c.Shown}, {"accessed", c.Accessed}, {"invalid", c.Invalid}, {"place", besideLine(c.Position)}} {
			if extra[1] != "" && extra[1] != c.URL {
				fmt.Fprintf(&b, " %s=%q", extra[0], extra[1])
			}
		}
		b.WriteByte('\n')
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s %s at %s: %s\n", f.Level, f.Rule, f.Where(), f.Message)
	}
	return b.String()
}
