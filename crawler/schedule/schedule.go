package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Entry is a report and when its sources are visited.
type Entry struct {
	Report   string // the path that names it in the catalog
	Schedule Spec
}

// Memory keeps small values from one start to the next; a *catalog.Catalog is one.
type Memory interface {
	Meta(ctx context.Context, name string) (value string, ok bool, err error)
	SetMeta(ctx context.Context, name, value string) error
}

// Config describes a Scheduler. Entries, Memory and Run are required.
type Config struct {
	Entries []Entry
	// Memory keeps when each report was last done.
	Memory Memory
	// Run visits what the reports cite and is due. It returns when that is done
	// or, after drain is closed, when what is in flight has ended; then its
	// error is ErrInterrupted if something is left. An Unreadable concerns only
	// the reports that it names. After any other error no report counts as done.
	Run func(ctx context.Context, drain <-chan struct{}, due []Entry) error
	// Between makes visits between the ticks; nil for none.
	Between Confirmer
	// Spacing is the time from the end of one run between ticks to the next one, at least.
	Spacing time.Duration
	// Ended is told about each run; nil for nobody.
	Ended func(Outcome)
	Log   *slog.Logger // nil for none
}

// Scheduler runs what is due. Its promises:
//
//   - There is one run at a time. What becomes due during a run is one run after it.
//   - Reports that are due together are one run, so that a source that several
//     of them cite is visited once and each host is held once.
//   - A tick that was missed, because the program was down, the machine asleep
//     or a run too long, is made up for once, however often it was missed. A
//     report that was never done is due at once.
//   - A tick is done when its run went well, and Memory knows it from then on.
//     A run that failed is tried again after a minute, and then after twice as
//     long each time, up to 5 minutes when the machine was offline and up to an
//     hour otherwise.
//   - Sources in doubt are visited when that is due, between the ticks, in runs that
//     are Spacing apart. A tick comes before such a run.
type Scheduler struct {
	cfg     Config
	timers  []*timer
	between between

	mu     sync.Mutex
	status Status
}

// longestWait bounds a wait: timers stand still while a machine sleeps, and
// clocks are set.
const longestWait = time.Minute

// New checks cfg and returns a Scheduler.
func New(cfg Config) (*Scheduler, error) {
	if cfg.Memory == nil || cfg.Run == nil || len(cfg.Entries) == 0 {
		return nil, errors.New("schedule: reports, a memory and what to run are required")
	}
	if cfg.Between != nil && cfg.Spacing < MinInterval {
		return nil, fmt.Errorf("schedule: runs between ticks must be %s apart or more", MinInterval)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Scheduler{cfg: cfg}
	seen := map[string]bool{}
	for _, e := range cfg.Entries {
		if seen[e.Report] {
			return nil, fmt.Errorf("schedule: report %s is there twice", e.Report)
		}
		seen[e.Report] = true
		s.timers = append(s.timers, &timer{Entry: e})
	}
	return s, nil
}

// Serve runs what is due until drain is closed and what was in flight has
// ended; then it returns nil. The other errors are the context's and that of
// Memory when it cannot be read at the start: failed runs are logged and tried
// again.
func (s *Scheduler) Serve(ctx context.Context, drain <-chan struct{}) error {
	if err := s.load(ctx); err != nil {
		return err
	}
	s.announce()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if closed(drain) {
			return nil
		}
		now := wallClock()
		due, next := s.due(now)
		if len(due) > 0 {
			_ = s.run(ctx, drain, due, now) // logged, and in the status
			continue
		}
		confirming := s.confirming(ctx, now)
		if !confirming.IsZero() && !confirming.After(now) {
			s.confirm(ctx, drain, now)
			continue
		}
		wait := longestWait
		for _, at := range []time.Time{next, confirming} {
			if !at.IsZero() {
				wait = min(wait, at.Sub(now))
			}
		}
		sleep(ctx, drain, wait)
	}
}

// Once runs every report now, whatever its schedule, and returns how that went.
func (s *Scheduler) Once(ctx context.Context, drain <-chan struct{}) error {
	if err := s.load(ctx); err != nil {
		return err
	}
	return s.run(ctx, drain, s.timers, wallClock())
}

// Status says what the Scheduler is doing. It may be called at any time.
func (s *Scheduler) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// wallClock is the time without the monotonic reading, which stands still
// while a machine sleeps.
func wallClock() time.Time { return time.Now().Round(0).UTC() }

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func sleep(ctx context.Context, drain <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-drain:
	case <-ctx.Done():
	}
}

