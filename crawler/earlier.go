package crawler

import (
	"context"

	"github.com/ibid-archive/ibid/archive"
)

// earlier asks at most once for what a source was. Not knowing it is no reason
// to fail a visit: its verdict says that nothing could be compared.
func (c *Crawler) earlier(ctx context.Context, key string) func() *archive.Earlier {
	if c.cfg.Earlier == nil {
		return nil
	}
	var found *archive.Earlier
	asked := false
	return func() *archive.Earlier {
		if asked {
			return found
		}
		asked = true
		var err error
		if found, err = c.cfg.Earlier(ctx, key); err != nil {
			c.cfg.Log.Warn("look up what the source was", "key", key, "err", err)
			found = nil
		}
		return found
	}
}
