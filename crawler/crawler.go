// Package crawler goes and looks: it visits sources, politely, and records
// what crossed the wire.
//
// A visit follows the redirects of one source, retries what can pass, looks a
// second time at what seems dead, fetches what its page needs to be shown, and
// becomes one capture. Every exchange of a visit is recorded whole; what could
// not be had whole is recorded as cut, with the reason. A host is the unit of
// work: whoever holds a host is the only one who talks to it.
//
// The package judges nothing itself (see archive.Judge) and keeps nothing but
// through the Keeper that it is given; a visit is reported as kept only when
// the Keeper says so, which is after the capture is durable.
package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/platform"
	"github.com/ibid-archive/ibid/crawler/wire"
)

// Config says how to visit. Zero values mean the defaults.
type Config struct {
	Workers   int           // visits at the same time; default 16
	PerHost   int           // of them to one host; default 1
	Delay     time.Duration // between visits to one host; default 1 s, negative for none
	Timeout   time.Duration // one visit, its retries included, waiting for its turn excluded; default 60 s
	UserAgent string        // required
	Profile   string        // as whom: archive.ProfileDefault, which sends UserAgent, or archive.ProfileBrowser
	Robots    string        // RobotsIgnore (default) or RobotsRespect

	Requisites RequisiteLimits
	// Platforms are asked about sources of theirs after these have been visited;
	// nil asks none.
	Platforms *platform.Registry

	MaxBody       int64                // bytes of one answer; default 256 MiB
	Decode        archive.DecodeLimits // of what is parsed; what is kept is never decoded
	MaxRedirects  int                  // default 10; negative for none
	Retries       int                  // after the first attempt; default 2, negative for none
	RetryBase     time.Duration        // first wait before a retry, jittered; default 1 s
	RetryMax      time.Duration        // longest such wait; default 15 s
	MaxRetryAfter time.Duration        // longest Retry-After that is waited for; default 30 s
	SecondLook    time.Duration        // wait before a source that seems dead is asked again; default 3 s, negative for no second look
	FullEvery     time.Duration        // how long a server's word "not modified" is taken; default 90 days

	Guard   Guard
	Wire    wire.Config // limits of the connection; Dial and Verify are set below
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	Roots   *x509.CertPool // nil: the system's
	TempDir string         // for large bodies; "" for the system's
	Now     func() time.Time

	Judge  archive.Judge // required
	Keeper Keeper        // nil: nothing is kept, and requisites are not fetched
	Prior  PriorFunc     // nil: every request is unconditional
	Events Events
	Log    *slog.Logger

	// NameServers asks whether name resolution works at all, by the name
	// servers of a top-level domain; it tells a dead domain from a dead
	// network. Default: net.Resolver.LookupNS.
	NameServers func(ctx context.Context, tld string) error
}

// Robots policies. A citation is fetched because a person cited it, which is
// not crawling in the sense of RFC 9309, so the default is to ignore it.
const (
	RobotsIgnore  = "ignore"
	RobotsRespect = "respect"
)

// Keeper keeps a visit. Begin is called when the source has been judged,
// Exchange for each exchange as soon as it is complete, Resource for what was
// made of them, Commit at the end. The exchanges may be closed after Exchange has
// returned.
type Keeper interface {
	Begin() (Capturing, error)
}

// Capturing is a capture on its way to being kept.
type Capturing interface {
	Exchange(x *archive.Exchange) error
	Resource(uri, mediaType string, at time.Time, block []byte) error
	Commit(ctx context.Context, c *archive.Capture) error
	Abort()
}

// PriorFunc finds the latest answer that the archive holds for a URL, nil for none.
type PriorFunc func(ctx context.Context, url string) (*archive.Prior, error)

// Job is one source to visit.
type Job struct {
	Key, URL, Host string // see seeds.Seed
	Citations      []archive.CitationRef
}

// Result is what became of a job. Capture.SHA256 is empty when nothing was to
// be kept. Err is set when the visit could not be kept; then the job counts as
// not done.
type Result struct {
	Job     Job
	Capture *archive.Capture
	Err     error
}

// ErrOffline says that nothing at all could be reached: the machine is offline,
// and that says nothing about any source.
var ErrOffline = errors.New("nothing could be reached: this machine seems to be offline; no source is blamed and no visit was recorded")

