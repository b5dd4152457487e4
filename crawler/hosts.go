package crawler

import (
	"container/heap"
	"sync"
	"time"
)

// frontier holds the host batches: which visits wait for which host, and when
// each host may be talked to again. No worker sleeps on a host; it takes the
// host that is due first, makes one exchange with it and gives it back.
type frontier struct {
	perHost int
	delay   time.Duration

	mu     sync.Mutex
	wake   sync.Cond
	hosts  map[string]*host
	due    hostHeap // hosts that have a visit waiting and a connection to spare
	live   int      // visits that have not ended
	closed bool
	timer  *time.Timer
	seq    int
}

// host is one scheme-less host:port and what waits for it.
type host struct {
	name  string
	fresh []*Job   // of visits that have not begun, in their order
	queue turnHeap // visits that go on here
	busy  int
	next  time.Time // not to be talked to before
	at    int       // place in frontier.due, -1 when not there
}

// turn is a visit waiting to make its next exchange.
type turn struct {
	visit *visit
	host  *host
	after time.Time // not before
	seq   int       // arrival, for fairness
}

func newFrontier(jobs []Job, perHost int, delay time.Duration) *frontier {
	f := &frontier{perHost: perHost, delay: max(0, delay), hosts: map[string]*host{}}
	f.wake.L = &f.mu
	for i := range jobs {
		f.live++
		h := f.host(jobs[i].Host)
		h.fresh = append(h.fresh, &jobs[i])
		f.place(h)
	}
	return f
}

func (f *frontier) host(name string) *host {
	h := f.hosts[name]
	if h == nil {
		h = &host{name: name, at: -1}
		f.hosts[name] = h
	}
	return h
}

// place puts h where it belongs in the heap of due hosts.
func (f *frontier) place(h *host) {
	wanted := !h.empty() && h.busy < f.perHost
	switch {
	case wanted && h.at < 0:
		heap.Push(&f.due, h)
	case wanted:
		heap.Fix(&f.due, h.at)
	case h.at >= 0:
		heap.Remove(&f.due, h.at)
	}
	if h.empty() && h.busy == 0 && !h.next.After(time.Now()) {
		delete(f.hosts, h.name)
	}
}

// take waits for a visit whose host may be talked to. It returns nil when no
// visit is left or the frontier is closed.
func (f *frontier) take() *turn {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		if f.closed || f.live == 0 {
			f.wake.Broadcast()
			return nil
		}
		if len(f.due) == 0 {
			f.wake.Wait()
			continue
		}
		wait := time.Until(f.due[0].ready())
		if wait > 0 {
			f.wakeIn(wait)
			f.wake.Wait()
			continue
		}
		h := f.due[0]
		t := h.pop(time.Now())
		h.busy++
		f.place(h)
		return t
	}
}

func (f *frontier) wakeIn(d time.Duration) {
	if f.timer != nil {
		f.timer.Stop()
	}
	f.timer = time.AfterFunc(d, func() {
		f.mu.Lock()
		f.wake.Broadcast()
		f.mu.Unlock()
	})
}

// again gives t's host back and queues t's visit for its next exchange, with
// the host name, not before after.
func (f *frontier) again(t *turn, name string, after time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.giveBack(t)
	h := f.host(name)
	f.seq++
	heap.Push(&h.queue, &turn{visit: t.visit, host: h, after: after, seq: f.seq})
	f.place(h)
	f.wake.Signal()
}

// ended gives t's host back; its visit needs no more exchanges.
func (f *frontier) ended(t *turn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live--
	f.giveBack(t)
	if f.live == 0 {
		f.wake.Broadcast()
	} else {
		f.wake.Signal()
	}
}

func (f *frontier) giveBack(t *turn) {
	h := t.host
	h.busy--
	if next := time.Now().Add(f.delay); next.After(h.next) {
		h.next = next
	}
	f.place(h)
}

// rest keeps everybody away from a host for a while: it asked for that.
func (f *frontier) rest(t *turn, d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if next := time.Now().Add(d); next.After(t.host.next) {
		t.host.next = next
		f.place(t.host)
	}
}

// close lets take return nil from now on.
func (f *frontier) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.wake.Broadcast()
}

// abandon forgets what still waits. Only visits that had begun hold anything.
func (f *frontier) abandon() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, h := range f.hosts {
		for _, t := range h.queue {
			t.visit.close()
		}
		h.fresh, h.queue = nil, nil
	}
}

func (h *host) empty() bool { return len(h.fresh)+len(h.queue) == 0 }

// ready is when the host's next visit may go on. It is not empty.
func (h *host) ready() time.Time {
	if len(h.fresh) > 0 || h.next.After(h.queue[0].after) {
		return h.next
	}
	return h.queue[0].after
}

// pop takes the host's next visit: one that has begun before one that has not,
// for it holds what it has seen so far.
func (h *host) pop(now time.Time) *turn {
	if len(h.queue) > 0 && (len(h.fresh) == 0 || !h.queue[0].after.After(now)) {
		return heap.Pop(&h.queue).(*turn)
	}
	t := &turn{visit: newVisit(*h.fresh[0]), host: h}
	h.fresh = h.fresh[1:]
	return t
}
