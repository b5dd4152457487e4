package crawler

import (
	"context"
	"fmt"
	"net/http"

	"github.com/ibid-archive/ibid/archive"
)

// commitsPerWorker is how many captures may be on their way to the store for
// each worker. Making a capture durable takes the disk or the network longer
// than it takes us; meanwhile the worker visits the next source.
const commitsPerWorker = 2

// keep has a visit kept and reports it once that is durable, or could not be
// done. It returns before that.
func (h *holder) keep(ctx context.Context, cv *concluded) {
	w, err := h.crawler.write(ctx, cv)
	cv.visit.close()
	r := Result{Job: cv.visit.job, Capture: cv.capture, Err: err} // all that is held while it waits
	if w == nil {
		h.tell(r)
		return
	}
	h.commits <- struct{}{}
	h.committing.Go(func() {
		defer func() { <-h.commits }()
		defer w.Abort()
		if err := w.Commit(ctx, r.Capture); err != nil {
			r.Err = fmt.Errorf("keep %s: %w", r.Capture.URL, err)
		}
		h.tell(r)
	})
}

func (h *holder) tell(r Result) {
	h.report.Lock()
	defer h.report.Unlock()
	h.done(r)
}

// failed reports a visit that could not be made for reasons of our own.
func (h *holder) failed(j Job, err error) {
	h.tell(Result{Job: j, Err: err})
}

// write writes the visit's exchanges and fetches what its page needs. What it
// returns is ready to be committed, nil when nothing is to be kept.
func (c *Crawler) write(ctx context.Context, cv *concluded) (Capturing, error) {
	if c.cfg.Keeper == nil {
		return nil, nil
	}
	w, err := c.cfg.Keeper.Begin()
	if err != nil {
		return nil, fmt.Errorf("keep %s: %w", cv.capture.URL, err)
	}
	for _, x := range cv.visit.seen.Exchanges {
		if err := w.Exchange(x); err != nil {
			w.Abort()
			return nil, fmt.Errorf("keep %s: %w", cv.capture.URL, err)
		}
	}
	if err := c.writePost(cv, w); err != nil {
		w.Abort()
		return nil, fmt.Errorf("keep post of %s: %w", cv.capture.URL, err)
	}
	if c.wantsRequisites(cv) {
		if err := c.requisites(ctx, cv, w); err != nil {
			w.Abort()
			return nil, fmt.Errorf("keep requisites of %s: %w", cv.capture.URL, err)
		}
	}
	cv.capture.FinishedAt = c.now()
	return w, nil
}

func (c *Crawler) wantsRequisites(cv *concluded) bool {
	return !c.cfg.Requisites.Off && len(cv.requisites) > 0
}

// showsPage reports that what a page needs to be shown is kept with it.
func (c *Crawler) showsPage(x *archive.Exchange) bool {
	return !c.cfg.Requisites.Off && x.Status == http.StatusOK
}
