package catalog

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

func TestAbsent(t *testing.T) {
	c := openTest(t)
	at := func(days int) time.Time { return time.Date(2026, 3, 1+days, 0, 0, 0, 0, time.UTC) }
	visit := func(key string, days int, v archive.Verdict) {
		t.Helper()
		put(t, c, &archive.Capture{Key: key, URL: key, StartedAt: at(days), FinishedAt: at(days), SHA256: hexSum(key + at(days).String()), Judgement: archive.Judgement{Verdict: v}})
	}
	report := func(path string, day int, keys ...string) {
		t.Helper()
		var citations []Citation
		for _, k := range keys {
			citations = append(citations, Citation{ID: k, Key: k, URL: k}, Citation{ID: k + " again", Key: k, URL: k})
		}
		if err := c.PutReport(t.Context(), Report{SHA256: hexSum(path + at(day).String()), Path: path, SeenAt: at(day)}, citations); err != nil {
			t.Fatal(err)
		}
	}
	report("a.txt", 0, "https://dropped.test/")
	report("a.txt", 1, "https://gone.test/", "https://soft.test/", "https://back.test/", "https://old.test/", "https://refused.test/", "https://never.test/", "")
	report("b.txt", 1, "https://other.test/")
	for _, key := range []string{"dropped", "gone", "back", "other"} {
		visit("https://"+key+".test/", 5, archive.Gone)
	}
	visit("https://soft.test/", 7, archive.Soft404)
	visit("https://back.test/", 8, archive.Alive)
	visit("https://old.test/", 4, archive.Gone)
	visit("https://refused.test/", 6, archive.Blocked)
	for path, want := range map[string][]string{
		"a.txt": {"https://back.test/", "https://gone.test/", "https://soft.test/"},
		"b.txt": {"https://other.test/"},
		"c.txt": nil,
	} {
		got, err := c.Absent(t.Context(), path, at(5))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}
