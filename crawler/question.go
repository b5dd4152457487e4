package crawler

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/platform"
)

// questionRedirects is how many redirects the answer of a platform may take.
const questionRedirects = 4

// question is what a platform is being asked.
type question struct {
	endpoint platform.Endpoint
	hops     int
}

// nextQuestion makes what the source's platform is to be asked next the visit's
// next exchange. It is false when there is nothing to ask in this look; what was
// learnt is then in v.seen.Posts.
func (c *Crawler) nextQuestion(v *visit) bool {
	if v.query == nil || len(v.seen.Posts) > v.look {
		return false
	}
	if x := v.seen.Last(); x != nil && v.query.Reads() {
		v.query.See(c.answer(x))
	}
	e, ok := v.query.Next()
	if !ok {
		v.seen.Posts = append(v.seen.Posts, v.query.Post())
		return false
	}
	// A slow page must not take the time of those who know more.
	v.asking, v.url, v.attempt, v.spent = &question{endpoint: e}, e.URL, 0, 0
	return true
}

// askPlatform makes one exchange with the endpoint in v.asking and, when that is
// the answer, has it read. What can pass is tried again, as for sources.
func (c *Crawler) askPlatform(ctx context.Context, v *visit, left time.Duration, rest func(time.Duration)) (next, error) {
	if left <= 0 {
		v.answered(v.url, &platform.Answer{Failure: fmt.Sprintf("it took longer than %s (--timeout)", c.cfg.Timeout)})
		return next{ended: true}, nil
	}
	if until, ok := c.away.Load(v.asking.endpoint.Name + " " + hostOf(v.url)); ok && time.Now().Before(until.(time.Time)) {
		v.answered(v.url, &platform.Answer{Failure: "it asked to be left alone until " + until.(time.Time).UTC().Format("15:04 UTC")})
		return next{ended: true}, nil
	}
	begun := time.Now()
	defer func() { v.spent += time.Since(begun) }()
	allowed, fetched, err := c.robotsAllow(ctx, v.url, left)
	if err != nil {
		return next{}, err
	}
	v.seen.Exchanges = append(v.seen.Exchanges, fetched...)
	if !allowed {
		v.answered(v.url, &platform.Answer{Failure: "robots.txt forbids it (--robots=respect)"})
		return next{ended: true}, nil
	}
	prior, err := c.prior(ctx, v.url)
	if err != nil {
		return next{}, err
	}
	if prior != nil {
		// "Not modified" would leave nothing to read.
		full := *prior
		full.ETag, full.LastModified = "", ""
		prior = &full
	}
	header := http.Header{}
	if a := v.asking.endpoint.Accept; a != "" {
		header["Accept"] = []string{a}
	}
	x, err := c.exchange(ctx, request{role: archive.RoleProbe, url: v.url, header: header, prior: prior, maxBody: platform.BodyLimit, timeout: left})
	if err != nil {
		x.Close()
		return next{}, err
	}
	v.seen.Exchanges = append(v.seen.Exchanges, x)
	if n, again := c.tryAgain(v, x, begun, rest); again {
		return n, nil
	}
	if d, ok := RetryAfter(x.Header.Get("Retry-After"), c.now()); ok && passing(x.Status) && d > c.cfg.MaxRetryAfter {
		// All posts of a platform share its endpoints: one refusal is for all of them.
		c.away.Store(v.asking.endpoint.Name+" "+hostOf(v.url), time.Now().Add(min(d, 24*time.Hour)))
	}
	if to := v.asking.redirect(x); to != "" {
		v.asking.hops++
		v.url, v.attempt = to, 0
		return next{wait: 1}, nil
	}
	v.answered(x.URL, c.answer(x))
	return next{ended: true}, nil
}

// redirect is where x leads on the way to the answer, "" when it is the answer.
func (q *question) redirect(x *archive.Exchange) string {
	switch x.Status {
	case 301, 302, 303, 307, 308:
		to, err := resolve(x.URL, x.Header.Get("Location"))
		if err == nil && q.endpoint.Follow && q.hops < questionRedirects && x.Header.Get("Location") != "" {
			return to
		}
	}
	return ""
}

func (v *visit) answered(from string, a *platform.Answer) {
	v.asking = nil
	v.query.Tell(from, a)
}

// answer is x as the platform's probe reads it.
func (c *Crawler) answer(x *archive.Exchange) *platform.Answer {
	a := &platform.Answer{Status: x.Status, Header: x.Header}
	if x.Failure != nil {
		a.Failure = x.Failure.Message
	} else if x.Truncated != "" {
		a.Failure = "the answer is cut: " + string(x.Truncated)
	}
	body, err := io.ReadAll(io.LimitReader(x.Content(c.cfg.Decode), platform.BodyLimit+1))
	switch {
	case err != nil && a.Failure == "":
		a.Failure = err.Error()
	case len(body) > platform.BodyLimit && a.Failure == "":
		a.Failure = fmt.Sprintf("the answer is larger than %d bytes", platform.BodyLimit)
	}
	a.Body = body[:min(len(body), platform.BodyLimit)]
	return a
}

// mediaOf lists the pictures and films of a post.
func mediaOf(p *archive.Post) []Requisite {
	if p == nil {
		return nil
	}
	var all []Requisite
	for _, m := range p.Media {
		all = append(all, Requisite{URL: m.URL, Kind: RequisiteImage, Lasting: true})
	}
	if q := p.Quoted; q != nil {
		all = append(all, mediaOf(q)...)
	}
	return all
}

// writePost keeps what the platform said as records of their own, unless the
// archive has the same answers, and with them the records, from before.
func (c *Crawler) writePost(cv *concluded, w Capturing) error {
	p := cv.visit.seen.BestPost()
	if p == nil || len(p.Asked) == 0 {
		return nil
	}
	unchanged := true
	for _, x := range cv.visit.seen.Exchanges {
		unchanged = unchanged && (x.Role != archive.RoleProbe || x.Revisit())
	}
	if unchanged {
		return nil
	}
	at := cv.capture.FinishedAt
	block, err := archive.EncodePost(p)
	if err != nil {
		return err
	}
	if err := w.Resource(archive.PostURI(p.URL), archive.PostType, at, block); err != nil {
		return err
	}
	if p.Author == nil && p.Text == "" && p.Title == "" {
		return nil // there is nothing to show
	}
	card, err := platform.Card(p)
	if err != nil {
		return err
	}
	return w.Resource(archive.CardURI(p.URL), "text/html; charset=utf-8", at, card)
}
