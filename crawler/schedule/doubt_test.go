package schedule

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

// Between ticks what is in doubt and due is visited, and nothing else, for all the
// reports that cite it, as the archive has them: not as they are now.
func TestConfirms(t *testing.T) {
	const doubted, later, ordinary = "https://gazette.test/letters", "https://gazette.test/2026/dam-report", "https://council.test/minutes/2024-03"
	due := map[string]Due{}
	w := newDue(t, due)
	w.Runner.Crawler.Judge = func(*archive.Visit) archive.Judgement {
		return archive.Judgement{Verdict: archive.Gone, Reasons: []string{"http-404: not found"}}
	}
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	entries := []Entry{{"*.txt", spec(t, "@daily")}, {"b.txt", spec(t, "@daily")}}
	w.write("a.txt", ordinary, doubted, later)
	w.write("b.txt", doubted)
	if at, err := w.Wanted(t.Context(), entries); err != nil || !at.IsZero() {
		t.Errorf("wanted before the first tick: %v, %v", at, err)
	}
	if err := w.Run(t.Context(), nil, entries); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(72 * time.Hour)
	due[doubted] = Due{At: w.now, Profile: archive.ProfileDefault, InDoubt: true}
	due[later] = Due{At: w.now.Add(time.Second), Profile: archive.ProfileDefault, InDoubt: true}
	due[ordinary] = Due{At: w.now.Add(-time.Hour), Profile: archive.ProfileDefault}
	if at, err := w.Wanted(t.Context(), entries); err != nil || !at.Equal(w.now) {
		t.Errorf("wanted at %v, %v, want %v", at, err, w.now)
	}
	w.write("a.txt", "https://gazette.test/archive/17")
	if err := os.Remove(filepath.Join(w.dir, "b.txt")); err != nil {
		t.Fatal(err)
	}
	w.seen = nil
	reports, err := w.Confirm(t.Context(), nil, entries)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.txt", "b.txt"}, reports); diff != "" {
		t.Errorf("reports (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{doubted}, w.seen); diff != "" {
		t.Errorf("visited (-want +got):\n%s", diff)
	}
	checks, err := w.Runner.Catalog.Latest(t.Context(), doubted)
	if err != nil {
		t.Fatal(err)
	}
	capture, err := w.Runner.Archive.Capture(t.Context(), checks[doubted].Capture)
	if err != nil {
		t.Fatal(err)
	}
	var cited []string
	for _, c := range capture.Citations {
		cited = append(cited, c.Path+" "+c.ID)
	}
	slices.Sort(cited)
	if diff := cmp.Diff([]string{"a.txt 2.1", "b.txt 1.1"}, cited); diff != "" {
		t.Errorf("the capture is for (-want +got):\n%s", diff)
	}

	// The next tick says what is no longer there; nothing between ticks follows it,
	// and what is known of it stays.
	if err := w.Run(t.Context(), nil, entries[:1]); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "a report is not there any more") || !strings.Contains(log.String(), "report=b.txt in=*.txt") {
		t.Errorf("log:\n%s", &log)
	}
	if at, err := w.Wanted(t.Context(), entries[:1]); err != nil || !at.IsZero() {
		t.Errorf("wanted afterwards: %v, %v", at, err)
	}
	if _, citations, err := w.Runner.Catalog.Report(t.Context(), "b.txt"); err != nil || len(citations) != 1 {
		t.Errorf("%d citations of a report that was removed, %v", len(citations), err)
	}
	log.Reset()
	if err := w.Run(t.Context(), nil, entries[:1]); err != nil || strings.Contains(log.String(), "any more") {
		t.Errorf("the tick after that: %v\n%s", err, &log)
	}
}
