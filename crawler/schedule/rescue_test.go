package schedule_test

import (
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/crawler/memento"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/verify"
)

// rescuing is a scene whose sources are gone, and archives that have the last.
func rescuing(t *testing.T, mode string) (*scene, schedule.Rescue) {
	t.Helper()
	web, err := crawltest.Start(crawltest.Config{NoCases: true, Holdings: crawltest.Holdings()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	s := newScene(t, web, []string{"http://council.test/none", "http://council.test/plan.html"})
	cfg := schedule.Rescue{Mode: mode, Judge: verify.Judge, Archives: []memento.Archive{
		{Name: "wayback.test", CDX: "http://wayback.test/cdx/search/cdx", Replay: "http://wayback.test/web/{timestamp}id_/{url}"}}}
	return s, cfg
}

func asked(s *scene) (n int) {
	for _, r := range s.web.Requests() {
		if strings.HasPrefix(r.Site, "wayback") {
			n++
		}
	}
	return n
}

// An interruption leaves the rest for the next time, which asks for nothing twice.
func TestRescueGoesOn(t *testing.T) {
	s, cfg := rescuing(t, schedule.RescueAuto)
	s.mustVisit()
	drain := make(chan struct{})
	tell := schedule.RescueEvents{Done: func(crawler.Job, *archive.Capture, string) { close(drain) }}
	out, err := s.Rescue(t.Context(), drain, s.sources, cfg, tell)
	if err != nil || out.Wanted != 2 || out.Left != 1 || out.Kept != 0 || out.Asked["wayback.test"] != 1 {
		t.Fatalf("interrupted: %+v, %v", out, err)
	}
	for _, want := range []schedule.Rescued{{Wanted: 1, Kept: 1}, {}} {
		out, err := s.Rescue(t.Context(), nil, s.sources, cfg, schedule.RescueEvents{})
		if err != nil || out.Wanted != want.Wanted || out.Kept != want.Kept || out.Left != 0 || len(out.Errors) > 0 {
			t.Fatalf("after it: %+v, %v", out, err)
		}
	}
	if unfinished, err := s.Catalog.Unfinished(t.Context()); err != nil || len(unfinished) != 0 {
		t.Errorf("unfinished runs: %v, %v", unfinished, err)
	}
}

// What forbids it forbids every request.
func TestRescueAsksNobody(t *testing.T) {
	for name, change := range map[string]func(*scene, *schedule.Rescue){
		"never":         func(_ *scene, cfg *schedule.Rescue) { cfg.Mode = schedule.RescueNever },
		"not said":      func(_ *scene, cfg *schedule.Rescue) { cfg.Mode = "" },
		"allow-private": func(s *scene, _ *schedule.Rescue) { s.Crawler.Guard.AllowPrivate = true },
		"interrupted":   nil,
	} {
		s, cfg := rescuing(t, schedule.RescueAlways)
		s.mustVisit()
		drain := make(chan struct{})
		if change == nil {
			close(drain)
		} else {
			change(s, &cfg)
		}
		out, err := s.Rescue(t.Context(), drain, s.sources, cfg, schedule.RescueEvents{})
		if err != nil || len(out.Asked) > 0 || asked(s) > 0 {
			t.Errorf("%s: %+v, %v, %d requests", name, out, err, asked(s))
		}
	}
}

// What could not be kept is an error of the run, and is kept by the next one.
func TestRescueFaults(t *testing.T) {
	for _, when := range []blobtest.Moment{blobtest.Before, blobtest.After} {
		s, cfg := rescuing(t, schedule.RescueAuto)
		s.mustVisit()
		s.faulty.Set(blobtest.Fault{Op: blobtest.OpPut, N: 1, When: when})
		out, err := s.Rescue(t.Context(), nil, s.sources, cfg, schedule.RescueEvents{})
		if err != nil || len(out.Errors) != 1 || out.Kept != 0 {
			t.Fatalf("%s: %+v, %v", when, out, err)
		}
		s.faulty.Set()
		if _, err := s.Heal(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Rescue(t.Context(), nil, s.sources, cfg, schedule.RescueEvents{}); err != nil {
			t.Fatal(err)
		}
		key := "http://council.test/plan.html"
		told, err := s.Catalog.Remembered(t.Context(), key)
		if err != nil || len(told[key].All) != 1 {
			t.Errorf("%s: %+v, %v", when, told, err)
		}
	}
}
