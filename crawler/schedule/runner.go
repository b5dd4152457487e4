// Package schedule runs visits on one machine: once, for what some reports
// cite, or again and again, on a cron schedule.
//
// What is due comes from the catalog. What was visited is committed to the
// archive first, entered into its log then, and into the catalog last, and only
// after that a visit is reported. So a run that is killed leaves at most captures
// that log or catalog do not know, and the next run enters those before it begins.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/seeds"
)

// Source is a report with the bytes that it was read from.
type Source struct {
	Report *seeds.Report
	Data   []byte
	Kept   bool // the archive has it: see Runner.Kept
}

// Runner visits what reports cite and keeps what it finds.
type Runner struct {
	Archive *archive.Archive
	Catalog *catalog.Catalog
	Crawler crawler.Config // Keeper and Prior are the Runner's own
	MaxAge  time.Duration  // a source visited more recently is left alone; 0 visits everything
	Due     DueFunc        // as whom sources are visited, and with OnlyDue when; nil for MaxAge alone
	OnlyDue bool           // what is not due yet is left alone, and MaxAge is not asked
	Log     *slog.Logger

	whole bool // sources are asked for in full, whatever is known of them
}

// Run is what one run did.
type Run struct {
	Seeds   int   // different sources that the reports cite
	Fresh   int   // of them left alone, their last visit being recent enough
	Visited int   // visited and kept
	Left    int   // not visited: the run was interrupted
	Bytes   int64 // added to the archive by captures
	Errors  []error
}

// keeper gives an archive.Writer to the crawler.
type keeper struct{ a *archive.Archive }

func (k keeper) Begin() (crawler.Capturing, error) { return k.a.Begin() }

// Visit keeps the reports themselves and visits every source that they cite
// and that is due. started is called once with what is to be done, done after
// each visit, one call at a time; both may be nil. The error is one that ended
// the run early (crawler.ErrOffline among them); single visits that could not
// be kept are in Run.Errors.
func (r *Runner) Visit(ctx context.Context, drain <-chan struct{}, sources []Source, started func(jobs []crawler.Job, fresh int), done func(crawler.Result)) (*Run, error) {
	if _, err := r.Heal(ctx); err != nil {
		return nil, err
	}
	id, err := r.Catalog.BeginRun(ctx, r.now())
	if err != nil {
		return nil, err
	}
	if err := r.keepReports(ctx, sources); err != nil {
		return nil, err
	}
	jobs := Jobs(sources)
	run := &Run{Seeds: len(jobs)}
	if !r.OnlyDue || r.Due == nil {
		if jobs, err = r.due(ctx, jobs); err != nil {
			return nil, err
		}
	}
	todo, err := r.plan(ctx, jobs)
	if err != nil {
		return nil, err
	}
	run.Left = todo.count()
	run.Fresh = run.Seeds - run.Left
	if started != nil {
		started(todo.all(), run.Fresh)
	}
	runErr, err := r.crawlAll(ctx, drain, todo, run, done)
	if err != nil {
		return run, errors.Join(runErr, err)
	}
	if len(run.Errors) > 0 {
		// A store can keep something and fail to say so. The run counts as
		// unfinished, and the next one looks for captures of this one.
		return run, runErr
	}
	// Everything that was kept is in the catalog, however the run ended.
	return run, errors.Join(runErr, r.Catalog.EndRun(context.WithoutCancel(ctx), id))
}

func (r *Runner) now() time.Time {
	if r.Crawler.Now != nil {
		return r.Crawler.Now()
	}
	return time.Now()
}

