package crawler

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// spell is one time that a worker held a host.
type spell struct {
	key, host  string
	begin, end time.Time
}

// plan is what a visit does: the hosts it goes to one after the other, how
// long it waits before each and how long it holds it.
type plan []struct {
	host       string
	wait, hold time.Duration
	rest       time.Duration // what the host asks for when it is held
}

// rehearse has workers carry out the plans on f, and gives every spell in the
// order of their ends.
func rehearse(f *frontier, workers int, plans map[string]plan) []spell {
	var (
		mu   sync.Mutex
		all  []spell
		step = map[*visit]int{}
		wg   sync.WaitGroup
	)
	for range workers {
		wg.Go(func() {
			for t := f.take(); t != nil; t = f.take() {
				mu.Lock()
				p, i := plans[t.visit.job.Key], step[t.visit]
				step[t.visit]++
				mu.Unlock()
				s := spell{key: t.visit.job.Key, host: t.host.name, begin: time.Now()}
				time.Sleep(p[i].hold)
				if p[i].rest > 0 {
					f.rest(t, p[i].rest)
				}
				s.end = time.Now()
				mu.Lock()
				all = append(all, s)
				mu.Unlock()
				if i+1 == len(p) {
					f.ended(t)
				} else {
					f.again(t, p[i+1].host, time.Now().Add(p[i+1].wait))
				}
			}
		})
	}
	wg.Wait()
	return all
}

func jobsOf(plans map[string]plan, order []string) []Job {
	var jobs []Job
	for _, key := range order {
		jobs = append(jobs, Job{Key: key, URL: "http://" + plans[key][0].host + "/", Host: plans[key][0].host})
	}
	return jobs
}

// steps makes a plan of one-second holds on hosts.
func steps(hosts ...string) plan {
	var p plan
	for _, h := range hosts {
		p = append(p, plan{{host: h, hold: time.Second}}...)
	}
	return p
}

// begins is when each visit held each host, as "key@host" and whole seconds.
func begins(from time.Time, spells []spell) map[string]int {
	m := map[string]int{}
	for _, s := range spells {
		m[s.key+"@"+s.host] = int(s.begin.Sub(from).Seconds())
	}
	return m
}

