package schedule

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/seeds"
)

// Watch is what a Scheduler runs: it reads the reports anew each time, so that
// a changed file becomes a new version, and visits what they cite.
type Watch struct {
	Runner *Runner
	// Dir is what relative paths of reports are relative to.
	Dir string
	// Done is called after each visit, one call at a time; nil for nobody.
	Done func(crawler.Result)
	// Rescue is made after each run that went well; the zero Rescue asks nobody.
	Rescue Rescue
	Log    *slog.Logger
}

// Run is for Config.Run. A report that cannot be read is left out, and the
// error says so when everything else went well.
func (w *Watch) Run(ctx context.Context, drain <-chan struct{}, due []Entry) error {
	var sources []Source
	unreadable := Unreadable{}
	for _, e := range due {
		source, err := w.read(e.Report)
		if err != nil {
			unreadable[e.Report] = err
			continue
		}
		sources = append(sources, source)
	}
	if len(sources) > 0 {
		if err := w.visit(ctx, drain, due, sources); err != nil {
			return err
		}
	}
	if len(unreadable) > 0 {
		return unreadable
	}
	return nil
}

func (w *Watch) visit(ctx context.Context, drain <-chan struct{}, due []Entry, sources []Source) error {
	r := *w.Runner
	begun := r.now()
	r.MaxAge, r.OnlyDue = MaxAge(r.MaxAge, due, begun), true
	started := func(jobs []crawler.Job, fresh int) {
		w.Log.Info("run begins", "reports", len(sources), "due", len(jobs), "fresh", fresh, "max_age", r.MaxAge)
	}
	run, err := r.Visit(ctx, drain, sources, started, w.done)
	if run != nil {
		w.Log.Info("run ended", "visited", run.Visited, "fresh", run.Fresh, "left", run.Left, "bytes", run.Bytes, "took", r.now().Sub(begun).Round(time.Millisecond))
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

// read reads a report.
func (w *Watch) read(path string) (Source, error) {
	data, err := readRegular(w.file(path))
	if err != nil {
		return Source{}, fmt.Errorf("read report: %w", err)
	}
	data, mediaType := Gather(w.file(path), path, data)
	report, err := seeds.ReadTyped(path, mediaType, data)
	if err != nil {
		return Source{}, err
	}
	return Source{Report: report, Data: data}, nil
}

// Gather puts a report that was read from a file together with what belongs to it beside that file, see [seeds.Gather]. name is
// its path as it is kept.
func Gather(file, name string, data []byte) (gathered []byte, mediaType string) {
	root, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return data, "" // reading says what is missing
	}
	defer root.Close()
	return seeds.Gather(name, data, root.FS())
}

func (w *Watch) file(path string) string {
	name := filepath.FromSlash(path)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(w.Dir, name)
}

// readRegular reads a file, at most one byte more than a report may have. It
// does not open what could make it wait, such as a named pipe.
func readRegular(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, seeds.MaxSize+1))
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
