package schedule

import "time"

// timer is the state of one entry.
type timer struct {
	Entry
	backoff
	last time.Time // the tick that was done last; zero for never
}

// backoff is when what failed is tried again.
type backoff struct {
	failures int       // since it went well
	retry    time.Time // not before, when failures > 0
	failure  Failure   // the last of them
}

// Bounds of the wait before a failed run is tried again.
const (
	retryFirst   = time.Minute
	retryOffline = 5 * time.Minute
	retryFailed  = time.Hour
)

// name is the name in Memory.
func (t *timer) name() string { return "schedule/" + t.Report }

// at is when the entry is due, zero for never.
func (t *timer) at(now time.Time) time.Time {
	at := now
	if !t.last.IsZero() {
		at = t.Schedule.Next(t.last)
	}
	if t.failures > 0 && at.Before(t.retry) {
		return t.retry
	}
	return at
}

// done notes the tick that a run begun at start has served: the one that was
// due, so that "@every" keeps its beat, or the present when several were missed.
func (t *timer) done(start time.Time) {
	tick := start
	if !t.last.IsZero() {
		due := t.Schedule.Next(t.last)
		if after := t.Schedule.Next(due); !due.IsZero() && !due.After(start) && after.After(start) {
			tick = due
		}
	}
	t.last, t.backoff = tick, backoff{}
}

// failed notes when it is tried again.
func (b *backoff) failed(now time.Time, f Failure) {
	b.failure = f
	longest := retryFailed
	if f.Result == ResultOffline {
		longest = retryOffline
	}
	wait := longest
	if b.failures < 10 {
		wait = min(retryFirst<<b.failures, longest)
	}
	b.failures++
	b.retry = now.Add(wait)
}
