package schedule

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
)

// newDue is a watch of a report whose sources are due when due says.
func newDue(t *testing.T, due map[string]Due) *watched {
	t.Helper()
	w := newWatched(t)
	w.Runner.Due = func(_ context.Context, keys []string) (map[string]Due, error) {
		known := map[string]Due{}
		for _, k := range keys {
			if d, ok := due[k]; ok {
				known[k] = d
			}
		}
		return known, nil
	}
	return w
}

func TestVisitsOnlyWhatIsDue(t *testing.T) {
	const now, later, never = "https://gazette.test/letters", "https://council.test/minutes/2024-03", "https://ministry.test/notice/9"
	due := map[string]Due{}
	w := newDue(t, due)
	due[now] = Due{At: w.now}
	due[later] = Due{At: w.now.Add(time.Second)}
	w.write("a.txt", now, later, never)
	got, err := w.run(nil, "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{now, never}, got); diff != "" {
		t.Error(diff)
	}
	// A run by hand goes by the age of the last visit alone.
	r := *w.Runner
	sources, err := w.read(t.Context(), nil, Entry{Report: "a.txt"})
	if err != nil {
		t.Fatal(err)
	}
	run, err := r.Visit(t.Context(), nil, sources, nil, nil)
	if err != nil || run.Visited != 1 || run.Fresh != 2 {
		t.Errorf("%+v, %v, want one visited and two fresh", run, err)
	}
}

// What was there before and is not found is asked for as a browser in the same
// run, and the capture says so; what never was is not.
func TestAsksAsABrowserToo(t *testing.T) {
	const known, unknown = "https://gazette.test/letters", "https://gazette.test/2026/dam-report"
	due := map[string]Due{known: {}}
	w := newDue(t, due)
	w.Runner.Crawler.Judge = func(v *archive.Visit) archive.Judgement {
		if v.Policy.Profile == archive.ProfileDefault {
			due[known] = Due{Profile: archive.ProfileBrowser} // as the next look-up says
		}
		return archive.Judgement{Verdict: archive.Gone, Reasons: []string{"http-404: not found"}}
	}
	w.Runner.Crawler.Workers = 1
	w.write("a.txt", known, unknown)
	got, err := w.run(nil, "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{unknown, known, known}, got); diff != "" {
		t.Error(diff)
	}
	profiles := map[string][]string{}
	err = w.Runner.Catalog.Pasts(t.Context(), []string{known, unknown}, 10, func(key string, _ time.Time, visits []catalog.Past) error {
		for _, v := range visits {
			profiles[key] = append(profiles[key], v.Profile)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range profiles {
		// Both visits have one time here.
		if len(list) == 2 && list[0] > list[1] {
			list[0], list[1] = list[1], list[0]
		}
	}
	if diff := cmp.Diff(map[string][]string{known: {archive.ProfileDefault, archive.ProfileBrowser}, unknown: {archive.ProfileDefault}}, profiles); diff != "" {
		t.Error(diff)
	}
}
