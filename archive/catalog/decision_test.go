package catalog

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

func decision(t *testing.T, what, key string) *archive.Decision {
	t.Helper()
	d := &archive.Decision{Version: archive.DecisionVersion, Because: "why", By: "Ada", Citation: "1.1", Decision: what, Key: key, Path: "a.txt",
		Report: strings.Repeat("0", 64), Time: time.Date(2026, 5, 9, 0, 0, 0, 0, time.UTC)}
	b, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	d, err = archive.DecodeDecision(b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDecisions(t *testing.T) {
	c := openTest(t)
	ctx := t.Context()
	if got, err := c.Decisions(ctx, "https://a.example/"); err != nil || len(got) != 0 {
		t.Fatalf("%v, %v, want nothing", got, err)
	}
	alive, dead, other := decision(t, "alive", "https://a.example/"), decision(t, "dead", "https://a.example/"), decision(t, "dead", "https://b.example/")
	for range 2 {
		if err := c.PutDecisions(ctx, alive, dead, other); err != nil {
			t.Fatal(err)
		}
	}
	got, err := c.Decisions(ctx, "https://a.example/", "https://c.example/")
	if err != nil {
		t.Fatal(err)
	}
	want := []archive.Decision{*alive, *dead}
	if want[0].Object > want[1].Object {
		want[0], want[1] = want[1], want[0]
	}
	if diff := cmp.Diff(map[string][]archive.Decision{"https://a.example/": want}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPasts(t *testing.T) {
	c := openTest(t)
	ctx := t.Context()
	at := time.Date(2026, 5, 9, 0, 0, 0, 0, time.UTC)
	visit := func(n int, key, profile string, after time.Duration) *archive.Capture {
		return &archive.Capture{SHA256: strings.Repeat("0", 63) + string(rune('0'+n)), Key: key, URL: key, FinishedAt: at.Add(after), Policy: archive.Policy{Profile: profile},
			Judgement: archive.Judgement{Verdict: archive.Gone, Reasons: []string{"http-404: not found", "second-look: 2 looks agreed"}}}
	}
	put(t, c, visit(1, "https://a.example/", "", time.Hour), visit(2, "https://a.example/", archive.ProfileBrowser, 2*time.Hour), visit(3, "https://a.example/", "", 0),
		visit(4, "https://b.example/", "", 3*time.Hour))
	type seen struct {
		Key     string
		First   time.Time
		Reasons []string
		Profile []string
	}
	look := func(limit int, keys ...string) (got []seen) {
		t.Helper()
		err := c.Pasts(ctx, keys, limit, func(key string, first time.Time, visits []Past) error {
			s := seen{Key: key, First: first}
			for _, v := range visits {
				s.Reasons, s.Profile = append(s.Reasons, v.Reason), append(s.Profile, v.Profile)
			}
			got = append(got, s)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if diff := cmp.Diff([]seen{{"https://a.example/", at, []string{"http-404", "http-404"}, []string{"", "browser"}}}, look(2, "https://a.example/", "https://c.example/")); diff != "" {
		t.Error(diff)
	}
	if got := look(9, "https://b.example/", "https://a.example/"); len(got) != 2 || len(got[0].Profile) != 3 {
		t.Errorf("%+v", got)
	}
	var since []string
	if err := c.Since(ctx, at.Add(2*time.Hour), func(p Past) error { since = append(since, p.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"https://a.example/", "https://b.example/"}, since); diff != "" {
		t.Error(diff)
	}
}