func TestFrontierOrder(t *testing.T) {
	rest := steps("a.test", "a.test")
	rest[0].rest, rest[1].wait = 20*time.Second, 20*time.Second
	look := steps("a.test", "a.test")
	look[1].wait = 6 * time.Second
	for _, tt := range []struct {
		name    string
		workers int
		plans   map[string]plan
		order   []string
		want    map[string]int
	}{
		{"one at a time, the delay from the end of one to the begin of the next", 4,
			map[string]plan{"1": steps("a.test"), "2": steps("a.test"), "3": steps("a.test")}, []string{"1", "2", "3"},
			map[string]int{"1@a.test": 0, "2@a.test": 3, "3@a.test": 6}},
		{"other hosts go on meanwhile", 3,
			map[string]plan{"1": steps("a.test"), "2": steps("a.test"), "3": steps("b.test"), "4": steps("c.test")}, []string{"1", "2", "3", "4"},
			map[string]int{"1@a.test": 0, "3@b.test": 0, "4@c.test": 0, "2@a.test": 3}},
		{"one worker does not sleep on a host", 1,
			map[string]plan{"1": steps("a.test"), "2": steps("a.test"), "3": steps("b.test")}, []string{"1", "2", "3"},
			map[string]int{"1@a.test": 0, "3@b.test": 1, "2@a.test": 3}},
		{"a host that asks for rest rests for everybody", 4,
			map[string]plan{"1": rest, "2": steps("a.test")}, []string{"1", "2"},
			map[string]int{"1@a.test": 21, "2@a.test": 24}},
		{"a redirect waits for its turn at the other host", 4,
			map[string]plan{"1": steps("a.test", "b.test"), "2": steps("b.test")}, []string{"1", "2"},
			map[string]int{"1@a.test": 0, "2@b.test": 0, "1@b.test": 3}},
		{"what has begun is ended before something new is begun", 4,
			map[string]plan{"1": look, "2": steps("a.test"), "3": steps("a.test"), "4": steps("a.test"), "5": steps("a.test")}, []string{"1", "2", "3", "4", "5"},
			map[string]int{"1@a.test": 9, "2@a.test": 3, "3@a.test": 6, "4@a.test": 12, "5@a.test": 15}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				from := time.Now()
				got := rehearse(newFrontier(jobsOf(tt.plans, tt.order), 1, 2*time.Second), tt.workers, tt.plans)
				if diff := cmp.Diff(tt.want, begins(from, got)); diff != "" {
					t.Errorf("last begin of each visit on each host, in seconds (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Whatever the schedule: never more workers on a host than allowed, the delay
// kept between an end and the next begin, a rest kept, every job ended.
func TestFrontierProperty(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { synctest.Test(t, func(t *testing.T) { checkSchedule(t, seed) }) })
	}
}

func checkSchedule(t *testing.T, seed uint64) {
	draw := rand.New(rand.NewPCG(seed, 1))
	ms := func(most int) time.Duration { return time.Duration(draw.IntN(most+1)) * time.Millisecond }
	hosts, workers, perHost, delay := 1+draw.IntN(5), 1+draw.IntN(8), 1, ms(50)
	if seed%4 == 0 {
		perHost = 2
	}
	plans, order := map[string]plan{}, []string{}
	for i := range 1 + draw.IntN(40) {
		var p plan
		for range 1 + draw.IntN(4) {
			one := plan{{host: fmt.Sprintf("h%d.test", draw.IntN(hosts)), wait: ms(30), hold: ms(10)}}
			if draw.IntN(8) == 0 {
				one[0].rest = ms(200)
			}
			p = append(p, one...)
		}
		key := fmt.Sprint(i)
		plans[key], order = p, append(order, key)
	}
	got := rehearse(newFrontier(jobsOf(plans, order), perHost, delay), workers, plans)
	count := map[string]int{}
	for _, s := range got {
		count[s.key]++
	}
	for key, p := range plans {
		if count[key] != len(p) {
			t.Errorf("visit %s made %d of %d exchanges", key, count[key], len(p))
		}
	}
	slices.SortStableFunc(got, func(a, b spell) int { return a.begin.Compare(b.begin) })
	for i, s := range got {
		open, soon := 1, 0
		for _, o := range got[:i] {
			if o.host != s.host || o.end.Equal(s.end) && o.begin.Equal(s.begin) && o.begin.Equal(o.end) {
				continue
			}
			if o.end.After(s.begin) {
				open++
			} else if s.begin.Sub(o.end) < delay {
				soon++
			}
		}
		if open > perHost || perHost == 1 && soon > 0 {
			t.Errorf("seed %d: %v begins on %s with %d at it and %d within the delay of %s", seed, s.key, s.host, open, soon, delay)
		}
	}
}

// The heaps under the frontier against a list that is searched.
func TestTurnHeap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &host{}
		f := &frontier{perHost: 1 << 30, hosts: map[string]*host{}}
		epoch := time.Unix(0, 0)
		var waiting []int
		for range rapid.IntRange(1, 50).Draw(t, "turns") {
			after := rapid.IntRange(0, 9).Draw(t, "after")
			waiting = append(waiting, after)
			f.hosts["h"] = h
			h.at = -1
			f.due = nil
			turn := &turn{visit: &visit{}, host: h}
			f.live++
			h.busy++
			f.again(turn, "h", epoch.Add(time.Duration(after)*time.Second))
		}
		slices.Sort(waiting)
		for i, want := range waiting {
			got := h.pop(epoch.Add(time.Hour))
			if at := int(got.after.Sub(epoch).Seconds()); at != want {
				t.Fatalf("turn %d is due at %d, want %d", i, at, want)
			}
		}
	})
}

func TestFrontierTenThousand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plans, order := map[string]plan{}, make([]string, 0, 10_000)
		for i := range 10_000 {
			key := fmt.Sprint(i)
			plans[key] = plan{{host: fmt.Sprintf("h%d.test", i%250), hold: time.Millisecond}}
			order = append(order, key)
		}
		from := time.Now()
		got := rehearse(newFrontier(jobsOf(plans, order), 1, 10*time.Millisecond), 32, plans)
		if len(got) != 10_000 {
			t.Errorf("%d visits ended, want 10000", len(got))
		}
		// 40 visits to each host, 32 ms of work a millisecond.
		if took := time.Since(from); took > 600*time.Millisecond {
			t.Errorf("took %s, want about 40 x 11 ms", took)
		}
	})
}

func TestFrontierClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plans := map[string]plan{"1": steps("a.test"), "2": steps("a.test"), "3": steps("b.test"), "4": steps("b.test")}
		f := newFrontier(jobsOf(plans, []string{"1", "2", "3", "4"}), 1, time.Hour)
		go func() {
			time.Sleep(500 * time.Millisecond)
			f.close()
		}()
		from := time.Now()
		got := begins(from, rehearse(f, 8, plans))
		if diff := cmp.Diff(map[string]int{"1@a.test": 0, "3@b.test": 0}, got); diff != "" || time.Since(from) != time.Second {
			t.Errorf("ended after %s:\n%s", time.Since(from), diff)
		}
		f.abandon()
		if f.take() != nil {
			t.Error("a closed frontier gave a turn")
		}
	})
}
