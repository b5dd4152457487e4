package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is a result with every verdict, and with text from people who want
// to leave their place.
func sample() *Result {
	checked := time.Date(2026, 3, 1, 12, 30, 15, 0, time.UTC)
	hash := func(c string) string { return strings.Repeat(c, 32) }
	const evil = "Breaking\x1b]52;c;aGk=\a \x1b[31mred\x1b[0m\u202e dam \u0085\r\n::error::owned\x00 \u009b2J]]>"
	cite := func(id, note, rawURL string, line int, claim string, v archive.Verdict, reasons ...string) CitationResult {
		c := CitationResult{Citation: seeds.Citation{ID: id, Note: note, URL: rawURL, Raw: rawURL, Key: rawURL, Position: seeds.Position{Line: line, Column: 5}}}
		if claim != "" {
			c.Marks = []seeds.Mark{{Label: note, Position: seeds.Position{Line: 3, Column: 40}, Claim: claim}}
		}
		if v == "" {
			return c
		}
		c.Judgement = archive.Judgement{Verdict: v, Reasons: reasons}
		c.CheckedAt, c.Capture, c.FinalURL = checked, hash("ab"), rawURL
		return c
	}
	r := ReportResult{Path: "reports/dam.txt", Format: "text", Title: "The dam and the town, a long account of a winter in which the water rose", SHA256: hash("0d")}

	alive := cite("1.1", "1", "https://gazette.test/2026/dam-report", 30, "The dam was built in 1911 by the town.", archive.Alive, "http-200: answered with 31204 bytes")
	alive.State, alive.HTTPStatus, alive.Title, alive.CapturedAt = archive.StateAlive, 200, "The dam report", checked
	alive.PayloadSHA256 = hash("cd")
	hostile := cite("2.1", "2", "https://wire.test/live?q=%1b[31m&"+strings.Repeat("x", 300), 31, evil, archive.Alive, "http-200: answered with 10 bytes")
	hostile.Title, hostile.CapturedAt = evil+strings.Repeat("長い題名", 400), checked
	moved := cite("3.1", "3", "http://old.gazette.test/story/17", 32, "", archive.Moved,
		"redirect-permanent: moved for good to https://gazette.test/archive/17", "http-200: answered with 900 bytes")
	moved.State, moved.FinalURL, moved.CapturedAt = archive.StateAlive, "https://gazette.test/archive/17", checked
	moved.Redirects = []string{moved.FinalURL}
	defanged := cite("4.1", "4", "https://gazette.test/letters/2026/03", 33, "Letters were written.", archive.Moved, "redirect-permanent: moved for good to https://new.gazette.test/letters")
	defanged.Raw, defanged.Defanged, defanged.CapturedAt = "hxxps://gazette[.]test/letters/2026/03", true, checked
	gone := cite("5.1", "5", "https://council.test/plan.html", 34, "The council had a plan.", archive.Gone, "http-404: not found", "second-look: 2 looks agreed")
	gone.State = archive.StateUnconfirmed
	once := cite("5.2", "5", "https://council.test/a/very/long/path/to/the/minutes/of/the/meeting/of/2024-03-17/page-4.html", 34, "The council had a plan.", archive.Gone, "http-410: removed for good, says the server", "single-look: seen once in this run, not confirmed by a second look")
	once.State = archive.StateUnconfirmed
	posted := time.Date(2024, 5, 3, 22, 40, 6, 0, time.UTC)
	post := cite("5.3", "5", "https://x.com/jack/status/20", 34, "The council had a plan.", archive.Alive, "post-shown: X (syndication) gives the post")
	post.CapturedAt, post.Post = checked, &archive.Post{Platform: "x", ID: "20", Standing: archive.PostShown, Author: &archive.PostAuthor{Name: evil, Handle: "jack" + evil},
		PostedAt: posted, PostedBy: archive.PostedByPlatform, Text: evil + strings.Repeat("長い題名\n", 400)}
	lost := cite("5.4", "5", "https://x.com/jack/status/21", 34, "The council had a plan.", archive.Gone, "post-absent: X (syndication, oembed) has no such post (404)")
	lost.State, lost.Post = archive.StateSuspect, &archive.Post{Platform: "x", ID: "21", Standing: archive.PostAbsent, Cited: "jack", PostedAt: posted, PostedBy: archive.PostedByID}
	invalid := cite("", "", "https://[bad", 35, "", "")
	invalid.ID, invalid.URL, invalid.Key, invalid.Invalid = "L35.1", "", "", "the host is no host"
	skipped := cite("L36.1", "", "https://later.test/", 36, "", "")
	skipped.Error = "interrupted before its turn"
	r.Citations = []CitationResult{
		alive, hostile, moved, defanged, gone, once, post, lost,
		cite("6.1", "6", "https://walled.test/report", 37, "Walled.", archive.Blocked, "bot-wall-cloudflare: Cloudflare asks for proof of a person", "http-403: the status that came with it"),
		cite("7.1", "7", "https://paper.test/subscribers", 38, "Paid.", archive.Restricted, "http-402: asks for payment"),
		cite("8.1", "8", "https://expired.test/", 39, "Expired.", archive.Unreachable, "tls-expired: x509: certificate has expired or is not yet valid: current time 2026-03-01T12:30:15Z is after 2026-02-01T00:00:00Z, so nothing was asked of the server at all"),
		cite("9.1", "9", "https://wire.test/changed", 40, "Changed.", archive.Drifted, "drift: 12 % of the text changed"),
		cite("10.1", "10", "https://odd.test/", 41, "Odd.", archive.Unknown, "empty: 204 without content"),
		cite("11.1", "11", "https://soft.test/", 42, "Soft.", archive.Soft404, "soft-404: a page that says not found"),
		invalid, skipped,
	}
	r.Seeds = []string{"https://gazette.test/2026/dam-report"}
	r.Findings = []seeds.Finding{
		{Rule: "note-missing", Level: "warning", Note: "12", Position: seeds.Position{Line: 8, Column: 431}, Message: "mark [12] has no note"},
		{Rule: "url-defanged", Level: "note", Note: "4", Citation: "4.1", Position: seeds.Position{Line: 33, Column: 5}, Message: "hxxps://gazette[.]test/letters/2026/03 is read as https://gazette.test/letters/2026/03, " + evil},
	}
	at := func(c CitationResult, place string) CitationResult {
		c.Position = seeds.Position{Place: place}
		return c
	}
	placed := ReportResult{
		Path: "reports/dam.docx", Format: "docx", Title: "The dam", SHA256: hash("0f"), Authors: []string{"Jane Doe"},
		Published: seeds.Date{Value: "2026-03", From: "metadata"}, Language: "en", Canonical: "https://gazette.test/report",
		Citations: []CitationResult{
			at(cite("1.1", "1", "https://council.test/minutes", 0, "", archive.Gone, "http-410: removed for good, says the server"), "footnote 1, paragraph 1, run 2"),
			at(cite("T2.1", "", "https://gazette.test/table", 0, "", archive.Alive, "http-200: answered with 10 bytes"), "table 2, row 1, cell 3, paragraph 1, run 1"),
			at(cite("X.1", "", "https://wire.test/odd", 0, "", archive.Gone, "http-404: not found"), "odd%\n::error::owned"),
		},
		Findings: []seeds.Finding{{Rule: "note-unused", Level: "warning", Note: "1", Position: seeds.Position{Page: 4, Place: "note 1"}, Message: "no mark points to note 1"}},
	}
	empty := ReportResult{Path: "reports/a:b,c%\n::error::x.txt", Format: "text", SHA256: hash("0e")}
	return &Result{Reports: []ReportResult{r, placed, empty}, Archive: "./ibid-archive", Bytes: 12_345_678}
}

