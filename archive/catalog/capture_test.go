package catalog

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

func put(t *testing.T, c *Catalog, captures ...*archive.Capture) {
	t.Helper()
	if err := c.PutCaptures(context.Background(), captures...); err != nil {
		t.Fatal(err)
	}
}

func TestHistoryKeepsTheWholeCheck(t *testing.T) {
	c := openTest(t)
	full := sampleCapture(1, 0)
	full.Verdict, full.State = archive.Moved, archive.StateAlive
	full.URL = "https://short.test/1"
	full.Reasons = []string{"moved: permanently", "second: <b>"}
	full.Redirects = []string{"https://a.test/", full.FinalURL}
	full.TextSHA256 = hexSum("text")
	full.Post = &archive.Post{Platform: "x", ID: "20", URL: full.URL, Standing: archive.PostShown, Author: &archive.PostAuthor{Handle: "jack"},
		PostedAt: full.FinishedAt, PostedBy: archive.PostedByID, Text: "just setting up <my> twttr"}
	bare := &archive.Capture{Key: full.Key, URL: full.Key, StartedAt: full.FinishedAt.Add(time.Hour), SHA256: hexSum("bare"),
		Judgement: archive.Judgement{Verdict: archive.Unreachable}}
	put(t, c, full, bare)
	want := []Check{
		{Key: full.Key, URL: bare.URL, Capture: bare.SHA256, CheckedAt: bare.StartedAt, Judgement: bare.Judgement,
			Content: full.SHA256, CapturedAt: full.FinishedAt},
		{Key: full.Key, URL: full.URL, Capture: full.SHA256, Size: full.Size, CheckedAt: full.FinishedAt,
			Judgement: full.Judgement, Outcome: full.Outcome, Content: full.SHA256, CapturedAt: full.FinishedAt},
	}
	got, err := c.History(context.Background(), full.Key, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	got, err = c.History(context.Background(), full.Key, 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[:1], got); diff != "" {
		t.Errorf("history of one (-want +got):\n%s", diff)
	}
}

// What the archive holds of a source does not go away when the source does, or
// goes behind a wall.
func TestContentOutlivesTheSource(t *testing.T) {
	for _, tt := range []struct {
		name     string
		verdicts []archive.Verdict
		content  int // index of the visit that holds the content, -1 for none
	}{
		{"alive", []archive.Verdict{archive.Alive}, 0},
		{"alive twice", []archive.Verdict{archive.Alive, archive.Alive}, 1},
		{"moved", []archive.Verdict{archive.Alive, archive.Moved}, 1},
		{"drifted", []archive.Verdict{archive.Alive, archive.Drifted}, 1},
		{"gone", []archive.Verdict{archive.Alive, archive.Gone, archive.Gone}, 0},
		{"blocked", []archive.Verdict{archive.Alive, archive.Blocked}, 0},
		{"behind a wall", []archive.Verdict{archive.Alive, archive.Restricted}, 0},
		{"always behind a wall", []archive.Verdict{archive.Restricted, archive.Restricted}, 1},
		{"out from the wall", []archive.Verdict{archive.Restricted, archive.Alive}, 1},
		{"never reached", []archive.Verdict{archive.Unreachable, archive.Gone, archive.Invalid, archive.Unknown, archive.Soft404, archive.Blocked}, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := openTest(t)
			var visits []*archive.Capture
			for i, v := range tt.verdicts {
				visit := sampleCapture(1, i)
				visit.Verdict = v
				visits = append(visits, visit)
			}
			put(t, c, visits...)
			got, err := c.Latest(context.Background(), sampleKey(1), sampleKey(2))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 {
				t.Fatalf("%d checks, want that of the one source that was visited", len(got))
			}
			check := got[sampleKey(1)]
			last := visits[len(visits)-1]
			if check.Capture != last.SHA256 || check.Verdict != last.Verdict || !check.CheckedAt.Equal(last.FinishedAt) {
				t.Errorf("check is %s %s at %v, want the last visit", check.Capture, check.Verdict, check.CheckedAt)
			}
			var content string
			var captured time.Time
			if tt.content >= 0 {
				content, captured = visits[tt.content].SHA256, visits[tt.content].FinishedAt
			}
			if check.Content != content || !check.CapturedAt.Equal(captured) {
				t.Errorf("content %q at %v, want %q at %v", check.Content, check.CapturedAt, content, captured)
			}
		})
	}
}

// revisit is a later visit to the source of c that found the same bytes.
func revisit(c *archive.Capture, visit, status int) *archive.Capture {
	again := sampleCapture(1, visit)
	again.Key, again.URL, again.FinalURL, again.Unchanged = c.Key, c.URL, c.FinalURL, true
	again.PayloadSHA256 = c.PayloadSHA256
	x := &again.Exchanges[0]
	x.URL, x.Status, x.RefersTo = c.Exchanges[0].URL, status, c.Exchanges[0].Record
	x.PayloadSHA256, x.ETag, x.LastModified = "", "", ""
	return again
}

