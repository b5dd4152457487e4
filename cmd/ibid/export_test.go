package main

import (
	"archive/zip"
	"bytes"
	"html"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
	"github.com/ibid-archive/ibid/archive/wacz"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/seeds/reports"
	"github.com/ibid-archive/ibid/verify"
)

// exported archives the demo's report, has its log stamped by an authority, and
// exports it. It returns the directory with the package's files, and the
// authority's roots.
func exported(t *testing.T) (dir string, roots []byte) {
	t.Helper()
	web, err := crawltest.Start(crawltest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	dir = t.TempDir()
	if err := webConfig(dir, web); err != nil {
		t.Fatal(err)
	}
	data, err := reports.FS.ReadFile("demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	report, pack, where := filepath.Join(dir, "demo.txt"), filepath.Join(dir, "demo.wacz"), filepath.Join(dir, "archive")
	if err := os.WriteFile(report, data, 0o600); err != nil {
		t.Fatal(err)
	}
	ibid := func(args ...string) {
		t.Helper()
		var out, log bytes.Buffer
		if got := Main(t.Context(), args, &out, &log); got != exitOK {
			t.Fatalf("ibid %q exits %d\n%s%s", args, got, &out, &log)
		}
	}
	ibid("archive", "-q", "--config", filepath.Join(dir, "ibid.yaml"), "--archive", where, report)
	roots = stamp(t, where)
	ibid("export", "-q", "--archive", where, "-o", pack, report)
	trusted := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(trusted, roots, 0o600); err != nil {
		t.Fatal(err)
	}
	ibid("verify", "--strict", "--timestamp-roots", trusted, pack)
	to := filepath.Join(dir, "package")
	unzip(t, pack, to)
	return to, roots
}

// stamp has an authority stamp the log of an archive.
func stamp(t *testing.T, where string) (roots []byte) {
	t.Helper()
	var out bytes.Buffer
	a := &app{out: &out, err: &out}
	s := defaults()
	s.Archive = where
	v, err := a.openStore(t.Context(), s, true)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	tsa := tsatest.Start(t, tsatest.Config{})
	pool, err := timestamp.ParseRoots(tsa.Roots)
	if err != nil {
		t.Fatal(err)
	}
	done, err := v.log.Stamp(t.Context(), &timestamp.Client{Transport: http.DefaultTransport, Roots: pool}, tsa.URL)
	if err != nil || done[0].Err != nil {
		t.Fatal(err, done)
	}
	return tsa.Roots
}

// unzip checks a package and writes its files.
func unzip(t *testing.T, pack, to string) {
	t.Helper()
	b, err := os.ReadFile(pack)
	if err != nil {
		t.Fatal(err)
	}
	problems, _, err := wacz.Validate(t.Context(), bytes.NewReader(b), int64(len(b)), wacz.Options{})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, r); err != nil {
		t.Fatal(err)
	}
}

var preformatted = regexp.MustCompile(`(?s)<pre>(.*?)</pre>`)

// The page tells how to check the package by hand. Doing as it says succeeds, and
// fails when any of it is changed.
func TestCheckByHand(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "awk", "base64", "cut", "grep", "od", "openssl", "sed", "sha256sum", "tail", "tr"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("IBID_REQUIRE_SERVICES") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	dir, roots := exported(t)
	page, err := os.ReadFile(filepath.Join(dir, evidence.PageFile))
	if err != nil {
		t.Fatal(err)
	}
	trusted := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(trusted, roots, 0o600); err != nil {
		t.Fatal(err)
	}
	script := "set -e\n"
	for _, m := range preformatted.FindAllStringSubmatch(string(page), -1) {
		if text := html.UnescapeString(m[1]); !strings.Contains(text, "unzip") && !strings.Contains(text, "ibid verify") {
			script += strings.ReplaceAll(text, "/the/certificates/that/you/trust.pem", trusted) + "\n"
		}
	}
	run := func() (string, error) {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
		cmd.Dir = dir
		b, err := cmd.CombinedOutput()
		return string(b), err
	}
	out, err := run()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, script, out)
	}
	for _, want := range []string{"report.html: OK", "datapackage.json: OK", "Verified OK", "Signature Verified Successfully", "Verification: OK"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	warcs, err := filepath.Glob(filepath.Join(dir, "archive", "*.warc.gz"))
	if err != nil || len(warcs) == 0 {
		t.Fatal(err, warcs)
	}
	for _, name := range []string{warcs[0], filepath.Join(dir, "report.html"), filepath.Join(dir, "datapackage.json"), filepath.Join(dir, "ibid/log/checkpoint")} {
		was, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		flip(t.Fatal, name)
		if out, err := run(); err == nil {
			t.Errorf("%s is changed, and nobody notices:\n%s", name, out)
		}
		if err := os.WriteFile(name, was, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSegments(t *testing.T) {
	const text = "Before. The weir of 1962. After."
	passage := verify.Passage{Start: 8, End: 25}
	for _, tt := range []struct {
		highlights []verify.Span
		want       string // what was found in brackets
	}{
		{nil, "The weir of 1962."},
		{[]verify.Span{{Start: 12, End: 16}, {Start: 20, End: 24}}, "The [weir] of [1962]."},
		{[]verify.Span{{Start: 8, End: 25}}, "[The weir of 1962.]"},
	} {
		var got strings.Builder
		for _, s := range segments(text, passage, tt.highlights) {
			if s.Found {
				s.Text = "[" + s.Text + "]"
			}
			got.WriteString(s.Text)
		}
		if diff := cmp.Diff(tt.want, got.String()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.highlights, diff)
		}
	}
}

func TestPackageName(t *testing.T) {
	for report, want := range map[string]string{
		"report.txt": "report.wacz", "a/b/report.final.md": "report.final.wacz", `C:\reports\r.txt`: "r.wacz", "stdin.txt": "stdin.wacz",
		".hidden": ".hidden.wacz", "...": "....wacz", "report": "report.wacz", "a\x1b[31mb.txt": "ab.wacz",
	} {
		if got := packageName(report); got != want {
			t.Errorf("%q: got %q, want %q", report, got, want)
		}
	}
}
