package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive"
)

func dump(tb interface {
	Helper()
	Fatal(...any)
}, c *Catalog) string {
	tb.Helper()
	var b bytes.Buffer
	if err := c.Dump(context.Background(), &b); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// drawCaptures draws the visits of a few sources: few names, dates and
// validators, so that they collide.
func drawCaptures(t *rapid.T) []*archive.Capture {
	n := rapid.IntRange(0, 12).Draw(t, "captures")
	captures := make([]*archive.Capture, 0, n)
	for i := range n {
		captures = append(captures, drawCapture(t, i))
	}
	return captures
}

func drawCapture(t *rapid.T, i int) *archive.Capture {
	at := drawTime(t, "finished")
	c := &archive.Capture{
		Version: archive.CaptureVersion, Key: rapid.SampledFrom([]string{"k1", "k2"}).Draw(t, "key"), URL: drawURL(t),
		StartedAt: at.Add(-time.Second), FinishedAt: at,
		Judgement: archive.Judgement{Verdict: rapid.SampledFrom(archive.Verdicts()).Draw(t, "verdict"),
			State:   rapid.SampledFrom([]archive.State{"", archive.StateAlive, archive.StateDead}).Draw(t, "state"),
			Reasons: rapid.SampledFrom([][]string{nil, {"a: <b> & \xff"}, {"", "x"}}).Draw(t, "reasons")},
		Outcome: archive.Outcome{HTTPStatus: rapid.SampledFrom([]int{0, 200, 404}).Draw(t, "status"),
			FinalURL:      rapid.SampledFrom([]string{"", "u1", "u2"}).Draw(t, "final"),
			Redirects:     rapid.SampledFrom([][]string{nil, {"u1", "u2\xfe\xff"}}).Draw(t, "redirects"),
			Title:         rapid.SampledFrom([]string{"", "caf\xe9\xe9 \x00", "título\u2028"}).Draw(t, "title"),
			PayloadSHA256: rapid.SampledFrom([]string{"", hexSum("p1"), "not a digest"}).Draw(t, "payload"), PayloadSize: 7,
			Unchanged: rapid.Bool().Draw(t, "unchanged")},
		Exchanges: rapid.SliceOfN(rapid.Custom(drawExchange), 0, 3).Draw(t, "exchanges"),
		SHA256:    hexSum(fmt.Sprint("capture", i)), Size: int64(i),
	}
	return c
}

func drawTime(t *rapid.T, name string) time.Time {
	// With parts of a microsecond, which a capture record keeps and a catalog does not.
	return sampleTime().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, name))*time.Hour + 123*time.Nanosecond)
}

func drawURL(t *rapid.T) string { return rapid.SampledFrom([]string{"k1", "u1", "u2"}).Draw(t, "url") }

func drawExchange(t *rapid.T) archive.ExchangeInfo {
	record := rapid.SampledFrom([]string{"urn:uuid:1", "urn:uuid:2", "urn:uuid:3", ""})
	return archive.ExchangeInfo{
		Role:      rapid.SampledFrom([]archive.Role{archive.RoleSource, archive.RoleRequisite}).Draw(t, "role"),
		URL:       drawURL(t),
		Record:    record.Draw(t, "record"),
		Date:      drawTime(t, "date"),
		Status:    rapid.SampledFrom([]int{0, 200, 304, 404}).Draw(t, "status"),
		Truncated: rapid.SampledFrom([]archive.Truncation{"", "", "", archive.TruncatedLength}).Draw(t, "truncated"),
		Failure:   rapid.SampledFrom([]*archive.Failure{nil, nil, nil, {Phase: "body", Class: archive.ClassReset}}).Draw(t, "failure"),
		TLS: rapid.SampledFrom([]*archive.TLSInfo{nil, {Version: "TLS 1.3", Chain: []string{hexSum("leaf"), "?"}},
			{Version: "TLS 1.3"}}).Draw(t, "tls"),
		PayloadSHA256: rapid.SampledFrom([]string{"", hexSum("p1"), hexSum("p2")}).Draw(t, "payload"),
		ETag:          rapid.SampledFrom([]string{"", `"a"`, `"b\xe9"`}).Draw(t, "etag"),
		LastModified:  rapid.SampledFrom([]string{"", "Mon", "Tue"}).Draw(t, "last modified"),
		RefersTo:      rapid.SampledFrom([]string{"", "", "urn:uuid:1", "urn:uuid:2"}).Draw(t, "refers to"),
	}
}

