package schedule

import (
	"context"
	"time"
)

// Confirmer makes visits between ticks: of sources that were not found, so that
// it need not wait for a tick whether they are dead. A *Watch is one.
type Confirmer interface {
	// Wanted says when the first such visit is due of what the entries' reports
	// cite; zero for never, as far as is known now.
	Wanted(ctx context.Context, entries []Entry) (first time.Time, err error)
	// Confirm makes those that are due, as Config.Run does, and returns the reports
	// that cite them. Without any there was nothing to do.
	Confirm(ctx context.Context, drain <-chan struct{}, entries []Entry) (reports []string, err error)
}

// wantedAge is how long it is believed when the first visit between ticks is due:
// other programs visit sources, too, and people decide about them.
const wantedAge = time.Hour

// rest is how long after a tick's run one between ticks begins at the soonest: both
// may visit a host, and each keeps the pause between its own visits alone.
const rest = time.Minute

// between is the state of the runs between ticks.
type between struct {
	backoff
	first time.Time // visit that is due; zero for none
	asked time.Time // when that was looked up; zero: it is to be
	ended time.Time // the last run; zero for none
	tick  time.Time // when the last run of a tick ended; zero for none
}

// confirming is when the next run between ticks begins, zero for never.
func (s *Scheduler) confirming(ctx context.Context, now time.Time) (at time.Time) {
	b := &s.between
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.status.NextConfirming = at
	}()
	switch {
	case s.cfg.Between == nil:
		return time.Time{}
	case b.failures > 0 && now.Before(b.retry):
		return b.retry
	case b.asked.IsZero() || now.Before(b.asked) || now.Sub(b.asked) >= wantedAge:
		first, err := s.cfg.Between.Wanted(ctx, s.entries())
		if err != nil {
			b.asked = time.Time{}
			b.failed(now, Failure{ResultFailed, err})
			s.cfg.Log.Error("what is in doubt cannot be looked up", "err", err, "again", b.retry)
			return b.retry
		}
		b.first, b.asked = first, now
		if first.After(now) {
			b.backoff = backoff{}
		}
	}
	if b.first.IsZero() {
		return b.first
	}
	at = b.first
	for _, after := range []struct {
		end  *time.Time
		wait time.Duration
	}{{&b.ended, s.cfg.Spacing}, {&b.tick, rest}} {
		if after.end.After(now) {
			*after.end = now // the clock was set back
		}
		if soonest := after.end.Add(after.wait); !after.end.IsZero() && soonest.After(at) {
			at = soonest
		}
	}
	return at
}

// confirm makes one run between ticks. What could not be done is due still, and so
// is what was left.
func (s *Scheduler) confirm(ctx context.Context, drain <-chan struct{}, now time.Time) {
	b := &s.between
	s.running()
	reports, err := s.cfg.Between.Confirm(ctx, drain, s.entries())
	o := Outcome{StartedAt: now, EndedAt: wallClock(), Reports: reports, Confirming: true, Result: result(err), Err: err}
	b.asked, b.ended = time.Time{}, o.EndedAt
	switch o.Result {
	case ResultOK:
		b.backoff = backoff{}
	case ResultInterrupted:
		s.cfg.Log.Info("interrupted: what is left is visited after the next start")
	default:
		b.failed(o.EndedAt, Failure{o.Result, err})
		s.cfg.Log.Error("what is in doubt could not be visited", "err", err, "again", b.retry)
	}
	if len(reports) == 0 && err == nil {
		s.idle()
		return
	}
	s.ended(o)
}

// idle says that a run has ended in which there was nothing to do.
func (s *Scheduler) idle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Running = false
}

func (s *Scheduler) entries() []Entry {
	entries := make([]Entry, len(s.timers))
	for i, t := range s.timers {
		entries[i] = t.Entry
	}
	return entries
}
