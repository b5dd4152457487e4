package seeds

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

const bundledReport = `\documentclass{article}
\addbibresource{refs.bib}
\begin{document}
The dam was opened in May.\cite{dam}
\end{document}
`

// TestGather: only regular files in the directory or below are read with a report, and what they hold is part of its version.
func TestGather(t *testing.T) {
	outside := t.TempDir()
	dir := filepath.Join(outside, "reports")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "sub", "dir.bib"), 0o700); err != nil {
		t.Fatal(err)
	}
	const entry = "@online{dam, url = {https://a.test/}}"
	write(filepath.Join(outside, "secret.bib"), entry)
	write(filepath.Join(dir, "refs.bib"), entry)
	write(filepath.Join(dir, "sub", "more.bib"), entry)
	links := os.Symlink(filepath.Join(outside, "secret.bib"), filepath.Join(dir, "link.bib")) == nil &&
		os.Symlink("refs.bib", filepath.Join(dir, "within.bib")) == nil
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, tt := range []struct {
		names string
		want  int // files beside the report
	}{
		{"refs", 1}, {"refs.bib", 1}, {"./refs", 1}, {"sub/more,refs", 2}, {"refs,refs.bib,sub/../refs", 1},
		{"../secret", 0}, {filepath.Join(outside, "secret"), 0}, {"sub/../../secret", 0}, {"sub/dir", 0}, {"nowhere", 0}, {`..\secret`, 0}, {"", 0},
		{"link", 0}, {"within", 1}, {strings.Repeat("refs,", 500), 1},
	} {
		if !links && (tt.names == "link" || tt.names == "within") {
			continue
		}
		report := []byte(strings.Replace(bundledReport, "refs.bib", tt.names, 1))
		data, mediaType := Gather("a/report.tex", report, root.FS())
		if tt.want == 0 {
			if mediaType != "" || !bytes.Equal(data, report) {
				t.Errorf("%q: %q", tt.names, mediaType)
			}
			continue
		}
		files, err := unbundle(data)
		if err != nil || mediaType != BundleType || len(files) != tt.want+1 || !bytes.Equal(files[0].data, report) || files[0].name != "report.tex" {
			t.Errorf("%q: %q, %d files, error %v", tt.names, mediaType, len(files), err)
			continue
		}
		if again, _ := Gather("a/report.tex", report, root.FS()); !bytes.Equal(again, data) {
			t.Errorf("%q: the same files are other bytes", tt.names)
		}
		r, err := ReadTyped("a/report.tex", mediaType, data)
		if err != nil || len(r.Citations) != 1 || r.Citations[0].ID != "dam.1" || r.Citations[0].Marks[0].Claim != "The dam was opened in May." {
			t.Errorf("%q: %+v, error %v", tt.names, r, err)
		}
		write(filepath.Join(dir, "refs.bib"), entry+" ")
		if changed, _ := Gather("a/report.tex", report, root.FS()); bytes.Equal(changed, data) && !strings.Contains(tt.names, "more") {
			t.Errorf("%q: another bibliography is the same version", tt.names)
		}
		write(filepath.Join(dir, "refs.bib"), entry)
	}
}

// TestGatherBounds: what is too much is left out, and other formats are left alone.
func TestGatherBounds(t *testing.T) {
	many := fstest.MapFS{"huge.bib": {Data: make([]byte, MaxSize)}, "pipe.bib": {Mode: fs.ModeNamedPipe}}
	var names []string
	for i := range 50 {
		names = append(names, fmt.Sprintf("b%d", i))
		many[names[i]+".bib"] = &fstest.MapFile{Data: []byte("@misc{x}")}
	}
	report := func(names string) []byte { return []byte(strings.Replace(bundledReport, "refs.bib", names, 1)) }
	data, _ := Gather("r.tex", report(strings.Join(names, ",")), many)
	if files, err := unbundle(data); err != nil || len(files) != maxBundled+1 {
		t.Errorf("%d files, error %v", len(files), err)
	}
	for _, name := range []string{"huge", "pipe"} {
		if _, mediaType := Gather("r.tex", report(name), many); mediaType != "" {
			t.Errorf("%s is read", name)
		}
	}
	deep := fstest.MapFS{}
	for i := range 50 {
		deep[fmt.Sprintf("t%d.tex", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "\\input{t%d}\\input{t%d} https://t%d.test/x\n", i, i+1, i)}
	}
	data, mediaType := Gather("r.tex", []byte(`\begin{document}\input{t0}\input{t0}\end{document}`), deep)
	if r, err := ReadTyped("r.tex", mediaType, data); err != nil || len(r.Citations) != maxBundled {
		t.Errorf("of texts within each other %+v, error %v", r, err)
	}
	if data, _ = Gather("r.tex", []byte(`\input{macros}\begin{document}\input{../t0}\end{document}`), fstest.MapFS{"macros.tex": {}, "t0.tex": {}}); bytes.HasPrefix(data, []byte("r.tex\x00")) {
		t.Error("macros, or what lies elsewhere, are read")
	}
	if _, mediaType := Gather("r.txt (as text)", report("b1"), many); mediaType != "" {
		t.Error("a report in another format has bibliographies")
	}
	if got := MediaType(BundleType); got != "" {
		t.Errorf("a server may send %s", got)
	}
}

// FuzzBundle: a bundle comes from an archive, which somebody may have made.
func FuzzBundle(f *testing.F) {
	for _, bib := range []string{"@online{dam, url = {https://a.test/}}", "@string{a=\"b\"}@misc{dam, note = a # {\\url{http://x.test}}", "\xff\xfe@", "", "}}}{{{@a{dam,", "@a{dam}@a{dam,url={http://b.test}}"} {
		data, _ := Gather("r.tex", []byte(bundledReport), fstest.MapFS{"refs.bib": {Data: []byte(bib)}})
		f.Add(data)
	}
	included, _ := Gather("r.tex", []byte("\\documentclass{a}\\begin{document}\\input{a}\\include{b/c}\\bibliography{refs}\\end{document}"), fstest.MapFS{
		"a.tex": {Data: []byte("\\input{a}{\\footnote{\\include{b/c}")}, "b/c.tex": {Data: []byte("\\begin{document}\\cite{dam} https://c.test/\\end{document} \\verb|")},
		"refs.bib": {Data: []byte("@online{dam, url = {https://a.test/}}")},
	})
	f.Add(included)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadTyped("r.tex", BundleType, data)
		if err != nil {
			return
		}
		ids := make(map[string]bool)
		for _, c := range r.Citations {
			if ids[c.ID] || c.Line < 1 || c.Column < 1 || c.Offset < 0 || c.Length < 0 || c.Offset+c.Length > len(data) {
				t.Fatalf("citation %s at %+v of %d bytes", c.ID, c.Position, len(data))
			}
			ids[c.ID] = true
		}
	})
}
