package crawltest

import "net/netip"

// site is one host: what it answers, and how its connections behave.
type site struct {
	name     string
	routes   map[string]route // by request target exactly as sent, query included
	fallback route            // for every other target; nil is a plain 404
	greet    func(*conn) bool // takes each connection over before a request is read
	corpus   *corpusHost      // answers everything, when not nil

	cert   certKind
	lapses bool // the certificate has expired from phase 1 on
	tls10  bool // speaks TLS 1.0 and nothing newer
	mute   bool // takes the HTTPS connection and never says a word of TLS
	blunt  bool // speaks HTTP without TLS on the HTTPS port

	dns       string       // how the name fails to resolve
	addrs     []netip.Addr // what the name resolves to, when not to this host
	later     []netip.Addr // and from the second question on
	refuse    bool         // nothing listens
	blackHole bool         // connecting never ends
	plainOnly bool         // no HTTPS
	tlsOnly   bool         // no HTTP
}

// answer writes what a host says to one request, and reports whether the
// connection can be used for another.
type answer func(*conn, *head) bool

// resource is what is found at a target in one phase.
type resource struct {
	answer answer
	body   func() string // what Body reports; nil when it is not the same each time
}

// route is what a target holds as time passes.
type route func(phase int) resource

// always is the same resource in every phase.
func always(r resource) route { return func(int) resource { return r } }

// phases is one resource after the other; the last one stays.
func phases(rs ...resource) route {
	return func(phase int) resource { return rs[min(phase, len(rs)-1)] }
}

// does is a resource without a stable body.
func does(a answer) resource { return resource{answer: a} }

// counted is a resource whose answer depends on how often it was asked
// before, counted from 0 for each Web.
func counted(f func(n int) answer) resource {
	var n counter
	return resource{answer: func(c *conn, h *head) bool { return f(n.next())(c, h) }}
}

func (s *site) find(target string, phase int) resource {
	if r := s.routes[target]; r != nil {
		return r(phase)
	}
	if s.fallback != nil {
		return s.fallback(phase)
	}
	r := notFound(s.name).resource()
	r.body = nil // an error page is stable but nobody's source
	return r
}
