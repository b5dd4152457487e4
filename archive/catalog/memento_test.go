package catalog

import (
	"fmt"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// A memento stands for a source that no visit of ours found, and of several the one
// that stands for what was cited is shown.
func TestRemembered(t *testing.T) {
	c := openTest(t)
	const key = "https://council.test/plan.html"
	at := func(day int) time.Time { return time.Date(2022, 5, day, 0, 0, 0, 0, time.UTC) }
	name := func(n int) string { return fmt.Sprintf("%064x", n) }
	capture := func(n int, when time.Time, v archive.Verdict, i *archive.Imported) *archive.Capture {
		return &archive.Capture{SHA256: name(n), Key: key, URL: key, StartedAt: when, FinishedAt: when, Judgement: archive.Judgement{Verdict: v}, Imported: i}
	}
	memento := func(day, wanted int, from string) *archive.Imported {
		return &archive.Imported{Memento: &archive.Memento{Archive: "web.archive.org", Datetime: at(day), Wanted: at(wanted), From: from}}
	}
	pending := &archive.Imported{Submitted: &archive.Submission{Archive: "web.archive.org", Status: archive.SubmissionPending}}
	for _, step := range []struct {
		capture            *archive.Capture
		memento, submitted string
		latest             string
		imported           bool
	}{
		{capture(2, at(8), archive.Alive, memento(8, 10, archive.DayText)), name(2), "", name(2), true},
		{capture(1, at(30), archive.Gone, nil), name(2), "", name(1), false},
		{capture(3, at(9), archive.Alive, memento(9, 10, archive.DayText)), name(3), "", name(1), false},
		{capture(4, at(1), archive.Alive, memento(1, 5, archive.DayGiven)), name(4), "", name(1), false},
		{capture(5, at(10), archive.Alive, memento(10, 10, archive.DayText)), name(4), "", name(1), false},
		{capture(6, at(31), archive.Unknown, pending), name(4), name(6), name(1), false},
	} {
		put(t, c, step.capture)
		got, err := c.Remembered(t.Context(), key, "https://other.test/")
		if err != nil || len(got) != 1 {
			t.Fatalf("%v, %v", got, err)
		}
		if r := got[key]; r.Capture != step.memento || r.SubmittedCapture != step.submitted {
			t.Errorf("after %s: memento %s, submission %s", step.capture.SHA256, r.Capture, r.SubmittedCapture)
		}
		latest, err := c.Latest(t.Context(), key)
		if err != nil || latest[key].Capture != step.latest || latest[key].Imported != step.imported || latest[key].CapturedAt.IsZero() {
			t.Errorf("after %s: %+v, %v", step.capture.SHA256, latest[key], err)
		}
	}
	if first, err := c.Firsts(t.Context(), []string{key}); err != nil || len(first) != 0 {
		t.Errorf("first found %v, %v", first, err)
	}
	put(t, c, capture(7, at(31), archive.Alive, nil), capture(8, at(29), archive.Moved, nil))
	if first, err := c.Firsts(t.Context(), []string{key}); err != nil || !first[key].Equal(at(29)) {
		t.Errorf("first found %v, %v", first, err)
	}
}
