package schedule

import (
	"context"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// earlier finds the first visit of a source that found it: the one nearest to
// what was cited. Of a page that had no title it says only where it was.
func (r *Runner) earlier(ctx context.Context, key string) (*archive.Earlier, error) {
	checks, err := r.Catalog.History(ctx, key, 0)
	if err != nil {
		return nil, err
	}
	for i := len(checks) - 1; i >= 0; i-- {
		c := &checks[i]
		if c.Verdict != archive.Alive && c.Verdict != archive.Moved || c.FinalURL == "" {
			continue
		}
		if c.Imported && slices.ContainsFunc(c.Reasons, func(reason string) bool { return strings.HasPrefix(reason, "memento:") }) {
			continue // what an archive says it was never overrides what it says now
		}
		e := &archive.Earlier{Date: c.CheckedAt, FinalURL: c.FinalURL, Title: c.Title}
		if text := r.Text; text != nil {
			e.Text = func() string {
				s, err := text(ctx, c.Content, c.FinalURL)
				if err != nil && r.Log != nil {
					r.Log.Warn("read what the source was", "key", key, "capture", c.Capture, "err", err)
				}
				return s
			}
		}
		return e, nil
	}
	return nil, nil
}
