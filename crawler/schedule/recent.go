package schedule

import (
	"context"
	"net/http"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
)

// recent knows answers that the archive holds and the catalog does not yet:
// what many pages of a site need is kept once, also within one run.
type recent map[string]*archive.Prior

// add adds the whole answers of a capture that a later visit can refer to.
func (m recent) add(c *archive.Capture) {
	for i := range c.Exchanges {
		x := &c.Exchanges[i]
		if x.Truncated != "" || x.Failure != nil || x.RefersTo != "" || x.Status != http.StatusOK || x.Record == "" || x.PayloadSHA256 == "" {
			continue
		}
		p := &archive.Prior{URL: x.URL, Record: x.Record, Date: x.Date, PayloadSHA256: x.PayloadSHA256, ETag: x.ETag, LastModified: x.LastModified,
			VerifiedAt: x.Date, Capture: c.SHA256}
		if x.TLS != nil {
			p.Chain = x.TLS.Chain
		}
		m[x.URL] = p
	}
}

// prior looks among the visits of this run, then in the catalog.
func (e *enterer) prior(inCatalog crawler.PriorFunc) crawler.PriorFunc {
	return func(ctx context.Context, url string) (*archive.Prior, error) {
		e.mu.Lock()
		p, ok := e.fresh[url]
		if !ok {
			p, ok = e.stale[url]
		}
		e.mu.Unlock()
		if ok {
			return p, nil
		}
		return inCatalog(ctx, url)
	}
}
