package verify

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// The simulation runs the judgement over time, with the schedule that it asks
// for, against links whose fate is known.
const (
	simLinks   = 30_000
	simHosts   = 20 // of one world: what may fail together
	simPerHost = 10
	simDays    = 180
	simKept    = 40                  // visits of a link's history that are looked at
	simWithin  = 14 * 24 * time.Hour // of its death a source is to be found dead
)

type simFate int

const (
	lives simFate = iota
	walledByAgent
	walledByAddress
	dies     // somebody says so
	vanishes // no answer any more
)

type simLink struct {
	source   string
	host     int
	fate     simFate
	from     time.Time // of the fate
	dead     Visit     // what a dead link or a wall says
	flaky    float64
	history  []Visit
	foundAt  time.Time
	sawFirst time.Time // first visit after the death
	suspect  time.Time
}

type span struct {
	from, to time.Time
	says     Visit
}

type world struct {
	rng   *rand.Rand
	start time.Time
	links []simLink
	host  [simHosts][]span
	names []span // of all hosts
	all   []span // our own
	watch *OutageWatch
	found []Outage
	queue simQueue
}

type simEvent struct {
	at      time.Time
	link    int
	profile string
}

type simQueue []simEvent

func (q simQueue) Len() int { return len(q) }
func (q simQueue) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].link < q[j].link
}
func (q simQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *simQueue) Push(x any)   { *q = append(*q, x.(simEvent)) }
func (q *simQueue) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}

type simResult struct {
	links, deaths, vanished, walled   int
	falseDead, late, missed, unspoken int
	visits                            int
	worst                             string
}

// TestRotSimulation holds the promise of docs/terms.md when every visit is made as
// it is asked for: nothing that lives is ever called dead, and what dies is found
// within 14 days.
func TestRotSimulation(t *testing.T) {
	all := simulate(t, simLinks, (*simWorld).run)
	all.safe(t)
	if all.found() < 0.99 {
		t.Errorf("%.2f %% of the deaths were found within %s, want 99", 100*all.found(), simWithin)
	}
}

// simulate runs as many links as are wanted, and returns what became of them.
func simulate(t *testing.T, links int, run func(*simWorld) simResult) simResult {
	t.Helper()
	worlds := links / (simHosts * simPerHost)
	results := make([]simResult, worlds)
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				results[i] = run(newWorld(uint64(i), 1))
			}
		})
	}
	for i := range worlds {
		next <- i
	}
	close(next)
	wg.Wait()
	var all simResult
	for _, r := range results {
		all.add(r)
	}
	t.Logf("%d links, %d visits: %d deaths, of them %.2f %% found within %s, %d never; %d vanished; %d walled; %d false", all.links, all.visits, all.deaths, 100*all.found(), simWithin, all.missed, all.vanished, all.walled, all.falseDead)
	if all.links != links || all.deaths < links/10 || all.walled < links/10 || all.vanished < links/50 {
		t.Fatalf("the simulation tests too little: %+v", all)
	}
	return all
}

// found is the share of deaths that were found in time.
func (r *simResult) found() float64 { return 1 - float64(r.late+r.missed)/float64(r.deaths) }

// safe fails where a living link was called dead.
func (r *simResult) safe(t *testing.T) {
	t.Helper()
	if r.falseDead > 0 {
		t.Errorf("%d living links were called dead, such as %s", r.falseDead, r.worst)
	}
	if told := 1 - float64(r.unspoken)/float64(r.vanished); told < 0.99 {
		t.Errorf("%.2f %% of what vanished became suspect, want 99", 100*told)
	}
}

// TestRotSimulationCanFail shows that the simulation finds what is wrong: a
// judgement that believes single visits calls living links dead.
func TestRotSimulationCanFail(t *testing.T) {
	w := newWorld(1, 1)
	wrong := 0
	w.judge = func(l *simLink, now time.Time) Standing {
		s := Rot(l.history, nil, w.found, now)
		if len(s.tally.strikes) > 0 {
			s.State = archive.StateDead
		}
		return s
	}
	wrong += w.run().falseDead
	if wrong == 0 {
		t.Error("no false death was found")
	}
}

