package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/seeds/reports"
	"github.com/ibid-archive/ibid/verify"
)

// toldOf is what `ibid status --format json` says of a citation, as far as the
// truth about its source is concerned.
type toldOf struct {
	URL     string          `json:"url"`
	Verdict archive.Verdict `json:"verdict"`
	Reasons []string        `json:"reasons"`
	Title   string          `json:"title"`
	Post    *archive.Post   `json:"post"`
	Kept    *archive.Post   `json:"post_kept"`
}

// TestKhorasan: the sample report, and the real one with the same notes where it
// is at hand, against twins of the hosts and the platform that it cites. Every
// citation gets the verdict that is right, and every post its author, time and
// text.
func TestKhorasan(t *testing.T) {
	t.Parallel()
	t.Run("sample", func(t *testing.T) {
		t.Parallel()
		data, err := reports.FS.ReadFile("islamic-state-khorasan.txt")
		if err != nil {
			t.Fatal(err)
		}
		khorasan(t, data)
	})
	t.Run("real", func(t *testing.T) {
		dir := os.Getenv("IBID_DATA_DIR")
		if dir == "" {
			t.Skip("IBID_DATA_DIR is not set: no real report")
		}
		data, err := os.ReadFile(filepath.Join(dir, "..", "reports", "iskp-expands-attacks.txt"))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the real report is not beside IBID_DATA_DIR")
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Parallel()
		khorasan(t, data)
	})
}

func khorasan(t *testing.T, data []byte) {
	web, err := crawltest.Start(crawltest.Config{NoDemo: true, NoCases: true, Khorasan: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	dir := t.TempDir()
	if err := webConfig(dir, web); err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(dir, "report.txt")
	if err := os.WriteFile(report, data, 0o600); err != nil {
		t.Fatal(err)
	}
	config, at := filepath.Join(dir, "ibid.yaml"), filepath.Join(dir, "archive")
	ibid := func(args ...string) string {
		t.Helper()
		var out, log bytes.Buffer
		if got := Main(t.Context(), args, &out, &log); got != 0 {
			t.Fatalf("ibid %q exits %d\n%s%s", args, got, &out, &log)
		}
		return out.String()
	}
	truth := map[string]crawltest.Truth{}
	for _, w := range crawltest.KhorasanTruth() {
		truth[w.URL] = w
	}

	text := ibid("archive", "-q", "--config", config, "--archive", at, report)
	t.Log(text)
	first := told(t, ibid("status", "--format", "json", "--archive", at, report))
	if len(first) != 30 {
		t.Errorf("%d citations, want 30", len(first))
	}
	for i := range first {
		w, ok := truth[first[i].URL]
		if !ok {
			t.Errorf("%s is cited and has no twin", first[i].URL)
			continue
		}
		as(t, &first[i], w.Verdict, w.Reason)
		knows(t, &first[i], w)
	}
	onLoopback(t, at)

	for _, w := range crawltest.KhorasanTruth() {
		shown := ibid("show", "--archive", at, w.URL)
		if w.Text != "" && !strings.Contains(shown, "@"+w.Author+" ") {
			t.Errorf("show %s does not say who wrote it:\n%s", w.URL, shown)
		}
	}
	pack := filepath.Join(dir, "report.wacz")
	ibid("export", "-q", "--archive", at, "-o", pack, report)
	if out := ibid("verify", pack); strings.Contains(out, "fail") {
		t.Errorf("verify says\n%s", out)
	}
	sound := func() {
		t.Helper()
		if out := ibid("audit", "--archive", at); !strings.Contains(strings.Join(strings.Fields(out), " "), "nothing is wrong") {
			t.Errorf("audit says\n%s", out)
		}
	}
	sound()

	// What was found a moment ago is not looked for again; the few that were not
	// found are due.
	before := len(web.Requests())
	ibid("archive", "-q", "--config", config, "--archive", at, report)
	if after := len(web.Requests()); after-before > before/4 {
		t.Errorf("the first run makes %d requests, the second %d", before, after-before)
	}

	web.Advance()
	text = ibid("archive", "-q", "--config", config, "--archive", at, "--max-age", "0", report)
	t.Log(text)
	then := told(t, ibid("status", "--format", "json", "--archive", at, report))
	for i := range then {
		w := truth[then[i].URL]
		if w.ThenVerdict == "" {
			as(t, &then[i], w.Verdict, w.Reason)
			continue
		}
		as(t, &then[i], w.ThenVerdict, w.ThenReason)
		if !strings.Contains(strings.Join(then[i].Reasons, "\n"), w.From) {
			t.Errorf("%s: nothing says %q\n%q", w.URL, w.From, then[i].Reasons)
		}
		if w.ThenVerdict == "gone" && (then[i].Kept == nil || then[i].Kept.Text != w.Text || then[i].Kept.Author.Handle != w.Author) {
			t.Errorf("%s: who wrote what is forgotten: %+v", w.URL, then[i].Kept)
		}
	}
	sound()
	onLoopback(t, at)
}

func told(t *testing.T, document string) []toldOf {
	t.Helper()
	var d struct {
		Reports []struct {
			Citations []toldOf `json:"citations"`
		} `json:"reports"`
	}
	if err := json.Unmarshal([]byte(document), &d); err != nil || len(d.Reports) != 1 {
		t.Fatalf("%d reports: %v", len(d.Reports), err)
	}
	return d.Reports[0].Citations
}

// as checks the verdict and the code of what is said first.
func as(t *testing.T, got *toldOf, verdict, reason string) {
	t.Helper()
	code := ""
	if len(got.Reasons) > 0 {
		code = verify.ReasonCode(got.Reasons[0])
	}
	if string(got.Verdict) != verdict || reason != "" && code != reason {
		t.Errorf("%s is %s, want %s (%s)\n%q", got.URL, got.Verdict, verdict, reason, got.Reasons)
	}
}

// knows checks what is known of a source beside its verdict.
func knows(t *testing.T, got *toldOf, w crawltest.Truth) {
	t.Helper()
	if got.Title != w.Title && w.Title != "" {
		t.Errorf("%s has the title %q, want %q", w.URL, got.Title, w.Title)
	}
	if w.Posted.IsZero() {
		return
	}
	p := got.Post
	if p == nil {
		t.Errorf("%s: nothing is known of the post", w.URL)
		return
	}
	author := archive.PostAuthor{}
	if p.Author != nil {
		author = *p.Author
	}
	if author.Handle != w.Author || author.Name != w.Name || p.Text != w.Text {
		t.Errorf("%s is by @%s, %q: %q; want @%s, %q: %q", w.URL, author.Handle, author.Name, p.Text, w.Author, w.Name, w.Text)
	}
	if d := p.PostedAt.Sub(w.Posted); d < -time.Second || d > time.Second {
		t.Errorf("%s was posted at %s, want %s", w.URL, p.PostedAt, w.Posted)
	}
}

// onLoopback checks the address of whoever gave what the archive has.
func onLoopback(t *testing.T, dir string) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".warc.gz") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		plain, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return err
		}
		lines := bufio.NewReader(plain)
		for {
			line, err := lines.ReadString('\n')
			if address, ok := strings.CutPrefix(line, "WARC-IP-Address: "); ok {
				seen++
				if a, err := netip.ParseAddr(strings.TrimSpace(address)); err != nil || !a.IsLoopback() {
					t.Errorf("%s is not on loopback (%s)", address, path)
				}
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
	if err != nil || seen == 0 {
		t.Errorf("%d addresses: %v", seen, err)
	}
}
