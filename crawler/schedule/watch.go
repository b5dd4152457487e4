package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
)

// Watch is what a Scheduler runs: it reads the reports anew each time, so that
// a changed file becomes a new version, and visits what they cite.
type Watch struct {
	Runner *Runner
	// Read reads the reports of an entry: as a rule the one that it names, but a
	// directory or a pattern can stand for many. It may be asked to stop by drain;
	// the error is then ErrInterrupted.
	Read func(ctx context.Context, drain <-chan struct{}, e Entry) ([]Source, error)
	// Done is called after each visit, one call at a time; nil for nobody.
	Done func(crawler.Result)
	// Rescue is made after each run that went well; the zero Rescue asks nobody.
	Rescue Rescue
	// After is called after each run, however it went; nil for nothing.
	After func(ctx context.Context)
	Log   *slog.Logger
}

// Run is for Config.Run. An entry that cannot be read is left out, and the
// error says so when everything else went well. A report that an entry had and has
// no more is said; what the archive and the catalog have of it stays.
func (w *Watch) Run(ctx context.Context, drain <-chan struct{}, due []Entry) error {
	var sources []Source
	unreadable := Unreadable{}
	seen := map[string]bool{} // a file can be named, and be in a directory that is
	for _, e := range due {
		found, err := w.Read(ctx, drain, e)
		switch {
		case errors.Is(err, ErrInterrupted), ctx.Err() != nil:
			return errors.Join(err, ctx.Err())
		case err != nil:
			unreadable[e.Report] = err
			continue
		}
		if err := w.found(ctx, e, found); err != nil {
			return err
		}
		for _, s := range found {
			if !seen[s.Report.Path] {
				seen[s.Report.Path] = true
				sources = append(sources, s)
			}
		}
	}
	if len(sources) > 0 {
		if err := w.visit(ctx, drain, "run", due, sources); err != nil {
			return err
		}
	}
	if len(unreadable) > 0 {
		return unreadable
	}
	return nil
}

// visit makes one run, which what names.
func (w *Watch) visit(ctx context.Context, drain <-chan struct{}, what string, due []Entry, sources []Source) error {
	if w.After != nil {
		defer w.After(ctx)
	}
	r := *w.Runner
	begun := r.now()
	r.MaxAge, r.OnlyDue = MaxAge(r.MaxAge, due, begun), true
	started := func(jobs []crawler.Job, fresh int) {
		w.Log.Info(what+" begins", "reports", len(sources), "due", len(jobs), "fresh", fresh, "max_age", r.MaxAge)
	}
	run, err := r.Visit(ctx, drain, sources, started, w.done)
	if run != nil {
		w.Log.Info(what+" ended", "visited", run.Visited, "fresh", run.Fresh, "left", run.Left, "bytes", run.Bytes, "took", r.now().Sub(begun).Round(time.Millisecond))
	}
	switch {
	case err != nil:
		return err
	case closed(drain) && run.Left > len(run.Errors):
		return fmt.Errorf("%w: %d of %d sources are left", ErrInterrupted, run.Left, run.Seeds)
	case len(run.Errors) > 0:
		return fmt.Errorf("%d of %d sources could not be kept: %w", len(run.Errors), run.Seeds, run.Errors[0])
	}
	return w.rescue(ctx, drain, &r, sources)
}

// rescue asks web archives. What they do not answer now is asked at a later tick.
func (w *Watch) rescue(ctx context.Context, drain <-chan struct{}, r *Runner, sources []Source) error {
	tell := RescueEvents{Done: func(job crawler.Job, kept *archive.Capture, why string) {
		if kept == nil {
			w.Log.Info("nothing new from web archives", "url", job.URL, "why", why)
			return
		}
		w.Log.Info("kept what a web archive has", "url", job.URL, "capture", kept.SHA256)
	}}
	out, err := r.Rescue(ctx, drain, sources, w.Rescue, tell)
	for host, n := range out.Asked {
		w.Log.Info("asked a web archive", "host", host, "addresses", n, "kept", out.Kept, "submitted", out.Submitted, "left", out.Left)
	}
	for name, why := range out.Resting {
		w.Log.Warn("a web archive could not be asked on", "archive", name, "why", why)
	}
	if err == nil && len(out.Errors) > 0 {
		err = fmt.Errorf("what web archives gave could not be kept: %w", out.Errors[0])
	}
	return err
}

func (w *Watch) done(res crawler.Result) {
	if res.Err != nil {
		w.Log.Error("not kept", "url", res.Job.URL, "err", res.Err)
	} else {
		w.Log.Debug("visited", "url", res.Job.URL, "verdict", string(res.Capture.Verdict), "capture", res.Capture.SHA256)
	}
	if w.Done != nil {
		w.Done(res)
	}
}

// MaxAge is how recent a source's last visit may be for a scheduled run to
// leave it alone: longest, but never more than half of the shortest interval of
// the schedules. A daily schedule so visits daily although the last visit came
// late in yesterday's run, and a run that was interrupted goes on where it was.
func MaxAge(longest time.Duration, due []Entry, now time.Time) time.Duration {
	for _, e := range due {
		if shortest := e.Schedule.Shortest(now); shortest > 0 {
			longest = min(longest, shortest/2)
		}
	}
	return longest
}

// Reachable returns an error when the catalog or the archive cannot be read, or
// when the archive has lost all the reports that the catalog knows, as a
// directory does that was removed.
func (r *Runner) Reachable(ctx context.Context) error {
	reports, err := r.Catalog.Reports(ctx)
	if err != nil {
		return err
	}
	for _, err := range r.Archive.List(ctx, archive.ReportPrefix) {
		return err
	}
	if len(reports) > 0 {
		return errors.New("the archive lists no report, but the catalog knows some: was it moved or removed?")
	}
	return nil
}
