package seeds

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ibid-archive/ibid/seeds/pdf/pdftest"
)

var update = flag.Bool("update", false, "write what is read into the fixtures; look at the difference before you keep it")

// TestFixtures reads the report in every archive of testdata/formats, its first file, and compares what was found with
// the last one, which is called want. docs/formats.md says what each proves. A PDF is a description of its pages.
func TestFixtures(t *testing.T) {
	names, err := filepath.Glob("testdata/formats/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no fixtures", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil || len(archive.Files) != 2 {
				t.Fatal("not a report and want", err)
			}
			report, want := archive.Files[0], &archive.Files[1]
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

// besideLine is the place of what has a line as well.
func besideLine(p Position) string {
	if p.Line == 0 {
		return ""
	}
	return p.Place
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
