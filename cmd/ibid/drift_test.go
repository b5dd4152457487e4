package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/crawltest"
)

// TestDriftInPlace archives sources that change in place, or do not, as time
// passes: by the program itself, whose judge knows what it kept and for what each
// source is cited. ibid check must say the same as ibid archive.
func TestDriftInPlace(t *testing.T) {
	t.Parallel()
	web, err := crawltest.Start(crawltest.Config{NoDemo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	dir := t.TempDir()
	if err := webConfig(dir, web); err != nil {
		t.Fatal(err)
	}
	var cases []crawltest.Case
	var text, notes strings.Builder
	for _, c := range web.Cases() {
		if len(c.Then) == 0 {
			continue
		}
		cases = append(cases, c)
		if c.Claim == "" {
			c.Claim = "Так было." // in another language: nothing on the page speaks to it
		}
		fmt.Fprintf(&text, "%s[%d]\n\n", c.Claim, len(cases))
		fmt.Fprintf(&notes, "[%d] %s\n", len(cases), c.URL)
	}
	report := filepath.Join(dir, "report.txt")
	if err := os.WriteFile(report, []byte(text.String()+notes.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	type cited struct {
		ID         string
		Verdict    archive.Verdict
		Reasons    []string
		TextSHA256 string `json:"text_sha256"`
	}
	ibid := func(command string, more ...string) []cited {
		t.Helper()
		var out, log bytes.Buffer
		args := append([]string{command, "-q", "--config", filepath.Join(dir, "ibid.yaml"), "--archive", filepath.Join(dir, "kept"), "--format", "json", report}, more...)
		if code := Main(t.Context(), args, &out, &log); code != exitOK && !(command == "check" && code == exitFindings) {
			t.Fatalf("ibid %q exits %d\n%s%s", args, code, &out, &log)
		}
		var result struct{ Reports []struct{ Citations []cited } }
		if err := json.Unmarshal(out.Bytes(), &result); err != nil {
			t.Fatal(err)
		}
		return result.Reports[0].Citations
	}
	expect := func(command string, phase int, got []cited) {
		t.Helper()
		if len(got) != len(cases) {
			t.Fatalf("%d citations, want %d", len(got), len(cases))
		}
		for i, c := range cases {
			want := c.Want
			if phase > 0 {
				want = strings.Split(c.Then[phase-1], "|")
			}
			if !slices.Contains(want, string(got[i].Verdict)) {
				t.Errorf("%s, phase %d: %s (%s) is %s, want %q: %q", command, phase, c.Name, c.Note, got[i].Verdict, want, got[i].Reasons)
			}
			if phase == 0 && got[i].TextSHA256 != "" {
				t.Errorf("%s has a text_sha256 at its first visit, when there is nothing to compare with", c.Name)
			}
			if got[i].Verdict == archive.Drifted && !strings.HasPrefix(got[i].Reasons[0], "unlike-earlier: ") && len(got[i].TextSHA256) != 64 && command == "archive" {
				t.Errorf("%s: text_sha256 %q", c.Name, got[i].TextSHA256)
			}
			if c.Name == "drift-digit" && phase == 1 && got[i].Reasons[0] != `cited-number: a number in what was cited changed: "…the dam at about 4 litres a second" is now "…the dam at about 6 litres a second"` {
				t.Errorf("%s: %q", c.Name, got[i].Reasons)
			}
		}
	}
	expect("archive", 0, ibid("archive"))
	for phase := 1; phase <= 2; phase++ {
		web.Advance()
		if phase == 1 {
			expect("check", phase, ibid("check"))
		}
		expect("archive", phase, ibid("archive", "--max-age", "0"))
	}
	t.Logf("%d sources in 3 phases", len(cases))
}