// Crawler visits sources.
type Crawler struct {
	cfg    Config
	wire   *wire.Transport
	chain  http.RoundTripper
	base   *colly.Collector
	robots robotsCache
	icons  sync.Map // URLs of implicit icons that were asked for
	away   sync.Map // endpoints of platforms that asked to be left alone -> until when
	events eventSink
	rand   func() float64
}

// New checks cfg and returns a Crawler.
func New(cfg Config) (*Crawler, error) {
	if cfg.UserAgent == "" || cfg.Judge == nil {
		return nil, errors.New("crawler: a user agent and a judge are required")
	}
	if cfg.Profile != archive.ProfileDefault && cfg.Profile != archive.ProfileBrowser {
		return nil, fmt.Errorf("crawler: profile %q: want %q or %q", cfg.Profile, archive.ProfileDefault, archive.ProfileBrowser)
	}
	switch cfg.Robots {
	case "":
		cfg.Robots = RobotsIgnore
	case RobotsIgnore, RobotsRespect:
	default:
		return nil, fmt.Errorf("crawler: robots policy %q: want %q or %q", cfg.Robots, RobotsIgnore, RobotsRespect)
	}
	setDefault(&cfg.Workers, 16)
	setDefault(&cfg.PerHost, 1)
	setDefault(&cfg.Delay, time.Second)
	setDefault(&cfg.Timeout, 60*time.Second)
	setDefault(&cfg.MaxBody, 256<<20)
	setDefault(&cfg.MaxRedirects, 10)
	cfg.MaxRedirects = max(cfg.MaxRedirects, 0)
	setDefault(&cfg.Retries, 2)
	setDefault(&cfg.RetryBase, time.Second)
	setDefault(&cfg.RetryMax, 15*time.Second)
	setDefault(&cfg.MaxRetryAfter, 30*time.Second)
	setDefault(&cfg.SecondLook, 3*time.Second)
	setDefault(&cfg.FullEvery, 90*24*time.Hour)
	cfg.Requisites.setDefaults()
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.NameServers == nil {
		cfg.NameServers = lookupNS
	}
	cfg.Wire.Dial = cfg.Dial
	if cfg.Dial == nil {
		cfg.Wire.Dial = cfg.Guard.Dialer().DialContext
	}
	cfg.Wire.Verify = func(name string, cs tls.ConnectionState) error { return wire.VerifyChain(cfg.Roots, name, cs) }
	c := &Crawler{cfg: cfg, wire: wire.New(cfg.Wire), rand: rand.Float64}
	c.chain = chain(&c.cfg, c.wire)
	c.base = newCollector(c.chain)
	c.events = eventSink{cfg.Events}
	return c, nil
}

func setDefault[T int | int64 | time.Duration](p *T, v T) {
	if *p == 0 {
		*p = v
	}
}

// now is the time as the archive keeps it: whole microseconds, UTC.
func (c *Crawler) now() time.Time { return c.cfg.Now().UTC().Truncate(time.Microsecond) }

func lookupNS(ctx context.Context, tld string) error {
	_, err := (&net.Resolver{PreferGo: true}).LookupNS(ctx, tld)
	return err
}

// Run visits every job and calls done once for each visit that ended, one call
// at a time. It returns when all have, when drain is closed and what was in
// flight has ended, or when ctx ends. After drain a visit that would have to
// wait, for a host, a retry or its second look, is dropped as if it had not
// begun. The error is ErrOffline, the context's, or nil; jobs that done never
// saw are left for another run.
func (c *Crawler) Run(ctx context.Context, drain <-chan struct{}, jobs []Job, done func(Result)) error {
	defer c.wire.CloseIdleConnections()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	f := newFrontier(jobs, c.cfg.PerHost, c.cfg.Delay)
	stop := context.AfterFunc(ctx, f.close)
	defer stop()
	if drain != nil {
		go func() {
			select {
			case <-drain:
				f.close()
			case <-ctx.Done():
			}
		}()
	}
	h := &holder{crawler: c, done: done, cancel: cancel, commits: make(chan struct{}, commitsPerWorker*c.cfg.Workers)}
	var wg sync.WaitGroup
	for range min(c.cfg.Workers, max(1, len(jobs))) {
		wg.Go(func() {
			for t := f.take(); t != nil; t = f.take() {
				c.step(ctx, t, f, h)
			}
		})
	}
	wg.Wait()
	f.abandon()
	err := h.finish(ctx)
	h.committing.Wait()
	if err != nil {
		return err
	}
	return context.Cause(ctx)
}