// cited are the reports of a result as they were read.
func (r *Result) cited() []*seeds.Report {
	var all []*seeds.Report
	for _, report := range r.Reports {
		read := &seeds.Report{Path: report.Path, Format: report.Format, Title: report.Title, SHA256: report.SHA256, Published: report.Published, Findings: report.Findings}
		for _, c := range report.Citations {
			read.Citations = append(read.Citations, c.Citation)
		}
		all = append(all, read)
	}
	return all
}

func sampleAudit() *verify.AuditReport {
	key := "captures/ab/" + strings.Repeat("ab", 32) + ".warc.gz"
	return &verify.AuditReport{Objects: 1204, Records: 9632, Bytes: 81_500_000, Found: 5, Findings: []verify.Finding{
		{Rule: verify.RuleAltered, Key: key, Message: "the file's SHA-256 is " + strings.Repeat("cd", 32)},
		{Rule: verify.RuleDigest, Key: key, Record: "urn:uuid:00000000-0000-4000-8000-000000000001", Offset: 512, Message: "block-digest: \x1b[31mred\r\n::error::owned"},
		{Rule: verify.RuleStray, Key: "captures/\x1b]0;x\a::notes.txt", Message: "this is no key of an archive"},
	}}
}

func outputs() map[string]func(io.Writer, *Result) error {
	text := func(width int, all, status bool) func(io.Writer, *Result) error {
		return func(w io.Writer, r *Result) error {
			return Text(w, r, TextOptions{Width: width, All: all, Status: status})
		}
	}
	return map[string]func(io.Writer, *Result) error{
		"text-80":      text(80, false, false),
		"text-60":      text(60, false, false),
		"text-all":     text(100, true, false),
		"status":       text(80, false, true),
		"extract-80":   func(w io.Writer, r *Result) error { return Extract(w, r.cited(), TextOptions{}) },
		"extract-60":   func(w io.Writer, r *Result) error { return Extract(w, r.cited(), TextOptions{Width: 60}) },
		"junit":        JUnit,
		"github":       GitHub,
		"json":         JSON,
		"extract-json": func(w io.Writer, r *Result) error { return ExtractJSON(w, r.cited()) },
		"audit-80": func(w io.Writer, _ *Result) error {
			return AuditText(w, sampleAudit(), "./ibid-archive", TextOptions{})
		},
		"audit-sound": func(w io.Writer, _ *Result) error {
			return AuditText(w, &verify.AuditReport{Objects: 1, Records: 5, Bytes: 900}, "s3://bucket/prefix", TextOptions{})
		},
		"audit-json": func(w io.Writer, _ *Result) error { return AuditJSON(w, sampleAudit()) },
	}
}

