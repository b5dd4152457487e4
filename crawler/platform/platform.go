// Package platform knows sources that a plain GET cannot read: posts, videos and
// names whose pages say the same, or nothing, whatever became of them.
//
// A probe is one platform: which sources are its own, which endpoints of the
// platform are asked, and what their answers mean. The package opens no
// connection. Whoever visits a source asks for the next Endpoint, fetches it, and
// gives the Answer back until there is none left; Post then says what was learnt.
//
// It guarantees that a post is called absent only when every witness that the
// platform has says so, and gives another that is known to be there, and that an answer which the package does not know is
// unclear: refusals, failures and surprises never count as absence. Answers are
// hostile; they are bounded and parsed without trust, and texts are kept as they
// came, to be cleaned where they are shown.
//
// It does not guarantee that platforms still answer as written here: that changes
// by the month, which is what the command `ibid platforms --test` is for.
package platform

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// BodyLimit is how many bytes of an answer, without content coding, are read.
const BodyLimit = 1 << 20

// Off in the place of an address turns an endpoint off, On one on that is off
// unless it is asked for.
const (
	Off = "off"
	On  = "on"
)

// Config says where endpoints are. The zero Config is that of the platforms.
type Config struct {
	// Endpoints replaces the address of an endpoint, by its name
	// "<platform>.<endpoint>", or turns it off (Off). A platform that has lost a
	// witness calls nothing absent any more.
	Endpoints map[string]string
	// All asks every endpoint, also when enough is known: for the self-test.
	All bool
}

// Registry holds the probes. It may be used concurrently.
type Registry struct {
	byHost  map[string]*probe
	byShape []*probe
	all     []*probe
	bases   map[string]string
	askAll  bool

	controls controls
}

// New checks cfg and returns a Registry.
func New(cfg Config) (*Registry, error) {
	r := &Registry{byHost: map[string]*probe{}, all: probes(), bases: map[string]string{}, askAll: cfg.All}
	for _, p := range r.all {
		for _, host := range p.hosts {
			r.byHost[host] = p
		}
		if len(p.hosts) == 0 {
			r.byShape = append(r.byShape, p)
		}
		for _, a := range p.asks {
			if r.bases[p.name+"."+a.name] = a.base; a.quiet {
				r.bases[p.name+"."+a.name] = Off
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Endpoints)) {
		_, ok := r.bases[name]
		if !ok {
			return nil, fmt.Errorf("endpoint %q: there is none of this name; `ibid platforms` lists them", name)
		}
		base, to := r.base(name), cfg.Endpoints[name]
		if to == On {
			to = base
		} else if to != Off {
			if base == "" {
				return nil, fmt.Errorf("endpoint %s: it is on the host of the source itself; it can be turned off (%s), not moved", name, Off)
			}
			if u, err := url.Parse(to); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
				return nil, fmt.Errorf("endpoint %s: %q is neither an http or https address without query nor %q", name, to, Off)
			}
		}
		r.bases[name] = to
	}
	return r, nil
}

// Match returns the questions that the source with this key (see seeds.Seed) is
// to be asked; cited is its address as cited. It is nil for a source of no
// platform, and found without allocation then.
func (r *Registry) Match(key, cited string) *Query {
	if r == nil {
		return nil
	}
	_, rest, ok := strings.Cut(key, "://")
	if !ok {
		return nil
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		return nil
	}
	host := rest[:end]
	if p := r.byHost[host]; p != nil {
		return r.query(p, host, key, cited)
	}
	for _, p := range r.byShape {
		if !p.shape(key) {
			continue
		}
		if q := r.query(p, host, key, cited); q != nil {
			return q
		}
	}
	return nil
}

func (r *Registry) query(p *probe, host, key, cited string) *Query {
	s := subject{host: host, key: key, cited: cited}
	if !p.match(&s) || p.silent(r.bases) {
		return nil
	}
	if _, err := url.Parse(key); err != nil {
		return nil // the URL standard allows hosts that nothing can be asked of, such as "a`b"
	}
	return &Query{probe: p, subject: s, bases: r.bases, askAll: r.askAll, controls: &r.controls}
}

// base is the address of an endpoint as it is without a configuration.
func (r *Registry) base(name string) string {
	for _, p := range r.all {
		for _, a := range p.asks {
			if p.name+"."+a.name == name {
				return a.base
			}
		}
	}
	return ""
}

// silent reports a platform of which nothing was turned on.
func (p *probe) silent(bases map[string]string) bool {
	for _, a := range p.asks {
		if !a.quiet || bases[p.name+"."+a.name] != Off {
			return false
		}
	}
	return len(p.asks) > 0
}

// Endpoint is one question to a platform.
type Endpoint struct {
	Name   string // "<platform>.<endpoint>"
	URL    string
	Accept string // for the field of this name; "" for any
	Follow bool   // redirects are on the way to the answer, not the answer
}

// Answer is how an endpoint answered.
type Answer struct {
	Status  int // 0 for none
	Header  http.Header
	Body    []byte // without content coding, at most BodyLimit bytes
	Failure string // why there is no whole answer
}

// Query asks one platform about one source, once. It is not safe for concurrent use.
type Query struct {
	probe   *probe
	subject subject
	bases   map[string]string
	askAll  bool
	at      int // in probe.asks
	asked   []reading
	saw     archive.Post // what the page says

	controls   *controls
	control    *control // being asked
	controlled []archive.PostAnswer
	broken     string // why an absence is not believed
}

// Platform is the name of the platform.
func (q *Query) Platform() string { return q.probe.name }

// Again forgets all answers, so that the same can be asked once more.
func (q *Query) Again() {
	q.saw = archive.Post{}
	q.at, q.asked, q.control, q.controlled, q.broken = 0, nil, nil, nil, ""
}

// Reads reports that the page of the source is to be given to See.
func (q *Query) Reads() bool { return q.probe.see != nil }

// See reads what the page of the source says of itself.
func (q *Query) See(a *Answer) {
	if q.Reads() && a.Status == http.StatusOK {
		q.saw = q.probe.see(a)
	}
}

// Next returns what is to be asked next, and false when enough is known.
func (q *Query) Next() (Endpoint, bool) {
	for ; q.at < len(q.probe.asks); q.at++ {
		if q.enough() {
			break
		}
		a := &q.probe.asks[q.at]
		name := q.probe.name + "." + a.name
		base := q.bases[name]
		if base == Off {
			continue
		}
		if to := a.url(base, &q.subject); to != "" {
			return Endpoint{Name: name, URL: to, Accept: a.accept, Follow: a.follow}, true
		}
	}
	if q.broken != "" {
		return Endpoint{}, false
	}
	return q.nextControl()
}

// enough reports that a platform has shown what it has, and that nothing which
// is still to be asked could tell more.
func (q *Query) enough() bool {
	if q.askAll {
		return false
	}
	for i := range q.asked {
		switch q.asked[i].standing {
		case archive.PostShown, archive.PostRegistered:
			return true
		}
	}
	return false
}

// Tell gives the answer to what Next returned; to is where it came from, which
// differs from the endpoint's URL after redirects.
func (q *Query) Tell(to string, a *Answer) {
	if q.control != nil {
		q.tellControl(to, a)
		return
	}
	ask := &q.probe.asks[q.at]
	q.at++
	read := ask.read(&q.subject, a)
	read.ask, read.url, read.status = ask, to, a.Status
	q.asked = append(q.asked, read)
}