// asArchived returns a capture as it is read from the archive.
func asArchived(t *rapid.T, c *archive.Capture) *archive.Capture {
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	back, err := archive.DecodeCapture(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	back.SHA256, back.Size = c.SHA256, c.Size
	return back
}

// What the archive holds decides what the catalog says, not the order, the
// grouping or the number of times in which it was put.
func TestOrderMakesNoDifference(t *testing.T) {
	ctx := context.Background()
	first, second := openTest(t), openTest(t)
	rapid.Check(t, func(t *rapid.T) {
		wipe(t, first)
		wipe(t, second)
		captures := drawCaptures(t)
		if err := first.PutCaptures(ctx, captures...); err != nil {
			t.Fatal(err)
		}
		var again []*archive.Capture
		for _, c := range captures {
			again = append(again, asArchived(t, c))
			if rapid.Bool().Draw(t, "twice") {
				again = append(again, asArchived(t, c))
			}
		}
		for rest := rapid.Permutation(again).Draw(t, "order"); len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "group")
			if err := second.PutCaptures(ctx, rest[:n]...); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if diff := cmp.Diff(dump(t, first), dump(t, second)); diff != "" {
			t.Fatalf("the order made a difference:\n%s", diff)
		}
		checkAnswers(t, second, again)
	})
}

// wipe makes a catalog as good as new, at less cost than a new one.
func wipe(t *rapid.T, c *Catalog) {
	if _, err := c.write.Exec(`DELETE FROM captures; DELETE FROM records; DELETE FROM revisits`); err != nil {
		t.Fatal(err)
	}
	if d := dump(t, c); d != "" {
		t.Fatalf("not empty:\n%s", d)
	}
}

// The same holds for reports, each with the citations of its object.
func TestOrderOfReportsMakesNoDifference(t *testing.T) {
	ctx := context.Background()
	first, second := openTest(t), openTest(t)
	rapid.Check(t, func(t *rapid.T) {
		type reading struct {
			report    Report
			citations []Citation
		}
		var all []reading
		for i := range rapid.IntRange(1, 8).Draw(t, "readings") {
			r := sampleReport(rapid.SampledFrom([]string{"one", "two"}).Draw(t, "content"), rapid.SampledFrom([]string{"a.txt", "b\xff.txt"}).Draw(t, "path"),
				rapid.IntRange(0, 2).Draw(t, "hour"))
			r.Object = fmt.Sprint("object ", i)
			all = append(all, reading{r, sampleCitations()[:rapid.IntRange(0, 3).Draw(t, "citations")]})
		}
		for c, readings := range map[*Catalog][]reading{first: all, second: append(rapid.Permutation(all).Draw(t, "order"), all...)} {
			if _, err := c.write.Exec(`DELETE FROM reports`); err != nil { // and with them the citations
				t.Fatal(err)
			}
			for _, r := range readings {
				if err := c.PutReport(ctx, r.report, r.citations); err != nil {
					t.Fatal(err)
				}
			}
		}
		if diff := cmp.Diff(dump(t, first), dump(t, second)); diff != "" {
			t.Fatalf("the order made a difference:\n%s", diff)
		}
	})
}

