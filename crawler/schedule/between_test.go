package schedule

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/crawler"
)

// doubts is a Confirmer of sources that are due at given times.
type doubts struct {
	*rig
	due    []time.Duration // since the start, of visits that are not made yet; in order
	hidden time.Duration   // until then others have not put it in doubt
	wrong  time.Duration   // until then Wanted fails
	result func() error    // of Confirm; nil for nil
}

func (d *doubts) Wanted(context.Context, []Entry) (time.Time, error) {
	switch after := time.Since(d.start); {
	case after < d.wrong:
		return time.Time{}, errors.New("disk full")
	case after < d.hidden, len(d.due) == 0:
		return time.Time{}, nil
	}
	return d.start.Add(d.due[0]).UTC(), nil
}

func (d *doubts) Confirm(ctx context.Context, drain <-chan struct{}, entries []Entry) ([]string, error) {
	var made []string
	left := d.due
	for len(left) > 0 && left[0] <= time.Since(d.start) {
		made, left = append(made, left[0].String()), left[1:]
	}
	if len(made) == 0 {
		return nil, nil
	}
	all := []Entry{{Report: fmt.Sprint(made)}}
	err := d.run(ctx, drain, all)
	if err == nil && d.result != nil {
		err = d.result()
	}
	if err == nil {
		d.due = left
	}
	return made, err
}

func TestBetweenTicks(t *testing.T) {
	const h = time.Hour
	for _, test := range []struct {
		name  string
		spec  string
		due   []time.Duration
		setup func(r *rig, d *doubts)
		serve time.Duration
		want  []string
	}{
		{"at the time when it is due", "@daily", []time.Duration{72*h + 10*time.Minute}, nil, 80 * h,
			[]string{"0s a", "24h0m0s a", "48h0m0s a", "72h0m0s a", "72h10m0s [72h10m0s]"}},
		{"what was due while nothing ran, once and after the tick that was missed", "@weekly", []time.Duration{-50 * h, -3 * h, -time.Minute}, nil, 3 * h,
			[]string{"0s a", "1m0s [-50h0m0s -3h0m0s -1m0s]"}},
		{"an hour apart, and together", "@weekly", []time.Duration{h, h + time.Minute, h + 2*time.Minute, 3 * h, 3*h + time.Second}, nil, 8 * h,
			[]string{"0s a", "1h0m0s [1h0m0s]", "2h0m0s [1h1m0s 1h2m0s]", "3h0m0s [3h0m0s]", "4h0m0s [3h0m1s]"}},
		{"never beside a tick's run, and after it", "@daily", []time.Duration{24*h + time.Minute, 26 * h}, func(r *rig, _ *doubts) { r.takes = 90 * time.Minute }, 30 * h,
			[]string{"0s a", "24h0m0s a", "25h31m0s [24h1m0s]", "28h1m0s [26h0m0s]"}},
		{"a tick does not come late because of what is due with it", "@daily", []time.Duration{24 * h}, nil, 25 * h,
			[]string{"0s a", "24h0m0s a", "24h1m0s [24h0m0s]"}},
		{"offline: again soon, but an hour apart", "@weekly", []time.Duration{h}, func(_ *rig, d *doubts) {
			d.result = func() error {
				if time.Since(d.start) < 4*h {
					return crawler.ErrOffline
				}
				return nil
			}
		}, 8 * h, []string{"0s a", "1h0m0s [1h0m0s]", "2h0m0s [1h0m0s]", "3h0m0s [1h0m0s]", "4h0m0s [1h0m0s]"}},
		{"what others have put in doubt is seen within the hour", "@weekly", []time.Duration{91 * time.Minute}, func(_ *rig, d *doubts) { d.hidden = 90 * time.Minute }, 4 * h, []string{"0s a", "2h0m0s [1h31m0s]"}},
		{"a catalog that cannot be read for a while", "@weekly", []time.Duration{h}, func(_ *rig, d *doubts) { d.wrong = 2 * h }, 6 * h, []string{"0s a", "2h3m0s [1h0m0s]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				d := &doubts{rig: r, due: test.due}
				if test.setup != nil {
					test.setup(r, d)
				}
				s := r.between(d, time.Hour, test.spec)
				if diff := cmp.Diff(test.want, r.serve(s, test.serve)); diff != "" {
					t.Errorf("runs (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func (r *rig) between(d Confirmer, spacing time.Duration, text string) *Scheduler {
	r.t.Helper()
	s, err := New(Config{Entries: []Entry{{Report: "a", Schedule: spec(r.t, text)}}, Memory: r.memory, Run: r.run, Between: d, Spacing: spacing})
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// A stop leaves what is due to the next start, and the status tells what goes on.
func TestBetweenTicksDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.last("a", 0)
		r.takes = time.Hour
		d := &doubts{rig: r, due: []time.Duration{time.Hour}}
		s := r.between(d, time.Hour, "@daily")
		go func() {
			time.Sleep(time.Minute)
			if st := s.Status(); st.Running || !st.NextConfirming.Equal(r.start.Add(time.Hour)) {
				t.Errorf("before: %+v", st)
			}
			time.Sleep(time.Hour)
			if st := s.Status(); !st.Running {
				t.Errorf("while it runs: %+v", st)
			}
		}()
		r.serve(s, 90*time.Minute)
		if got := time.Since(r.start); got != 90*time.Minute {
			t.Errorf("it drained after %v", got)
		}
		if st := s.Status(); st.Running || st.Last == nil || !st.Last.Confirming || st.Last.Result != ResultInterrupted {
			t.Errorf("after the drain: %+v, %+v", st, st.Last)
		}
		r.takes = 0
		r.serve(r.between(d, time.Hour, "@daily"), time.Hour)
		if diff := cmp.Diff([]string{"1h0m0s [1h0m0s]", "1h30m0s [1h0m0s]"}, r.runs); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
	})
}

func TestSpacingIsBounded(t *testing.T) {
	r := newRig(t)
	if _, err := New(Config{Entries: []Entry{{Report: "a"}}, Memory: r.memory, Run: r.run, Between: &doubts{}, Spacing: time.Second}); err == nil {
		t.Error("runs a second apart: no error")
	}
}
