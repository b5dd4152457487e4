package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify/render"
)

// TestSightings: what a visit found is shown whole, however it was packed.
func TestSightings(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 123000, time.UTC)
	plain := archive.Capture{FinishedAt: at, Judgement: archive.Judgement{Verdict: archive.Alive, State: archive.StateAlive, Reasons: []string{"ok: yes"}},
		Outcome: archive.Outcome{HTTPStatus: 200, FinalURL: "http://a.test/", MediaType: "text/html", PayloadSHA256: strings.Repeat("ab", 32), PayloadSize: 7}}
	full := archive.Capture{FinishedAt: at, Judgement: archive.Judgement{Verdict: archive.Moved, State: archive.StateSuspect, Reasons: []string{"a: b", "c: d", "e: f"}},
		Outcome: archive.Outcome{HTTPStatus: 301, FinalURL: "http://b.test/", Redirects: []string{"http://b.test/"}, Title: "T", MediaType: "application/pdf",
			PayloadSHA256: strings.Repeat("01", 32), PayloadSize: 1 << 40, TextSHA256: strings.Repeat("cd", 32), Unchanged: true}}
	none := archive.Capture{FinishedAt: at, Judgement: archive.Judgement{Verdict: archive.Unreachable}}
	for name, c := range map[string]archive.Capture{"plain": plain, "full": full, "none": none} {
		t.Run(name, func(t *testing.T) {
			report, err := seeds.Read("a.txt", []byte("Text.[1] More.[2]\n\nNotes\n[1] http://a.test/\n[2] http://other.test/\n"))
			if err != nil {
				t.Fatal(err)
			}
			s := newSightings(1)
			c.Key, c.URL = report.Citations[0].Key, report.Citations[0].URL
			s.add(&c)
			want := render.NewReport(report)
			want.Citations[0].Judgement, want.Citations[0].Outcome, want.Citations[0].CheckedAt = c.Judgement, c.Outcome, at
			got := s.result([]schedule.Source{{Report: report}})
			if diff := cmp.Diff([]render.ReportResult{want}, got.Reports); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLetGo: what is shown of a report is read again as it was.
func TestLetGo(t *testing.T) {
	data := []byte("Text.[1]\n\nNotes\n[1] http://a.test/\n")
	report, err := seeds.Read("a.txt", data)
	if err != nil {
		t.Fatal(err)
	}
	want := *report
	want.Notes, want.Marks = nil, nil
	sources := []schedule.Source{{Report: report, Data: data}}
	again := letGo(sources)
	if sources[0].Report != nil || sources[0].Data == nil {
		t.Error("the report is still there, or its bytes are not")
	}
	if err := again(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]schedule.Source{{Report: &want}}, sources); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
