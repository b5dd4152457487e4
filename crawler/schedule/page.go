package schedule

import (
	"context"
	"errors"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
)

// Fetch visits one page that is no source but a report itself, and keeps the visit as a capture of its own, in archive,
// log and catalog. It is asked for in full, however lately it was visited; Runner.Crawler.Judge sees what came. The error
// is one of our own: that the page could not be had is part of the capture.
func (r *Runner) Fetch(ctx context.Context, drain <-chan struct{}, page crawler.Job) (*archive.Capture, error) {
	if _, err := r.Heal(ctx); err != nil {
		return nil, err
	}
	id, err := r.Catalog.BeginRun(ctx, r.now())
	if err != nil {
		return nil, err
	}
	whole := *r
	whole.whole = true
	run := &Run{}
	var capture *archive.Capture
	runErr, err := whole.crawl(ctx, drain, archive.ProfileDefault, []crawler.Job{page}, run, func(res crawler.Result) {
		if res.Err == nil {
			capture = res.Capture
		}
	})
	if err := errors.Join(append(run.Errors, runErr, err)...); err != nil {
		return nil, err
	}
	if capture == nil {
		return nil, context.Canceled // the run was interrupted
	}
	return capture, r.Catalog.EndRun(context.WithoutCancel(ctx), id)
}