// crawlAll visits what is to be visited with one profile after the other. What
// the first did not find is asked for with the second, too, when that is due.
func (r *Runner) crawlAll(ctx context.Context, drain <-chan struct{}, todo plan, run *Run, done func(crawler.Result)) (runErr, err error) {
	var lost []crawler.Job
	for _, profile := range profiles() {
		more, err := r.again(ctx, profile, lost)
		if err != nil {
			return nil, err
		}
		run.Left += len(more)
		runErr, err = r.crawl(ctx, drain, profile, append(todo.jobs[profile], more...), run, func(res crawler.Result) {
			if res.Err == nil && absent(res.Capture.Verdict) && todo.known[res.Job.Key] {
				lost = append(lost, res.Job)
			}
			if done != nil {
				done(res)
			}
		})
		if runErr != nil || err != nil || closed(drain) {
			return runErr, err
		}
	}
	return nil, nil
}

// crawl visits jobs with a profile and enters what was committed into log and catalog. runErr is
// why the run ended early, err why the catalog does not know all of it.
func (r *Runner) crawl(ctx context.Context, drain <-chan struct{}, profile string, jobs []crawler.Job, run *Run, done func(crawler.Result)) (runErr, err error) {
	if len(jobs) == 0 {
		return nil, nil
	}
	follows, err := r.follows(ctx)
	if err != nil {
		return err, nil
	}
	batch := r.Catalog.Batch(context.WithoutCancel(ctx))
	e := newEnterer(ctx, r.Archive, batch, follows, func(res crawler.Result) {
		if res.Err == nil {
			run.Visited++
			run.Left--
			run.Bytes += res.Capture.Size
		} else {
			run.Errors = append(run.Errors, res.Err)
		}
		done(res)
	})
	cfg := r.Crawler
	cfg.Profile = profile
	cfg.Keeper, cfg.Prior = keeper{r.Archive}, e.prior(r.Catalog.Prior)
	if r.whole {
		cfg.Prior = nil
	}
	c, runErr := crawler.New(cfg)
	if runErr == nil {
		runErr = c.Run(ctx, drain, jobs, e.add)
	}
	// What is committed is entered even when the run is being interrupted.
	e.close()
	if err := batch.Close(); err != nil {
		return runErr, fmt.Errorf("enter captures into the catalog (they are in the archive; `ibid reindex` enters them): %w", err)
	}
	return runErr, r.follow(context.WithoutCancel(ctx), e.follows)
}

// Jobs merges what the reports cite: one job a source, knowing all its citations.
func Jobs(sources []Source) []crawler.Job {
	var jobs []crawler.Job
	at := map[string]int{}
	for _, s := range sources {
		raw := map[string]string{}
		for _, c := range s.Report.Citations {
			raw[c.ID] = c.Written()
		}
		for _, seed := range s.Report.Seeds() {
			i, ok := at[seed.Key]
			if !ok {
				i = len(jobs)
				at[seed.Key] = i
				jobs = append(jobs, crawler.Job{Key: seed.Key, URL: seed.URL, Host: seed.Host})
			}
			for _, id := range seed.Citations {
				ref := archive.CitationRef{Report: s.Report.SHA256, Path: s.Report.Path, ID: id}
				if raw[id] != jobs[i].URL {
					ref.Raw = raw[id]
				}
				jobs[i].Citations = append(jobs[i].Citations, ref)
			}
		}
	}
	return jobs
}

// lookUp is how many sources are looked up at once.
const lookUp = 2000

// due leaves out the jobs whose source was visited recently. A visit that got
// no answer does not count: looking again is the reason to run again.
func (r *Runner) due(ctx context.Context, jobs []crawler.Job) ([]crawler.Job, error) {
	if r.MaxAge <= 0 {
		return jobs, nil
	}
	since := r.now().Add(-r.MaxAge)
	due := jobs[:0]
	for part := range slices.Chunk(jobs, lookUp) {
		keys := make([]string, len(part))
		for i, j := range part {
			keys[i] = j.Key
		}
		checks, err := r.Catalog.Latest(ctx, keys...)
		if err != nil {
			return nil, err
		}
		for _, j := range part {
			c, ok := checks[j.Key]
			if !ok || c.Imported || c.CheckedAt.Before(since) || c.Verdict == archive.Unreachable || c.Verdict == archive.Unknown {
				due = append(due, j)
			}
		}
	}
	return due, nil
}

