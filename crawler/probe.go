package crawler

import (
	"context"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// probeBody bounds, in bytes, the answer to what the judge asked for.
const probeBody = 1 << 20

// ask makes the one exchange that the judge asked for (see archive.Judgement):
// a page of the same host, most likely one that does not exist. It follows no
// redirect and is not tried again, since how it is answered is all that is
// asked. What forbids a visit forbids it too; then, and when no time is left,
// the visit ends without it.
func (c *Crawler) ask(ctx context.Context, v *visit, left time.Duration) (next, error) {
	url := v.probe
	v.probe = ""
	if left <= 0 {
		return next{ended: true}, nil
	}
	begun := time.Now()
	defer func() { v.spent += time.Since(begun) }()
	allowed, fetched, err := c.robotsAllow(ctx, url, left)
	if err != nil {
		return next{}, err
	}
	v.seen.Exchanges = append(v.seen.Exchanges, fetched...)
	if !allowed {
		return next{ended: true}, nil
	}
	x, err := c.exchange(ctx, request{role: archive.RoleProbe, url: url, header: v.cookies(), maxBody: probeBody, timeout: left})
	if err != nil {
		x.Close()
		return next{}, err
	}
	v.seen.Exchanges = append(v.seen.Exchanges, x)
	return next{ended: true}, nil
}
