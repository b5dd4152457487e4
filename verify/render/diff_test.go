package render

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// diffOf compares two plain texts of which a claim is cited.
func diffOf(old, new, claim string) *DiffResult {
	page := func(s string) verify.Page {
		return verify.Page{Doc: verify.Doc{Text: s}, Main: s, Extractor: verify.MainExtractor}
	}
	r := &DiffResult{
		Report:   "report.txt",
		Citation: seeds.Citation{ID: "6.1", URL: "https://ministry.test/raid", Raw: "https://ministry.test/raid"},
		Old:      DiffSide{Capture: strings.Repeat("a", 64), Content: strings.Repeat("a", 64), At: time.Date(2026, 5, 9, 10, 0, 0, 0, time.UTC), Title: "Raid"},
		New:      DiffSide{Capture: strings.Repeat("b", 64), Content: strings.Repeat("b", 64), At: time.Date(2026, 6, 9, 10, 0, 0, 0, time.UTC), Title: "Raid"},
		Drift:    verify.Compare(page(old), page(new), verify.Cited{Claims: []string{claim}}),
	}
	r.OldText, r.NewText = r.Drift.Texts(page(old), page(new))
	r.Edits = verify.Edits(r.OldText, r.NewText)
	return r
}

const (
	before = "Police raid three towns\n2 hours ago\nPolice raided homes in three towns on Tuesday.\n" +
		"The ministry said that 15 men were arrested, and that nobody was hurt.\nThe governor thanked them.\nTrials begin in autumn.\nRead next: wheat"
	after = "Police raid three towns\n3 days ago\nPolice raided homes in three towns on Tuesday.\n" +
		"The ministry said that 16 men were arrested, and that nobody was hurt.\nThe governor thanked them.\nTrials begin in autumn.\nRead next: a bridge"
	claim = "The ministry said 15 men were arrested."
)

func TestDiff(t *testing.T) {
	var b bytes.Buffer
	if err := Diff(&b, diffOf(before, after, claim), TextOptions{Width: 60}); err != nil {
		t.Fatal(err)
	}
	want := `[6.1] https://ministry.test/raid
  before 2026-05-09 10:00 UTC  captures/aa/aaaaaaaaaaaa….warc.gz
         “Raid”
  after  2026-06-09 10:00 UTC  captures/bb/bbbbbbbbbbbb….warc.gz
         “Raid”

drifted · 66 % of the text alike, 79 % of what it said still there
  a number in what was cited changed: "The ministry said
  that 15 men were arrested, and…" is now "The ministry said
  that 16 men were arrested, and…"

What was cited
  altered: number
  » The ministry said that [-15-] {+16+} men were arrested,
  » and that nobody was hurt.

What changed
    Police raid three towns
    [-2 hours-] {+3 days+} ago
    Police raided homes in three towns on Tuesday.
  » The ministry said that [-15-] {+16+} men were arrested,
  » and that nobody was hurt.
    The governor thanked them.
    Trials begin in autumn.
    Read next: [-wheat-] {+a bridge+}
`
	got := b.String()
	// The shares are those of verify; what matters here is where they stand.
	if line := "drifted · "; cutLine(got, line) != cutLine(want, line) {
		t.Error(cmp.Diff(cutLine(want, line), cutLine(got, line)))
	}
}

// cutLine leaves out the rest of the line that begins so.
func cutLine(s, begin string) string {
	before, rest, _ := strings.Cut(s, "\n"+begin)
	_, rest, _ = strings.Cut(rest, "\n")
	return before + "\n" + begin + "\n" + rest
}

func TestDiffColor(t *testing.T) {
	var b bytes.Buffer
	if err := Diff(&b, diffOf(before, after, claim), TextOptions{Width: 80, Color: true}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[31m15\x1b[0m \x1b[32m16\x1b[0m", "\x1b[31mdrifted\x1b[0m"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
	if strings.Contains(b.String(), "[-") || strings.Contains(b.String(), "{+") {
		t.Errorf("signs beside colours:\n%s", &b)
	}
}

// What a page says cannot leave its place.
func TestDiffHostile(t *testing.T) {
	evil := "said \x1b]8;;https://evil.test\x07that\x1b[2J 16 \u202emen were\n::error::arrested ##[command]https://ministry.test/x, nobody"
	r := diffOf(before, strings.ReplaceAll(after, "said that 16 men were arrested, and that nobody", evil), claim)
	r.New.Title = "\x1b[31mRaid\n::warning::"
	r.Citation.Defanged, r.Citation.Raw = true, "hxxps://ministry[.]test/raid"
	var b bytes.Buffer
	if err := Diff(&b, r, TextOptions{Width: 60}); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"\x1b", "\u202e", "\n::", "##[", "https://ministry.test", "evil.test"} {
		if strings.Contains(b.String(), bad) {
			t.Errorf("%q in\n%s", bad, &b)
		}
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(strings.TrimLeft(line, " "), "::") {
			t.Errorf("a command: %s", line)
		}
	}
}

func TestDiffJSON(t *testing.T) {
	var b bytes.Buffer
	if err := DiffJSON(&b, diffOf(before, after, claim)); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version int
		Drift   struct {
			Class string
			Cited []struct {
				Fate  string
				Kinds []string
				Edits []struct{ Op, Text string }
			}
		}
		Changes []struct{ Op, Text string }
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	type edits = []struct{ Op, Text string }
	if got.Version != 1 || got.Drift.Class != "drifted" || len(got.Drift.Cited) != 1 ||
		!cmp.Equal(got.Drift.Cited[0].Edits, edits{{"deleted", "15"}, {"inserted", "16"}}) {
		t.Errorf("got %s", &b)
	}
	want := edits{{"deleted", "2 hours"}, {"inserted", "3 days"}, {"deleted", "15"}, {"inserted", "16"}, {"deleted", "wheat"}, {"inserted", "a bridge"}}
	if !cmp.Equal(got.Changes, want) {
		t.Error(cmp.Diff(want, got.Changes))
	}
}

// TestRuns: what is kept and inserted is all of the new text, but that the
// beginning of a line may have become a space.
func TestRuns(t *testing.T) {
	word := rapid.SampledFrom([]string{"one", "two", "3", "four.", "“five”", "6,", "\n", "\n", "-"})
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string {
			s := strings.Join(rapid.SliceOfN(word, 0, 12).Draw(t, name), " ")
			return strings.Trim(strings.NewReplacer(" \n ", "\n", "\n ", "\n", " \n", "\n").Replace(s), " \n")
		}
		old, new := text("old"), text("new")
		runs := runsOf(old, new, verify.Edits(old, new))
		var shown strings.Builder
		for _, l := range linesOf(runs) {
			for _, r := range l.runs {
				if r.op == verify.Deleted {
					continue
				}
				shown.WriteString(r.text)
				if strings.TrimLeft(r.text, " ") == r.text && !strings.HasPrefix(new[r.at:], r.text) {
					t.Fatalf("%q does not stand at %d of %q", r.text, r.at, new)
				}
			}
		}
		words := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if len(runs) > 0 && runs[len(runs)-1].op != verify.Deleted && words(shown.String()) != words(new) {
			t.Fatalf("%q is shown of %q", shown.String(), new)
		}
	})
}
