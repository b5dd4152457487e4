package crawler

import (
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// robotsCache holds what each origin's robots.txt says, for as long as RFC
// 9309 §2.4 allows. Each is fetched once, whoever asks.
type robotsCache struct {
	mu      sync.Mutex
	origins map[string]*robotsEntry
}

type robotsEntry struct {
	once   sync.Once
	at     time.Time
	robots *Robots
	// exchanges of the fetch, until a visit takes them into its capture
	exchanges []*archive.Exchange
}

// robotsProduct is the product token that robots.txt may name (RFC 9309 §2.2.1).
const robotsProduct = "ibid"

const (
	robotsTTL       = 24 * time.Hour
	robotsRedirects = 5 // RFC 9309 §2.3.1.2
	robotsTimeout   = 15 * time.Second
)

// robotsAllow decides about a URL. The exchanges are those of the robots.txt
// when it had to be fetched for it; they belong into the caller's capture.
func (c *Crawler) robotsAllow(ctx context.Context, url string, left time.Duration) (bool, []*archive.Exchange, error) {
	if c.cfg.Robots != RobotsRespect {
		return true, nil, nil
	}
	e, err := c.robotsOf(ctx, url, left)
	if err != nil {
		return false, nil, err
	}
	c.robots.mu.Lock()
	fetched := e.exchanges
	e.exchanges = nil
	c.robots.mu.Unlock()
	return e.robots.Allowed(robotsProduct, requestTarget(url)), fetched, nil
}

func (c *Crawler) robotsOf(ctx context.Context, url string, left time.Duration) (*robotsEntry, error) {
	scheme, _, _ := strings.Cut(url, "://")
	origin := scheme + "://" + hostOf(url)
	c.robots.mu.Lock()
	if c.robots.origins == nil {
		c.robots.origins = map[string]*robotsEntry{}
	}
	e := c.robots.origins[origin]
	if e == nil || c.now().Sub(e.at) > robotsTTL {
		e = &robotsEntry{at: c.now()}
		c.robots.origins[origin] = e
	}
	c.robots.mu.Unlock()
	var err error
	e.once.Do(func() {
		err = c.fetchRobots(ctx, e, origin+"/robots.txt", min(left, robotsTimeout))
		if err != nil || ctx.Err() != nil || left < robotsTimeout && e.robots.disallowAll {
			// We gave up, not the server: the next visit asks again.
			c.robots.mu.Lock()
			delete(c.robots.origins, origin)
			c.robots.mu.Unlock()
		}
	})
	return e, err
}

func (c *Crawler) fetchRobots(ctx context.Context, e *robotsEntry, url string, timeout time.Duration) error {
	for range robotsRedirects + 1 {
		x, err := c.exchange(ctx, request{role: archive.RoleRobots, url: url, maxBody: RobotsMaxBytes, timeout: timeout})
		if err != nil {
			x.Close()
			return err
		}
		e.exchanges = append(e.exchanges, x)
		if x.Status/100 == 3 && x.Header.Get("Location") != "" {
			if to, err := resolve(x.URL, x.Header.Get("Location")); err == nil {
				url = to
				continue
			}
		}
		var body []byte
		if x.Status/100 == 2 {
			body, _ = io.ReadAll(x.Content(archive.DecodeLimits{MaxBytes: RobotsMaxBytes}))
		}
		e.robots = robotsFor(x.Status, failed(x), body)
		return nil
	}
	e.robots = robotsFor(302, nil, nil)
	return nil
}

// failed turns an exchange without an answer into an error.
func failed(x *archive.Exchange) error {
	if x.Status != 0 || x.Failure == nil {
		return nil
	}
	return &exchangeError{x.Failure}
}

type exchangeError struct{ *archive.Failure }

func (e *exchangeError) Error() string { return e.Phase + ": " + e.Message }