func TestContentOfARevisit(t *testing.T) {
	first := sampleCapture(1, 0)
	again := revisit(first, 1, 304)
	redirected := revisit(first, 2, 304)
	redirected.URL, redirected.FinalURL = "https://short.test/", first.URL

	c := openTest(t)
	put(t, c, again, redirected)
	got, err := c.Latest(context.Background(), first.Key)
	if err != nil {
		t.Fatal(err)
	}
	if check := got[first.Key]; check.Content != "" || !check.CapturedAt.Equal(redirected.FinishedAt) {
		t.Errorf("content %q at %v while the capture that holds it is missing", check.Content, check.CapturedAt)
	}
	put(t, c, first)
	history, err := c.History(context.Background(), first.Key, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, captured := range []time.Time{redirected.FinishedAt, again.FinishedAt, first.FinishedAt} {
		if check := history[i]; check.Content != first.SHA256 || !check.CapturedAt.Equal(captured) {
			t.Errorf("visit %d: content %q at %v, want %q at %v", i, check.Content, check.CapturedAt, first.SHA256, captured)
		}
	}
}

func TestPrior(t *testing.T) {
	first := sampleCapture(1, 0)
	x := &first.Exchanges[0]
	base := archive.Prior{URL: first.URL, Record: x.Record, Date: x.Date, PayloadSHA256: x.PayloadSHA256, ETag: x.ETag, LastModified: x.LastModified,
		VerifiedAt: x.Date, Capture: first.SHA256, Chain: x.TLS.Chain}
	at := func(visit int) time.Time { return sampleCapture(1, visit).Exchanges[0].Date }
	with := func(c *archive.Capture, change func(*archive.ExchangeInfo)) *archive.Capture {
		change(&c.Exchanges[0])
		return c
	}
	for _, tt := range []struct {
		name     string
		captures []*archive.Capture
		want     func(*archive.Prior)
	}{
		{"the answer", nil, func(*archive.Prior) {}},
		{"said to be unchanged", []*archive.Capture{revisit(first, 1, 304)}, func(*archive.Prior) {}},
		{"said to be unchanged, with a new name", []*archive.Capture{
			with(revisit(first, 1, 304), func(x *archive.ExchangeInfo) { x.ETag = `"new"` }),
		}, func(p *archive.Prior) { p.ETag = `"new"` }},
		{"the same bytes again", []*archive.Capture{
			with(revisit(first, 1, 200), func(x *archive.ExchangeInfo) { x.LastModified = "Mon" }), revisit(first, 2, 304),
		}, func(p *archive.Prior) { p.ETag, p.LastModified, p.VerifiedAt = "", "Mon", at(1) }},
		{"the same bytes, cut", []*archive.Capture{
			with(revisit(first, 1, 200), func(x *archive.ExchangeInfo) { x.Truncated = archive.TruncatedTime }),
		}, func(*archive.Prior) {}},
		{"an error page", []*archive.Capture{
			with(sampleCapture(1, 1), func(x *archive.ExchangeInfo) { x.Status = 404 }),
		}, func(*archive.Prior) {}},
		{"a cut answer", []*archive.Capture{
			with(sampleCapture(1, 1), func(x *archive.ExchangeInfo) { x.Failure = &archive.Failure{Class: archive.ClassReset} }),
		}, func(*archive.Prior) {}},
		{"an answer of another URL", []*archive.Capture{
			with(sampleCapture(1, 1), func(x *archive.ExchangeInfo) { x.URL += "?page=2" }),
		}, func(*archive.Prior) {}},
		{"a newer answer, as a requisite", []*archive.Capture{
			with(sampleCapture(1, 1), func(x *archive.ExchangeInfo) {
				x.Role, x.Record, x.PayloadSHA256, x.ETag, x.LastModified, x.TLS = archive.RoleRequisite, "urn:uuid:x", hexSum("new"), "", "", nil
			}),
		}, func(p *archive.Prior) {
			*p = archive.Prior{URL: p.URL, Record: "urn:uuid:x", Date: at(1), VerifiedAt: at(1), PayloadSHA256: hexSum("new"), Capture: sampleCapture(1, 1).SHA256}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := base
			tt.want(&want)
			all := append([]*archive.Capture{first}, tt.captures...)
			for _, order := range []string{"forward", "backward"} {
				c := openTest(t)
				for i := range all {
					if order == "backward" {
						i = len(all) - 1 - i
					}
					put(t, c, all[i])
				}
				got, err := c.Prior(context.Background(), first.URL)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(&want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", order, diff)
				}
			}
		})
	}
}

func TestPriorOfUnknown(t *testing.T) {
	c := openTest(t)
	put(t, c, revisit(sampleCapture(1, 0), 1, 200)) // refers to a capture that is not there
	if p, err := c.Prior(context.Background(), sampleKey(1)); p != nil || err != nil {
		t.Errorf("prior is %v, %v", p, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Prior(ctx, sampleKey(1)); err == nil {
		t.Error("no error from a cancelled context")
	}
}

func TestFresh(t *testing.T) {
	c := openTest(t)
	dead := sampleCapture(2, 0)
	dead.Verdict = archive.Unreachable
	put(t, c, sampleCapture(1, 0), sampleCapture(1, 1), dead, sampleCapture(3, 0))
	keys := []string{sampleKey(1), sampleKey(2), sampleKey(4)}
	for _, tt := range []struct {
		since time.Time
		want  map[string]bool
	}{
		{sampleTime(), map[string]bool{sampleKey(1): true, sampleKey(2): true}},
		{sampleCapture(1, 1).FinishedAt, map[string]bool{sampleKey(1): true}},
		{sampleCapture(1, 1).FinishedAt.Add(time.Microsecond), map[string]bool{}},
	} {
		got, err := c.Fresh(context.Background(), keys, tt.since)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("fresh since %v (-want +got):\n%s", tt.since, diff)
		}
	}
}

func TestLatestOfManyKeys(t *testing.T) {
	const sources = 3*chunk + 1
	c := filled(t, sources, 1)
	keys := make([]string, 0, 2*sources)
	for n := range 2 * sources {
		keys = append(keys, sampleKey(n))
	}
	got, err := c.Latest(context.Background(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	for n, key := range keys {
		if check, ok := got[key]; ok != (n < sources) || ok && check.Capture != sampleCapture(n, 0).SHA256 {
			t.Fatalf("%s: %v %s", key, ok, check.Capture)
		}
	}
	if got, err := c.Latest(context.Background()); len(got) != 0 || err != nil {
		t.Errorf("latest of nothing is %v, %v", got, err)
	}
}

func TestPutCapturesIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	for _, tt := range []struct {
		name, says string
		spoil      func(*archive.Capture)
	}{
		{"name", "SHA-256", func(c *archive.Capture) { c.SHA256 = strings.ToUpper(c.SHA256) }},
		{"no name", "SHA-256", func(c *archive.Capture) { c.SHA256 = "" }},
		{"key", "no key", func(c *archive.Capture) { c.Key = "" }},
		{"verdict", `unknown verdict "fine"`, func(c *archive.Capture) { c.Verdict = "fine" }},
		{"state", `unknown state "undead"`, func(c *archive.Capture) { c.State = "undead" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := openTest(t)
			empty := dump(t, c)
			bad := sampleCapture(2, 0)
			tt.spoil(bad)
			err := c.PutCaptures(ctx, sampleCapture(1, 0), bad)
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), c.Path()) {
				t.Errorf("error is %v", err)
			}
			if got := dump(t, c); got != empty {
				t.Errorf("something was stored:\n%s", got)
			}
			put(t, c, sampleCapture(1, 0)) // the catalog is still of use
		})
	}
	c := openTest(t)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := c.PutCaptures(cancelled, sampleCapture(1, 0)); err == nil {
		t.Error("no error from a cancelled context")
	}
}

func TestCapturesAreListedInOrder(t *testing.T) {
	ctx := context.Background()
	c := filled(t, 40, 1)
	var last string
	n := 0
	for sha, err := range c.Captures(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if sha <= last || len(sha) != 64 {
			t.Errorf("%q comes after %q", sha, last)
		}
		if ok, err := c.HasCapture(ctx, sha); !ok || err != nil {
			t.Errorf("%s: %v, %v", sha, ok, err)
		}
		last = sha
		n++
	}
	if n != 40 {
		t.Errorf("%d captures, want 40", n)
	}
	for range c.Captures(ctx) {
		break
	}
	for _, sha := range []string{hexSum("another"), "", "x"} {
		if ok, err := c.HasCapture(ctx, sha); ok || err != nil {
			t.Errorf("%q: %v, %v", sha, ok, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for sha, err := range c.Captures(cancelled) {
		if err == nil {
			t.Errorf("%s without an error from a cancelled context", sha)
		}
	}
}

func TestStats(t *testing.T) {
	c := openTest(t)
	gone := sampleCapture(1, 1)
	gone.Verdict = archive.Gone
	put(t, c, sampleCapture(1, 0), gone, sampleCapture(2, 0))
	for i, sha := range []string{"old", "new"} {
		r := Report{SHA256: hexSum(sha), Path: "r.txt", SeenAt: sampleTime().Add(time.Duration(i) * time.Hour)}
		if err := c.PutReport(context.Background(), r, make([]Citation, 3+i)); err != nil {
			t.Fatal(err)
		}
	}
	want := Stats{Reports: 1, Citations: 4, Sources: 2, Captures: 3, Bytes: 3 * (12 << 10), LastChecked: gone.FinishedAt, Verdicts: map[archive.Verdict]int64{}}
	for _, v := range archive.Verdicts() {
		want.Verdicts[v] = 0
	}
	want.Verdicts[archive.Alive], want.Verdicts[archive.Gone] = 1, 1
	got, err := c.Stats(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
	if got, err := openTest(t).Stats(context.Background()); err != nil || got.Captures != 0 || !got.LastChecked.IsZero() {
		t.Errorf("stats of an empty catalog: %+v, %v", got, err)
	}
}
