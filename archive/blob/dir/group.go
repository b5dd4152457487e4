package dir

import "sync"

// A group lets many goroutines share one run of an expensive action. A call of
// wait returns after a run that began after the call, with that run's error;
// whoever comes while a run is under way shares the next. No goroutine outlives
// its call: the first to come leads.
type group struct {
	do func() error

	running sync.Mutex // held during a run
	mu      sync.Mutex // guards next
	next    *round     // the run that hasn't begun, if somebody waits for it
}

type round struct {
	done chan struct{}
	err  error
}

func (g *group) wait() error {
	g.mu.Lock()
	r := g.next
	if r != nil {
		g.mu.Unlock()
		<-r.done
		return r.err
	}
	r = &round{done: make(chan struct{})}
	g.next = r
	g.mu.Unlock()

	g.running.Lock()
	g.mu.Lock()
	g.next = nil // from here on it is too late to join
	g.mu.Unlock()
	r.err = g.do()
	g.running.Unlock()
	close(r.done)
	return r.err
}
