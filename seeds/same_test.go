package seeds

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testdata/same holds one report in every format that has notes: report.md and report.txt are written by hand, all others
// made of report.md by [remade]; those of LibreOffice but the PDF by "soffice --headless --convert-to docx" and the like
// from pandoc's. The extension is preceded by what made it.

// TestSame finds in all of them what is found in report.md.
func TestSame(t *testing.T) {
	names, err := filepath.Glob("testdata/same/*")
	if err != nil || len(names) < 2 {
		t.Fatal("there are no reports", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			same(t, name)
		})
	}
}

// TestSameMade makes the reports anew with the programs that are installed, beside tests that only work.
func TestSameMade(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: no other programs")
	}
	for _, name := range remade(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			same(t, name)
		})
	}
}

// remade makes reports of report.md with pandoc, and PDFs of those with LibreOffice and with Chromium, which run side by
// side. A browser shows no Markdown and LibreOffice loses notes of HTML, so each gets what its users would give it.
func remade(t *testing.T) []string {
	t.Helper()
	programs := make(map[string]string)
	for _, name := range []string{"pandoc", "soffice", "chromium"} {
		path, err := exec.LookPath(name)
		if err != nil {
			if os.Getenv("IBID_REQUIRE_SERVICES") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
		programs[name] = path
	}
	dir := t.TempDir()
	report, err := filepath.Abs("testdata/same/report.md")
	if err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) error {
		cmd := exec.CommandContext(t.Context(), programs[name], args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, out)
		}
		return nil
	}
	// pandoc prefers curly quotes as they are, and calls a page without a title by its file.
	made := []string{"pandoc.html", "pandoc.tex", "pandoc.wiki", "pandoc.docx", "pandoc.odt", "pandoc.rtf"}
	for _, name := range made {
		to := map[string]string{".tex": "latex", ".wiki": "mediawiki"}[filepath.Ext(name)]
		if to == "" {
			to = strings.TrimPrefix(filepath.Ext(name), ".")
		}
		if err := run("pandoc", "--from=markdown-smart", "--standalone", "--metadata=pagetitle=The flood at Lomé", "--to="+to, "--output="+name, report); err != nil {
			t.Fatal(err)
		}
	}
	printed := make(chan error, 1)
	go func() {
		printed <- run("chromium", "--headless", "--no-sandbox", "--user-data-dir="+filepath.Join(dir, "chromium"), "--print-to-pdf=chromium.pdf", "pandoc.html")
	}()
	err = run("soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "pandoc.docx")
	if err := <-printed; err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "pandoc.pdf"), filepath.Join(dir, "libreoffice.pdf")); err != nil {
		t.Fatal(err)
	}
	made = append(made, "libreoffice.pdf", "chromium.pdf")
	for i, name := range made {
		made[i] = filepath.Join(dir, name)
	}
	return made
}

// same compares a report with report.md.
func same(t *testing.T, name string) {
	t.Helper()
	said := func(path string) []string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := mustRead(t, path, data)
		checkReport(t, r, data)
		return saidBy(r)
	}
	if diff := cmp.Diff(said("testdata/same/report.md"), said(name)); diff != "" {
		t.Errorf("(-report.md +%s):\n%s", filepath.Base(name), diff)
	}
}

// saidBy writes down what does not depend on the format of a report. Places do, and so do the IDs of citations outside any
// note, which have the line or the page, the order of findings, for notes stand elsewhere, the places in messages, and
// Raw, which in LaTeX is hxxps://operator{[}.{]}test.
func saidBy(r *Report) []string {
	all := []string{"title " + r.Title}
	for _, m := range r.Marks {
		all = append(all, fmt.Sprintf("mark %s: %s", m.Label, m.Claim))
	}
	for _, n := range r.Notes {
		all = append(all, fmt.Sprintf("note %s: %s", n.Label, n.Text))
	}
	for _, c := range r.Citations {
		id := c.ID
		if c.Note == "" {
			id = "in the text"
		}
		all = append(all, fmt.Sprintf("citation %s: %s %s", id, c.URL, c.Accessed))
	}
	var found []string
	for _, f := range r.Findings {
		found = append(found, fmt.Sprintf("%s %s %s", f.Level, f.Rule, f.Note))
	}
	slices.Sort(found)
	return append(all, found...)
}
