package schedule

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ibid-archive/ibid/crawler"
)

// memory is a Memory that can fail.
type memory struct {
	mu     sync.Mutex
	values map[string]string
	err    error
}

func (m *memory) Meta(_ context.Context, name string) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[name]
	return v, ok, m.err
}

func (m *memory) SetMeta(_ context.Context, name, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.values[name] = value
	}
	return m.err
}

// rig is a Scheduler with a Run that only notes when it was called.
type rig struct {
	t      *testing.T
	memory *memory
	drain  chan struct{}
	start  time.Time
	runs   []string // "<time since start> <reports>"
	active int
	takes  time.Duration
	result func(n int, due []Entry) error // of run number n, from 0; nil for nil
}

// newRig is called within a bubble, whose time begins at 2000-01-01 00:00 UTC.
func newRig(t *testing.T) *rig {
	return &rig{t: t, memory: &memory{values: map[string]string{}}, drain: make(chan struct{}), start: time.Now()}
}

func (r *rig) run(ctx context.Context, drain <-chan struct{}, due []Entry) error {
	if r.active++; r.active > 1 {
		r.t.Error("two runs at a time")
	}
	defer func() { r.active-- }()
	var names []string
	for _, e := range due {
		names = append(names, e.Report)
	}
	r.runs = append(r.runs, fmt.Sprintf("%s %s", time.Since(r.start), strings.Join(names, "+")))
	n := len(r.runs) - 1
	if r.takes > 0 {
		select {
		case <-time.After(r.takes):
		case <-drain:
			return ErrInterrupted
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if r.result != nil {
		return r.result(n, due)
	}
	return nil
}

// last says that a report was done so long before the start.
func (r *rig) last(report string, before time.Duration) {
	r.memory.values["schedule/"+report] = r.start.Add(-before).UTC().Format(time.RFC3339Nano)
}

func (r *rig) scheduler(specs ...string) *Scheduler {
	r.t.Helper()
	var entries []Entry
	for i, s := range specs {
		entries = append(entries, Entry{Report: string(rune('a' + i)), Schedule: spec(r.t, s)})
	}
	s, err := New(Config{Entries: entries, Memory: r.memory, Run: r.run})
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// serve serves for a while, drains and returns the runs.
func (r *rig) serve(s *Scheduler, d time.Duration) []string {
	r.t.Helper()
	time.AfterFunc(d, func() { close(r.drain) })
	if err := s.Serve(r.t.Context(), r.drain); err != nil {
		r.t.Errorf("Serve: %v", err)
	}
	r.drain = make(chan struct{})
	return r.runs
}

func TestServe(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		name  string
		specs []string
		setup func(r *rig)
		serve time.Duration
		want  []string
	}{
		{"new reports begin at once, and together", []string{"@daily", "@hourly"}, nil, 2*time.Hour + time.Minute,
			[]string{"0s a+b", "1h0m0s b", "2h0m0s b"}},
		{"nothing is due", []string{"@daily"}, func(r *rig) { r.last("a", 0) }, 23 * time.Hour, nil},
		{"ticks on time", []string{"30 6 * * *"}, func(r *rig) { r.last("a", time.Hour) }, 2 * day,
			[]string{"6h30m0s a", "30h30m0s a"}},
		{"missed ticks are made up for once", []string{"@hourly"}, func(r *rig) { r.last("a", 100*time.Hour) }, 90 * time.Minute,
			[]string{"0s a", "1h0m0s a"}},
		{"every keeps its beat over a restart", []string{"@every 6h"}, func(r *rig) { r.last("a", time.Hour) }, 12 * time.Hour,
			[]string{"5h0m0s a", "11h0m0s a"}},
		{"every begins anew after it was missed", []string{"@every 6h"}, func(r *rig) { r.last("a", 13*time.Hour) }, 7 * time.Hour,
			[]string{"0s a", "6h0m0s a"}},
		{"ticks that fall together are one run", []string{"0 */2 * * *", "0 */3 * * *", "15 2 * * *"},
			func(r *rig) { r.last("a", 0); r.last("b", 0); r.last("c", 0) }, 6*time.Hour + time.Minute,
			[]string{"2h0m0s a", "2h15m0s c", "3h0m0s b", "4h0m0s a", "6h0m0s a+b"}},
		{"a tick during a run is one run after it", []string{"*/10 * * * *"}, func(r *rig) { r.last("a", 0); r.takes = 25 * time.Minute }, 70 * time.Minute,
			[]string{"10m0s a", "35m0s a", "1h0m0s a"}},
		{"reports that become due during a run are merged", []string{"0 * * * *", "5 * * * *", "10 * * * *"},
			func(r *rig) { r.last("a", 0); r.last("b", 0); r.last("c", 0); r.takes = 30 * time.Minute }, 2 * time.Hour,
			[]string{"5m0s b", "35m0s c", "1h5m0s a+b", "1h35m0s c"}},
		{"offline: again soon, bounded, until it is done", []string{"@daily"}, func(r *rig) {
			r.result = func(n int, _ []Entry) error {
				if n < 5 {
					return fmt.Errorf("run: %w", crawler.ErrOffline)
				}
				return nil
			}
		}, 25 * time.Hour, []string{"0s a", "1m0s a", "3m0s a", "7m0s a", "12m0s a", "17m0s a", "24h0m0s a"}},
		{"a failed run is tried again, ever more rarely", []string{"@daily"}, func(r *rig) {
			r.result = func(int, []Entry) error { return errors.New("disk full") }
		}, 4 * time.Hour, []string{"0s a", "1m0s a", "3m0s a", "7m0s a", "15m0s a", "31m0s a", "1h3m0s a", "2h3m0s a", "3h3m0s a"}},
		{"an unreadable report does not stop the others", []string{"@hourly", "@hourly"}, func(r *rig) {
			r.result = func(n int, due []Entry) error {
				if n < 2 {
					return Unreadable{"b": errors.New("no such file")}
				}
				return nil
			}
		}, 65 * time.Minute, []string{"0s a+b", "1m0s b", "3m0s b", "1h0m0s a+b"}},
		{"a clock that was ahead silences nothing", []string{"@hourly"}, func(r *rig) { r.last("a", -1000*day) }, 61 * time.Minute, []string{"1h0m0s a"}},
		{"what cannot be read counts as never done", []string{"@daily"}, func(r *rig) { r.memory.values["schedule/a"] = "yesterday" }, time.Minute, []string{"0s a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				if test.setup != nil {
					test.setup(r)
				}
				if diff := cmp.Diff(test.want, r.serve(r.scheduler(test.specs...), test.serve)); diff != "" {
					t.Errorf("runs (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestTicksSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.serve(r.scheduler("@daily", "@every 5h"), 6*time.Hour)
		time.Sleep(3 * time.Hour) // stopped from 6:00 to 9:00, nothing missed
		r.serve(r.scheduler("@daily", "@every 5h"), 2*time.Hour)
		time.Sleep(20 * time.Hour) // until 31:00: a's midnight is missed, b's 15:00, 20:00, 25:00, 30:00
		r.serve(r.scheduler("@daily", "@every 5h"), 6*time.Hour)
		want := []string{"0s a+b", "5h0m0s b", "10h0m0s b", "31h0m0s a+b", "36h0m0s b"}
		if diff := cmp.Diff(want, r.runs); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
	})
}

func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.takes = time.Hour
		s := r.scheduler("@daily")
		r.serve(s, 10*time.Minute)
		if got := time.Since(r.start); got != 10*time.Minute {
			t.Errorf("it drained after %v", got)
		}
		if st := s.Status(); st.Running || st.Last == nil || st.Last.Result != ResultInterrupted {
			t.Errorf("status after the drain: %+v", st)
		}
		if len(r.memory.values) != 0 {
			t.Errorf("an interrupted run is noted as done: %v", r.memory.values)
		}
		r.serve(r.scheduler("@daily"), 2*time.Hour)
		if diff := cmp.Diff([]string{"0s a", "10m0s a"}, r.runs); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
		if len(r.memory.values) != 1 {
			t.Errorf("the run that went well is not noted")
		}
	})
}

func TestServeEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.takes = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := r.scheduler("@daily").Serve(ctx, r.drain); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Serve: %v", err)
		}
		if len(r.memory.values) != 0 {
			t.Errorf("a run that was stopped is noted as done")
		}
	})
}

func TestOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.last("a", time.Minute)
		r.last("b", 0)
		if err := r.scheduler("@daily", "@weekly").Once(t.Context(), r.drain); err != nil {
			t.Fatal(err)
		}
		wrong := errors.New("disk full")
		r.result = func(int, []Entry) error { return wrong }
		if err := r.scheduler("@daily").Once(t.Context(), r.drain); !errors.Is(err, wrong) {
			t.Errorf("Once: %v", err)
		}
		if diff := cmp.Diff([]string{"0s a+b", "0s a"}, r.runs); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
	})
}

func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.takes = time.Hour
		r.last("a", 0)
		s := r.scheduler("0 6 * * *")
		go r.serve(s, 12*time.Hour)
		status := func(d time.Duration) string {
			time.Sleep(d - time.Since(r.start))
			synctest.Wait()
			st := s.Status()
			text := fmt.Sprintf("running %t, next %s", st.Running, st.NextTick.Sub(r.start))
			if st.Last != nil {
				text += fmt.Sprintf(", last %s %s", st.Last.EndedAt.Sub(st.Last.StartedAt), st.Last.Result)
			}
			return text
		}
		for _, test := range []struct {
			at   time.Duration
			want string
		}{
			{time.Minute, "running false, next 6h0m0s"},
			{6*time.Hour + time.Minute, "running true, next 6h0m0s"},
			{8 * time.Hour, "running false, next 30h0m0s, last 1h0m0s ok"},
		} {
			if got := status(test.at); got != test.want {
				t.Errorf("after %v: %s, want %s", test.at, got, test.want)
			}
		}
		time.Sleep(5 * time.Hour)
	})
}