// keepReports puts versions of reports into archive, log and catalog, once.
func (r *Runner) keepReports(ctx context.Context, sources []Source) error {
	var (
		kept    []*archive.Report
		of      []*seeds.Report
		entries []*archive.Entry
	)
	for _, s := range sources {
		if s.Kept {
			continue
		}
		known, err := r.knowsReport(ctx, s.Report)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		k := &archive.Report{Path: s.Report.Path, MediaType: s.Report.MediaType, SeenAt: r.now()}
		if err := r.Archive.PutReport(ctx, k, s.Data); err != nil {
			return fmt.Errorf("keep report %s: %w", s.Report.Path, err)
		}
		kept, of, entries = append(kept, k), append(of, s.Report), append(entries, archive.ReportEntry(k))
	}
	first, err := r.Archive.Enter(ctx, entries...)
	if err != nil {
		return err
	}
	for i, k := range kept {
		if err := r.enterReport(ctx, r.Catalog, k, of[i]); err != nil {
			return err
		}
	}
	follows, err := r.follows(ctx)
	if err != nil || follows != first || len(entries) == 0 || !r.Archive.Enters() {
		return err
	}
	return r.follow(ctx, first+int64(len(entries)))
}

// Kept reads a version of a report that the archive has.
func (r *Runner) Kept(ctx context.Context, version catalog.Report) (Source, error) {
	kept, data, err := r.Archive.Report(ctx, version.Object)
	if err != nil {
		return Source{}, fmt.Errorf("report %s: %w", version.Path, err)
	}
	report, err := kept.Read(data)
	return Source{Report: report, Data: data, Kept: true}, err
}

// Newest reads the newest version that the archive has of the report at a path. The
// error is catalog.ErrNotFound when it has none.
func (r *Runner) Newest(ctx context.Context, path string) (Source, error) {
	versions, err := r.Catalog.Versions(ctx, path)
	if err == nil && len(versions) == 0 {
		err = fmt.Errorf("report %s: %w", path, catalog.ErrNotFound)
	}
	if err != nil {
		return Source{}, err
	}
	return r.Kept(ctx, versions[0])
}

// knowsReport reports whether the report's newest version in the catalog is this one.
func (r *Runner) knowsReport(ctx context.Context, report *seeds.Report) (bool, error) {
	versions, err := r.Catalog.Versions(ctx, report.Path)
	if err != nil {
		return false, err
	}
	for _, v := range versions {
		if v.SHA256 != report.SHA256 || !v.SeenAt.Equal(versions[0].SeenAt) {
			continue
		}
		if !strings.Contains(v.Path, "://") {
			return true, nil
		}
		// The same bytes are another text when they come with another encoding.
		kept, _, err := r.Archive.Report(ctx, v.Object)
		if err != nil {
			return false, fmt.Errorf("report %s: %w", v.Path, err)
		}
		return kept.MediaType == report.MediaType, nil
	}
	return false, nil
}

func (r *Runner) enterReport(ctx context.Context, c *catalog.Catalog, kept *archive.Report, report *seeds.Report) error {
	citations := make([]catalog.Citation, len(report.Citations))
	for i, t := range report.Citations {
		citations[i] = catalog.Citation{ID: t.ID, Note: t.Note, Key: t.Key, URL: t.URL, Raw: t.Written(), Line: t.Line, Column: t.Column,
			Defanged: t.Defanged, Invalid: t.Invalid}
		if len(t.Marks) > 0 {
			citations[i].Claim = t.Marks[0].Claim
		}
	}
	return c.PutReport(ctx, catalog.Report{SHA256: report.SHA256, Path: report.Path, Title: report.Title, Format: report.Format,
		Object: kept.Object, SeenAt: kept.SeenAt}, citations)
}
