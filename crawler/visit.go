package crawler

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/platform"
)

// visit is one source on its way from job to capture. It moves one exchange at
// a time, from host to host; no two workers hold it at once.
type visit struct {
	job  Job
	seen archive.Visit

	url     string        // what to request next
	spent   time.Duration // of the time-out
	attempt int           // of the current URL, from 0
	look    int           // 0 first, 1 second
	chain   []string      // URLs requested in this look, redirects included
	probe   string        // what the judge asks for, requested next
	probed  []string
	query   *platform.Query // of the source's platform, nil when it has none
	asking  *question       // of query, requested next
	jar     http.CookieJar
}

func newVisit(j Job) *visit { return &visit{job: j, url: j.URL} }

// next says how a visit goes on after an exchange.
type next struct {
	ended bool
	wait  time.Duration // before the next exchange
}

// step makes the visit's exchanges until it ends or has to wait for a host.
func (c *Crawler) step(ctx context.Context, t *turn, f *frontier, h *holder) {
	v := t.visit
	if v.seen.StartedAt.IsZero() {
		v.seen = archive.Visit{Key: v.job.Key, URL: v.job.URL, Citations: v.job.Citations, StartedAt: c.now(),
			Policy: archive.Policy{Robots: c.cfg.Robots, Profile: c.cfg.Profile}}
		v.query = c.cfg.Platforms.Match(v.job.Key, v.job.URL)
	}
	for {
		n, err := c.advance(ctx, v, func(d time.Duration) { f.rest(t, d) })
		if err != nil || ctx.Err() != nil {
			v.close()
			if ctx.Err() == nil {
				h.failed(v.job, fmt.Errorf("visit %s: %w", v.job.URL, err))
			}
			f.ended(t)
			return
		}
		if n.ended {
			if wait, again := c.conclude(ctx, v, h); again {
				n.wait = wait
			} else {
				f.ended(t)
				return
			}
		}
		if name := hostOf(v.url); n.wait > 0 || name != t.host.name {
			v.settle()
			f.again(t, name, time.Now().Add(n.wait))
			return
		}
	}
}

// advance makes one exchange and decides what follows from it. rest is called
// when the host asked to be left alone for a while.
func (c *Crawler) advance(ctx context.Context, v *visit, rest func(time.Duration)) (next, error) {
	left := c.cfg.Timeout - v.spent
	if v.probe != "" {
		return c.ask(ctx, v, left)
	}
	if v.asking != nil {
		return c.askPlatform(ctx, v, left, rest)
	}
	if left <= 0 {
		v.fail(c.now(), "limit", archive.ClassTimeout, fmt.Sprintf("the visit took longer than %s (--timeout)", c.cfg.Timeout))
		return next{ended: true}, nil
	}
	if v.attempt == 0 {
		v.chain = append(v.chain, v.url)
	}
	begun := time.Now()
	defer func() { v.spent += time.Since(begun) }()
	allowed, fetched, err := c.robotsAllow(ctx, v.url, left)
	if err != nil {
		return next{}, err
	}
	v.seen.Exchanges = append(v.seen.Exchanges, fetched...)
	if !allowed {
		v.fail(c.now(), "robots", archive.ClassRobots, "robots.txt forbids it (--robots=respect)")
		return next{ended: true}, nil
	}
	prior, err := c.prior(ctx, v.url)
	if err != nil {
		return next{}, err
	}
	x, err := c.exchange(ctx, request{role: archive.RoleSource, url: v.url, header: v.cookies(), prior: prior, timeout: left})
	if err != nil {
		x.Close()
		return next{}, err
	}
	v.seen.Exchanges = append(v.seen.Exchanges, x)
	if n, again := c.tryAgain(v, x, begun, rest); again {
		return n, nil
	}
	if c.follow(v, x) || v.spent+time.Since(begun) < c.cfg.Timeout && v.upgrade(x) {
		return next{}, nil
	}
	return next{ended: true}, nil
}

// prior looks up what a request can be conditional on.
func (c *Crawler) prior(ctx context.Context, url string) (*archive.Prior, error) {
	if c.cfg.Prior == nil {
		return nil, nil
	}
	p, err := c.cfg.Prior(ctx, url)
	if err != nil || p == nil {
		return nil, err
	}
	if c.now().Sub(p.VerifiedAt) > c.cfg.FullEvery {
		// Servers lie about 304; now and then the bytes are asked for.
		full := *p
		full.ETag, full.LastModified = "", ""
		return &full, nil
	}
	return p, nil
}

// tryAgain says when an exchange, which began at begun, is made once more, if there
// is time for that.
func (c *Crawler) tryAgain(v *visit, x *archive.Exchange, begun time.Time, rest func(time.Duration)) (next, bool) {
	wait, again := c.retry(v, x, rest)
	if !again || v.spent+time.Since(begun)+wait >= c.cfg.Timeout {
		return next{}, false
	}
	v.attempt++
	v.spent += wait
	// However short the wait, the host is given back: its delay comes first.
	return next{wait: max(wait, 1)}, true
}

// retry says whether what went wrong can pass, and when to try again.
func (c *Crawler) retry(v *visit, x *archive.Exchange, rest func(time.Duration)) (time.Duration, bool) {
	if x.Status != 0 {
		if d, ok := RetryAfter(x.Header.Get("Retry-After"), c.now()); ok && passing(x.Status) {
			if d > c.cfg.MaxRetryAfter {
				return 0, false
			}
			rest(d)
			return d, v.attempt < c.cfg.Retries
		}
	}
	if v.attempt >= c.cfg.Retries || !c.canPass(x) {
		return 0, false
	}
	return Backoff(v.attempt, c.cfg.RetryBase, c.cfg.RetryMax, c.rand), true
}

func (c *Crawler) canPass(x *archive.Exchange) bool {
	if x.Failure == nil {
		return passing(x.Status)
	}
	switch x.Failure.Class {
	case archive.ClassDNS, archive.ClassReset, archive.ClassTimeout, archive.ClassUnreachable, archive.ClassRefused:
		return true
	}
	return false
}

// passing reports a status that says "not now" (RFC 9110 §15.5.9, §15.6; RFC 6585 §4).
func passing(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooEarly || status == http.StatusTooManyRequests ||
		status >= 500 && status != http.StatusNotImplemented && status != http.StatusHTTPVersionNotSupported
}

// fail notes that the visit ended without another exchange.
func (v *visit) fail(now time.Time, phase, class, message string) {
	v.failAt(v.url, now, phase, class, message)
}

func (v *visit) failAt(url string, now time.Time, phase, class, message string) {
	v.seen.Exchanges = append(v.seen.Exchanges, &archive.Exchange{
		Role: archive.RoleSource, URL: url, Method: http.MethodGet, Started: now,
		Failure: &archive.Failure{Phase: phase, Class: class, Message: message},
	})
}

// lookAgain begins the visit anew, with what was seen kept as evidence.
func (v *visit) lookAgain() {
	v.look++
	v.url, v.attempt, v.spent, v.chain, v.jar = v.job.URL, 0, 0, nil, nil
	v.seen.Outcome = archive.Outcome{}
	if v.query != nil {
		v.query.Again()
	}
}

// settle is called before v waits.
func (v *visit) settle() {
	for _, x := range v.seen.Exchanges {
		x.Response.Settle()
	}
}

func (v *visit) close() {
	for _, x := range v.seen.Exchanges {
		x.Close()
	}
}