func TestGolden(t *testing.T) {
	const file = "testdata/golden.txtar"
	golden := map[string]string{}
	if a, err := txtar.ParseFile(file); err == nil {
		for _, f := range a.Files {
			golden[f.Name] = string(f.Data)
		}
	} else if !*update {
		t.Fatal(err)
	}
	fresh := &txtar.Archive{Comment: []byte("What each format makes of the sample in render_test.go; rewrite with go test -update and read the difference.\n")}
	for _, name := range []string{"text-80", "text-60", "text-all", "status", "extract-80", "extract-60", "junit", "github", "json", "audit-80", "audit-sound", "audit-json"} {
		var b bytes.Buffer
		if err := outputs()[name](&b, sample()); err != nil {
			t.Fatal(err)
		}
		fresh.Files = append(fresh.Files, txtar.File{Name: name, Data: b.Bytes()})
		if diff := cmp.Diff(golden[name], b.String()); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestHarmless: whatever stood in a title, no output has a control character
// of its own accord, a bidirectional override, or a line that is a command of
// somebody else.
func TestHarmless(t *testing.T) {
	for name, write := range outputs() {
		var b bytes.Buffer
		if err := write(&b, sample()); err != nil {
			t.Fatal(err)
		}
		for _, r := range b.String() {
			if r != '\n' && dropped(r) {
				t.Errorf("%s: character %U", name, r)
			}
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "::") && name != "github" {
				t.Errorf("%s: a line that starts as a command: %q", name, line)
			}
			if name == "github" && line != "" && !strings.HasPrefix(line, "::error file=reports/") && !strings.HasPrefix(line, "::warning file=reports/") && !strings.HasPrefix(line, "::notice file=reports/") {
				t.Errorf("github: %q", line)
			}
			if !strings.HasSuffix(name, "json") && strings.Contains(line, "gazette.test/letters") {
				t.Errorf("%s: a defanged address became clickable: %q", name, line)
			}
		}
	}
}

// TestFits: no line is wider than the terminal, whatever it shows, and colour
// takes no columns.
func TestFits(t *testing.T) {
	for width := 40; width <= 200; width++ {
		for _, o := range []TextOptions{{Width: width}, {Width: width, All: true, Status: true}} {
			var plain, painted bytes.Buffer
			if err := errors.Join(Text(&plain, sample(), o), Extract(&plain, sample().cited(), o)); err != nil {
				t.Fatal(err)
			}
			o.Color = true
			if err := errors.Join(Text(&painted, sample(), o), Extract(&painted, sample().cited(), o)); err != nil {
				t.Fatal(err)
			}
			if clean := unpaint(painted.String()); clean != plain.String() {
				t.Fatalf("width %d: colours change the text:\n%s", width, cmp.Diff(plain.String(), clean))
			}
			for _, line := range strings.Split(plain.String(), "\n") {
				if n := columns(line); n > width && (width >= 60 || !strings.Contains(line, "  ")) {
					t.Errorf("width %d: %d columns: %q", width, n, line)
				}
			}
		}
	}
}

// unpaint takes the SGR sequences out of s.
func unpaint(s string) string {
	for _, color := range []sgr{"0", bold, dim, red, green, yellow, magenta, cyan} {
		s = strings.ReplaceAll(s, "\x1b["+string(color)+"m", "")
	}
	var lines []string
	for _, line := range strings.Split(s, "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.Join(lines, "\n")
}

func TestJUnitParses(t *testing.T) {
	var b bytes.Buffer
	if err := JUnit(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 19 || got.Failures != 5 || got.Skipped != 7 || len(got.Suites) != 3 {
		t.Errorf("%d tests, %d failures, %d skipped in %d suites", got.Tests, got.Failures, got.Skipped, len(got.Suites))
	}
}

// TestJSONKeepsValues: escaping does not change what a program reads.
func TestJSONKeepsValues(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var got jsonResult
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := jsonResult{Version: 1}
	for _, r := range sample().Reports {
		want.Reports = append(want.Reports, r.json())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	for _, name := range []string{"citations", "seeds", "findings", "marks", "reasons", "redirects"} {
		if strings.Contains(b.String(), `"`+name+`": null`) {
			t.Errorf("the list %s is null", name)
		}
	}
}

func TestGitHubLimits(t *testing.T) {
	r := sample()
	gone := r.Reports[0].Citations[4]
	for range 30 {
		r.Reports[0].Citations = append(r.Reports[0].Citations, gone)
	}
	var b bytes.Buffer
	if err := GitHub(&b, r); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count("\n"+b.String(), "\n::error "); n != annotations {
		t.Errorf("%d errors, GitHub shows %d", n, annotations)
	}
	if !strings.Contains(b.String(), "::error title=ibid::26 annotations more of this kind\n") {
		t.Errorf("the rest is not told:\n%s", b.String())
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteErrors(t *testing.T) {
	for name, write := range outputs() {
		if err := write(brokenWriter{}, sample()); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestFails: what fails a job is what JUnit calls a failure, and nothing else.
func TestFails(t *testing.T) {
	var failing []string
	for _, c := range sample().Reports[0].Citations {
		if c.Fails() {
			failing = append(failing, c.ID)
		}
	}
	if diff := cmp.Diff([]string{"5.1", "11.1", "L35.1"}, failing); diff != "" {
		t.Errorf("failing citations (-want +got):\n%s", diff)
	}
}

// A finding quotes the author's own spelling, however it was made unclickable,
// and does not say the same address twice.
func TestDefangedIsQuotedAsWritten(t *testing.T) {
	const read = " is read as hxxps://khovar[.]tj/rus"
	for raw, says := range map[string]string{
		"https://khovar(dot)tj/rus": read, "https://khovar(.)tj/rus": read, "khovar{.}tj/rus": read,
		"hxxps://khovar[.]tj/rus": " is defanged; the address that is meant is visited",
	} {
		c := seeds.Citation{ID: "6.1", Note: "6", Raw: raw, URL: "https://khovar.tj/rus", Defanged: true}
		f := seeds.Finding{Rule: "url-defanged", Citation: "6.1", Message: raw + " is read as https://khovar.tj/rus"}
		r := ReportResult{Citations: []CitationResult{{Citation: c}}, Findings: []seeds.Finding{f}}
		if got, want := r.messages()(f), raw+says; got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

// One annotation for one address that cannot be fetched: the runner shows ten.
func TestGitHubSaysInvalidOnce(t *testing.T) {
	c := seeds.Citation{ID: "5.1", Note: "5", Raw: "ftp://files.test/x", Invalid: "only http and https are fetched, not ftp", Position: seeds.Position{Line: 3, Column: 5}}
	f := seeds.Finding{Rule: seeds.RuleURLInvalid, Level: seeds.LevelError, Note: "5", Citation: "5.1", Position: c.Position, Message: "ftp://files.test/x cannot be fetched"}
	r := &Result{Reports: []ReportResult{{Path: "a.txt", Citations: []CitationResult{{Citation: c}}, Findings: []seeds.Finding{f}}}}
	var b strings.Builder
	if err := GitHub(&b, r); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "::error"); n != 1 || !strings.Contains(b.String(), "invalid") {
		t.Errorf("%d errors, want 1:\n%s", n, &b)
	}
}

// Who follows the key finds the content, not the error page of a later visit.
func TestKeptNamesTheContent(t *testing.T) {
	visit, content := strings.Repeat("aa", 32), strings.Repeat("bb", 32)
	at := time.Date(2026, 5, 9, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		verdict archive.Verdict
		content string
		want    []string
	}{
		{"first visit", archive.Alive, visit, []string{"captured 2026-05-09 10:00 UTC", shortKey(visit)}},
		{"unchanged", archive.Alive, content, []string{"captured 2026-05-09 10:00 UTC", shortKey(content)}},
		{"gone since", archive.Gone, content, []string{"captured 2026-05-09 10:00 UTC", shortKey(content), "this visit " + shortKey(visit)}},
		{"not known where", archive.Alive, "", []string{"captured 2026-05-09 10:00 UTC", shortKey(visit)}},
	} {
		c := &CitationResult{CheckedAt: at, CapturedAt: at, Capture: visit, Content: tt.content, Judgement: archive.Judgement{Verdict: tt.verdict}}
		got := newPrinter(io.Discard, TextOptions{Width: 200}).kept(c, 185)
		if want := strings.Join(tt.want, " · "); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", tt.name, got, want)
		}
	}
}