// checkAnswers compares what a catalog says with what plain loops over the
// captures find.
func checkAnswers(t *rapid.T, c *Catalog, captures []*archive.Capture) {
	ctx := context.Background()
	captures = slices.Clone(captures)
	slices.SortFunc(captures, func(a, b *archive.Capture) int {
		if d := a.FinishedAt.Compare(b.FinishedAt); d != 0 {
			return d
		}
		return bytes.Compare([]byte(a.SHA256), []byte(b.SHA256))
	})
	captures = slices.CompactFunc(captures, func(a, b *archive.Capture) bool { return a.SHA256 == b.SHA256 })
	for _, key := range []string{"k1", "k2"} {
		var want []string // newest first: capture, the one that keeps the content, its time
		var kept *archive.Capture
		for _, x := range captures {
			if x.Key != key {
				continue
			}
			if g := grade(x.Verdict); g > 0 && (kept == nil || g >= grade(kept.Verdict)) {
				kept = x
			}
			line := x.SHA256
			if kept != nil {
				line += " " + holder(kept, captures) + " " + fmt.Sprint(micros(kept.FinishedAt))
			}
			want = slices.Insert(want, 0, line)
		}
		history, err := c.History(ctx, key, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, check := range history {
			line := check.Capture
			if !check.CapturedAt.IsZero() {
				line += " " + check.Content + " " + fmt.Sprint(micros(check.CapturedAt))
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("history of %s (-want +got):\n%s", key, diff)
		}
		latest, err := c.Latest(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		check, ok := latest[key]
		if ok != (len(history) > 0) {
			t.Fatalf("latest of %s: %v", key, ok)
		}
		if ok {
			if diff := cmp.Diff(history[0], check); diff != "" {
				t.Fatalf("latest of %s is not the newest of its history:\n%s", key, diff)
			}
		}
	}
	for _, url := range []string{"k1", "u1", "u2"} {
		got, err := c.Prior(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(priorOf(url, captures), got); diff != "" {
			t.Fatalf("prior of %s (-want +got):\n%s", url, diff)
		}
	}
}

// usable reports an exchange that keeps a whole 200 answer.
func usable(x archive.ExchangeInfo) bool {
	return x.Status == 200 && x.Truncated == "" && x.Failure == nil && x.RefersTo == "" && x.Record != "" && len(x.PayloadSHA256) == 64
}

// holder finds the capture that holds the content of c, "" when there is none.
func holder(c *archive.Capture, captures []*archive.Capture) string {
	record, url := contentRecord(c)
	if record == "" {
		return c.SHA256
	}
	var found string
	var date int64
	for _, h := range captures {
		for _, x := range h.Exchanges {
			d := micros(x.Date)
			if usable(x) && x.Record == record && x.URL == url && (found == "" || d > date || d == date && h.SHA256 < found) {
				found, date = h.SHA256, d
			}
		}
	}
	return found
}

func priorOf(url string, captures []*archive.Capture) *archive.Prior {
	var p *archive.Prior
	for _, c := range captures {
		for _, x := range c.Exchanges {
			if !usable(x) || x.URL != url {
				continue
			}
			date := fromMicros(micros(x.Date))
			if p == nil || date.After(p.Date) || date.Equal(p.Date) && (x.Record > p.Record || x.Record == p.Record && c.SHA256 > p.Capture) {
				p = &archive.Prior{URL: url, Record: x.Record, Date: date, PayloadSHA256: x.PayloadSHA256, ETag: x.ETag, LastModified: x.LastModified,
					VerifiedAt: date, Capture: c.SHA256}
				if x.TLS != nil {
					p.Chain = unpackChain(packChain(x.TLS.Chain))
				}
			}
		}
	}
	if p == nil {
		return nil
	}
	etagAt, modifiedAt := p.Date, p.Date
	for _, c := range captures {
		for _, x := range c.Exchanges {
			if x.RefersTo != p.Record || x.Truncated != "" || x.Failure != nil || x.Status != 200 && x.Status != 304 {
				continue
			}
			date := fromMicros(micros(x.Date))
			if x.Status == 200 && date.After(p.VerifiedAt) {
				p.VerifiedAt = date
			}
			// Of two revisits at one time the greater value counts.
			if (x.Status == 200 || x.ETag != "") && (date.After(etagAt) || date.Equal(etagAt) && date.After(p.Date) && x.ETag > p.ETag) {
				etagAt, p.ETag = date, x.ETag
			}
			if (x.Status == 200 || x.LastModified != "") && (date.After(modifiedAt) || date.Equal(modifiedAt) && date.After(p.Date) && x.LastModified > p.LastModified) {
				modifiedAt, p.LastModified = date, x.LastModified
			}
		}
	}
	return p
}
