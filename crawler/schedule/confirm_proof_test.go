package schedule_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// pasts are the visits to a source.
func (p *process) pasts(ctx context.Context, key string) (visits []verify.Visit, err error) {
	err = p.Catalog.Pasts(ctx, []string{key}, 256, func(_ string, _ time.Time, all []catalog.Past) error {
		for _, v := range all {
			visits = append(visits, verify.Visit{Source: key, At: v.CheckedAt, Verdict: v.Verdict, Reason: v.Reason, Profile: v.Profile, Capture: v.Capture})
		}
		return nil
	})
	return visits, err
}

// due is a schedule.DueFunc that asks the judgement over time.
func (p *process) due(ctx context.Context, keys []string) (map[string]schedule.Due, error) {
	all := map[string]schedule.Due{}
	for _, key := range keys {
		visits, err := p.pasts(ctx, key)
		if err != nil {
			return nil, err
		}
		if len(visits) == 0 {
			continue
		}
		s := verify.Rot(visits, nil, nil, time.Now())
		due := verify.Next(key, &s)
		all[key] = schedule.Due{At: due.At, Profile: due.Profile, InDoubt: due.InDoubt}
	}
	return all, nil
}

// TestServesBetweenTicks runs the whole service for three weeks with a tick a day at
// a fixed hour, while a source dies: it is found dead within 14 days, by strikes that
// are 72 hours apart, and a source that lives is visited at ticks alone.
func TestServesBetweenTicks(t *testing.T) {
	const mortal, lives = "http://a.test/mortal/1", "http://b.test/plain/2"
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		begun := time.Now().UTC() // midnight
		w.web.until = begun.Add(53 * time.Hour)
		store := blobtest.NewMemory()
		p, err := w.start(t.Context(), store, filepath.Join(blobtest.MemoryDir(t), "catalog.sqlite"))
		must(t, err)
		defer p.end()
		p.Due, p.Crawler.Now = p.due, nil
		text := []byte("It was so. [1] It is so. [2]\n\n[1] " + mortal + "\n[2] " + lives + "\n")
		watch := &schedule.Watch{Runner: p.Runner, Log: slog.New(slog.DiscardHandler), Read: func(_ context.Context, _ <-chan struct{}, e schedule.Entry) ([]schedule.Source, error) {
			report, err := seeds.Read(e.Report, text)
			return []schedule.Source{{Report: report, Data: text}}, err
		}}
		daily, err := schedule.Parse("0 4 * * *")
		must(t, err)
		var runs []schedule.Outcome
		s, err := schedule.New(schedule.Config{Entries: []schedule.Entry{{Report: "report.txt", Schedule: daily}}, Memory: p.Catalog, Run: watch.Run,
			Between: watch, Spacing: time.Hour, Ended: func(o schedule.Outcome) { runs = append(runs, o) }})
		must(t, err)
		drain := make(chan struct{})
		time.AfterFunc(21*24*time.Hour, func() { close(drain) })
		must(t, s.Serve(t.Context(), drain))

		visits, err := p.pasts(t.Context(), mortal)
		must(t, err)
		var dead time.Time
		between := 0
		var strike time.Time // the last one
		for i, v := range visits {
			if sinceTick := v.At.Sub(begun.Add(4*time.Hour)) % (24 * time.Hour); i > 0 && sinceTick > 10*time.Minute {
				between++
			}
			before := verify.Rot(visits[:i], nil, nil, v.At)
			now := verify.Rot(visits[:i+1], nil, nil, v.At)
			if now.Strikes > before.Strikes {
				if !strike.IsZero() && v.At.Sub(strike) < verify.StrikeGap {
					t.Errorf("strike %d only %s after the one before", now.Strikes, v.At.Sub(strike))
				}
				strike = v.At
			}
			if dead.IsZero() && now.State == archive.StateDead {
				dead = v.At
			}
		}
		if took := dead.Sub(w.web.until); dead.IsZero() || took > 14*24*time.Hour {
			t.Errorf("dead at %v, %v after it died: %+v", dead, took, visits)
		}
		if between == 0 {
			t.Error("no visit was between ticks")
		}
		visits, err = p.pasts(t.Context(), lives)
		must(t, err)
		for _, v := range visits[1:] {
			if sinceTick := v.At.Sub(begun.Add(4*time.Hour)) % (24 * time.Hour); sinceTick > 10*time.Minute {
				t.Errorf("a source that lives was visited at %s", v.At)
			}
		}
		confirming := 0
		for _, o := range runs {
			if o.Result != schedule.ResultOK {
				t.Errorf("a run ended %+v", o)
			}
			if o.Confirming {
				confirming++
			}
		}
		// What was not found is asked for as a browser, too, in the same run.
		if confirming == 0 || confirming > between {
			t.Errorf("%d runs between ticks for %d visits", confirming, between)
		}
		if n, err := audited(t.Context(), store, known{}); err != nil || n != 0 {
			t.Errorf("%d objects are not in the log, %v", n, err)
		}
		must(t, p.agrees(t.Context()))
		t.Logf("dead %s after it died, %d visits between ticks", dead.Sub(w.web.until), between)
	})
}
