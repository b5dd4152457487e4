package schedule

import (
	"context"
	"errors"
	"fmt"
	neturl "net/url"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/memento"
	"github.com/ibid-archive/ibid/seeds"
)

// When web archives are asked for what sources were.
const (
	RescueAuto   = "auto"   // for what is dead or walled, or was cited before our first capture of it
	RescueAlways = "always" // for every source
	RescueNever  = "never"  // and never for anything else either
)

// Rescue says how web archives are asked about what reports cite.
type Rescue struct {
	Mode     string // one of the Rescue constants
	Archives []memento.Archive
	Delay    time.Duration // between two exchanges with one archive
	Judge    archive.Judge // of a memento, as if it were a visit
	Day      DayFunc       // nil for CitedOn
	// Submit, when it is set, has an archive capture what is cited; the Fetcher
	// in it is filled in.
	Submit *memento.SaverConfig
}

// DayFunc says when a report cited a source, and whence that is known: one of the
// archive.Day constants. A zero time says that it is not known.
type DayFunc func(report *seeds.Report, citation *seeds.Citation) (day time.Time, from string)

// CitedOn is the DayFunc that takes the day on which the citation says that its
// source was read, else that on which the report was published. What programs
// write into office documents and PDF is not believed.
func CitedOn(report *seeds.Report, citation *seeds.Citation) (day time.Time, from string) {
	if at, ok := (seeds.Date{Value: citation.Accessed}).Day(); ok {
		return at, archive.DayAccessed
	}
	at, ok := report.Published.Day()
	switch {
	case !ok:
	case report.Published.From == seeds.PublishedPost:
		return at, archive.DayPost
	case report.Published.From == seeds.PublishedText, report.Format == "markdown", report.Format == "html":
		return at, archive.DayText
	}
	return time.Time{}, ""
}

// Rescued is what one Rescue did.
type Rescued struct {
	Wanted    int // sources that archives were to be asked about, or for
	Kept      int // of them a memento was found and kept
	Submitted int // of them an archive has taken, or had
	Left      int // not done: the run was interrupted, or the archives asked for rest
	Bytes     int64
	Asked     map[string]int    // hosts -> addresses that they were asked about
	Resting   map[string]string // archives that could not be asked on, and why
	Errors    []error
}

// RescueEvents are told how a Rescue goes, one call at a time; each may be nil.
type RescueEvents struct {
	Started func(sources int)
	// Done has the capture that was kept, or nil and why there is none.
	Done func(job crawler.Job, kept *archive.Capture, why string)
}

// Rescue asks web archives about what the sources cite, after a run of visits, and
// keeps what they give, each capture with its commit point as a visit's. After drain
// is closed no more is asked. The error is one that ended it early; an archive that
// does not answer is none.
func (r *Runner) Rescue(ctx context.Context, drain <-chan struct{}, sources []Source, cfg Rescue, tell RescueEvents) (out *Rescued, err error) {
	out = &Rescued{Asked: map[string]int{}, Resting: map[string]string{}}
	if cfg.Mode == RescueNever || cfg.Mode == "" || r.Crawler.Guard.AllowPrivate {
		return out, nil
	}
	wants, submits, err := r.wanted(ctx, sources, &cfg)
	if err != nil {
		return out, err
	}
	out.Wanted = len(wants) + len(submits)
	out.Left = out.Wanted
	if out.Wanted == 0 || closed(drain) {
		return out, nil
	}
	if tell.Started != nil {
		tell.Started(out.Wanted)
	}
	id, err := r.Catalog.BeginRun(ctx, r.now())
	if err != nil {
		return out, err
	}
	follows, err := r.follows(ctx)
	if err != nil {
		return out, err
	}
	crawl := r.Crawler
	crawl.Profile = archive.ProfileDefault
	c, err := crawler.New(crawl)
	if err != nil {
		return out, err
	}
	fetcher := c.NewFetcher(cfg.Delay, drain)
	defer fetcher.Close()
	batch := r.Catalog.Batch(context.WithoutCancel(ctx))
	e := newEnterer(ctx, r.Archive, batch, follows, func(res crawler.Result) {
		if res.Err != nil {
			out.Errors = append(out.Errors, res.Err)
			return
		}
		out.Bytes += res.Capture.Size
		if m := res.Capture.Imported; m.Memento != nil {
			out.Kept++
		} else if m.Submitted.Status != archive.SubmissionError {
			out.Submitted++
		}
		if tell.Done != nil {
			tell.Done(res.Job, res.Capture, "")
		}
	})
	x := &rescue{Runner: r, cfg: &cfg, fetcher: fetcher, drain: drain, out: out, enterer: e, tell: tell}
	runErr := x.run(ctx, wants, submits)
	e.close()
	if err := batch.Close(); err != nil {
		return out, errors.Join(runErr, fmt.Errorf("enter captures into the catalog (they are in the archive; `ibid reindex` enters them): %w", err))
	}
	ctx = context.WithoutCancel(ctx)
	if err := r.follow(ctx, e.follows); err != nil || len(out.Errors) > 0 {
		return out, errors.Join(runErr, err) // the run counts as unfinished, and the next one looks for what was kept
	}
	return out, errors.Join(runErr, r.Catalog.EndRun(ctx, id))
}

