package verify

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// simService makes visits as `ibid serve` does: at the ticks of a schedule what is
// due, and between them what is in doubt and due, in runs that are at least as far
// apart as spacing.
type simService struct {
	*simWorld
	r       simResult
	due     []Due
	spacing time.Duration // 0: visits are made at ticks alone
}

const (
	simRun  = 20 * time.Minute // a run may take
	simRest = time.Minute      // from a tick's run to one between ticks, at least
)

// serve serves with a tick a day, at a fixed hour, or as many days as every says.
func (w *simWorld) serve(every, spacing time.Duration) simResult {
	s := simService{simWorld: w, due: make([]Due, len(w.links)), spacing: spacing}
	s.r.links = len(w.links)
	for i := range s.due {
		s.due[i] = Due{Profile: archive.ProfileDefault}
	}
	end := w.start.Add(simDays * 24 * time.Hour)
	for tick := w.start.Add(4 * time.Hour); tick.Before(end); tick = tick.Add(every) {
		ended := s.run(tick, func(due Due) bool { return true })
		s.between(ended.Add(simRest), tick.Add(every))
	}
	w.result(&s.r)
	return s.r
}

// between makes the runs between the end of one tick's run and the next tick.
func (s *simService) between(ended, tick time.Time) {
	last := time.Time{}
	for s.spacing > 0 {
		first := time.Time{}
		for _, d := range s.due {
			if d.InDoubt && (first.IsZero() || d.At.Before(first)) {
				first = d.At
			}
		}
		at := maxTime(first, maxTime(ended, last.Add(s.spacing)))
		if first.IsZero() || !at.Before(tick) {
			return
		}
		last = s.run(at, func(d Due) bool { return d.InDoubt })
		ended = last
	}
}

// run visits what is due at its beginning and wanted, in some order. What had been
// visited before, and is due as the other profile after that, is visited again. It
// returns when the run ended.
func (s *simService) run(at time.Time, wanted func(Due) bool) (ended time.Time) {
	var visits []simEvent
	for i, d := range s.due {
		if wanted(d) && !d.At.After(at) {
			visits = append(visits, simEvent{at: at.Add(s.within()), link: i, profile: d.Profile})
		}
	}
	ended = at
	for len(visits) > 0 {
		slices.SortFunc(visits, func(a, b simEvent) int { return cmp.Or(a.at.Compare(b.at), a.link-b.link) })
		ended = visits[len(visits)-1].at
		var again []simEvent
		for _, e := range visits {
			known := len(s.links[e.link].history) > 0
			d := s.visit(e, &s.r)
			s.due[e.link] = d
			if known && e.profile == archive.ProfileDefault && d.Profile != e.profile && !d.At.After(ended) {
				again = append(again, simEvent{at: ended.Add(s.within()), link: e.link, profile: d.Profile})
			}
		}
		visits = again
	}
	return ended
}

func (s *simService) within() time.Duration { return time.Duration(s.rng.Int64N(int64(simRun))) }

// TestServeSimulation holds the same promise for what `ibid serve` does with one
// tick a day at a fixed hour, and shows what the visits between ticks are for.
func TestServeSimulation(t *testing.T) {
	const day, links = 24 * time.Hour, simLinks / 5
	for _, test := range []struct {
		name           string
		every, spacing time.Duration
		least, most    float64 // share of the deaths that are found within simWithin
	}{
		{"daily", day, time.Hour, 0.99, 1},
		// A source is visited some minutes after its tick, so that 72 hours later is
		// just past another one: each strike waits for the fourth day.
		{"daily, at ticks alone", day, 0, 0.85, 0.95},
		// What dies is seen up to a week later.
		{"weekly", 7 * day, time.Hour, 0.94, 1},
		{"weekly, at ticks alone", 7 * day, 0, 0, 0.01},
	} {
		t.Run(test.name, func(t *testing.T) {
			all := simulate(t, links, func(w *simWorld) simResult { return w.serve(test.every, test.spacing) })
			all.safe(t)
			if found := all.found(); found < test.least || found > test.most {
				t.Errorf("%.2f %% of the deaths were found within %s, want %g to %g", 100*found, simWithin, 100*test.least, 100*test.most)
			}
		})
	}
}
