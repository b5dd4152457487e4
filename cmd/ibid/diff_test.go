package main

import (
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/evidence"
)

func TestAsCitedAndNewest(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 5, n, 12, 0, 0, 0, time.UTC) }
	visit := func(capture string, n int, v archive.Verdict) evidence.Visit {
		return evidence.Visit{Capture: capture, At: day(n), Verdict: v}
	}
	visits := []evidence.Visit{
		visit("dd", 20, archive.Blocked), visit("cc", 18, archive.Moved), visit("bb", 9, archive.Alive),
		visit("ab", 8, archive.Gone), visit("aa", 1, archive.Alive),
	}
	for _, c := range []struct {
		visits        []evidence.Visit
		cited         time.Time
		before, after string
		several       bool
	}{
		{visits, day(8), "bb", "cc", true},
		{visits, day(2), "aa", "cc", true},
		{visits, day(30), "cc", "cc", true},
		{visits, time.Time{}, "aa", "cc", true},
		{visits[2:3], day(8), "bb", "bb", false},
		{visits[:1], day(8), "", "", false},
		{nil, day(8), "", "", false},
	} {
		before, after, several := asCitedAndNewest(c.visits, c.cited)
		if before != c.before || after != c.after || several != c.several {
			t.Errorf("cited %v: got %s %s %v, want %s %s %v", c.cited, before, after, several, c.before, c.after, c.several)
		}
	}
}

func TestCaptureNamed(t *testing.T) {
	visits := []evidence.Visit{{Capture: "abcd01"}, {Capture: "abcd02"}, {Capture: "abce03"}, {Capture: "abce03"}}
	for name, want := range map[string]string{"abce": "abce03", "ABCD01": "abcd01", "abcd": "", "abc": "", "abcg": "", "ffff": "", "": ""} {
		if got, err := captureNamed(visits, name, "https://a.test/"); got != want || err == nil != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
}