// rescue is a Rescue while it goes on.
type rescue struct {
	*Runner
	cfg     *Rescue
	fetcher *crawler.Fetcher
	drain   <-chan struct{}
	out     *Rescued
	enterer *enterer
	tell    RescueEvents
}

func (x *rescue) run(ctx context.Context, wants, submits []want) error {
	if len(wants) > 0 {
		f, err := memento.New(memento.Config{Archives: x.cfg.Archives, Fetcher: x.fetcher, Judge: x.cfg.Judge, Now: x.Crawler.Now})
		if err != nil {
			return err
		}
		err = x.each(ctx, wants, func(w *want) error { return x.find(ctx, f, w) }, f.Exhausted)
		add(x.out.Asked, f.Asked())
		for name, why := range f.Resting() {
			x.out.Resting[name] = why
		}
		if err != nil {
			return err
		}
	}
	if len(submits) == 0 {
		return nil
	}
	cfg := *x.cfg.Submit
	cfg.Fetcher = x.fetcher
	s, err := memento.NewSaver(cfg)
	if err != nil {
		return err
	}
	err = x.each(ctx, submits, func(w *want) error { return x.submit(ctx, s, w) }, func() bool { return s.Ended() != "" })
	add(x.out.Asked, s.Asked())
	if s.Ended() != "" {
		x.out.Resting[cfg.Archive.Name] = s.Ended()
	}
	return err
}

func add(to, from map[string]int) {
	for host, n := range from {
		to[host] += n
	}
}

// each does what is wanted until it is to end.
func (x *rescue) each(ctx context.Context, wants []want, do func(*want) error, ended func() bool) error {
	for i := range wants {
		if closed(x.drain) || ended() {
			return nil
		}
		switch err := do(&wants[i]); {
		case errors.Is(err, crawler.ErrDrained):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		}
		x.out.Left--
	}
	return nil
}

// find looks for the memento of one source.
func (x *rescue) find(ctx context.Context, f *memento.Finder, w *want) error {
	found, err := f.Find(ctx, memento.Source{Key: w.job.Key, URL: w.job.URL, Day: w.day})
	if err != nil {
		return fmt.Errorf("ask web archives for %s: %w", w.job.URL, err)
	}
	defer found.Close()
	switch m := found.Memento; {
	case m == nil:
		x.none(w, found.Why)
	case w.has(m):
		x.none(w, "the nearest memento is the one that is kept")
	default:
		m.From = w.from
		c := &archive.Capture{StartedAt: m.Datetime, FinishedAt: m.Datetime, Judgement: found.Judgement, Outcome: found.Outcome,
			Imported: &archive.Imported{Memento: m}}
		c.Title = x.title(found)
		if !x.keep(ctx, w, c, found.Exchanges) {
			return nil // it is looked for again
		}
	}
	if found.Unsure {
		return nil
	}
	return x.Catalog.SetMeta(context.WithoutCancel(ctx), w.asked(), x.now().UTC().Format(time.RFC3339))
}

func (x *rescue) none(w *want, why string) {
	if x.tell.Done != nil {
		x.enterer.quietly(func() { x.tell.Done(w.job, nil, why) })
	}
}

// titleLimit is how many characters of a title are kept, as of a visit's.
const titleLimit = 300

// titleBytes is how much of a memento is searched for its title.
const titleBytes = 1 << 20

func (x *rescue) title(found *memento.Found) string {
	last := (&archive.Visit{Exchanges: found.Exchanges}).Last()
	base, err := neturl.Parse(found.Memento.Original)
	if err != nil || found.MediaType != "text/html" && found.MediaType != "application/xhtml+xml" {
		return ""
	}
	return crawler.ReadPage(base, last.Header.Get("Content-Type"), read(last, titleBytes), titleLimit).Title
}

// submit has one source captured by an archive.
func (x *rescue) submit(ctx context.Context, s *memento.Saver, w *want) error {
	began := x.now()
	got, err := s.Submit(ctx, w.job.URL)
	if err != nil {
		return fmt.Errorf("ask a web archive to capture %s: %w", w.job.URL, err)
	}
	defer got.Close()
	c := &archive.Capture{StartedAt: began.UTC().Truncate(time.Microsecond), FinishedAt: x.now().UTC().Truncate(time.Microsecond),
		Judgement: archive.Judgement{Verdict: archive.Unknown, Reasons: []string{
			fmt.Sprintf("submitted: %s was asked to capture it (%s); this is no visit", got.Archive, got.Status)}},
		Imported: &archive.Imported{Submitted: &got.Submission}}
	x.keep(ctx, w, c, got.Exchanges)
	return nil
}

// keep commits what an archive gave. What cannot be kept is one of the errors.
func (x *rescue) keep(ctx context.Context, w *want, c *archive.Capture, exchanges []*archive.Exchange) bool {
	c.Version, c.Key, c.URL, c.Citations = archive.CaptureVersion, w.job.Key, w.job.URL, w.job.Citations
	err := func() error {
		out, err := x.Archive.Begin()
		if err != nil {
			return err
		}
		defer out.Abort()
		for _, e := range exchanges {
			if err := out.Exchange(e); err != nil {
				return err
			}
		}
		return out.Commit(ctx, c)
	}()
	if err != nil {
		err = fmt.Errorf("keep what a web archive has of %s: %w", w.job.URL, err)
	}
	x.enterer.add(crawler.Result{Job: w.job, Capture: c, Err: err})
	return err == nil
}