// A run of one report that went well does not hide that another is failing.
func TestFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.last("b", 0)
		wrong := errors.New("disk full")
		r.result = func(_ int, due []Entry) error {
			if due[0].Report == "a" && time.Since(r.start) < 8*time.Hour {
				return wrong
			}
			return nil
		}
		s := r.scheduler("0 0 1 1 *", "30 5 * * *")
		r.serve(s, 6*time.Hour)
		st := s.Status()
		if diff := cmp.Diff(map[string]Failure{"a": {ResultFailed, wrong}}, st.Failing, cmpopts.EquateErrors()); diff != "" {
			t.Errorf("failing (-want +got):\n%s", diff)
		}
		r.serve(s, 4*time.Hour)
		if st := s.Status(); len(st.Failing) != 0 || st.Last.Result != ResultOK {
			t.Errorf("in the end: %+v", st)
		}
	})
}

func TestMemoryFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.memory.err = errors.New("no disk")
		if err := r.scheduler("@daily").Serve(t.Context(), r.drain); !errors.Is(err, r.memory.err) {
			t.Errorf("Serve without a memory to read: %v", err)
		}
		// It fails later: the schedule goes on, and its status tells.
		r.memory.err = nil
		r.result = func(int, []Entry) error { r.memory.err = errors.New("no disk"); return nil }
		s := r.scheduler("@hourly")
		if diff := cmp.Diff([]string{"0s a", "1h0m0s a"}, r.serve(s, 90*time.Minute)); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
		if st := s.Status(); st.Last.Result != ResultFailed {
			t.Errorf("status: %+v", st.Last)
		}
	})
}

func TestNewRefuses(t *testing.T) {
	run := func(context.Context, <-chan struct{}, []Entry) error { return nil }
	for name, cfg := range map[string]Config{
		"no entries": {Memory: &memory{}, Run: run},
		"no memory":  {Entries: []Entry{{Report: "a"}}, Run: run},
		"no run":     {Entries: []Entry{{Report: "a"}}, Memory: &memory{}},
		"twice":      {Entries: []Entry{{Report: "a"}, {Report: "b"}, {Report: "a"}}, Memory: &memory{}, Run: run},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
