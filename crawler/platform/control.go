package platform

import (
	"fmt"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

// An endpoint that was switched off answers 404 to everybody, and would make
// every post absent. So before a platform's word that a post is absent is taken,
// the same endpoints are asked about one that is known to be there.

// controlled is how long it is believed that an endpoint still works.
const controlled = time.Hour

// controls remembers when endpoints were last seen to work.
type controls struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (c *controls) works(endpoint string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.at[endpoint]
	return ok && time.Since(at) < controlled
}

func (c *controls) seen(endpoint string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == nil {
		c.at = map[string]time.Time{}
	}
	c.at[endpoint] = time.Now()
}

// nextControl returns the next control, false when none is wanted: nothing is
// called absent, or the page is a second witness of its own.
func (q *Query) nextControl() (Endpoint, bool) {
	q.control = nil
	known := q.probe.control
	if known == "" {
		known = q.probe.known
	}
	if standing, _ := q.standing(); standing != archive.PostAbsent || q.probe.page || known == "" {
		return Endpoint{}, false
	}
	key, err := seeds.Normalize(known)
	s := subject{host: q.subject.host, key: key, cited: known}
	if err != nil || !q.probe.match(&s) {
		return Endpoint{}, false
	}
	for i := range q.asked {
		r := &q.asked[i]
		endpoint := q.probe.name + "." + r.ask.name
		if r.standing != archive.PostAbsent || r.ask.aside || q.controls.works(endpoint) {
			continue
		}
		if to := r.ask.url(q.bases[endpoint], &s); to != "" {
			q.control = &control{ask: r.ask, subject: s}
			return Endpoint{Name: endpoint, URL: to, Accept: r.ask.accept, Follow: r.ask.follow}, true
		}
	}
	return Endpoint{}, false
}

// control is the question about what is known to be there.
type control struct {
	ask     *ask
	subject subject
}

// tellControl reads the answer to a control.
func (q *Query) tellControl(to string, a *Answer) {
	c := q.control
	q.control = nil
	endpoint := q.probe.name + "." + c.ask.name
	r := c.ask.read(&c.subject, a)
	if r.standing == c.ask.expected() && a.Status == 200 {
		q.controls.seen(endpoint)
	} else {
		q.broken = fmt.Sprintf("of %s, which is known to be there, %s", c.subject.cited, q.probe.says(said{c.ask.name, r.says}))
	}
	q.controlled = append(q.controlled, archive.PostAnswer{Endpoint: endpoint, URL: to, Status: a.Status, Standing: r.standing, Says: "control: " + r.says})
}

// expected is the standing of what is known to be there.
func (a *ask) expected() archive.PostStanding {
	if a.expect == "" {
		return archive.PostShown
	}
	return a.expect
}