func TestRotSimulationIsDeterministic(t *testing.T) {
	if a, b := newWorld(7, 3).run(), newWorld(7, 3).run(); a != b {
		t.Errorf("%+v, then %+v", a, b)
	}
}

func (r *simResult) add(o simResult) {
	r.links += o.links
	r.deaths += o.deaths
	r.vanished += o.vanished
	r.walled += o.walled
	r.falseDead += o.falseDead
	r.late += o.late
	r.missed += o.missed
	r.unspoken += o.unspoken
	r.visits += o.visits
	if r.worst == "" {
		r.worst = o.worst
	}
}

func newWorld(seed, salt uint64) *simWorld {
	w := &simWorld{world: world{rng: rand.New(rand.NewPCG(seed, salt)), start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), watch: NewOutageWatch()}}
	w.judge = func(l *simLink, now time.Time) Standing { return Rot(l.history, nil, w.found, now) }
	hours := func(from, to float64) time.Duration {
		return time.Duration((from + w.rng.Float64()*(to-from)) * float64(time.Hour))
	}
	outage := func(says ...Visit) span {
		from := w.start.Add(hours(0, simDays*24))
		return span{from, from.Add(hours(1, 60)), says[w.rng.IntN(len(says))]}
	}
	for h := range simHosts {
		for range w.rng.IntN(4) {
			w.host[h] = append(w.host[h], outage(simTimeout, simTimeout, sim503, sim503, sim404, simNoHost))
		}
	}
	for range w.rng.IntN(3) {
		w.names = append(w.names, outage(simNoHost))
	}
	for range w.rng.IntN(3) {
		w.all = append(w.all, outage(sim404, simNoHost, simSoft))
	}
	for h := range simHosts {
		for n := range simPerHost {
			l := simLink{source: fmt.Sprintf("https://www.host%d-%d.example/page/%d", seed, h, n), host: h, flaky: 0.02 + 0.08*w.rng.Float64()}
			l.from = w.start.Add(hours(5*24, (simDays-20)*24))
			switch d := w.rng.Float64(); {
			case d < 0.25:
				l.fate, l.dead = dies, []Visit{sim404, sim404, sim410, simNoHost, simSoft}[w.rng.IntN(5)]
			case d < 0.30:
				l.fate, l.dead = vanishes, []Visit{simTimeout, sim503}[w.rng.IntN(2)]
			case d < 0.40:
				l.fate, l.dead = walledByAgent, []Visit{sim403, sim404, simSoft}[w.rng.IntN(3)]
			case d < 0.50:
				l.fate = walledByAddress
			}
			w.links = append(w.links, l)
			w.queue = append(w.queue, simEvent{at: w.start.Add(hours(0, 24)), link: len(w.links) - 1})
		}
	}
	heap.Init(&w.queue)
	return w
}

type simWorld struct {
	world
	judge     func(*simLink, time.Time) Standing
	outagesAt time.Time // when outages were last looked for
}

var (
	simAlive   = Visit{Verdict: archive.Alive, Reason: "http-200"}
	sim404     = Visit{Verdict: archive.Gone, Reason: "http-404"}
	sim410     = Visit{Verdict: archive.Gone, Reason: "http-410"}
	simNoHost  = Visit{Verdict: archive.Gone, Reason: "no-such-host"}
	simSoft    = Visit{Verdict: archive.Soft404, Reason: "soft-404"}
	simTimeout = Visit{Verdict: archive.Unreachable, Reason: "timeout"}
	sim503     = Visit{Verdict: archive.Unreachable, Reason: "http-503"}
	sim403     = Visit{Verdict: archive.Blocked, Reason: "http-403"}
	sim429     = Visit{Verdict: archive.Blocked, Reason: "http-429"}
	simWall    = Visit{Verdict: archive.Blocked, Reason: "wall-cloudflare"}
)

