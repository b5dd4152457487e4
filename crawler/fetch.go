package crawler

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// ErrDrained says that a Fetcher was asked to stop while it would have waited.
var ErrDrained = errors.New("interrupted")

// Fetcher makes exchanges that belong to no visit: with services that know
// something of a source, such as web archives. They pass the same chain as visits
// do, and are recorded like them. One exchange goes on with each host at a time, a
// pause stands between two, and a host that asks for rest gets it. robots.txt is
// not asked: what is fetched is an interface for programs.
//
// What an Authorization field says is not in the record.
type Fetcher struct {
	crawler *Crawler
	pause   time.Duration
	drain   <-chan struct{}

	mu    sync.Mutex
	hosts map[string]*pacedHost
}

// pacedHost is held by whoever talks to the host.
type pacedHost struct {
	sync.Mutex
	next time.Time // not to be talked to before
}

// NewFetcher returns a Fetcher that leaves a pause between two exchanges with one
// host and, when drain is closed, waits for nothing any more.
func (c *Crawler) NewFetcher(pause time.Duration, drain <-chan struct{}) *Fetcher {
	return &Fetcher{crawler: c, pause: pause, drain: drain, hosts: map[string]*pacedHost{}}
}

// Close closes the connections that are kept for reuse.
func (f *Fetcher) Close() { f.crawler.wire.CloseIdleConnections() }

// Fetch makes one exchange, and again as long as what went wrong can pass and the
// policy of visits allows it (Config.Retries, MaxRetryAfter). It returns every
// attempt, the last one being the answer, with the role archive.RoleLookup; a
// redirect is not followed. The caller closes them. That nothing came is part of
// the record; the error is ErrDrained, the context's, or one of our own.
func (f *Fetcher) Fetch(ctx context.Context, method, url string, header http.Header, body []byte) ([]*archive.Exchange, error) {
	h := f.host(hostOf(url))
	h.Lock()
	defer h.Unlock()
	var all []*archive.Exchange
	c := f.crawler
	for attempt := 0; ; attempt++ {
		if err := f.Wait(ctx, time.Until(h.next)); err != nil {
			return all, err
		}
		x, err := c.exchange(ctx, request{role: archive.RoleLookup, method: method, url: url, header: header, body: body, timeout: c.cfg.Timeout})
		h.next = time.Now().Add(f.pause)
		if err == nil {
			err = c.withhold(x, header.Get("Authorization"))
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			x.Close()
			return all, err
		}
		all = append(all, x)
		wait, again := c.retry(&visit{attempt: attempt}, x, func(d time.Duration) { h.next = time.Now().Add(max(d, f.pause)) })
		if !again {
			return all, nil
		}
		if next := time.Now().Add(wait); next.After(h.next) {
			h.next = next
		}
	}
}

// Wait waits. The error is ErrDrained or the context's.
func (f *Fetcher) Wait(ctx context.Context, d time.Duration) error {
	select {
	case <-f.drain:
		return ErrDrained
	default:
	}
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-f.drain:
		return ErrDrained
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *Fetcher) host(name string) *pacedHost {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.hosts[name]
	if h == nil {
		h = &pacedHost{}
		f.hosts[name] = h
	}
	return h
}

// withheld stands in records for what must not be in an archive.
const withheld = "[withheld]"

// withhold takes a secret out of the record of the request.
func (c *Crawler) withhold(x *archive.Exchange, secret string) error {
	if secret == "" || x.Request.Size() == 0 {
		return nil
	}
	raw, ok := x.Request.Bytes()
	if !ok {
		return errors.New("a request with a secret is too large to take it out of the record")
	}
	clean := archive.NewSpool(c.cfg.TempDir, archive.SpoolMemory)
	if _, err := clean.Write(bytes.ReplaceAll(raw, []byte(secret), []byte(withheld))); err != nil {
		clean.Close()
		return err
	}
	x.Request.Close()
	x.Request = clean
	return nil
}
