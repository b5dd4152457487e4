package schedule

import "time"

// timer is the state of one entry.
type timer struct {
	Entry
	last     time.Time // the tick that was done last; zero for never
	failures int       // since then
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
	t.last, t.failures, t.retry = tick, 0, time.Time{}
}

// failed notes when the entry is tried again.
func (t *timer) failed(now time.Time, f Failure) {
	t.failure = f
	longest := retryFailed
	if f.Result == ResultOffline {
		longest = retryOffline
	}
	wait := longest
	if t.failures < 10 {
		wait = min(retryFirst<<t.failures, longest)
	}
	t.failures++
	t.retry = now.Add(wait)
}
