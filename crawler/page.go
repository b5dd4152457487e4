package crawler

import (
	"context"
	"errors"
	"io"
	neturl "net/url"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ibid-archive/ibid/archive"
)

// RequisiteLimits bound what one page may pull in. Zero values mean the defaults.
type RequisiteLimits struct {
	Off         bool
	Count       int           // default 200
	Bytes       int64         // all together, as received; default 64 MiB
	Time        time.Duration // all together; default 30 s
	Connections int           // at the same time; default 6, as browsers have
}

func (l *RequisiteLimits) setDefaults() {
	setDefault(&l.Count, 200)
	setDefault(&l.Bytes, 64<<20)
	setDefault(&l.Time, 30*time.Second)
	setDefault(&l.Connections, 6)
}

const (
	// requisiteMemory keeps many small files in memory without 200 large ones.
	requisiteMemory = 64 << 10
	// requisiteDepth is how far style sheets may import others.
	requisiteDepth = 5
	// requisiteRedirects is how many redirects one requisite may take.
	requisiteRedirects = 5
	// styleBytes is how much of a style sheet is searched for more.
	styleBytes = 4 << 20
)

// loader fetches the requisites of one page as a browser would: a few at a
// time, style sheets leading to more. Each is kept as soon as it is there.
type loader struct {
	c   *Crawler
	w   Capturing
	new bool // only what the archive has no answer for yet

	mu      sync.Mutex
	seen    map[string]bool
	bytes   int64
	summary archive.RequisiteSummary
}

// requisites has everything kept that the page of cv needs to be shown. What a
// limit leaves out is counted in the capture.
func (c *Crawler) requisites(ctx context.Context, cv *concluded, w Capturing) error {
	x := cv.visit.seen.Last()
	found := cv.requisites
	tctx, cancel := context.WithTimeout(ctx, c.cfg.Requisites.Time)
	defer cancel()
	// An unchanged page needs what it needed before; only gaps are filled.
	l := &loader{c: c, w: w, new: x != nil && x.Revisit(), seen: map[string]bool{}}
	for depth := 0; depth < requisiteDepth && len(found) > 0; depth++ {
		var err error
		if found, err = l.wave(tctx, found); err != nil {
			return err
		}
	}
	l.summary.Skipped += len(found)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if l.summary != (archive.RequisiteSummary{}) {
		cv.capture.Requisites = &l.summary
	}
	return nil
}

// wave fetches a set of requisites and returns those that they name in turn.
func (l *loader) wave(ctx context.Context, set []Requisite) ([]Requisite, error) {
	var g errgroup.Group
	g.SetLimit(l.c.cfg.Requisites.Connections)
	var more []Requisite
	for _, r := range set {
		if !l.admit(ctx, r) {
			continue
		}
		g.Go(func() error {
			next, err := l.fetch(ctx, r)
			l.mu.Lock()
			more = append(more, next...)
			l.mu.Unlock()
			return err
		})
	}
	return more, g.Wait()
}

// admit says whether a requisite is fetched, and counts it.
func (l *loader) admit(ctx context.Context, r Requisite) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen[r.URL] {
		return false
	}
	l.seen[r.URL] = true
	if r.Implicit && !l.c.firstIcon(r.URL) {
		return false
	}
	limits := l.c.cfg.Requisites
	if l.summary.Fetched >= limits.Count || l.bytes >= limits.Bytes || ctx.Err() != nil {
		l.summary.Skipped++
		return false
	}
	l.summary.Fetched++
	return true
}

// firstIcon reports whether an icon that no page names is asked for the first
// time in this run: pages of one site share it, and often it is not there.
func (c *Crawler) firstIcon(url string) bool {
	_, again := c.icons.LoadOrStore(url, true)
	return !again
}

// fetch makes the exchanges of one requisite and has them kept.
func (l *loader) fetch(ctx context.Context, r Requisite) ([]Requisite, error) {
	url := r.URL
	for range requisiteRedirects + 1 {
		prior, err := l.c.prior(ctx, url)
		if err != nil {
			return nil, ignoreEnd(ctx, err)
		}
		if prior != nil && (l.new || r.Lasting) {
			l.count(func(s *archive.RequisiteSummary) { s.Fetched--; s.Held++ })
			return nil, nil
		}
		ok, fetched, err := l.c.robotsAllow(ctx, url, robotsTimeout)
		for _, x := range fetched {
			err = errors.Join(err, l.put(x))
		}
		if err != nil || !ok {
			l.count(func(s *archive.RequisiteSummary) { s.Fetched--; s.Skipped++ })
			return nil, ignoreEnd(ctx, err)
		}
		x, err := l.c.exchange(ctx, request{role: archive.RoleRequisite, url: url, prior: prior, maxBody: l.left(), timeout: l.c.cfg.Requisites.Time})
		if err != nil {
			x.Close()
			return nil, err
		}
		redirect, more := l.read(x, r.Kind)
		err = l.keep(x, r.Implicit)
		if err != nil || redirect == "" {
			return more, err
		}
		url = redirect
	}
	return nil, nil
}

// ignoreEnd drops the error of a time limit that has passed: what was not
// fetched in time is counted, not an error.
func ignoreEnd(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return nil
	}
	return err
}

func (l *loader) left() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(1, l.c.cfg.Requisites.Bytes-l.bytes)
}

// read finds where x leads on to: a redirect, or what a style sheet needs.
func (l *loader) read(x *archive.Exchange, kind string) (redirect string, more []Requisite) {
	switch x.Status {
	case 301, 302, 303, 307, 308:
		if to, err := resolve(x.URL, x.Header.Get("Location")); err == nil && to != x.URL {
			return to, nil
		}
	case 200:
		base, err := neturl.Parse(x.URL)
		if kind == RequisiteStyle && err == nil {
			css, _ := io.ReadAll(io.LimitReader(x.Content(l.c.cfg.Decode), styleBytes))
			return "", CSSRequisites(base, css)
		}
	}
	return "", nil
}

func (l *loader) keep(x *archive.Exchange, implicit bool) error {
	l.count(func(s *archive.RequisiteSummary) {
		l.bytes += x.Response.Size()
		if (!x.Complete() || x.Status >= 400) && !implicit {
			s.Failed++
		}
	})
	return l.put(x)
}

// put writes x into the capture and lets go of it.
func (l *loader) put(x *archive.Exchange) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer x.Close()
	return l.w.Exchange(x)
}

func (l *loader) count(f func(*archive.RequisiteSummary)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.summary)
}