// load reads when each report was last done.
func (s *Scheduler) load(ctx context.Context) error {
	now := wallClock()
	for _, t := range s.timers {
		text, ok, err := s.cfg.Memory.Meta(ctx, t.name())
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		last, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			s.cfg.Log.Warn("when the report was last done cannot be read: it is done now", "report", t.Report, "err", err)
			continue
		}
		if last.After(now) {
			last = now // the clock was wrong then, or is now: neither may silence a report
		}
		t.last = last.UTC()
	}
	_, _ = s.due(now)
	return nil
}

// announce logs what will be done and when.
func (s *Scheduler) announce() {
	now := wallClock()
	for _, t := range s.timers {
		at := t.at(now)
		switch {
		case t.last.IsZero():
			s.cfg.Log.Info("never done: begins now", "report", t.Report, "schedule", t.Schedule.String())
		case !at.IsZero() && !at.After(now):
			s.cfg.Log.Info("missed a tick: begins now", "report", t.Report, "schedule", t.Schedule.String(), "missed", at, "last", t.last)
		default:
			s.cfg.Log.Info("scheduled", "report", t.Report, "schedule", t.Schedule.String(), "next", at, "last", t.last)
		}
	}
}

// due returns the entries that are due and when the next of the others is. The
// status learns it, too.
func (s *Scheduler) due(now time.Time) (due []*timer, next time.Time) {
	var first time.Time
	for _, t := range s.timers {
		at := t.at(now)
		if at.IsZero() {
			continue
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
		switch {
		case !at.After(now):
			due = append(due, t)
		case next.IsZero() || at.Before(next):
			next = at
		}
	}
	s.mu.Lock()
	s.status.NextTick = first
	s.mu.Unlock()
	return due, next
}

// run makes one run of what is due and notes how it went.
func (s *Scheduler) run(ctx context.Context, drain <-chan struct{}, due []*timer, now time.Time) error {
	o := Outcome{StartedAt: now}
	entries := make([]Entry, len(due))
	for i, t := range due {
		entries[i] = t.Entry
		o.Reports = append(o.Reports, t.Report)
	}
	s.running()
	err := s.cfg.Run(ctx, drain, entries)
	err = s.settle(ctx, due, now, err)
	o.EndedAt, o.Err, o.Result = wallClock(), err, result(err)
	s.between.asked, s.between.tick = time.Time{}, o.EndedAt // other sources are in doubt now
	s.due(o.EndedAt)
	s.ended(o)
	return err
}

// running says that a run goes on.
func (s *Scheduler) running() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Running = true
}

// ended tells how a run went.
func (s *Scheduler) ended(o Outcome) {
	failing := map[string]Failure{}
	for _, t := range s.timers {
		if t.failures > 0 {
			failing[t.Report] = t.failure
		}
	}
	s.mu.Lock()
	s.status.Running, s.status.Last, s.status.Failing = false, &o, failing
	s.mu.Unlock()
	if s.cfg.Ended != nil {
		s.cfg.Ended(o)
	}
}

// settle notes what is done and when the rest is tried again. It returns err,
// or why Memory could not keep what is done.
func (s *Scheduler) settle(ctx context.Context, due []*timer, now time.Time, err error) error {
	if result(err) == ResultInterrupted {
		s.cfg.Log.Info("interrupted: what is left is visited after the next start")
		return err
	}
	var unreadable Unreadable
	errors.As(err, &unreadable)
	var memory error
	for _, t := range due {
		f := Failure{result(err), err}
		if unreadable != nil {
			f.Err = unreadable[t.Report]
		}
		if f.Err != nil {
			t.failed(wallClock(), f)
			s.cfg.Log.Error("not done", "report", t.Report, "err", f.Err, "again", t.retry)
			continue
		}
		t.done(now)
		// A stop must not make a finished run forgotten.
		if e := s.cfg.Memory.SetMeta(context.WithoutCancel(ctx), t.name(), t.last.Format(time.RFC3339Nano)); e != nil && memory == nil {
			memory = fmt.Errorf("note that %s is done: %w", t.Report, e)
			s.cfg.Log.Error("a finished run is not noted and would be repeated after a restart", "report", t.Report, "err", e)
		}
	}
	return errors.Join(err, memory)
}