// look is what a visit finds.
func (w *simWorld) look(l *simLink, at time.Time, profile string) Visit {
	for _, spans := range [][]span{w.all, w.names, w.host[l.host]} {
		for _, s := range spans {
			if !at.Before(s.from) && at.Before(s.to) {
				return s.says
			}
		}
	}
	if w.rng.Float64() < l.flaky {
		switch p := w.rng.Float64(); {
		case p < 0.35:
			return simTimeout
		case p < 0.70:
			return sim503
		case p < 0.75:
			return sim429
		case p < 0.95 && l.fate != vanishes:
			return sim404
		case l.fate != vanishes:
			return simSoft
		}
		return sim503
	}
	if at.Before(l.from) {
		return simAlive
	}
	switch l.fate {
	case dies, vanishes:
		return l.dead
	case walledByAgent:
		if profile == archive.ProfileDefault {
			return l.dead
		}
	case walledByAddress:
		switch p := w.rng.Float64(); {
		case p < 0.70:
			return sim403
		case p < 0.85:
			return sim429
		case p < 0.95:
			return simWall
		}
		return sim404
	}
	return simAlive
}

// run makes every visit as it is asked for, give or take an hour.
func (w *simWorld) run() simResult {
	r := simResult{links: len(w.links)}
	end := w.start.Add(simDays * 24 * time.Hour)
	for w.queue.Len() > 0 {
		e := heap.Pop(&w.queue).(simEvent)
		if e.at.After(end) {
			break
		}
		due := w.visit(e, &r)
		at := due.At
		if min := e.at.Add(time.Hour); at.Before(min) {
			at = min
		}
		heap.Push(&w.queue, simEvent{at.Add(time.Duration(w.rng.Int64N(int64(time.Hour)))), e.link, due.Profile})
	}
	w.result(&r)
	return r
}

// visit makes a visit, and returns when the next one is wanted.
func (w *simWorld) visit(e simEvent, r *simResult) Due {
	r.visits++
	l := &w.links[e.link]
	v := w.look(l, e.at, e.profile)
	v.At, v.Source, v.Profile = e.at, l.source, e.profile
	w.watch.Add(v)
	if saidBy(&v) == isAbsent || e.at.Sub(w.outagesAt) > 12*time.Hour {
		w.found, w.outagesAt = recentOutages(w.watch.Outages(e.at), e.at), e.at
	}
	if len(l.history) >= simKept {
		l.history = append(l.history[:0], l.history[1:]...)
	}
	l.history = append(l.history, v)
	s := w.judge(l, e.at)
	w.note(l, &s, e.at, r)
	return Next(l.source, &s)
}

// recentOutages keeps a long simulation from asking thousands that are over.
func recentOutages(all []Outage, now time.Time) []Outage {
	var recent []Outage
	for _, o := range all {
		if now.Sub(o.To) < 60*24*time.Hour {
			recent = append(recent, o)
		}
	}
	return recent
}

func (w *simWorld) note(l *simLink, s *Standing, now time.Time, r *simResult) {
	gone := l.fate == dies && !now.Before(l.from)
	if gone && l.sawFirst.IsZero() {
		l.sawFirst = now
	}
	if s.State == archive.StateSuspect && l.suspect.IsZero() && !now.Before(l.from) {
		l.suspect = now
	}
	if s.State != archive.StateDead {
		return
	}
	switch {
	case !gone:
		r.falseDead++
		r.worst = fmt.Sprintf("%s (fate %d from %s, now %s): %v", l.source, l.fate, l.from, now, l.history)
	case l.foundAt.IsZero():
		l.foundAt = now
	}
}

// result counts what became of the links. A death while a source is young, and
// visited weekly, is counted from itself, a later one from the first visit that
// could see it.
func (w *simWorld) result(r *simResult) {
	for i := range w.links {
		l := &w.links[i]
		switch l.fate {
		case walledByAgent, walledByAddress:
			r.walled++
		case vanishes:
			r.vanished++
			if l.suspect.IsZero() && l.from.Before(w.start.Add((simDays-60)*24*time.Hour)) {
				r.unspoken++
			}
		case dies:
			began := l.from
			if began.Sub(w.start) > YoungFor-8*24*time.Hour {
				if began = l.sawFirst; began.IsZero() || began.After(w.start.Add((simDays-15)*24*time.Hour)) {
					continue // nobody could see it in time
				}
			}
			r.deaths++
			switch {
			case l.foundAt.IsZero():
				r.missed++
			case l.foundAt.Sub(began) > simWithin:
				r.late++
			}
		}
	}
}
