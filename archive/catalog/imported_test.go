package catalog

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

// What somebody else captured says how a source stands only as long as no visit
// of ours does, however new it claims to be.
func TestImportedStandsBehind(t *testing.T) {
	at := func(days int) time.Time { return time.Date(2026, 3, 1+days, 0, 0, 0, 0, time.UTC) }
	capture := func(name string, days int, v archive.Verdict, imported bool) *archive.Capture {
		c := &archive.Capture{Key: "https://a.test/", URL: "https://a.test/", StartedAt: at(days), FinishedAt: at(days), SHA256: hexSum(name),
			Judgement: archive.Judgement{Verdict: v}}
		if imported {
			c.Imported = &archive.Imported{File: "x.wacz"}
		}
		return c
	}
	theirs, theirGone := capture("theirs", 5, archive.Alive, true), capture("gone", 9, archive.Gone, true)
	ours, dead := capture("ours", 2, archive.Moved, false), capture("dead", 3, archive.Gone, false)
	for _, tt := range []struct {
		name             string
		put              []*archive.Capture
		capture, content *archive.Capture
		imported, fresh  bool
	}{
		{"theirs alone", []*archive.Capture{theirs}, theirs, theirs, true, false},
		{"their newest", []*archive.Capture{theirGone, theirs}, theirGone, theirs, true, false},
		{"ours is older", []*archive.Capture{theirGone, theirs, ours}, ours, ours, false, true},
		{"ours found nothing", []*archive.Capture{theirs, dead}, dead, theirs, false, true},
		{"ours found something before", []*archive.Capture{theirs, dead, ours}, dead, ours, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := openTest(t)
			put(t, c, tt.put...)
			checks, err := c.Latest(context.Background(), theirs.Key)
			if err != nil {
				t.Fatal(err)
			}
			got := checks[theirs.Key]
			want := Check{Key: theirs.Key, URL: theirs.URL, Capture: tt.capture.SHA256, CheckedAt: tt.capture.FinishedAt, Imported: tt.imported,
				Judgement: tt.capture.Judgement, Content: tt.content.SHA256, CapturedAt: tt.content.FinishedAt}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			fresh, err := c.Fresh(context.Background(), []string{theirs.Key}, at(0))
			if err != nil || fresh[theirs.Key] != tt.fresh {
				t.Errorf("fresh: %v, %v", fresh, err)
			}
		})
	}
}
