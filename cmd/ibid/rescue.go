package main

import (
	"context"
	"fmt"
	neturl "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/memento"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

// rescueHelp says what is sent to whom.
const rescueHelp = `Web archives are asked for what is not as it was cited (--rescue=auto): sources
that are dead or walled, or whose first capture is more than a week younger than
the report. web.archive.org, or what "mementos" in ibid.yaml names instead, then
learns the address of the source, the day of citation and the User-Agent; the
memento nearest to that day is kept, and the result says how many addresses who
was asked for. --rescue=never tells nobody anything: use it for confidential
drafts. Nothing is asked under --allow-private.`

// rescueFlags adds the flags of asking web archives.
func (a *app) rescueFlags(cmd *cobra.Command) {
	d, f := defaults(), cmd.Flags()
	f.StringVar(&a.opt.Rescue, "rescue", d.Rescue, "`when` web archives learn an address: auto (it is dead, walled, or was cited before its first capture), always, never")
	f.StringArrayVar(&a.opt.TimeMaps, "timemap", nil, "ask this archive too: a Memento TimeMap's `URL` with {url} in it")
	f.DurationVar(&a.opt.MementoDelay, "memento-delay", d.MementoDelay, "pause between two requests to one web archive")
	f.StringVar(&a.opt.citedOn, "cited-on", "", "the `day` on which the reports cited their sources, YYYY-MM-DD")
}

// submitFlag adds the flag of having an archive capture what is cited.
func (a *app) submitFlag(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&a.opt.Submit, "submit", false, "also have web.archive.org capture what is cited and not dead; needs IA_ACCESS_KEY_ID and IA_SECRET_ACCESS_KEY in the environment")
}

// rescueConfig turns settings into what the schedule wants.
func (a *app) rescueConfig(cfg *Config) (schedule.Rescue, error) {
	s := cfg.Settings
	r := schedule.Rescue{Mode: s.Rescue, Archives: slices.Clone(s.Mementos), Delay: s.MementoDelay, Judge: verify.Judge}
	switch s.Rescue {
	case schedule.RescueAuto, schedule.RescueAlways, schedule.RescueNever:
	default:
		return r, usageError("--rescue %s: want auto, always or never", s.Rescue)
	}
	for _, t := range s.TimeMaps {
		name := t
		if u, err := neturl.Parse(t); err == nil && u.Host != "" {
			name = u.Hostname()
		}
		r.Archives = append(r.Archives, memento.Archive{Name: name, TimeMap: t})
	}
	if len(r.Archives) == 0 {
		r.Mode = schedule.RescueNever // there is nobody to ask
	}
	for _, m := range r.Archives {
		if err := m.Validate(); err != nil {
			return r, &exitError{exitUsage, err}
		}
	}
	var err error
	if r.Day, err = a.citedOn(cfg); err != nil {
		return r, err
	}
	if s.Submit {
		if r.Submit, err = submission(s, r.Archives); err != nil {
			return r, err
		}
	}
	return r, nil
}

// submission says how a capture is asked for. The key comes from the environment,
// so that it is in no file and no list of processes.
func submission(s Settings, archives []memento.Archive) (*memento.SaverConfig, error) {
	switch {
	case s.Rescue == schedule.RescueNever:
		return nil, usageError("--submit tells addresses to a web archive, and --rescue=never forbids that")
	case s.AllowPrivate:
		return nil, usageError("--submit cannot go with --allow-private: an address that is not public would be told to a web archive")
	}
	i := slices.IndexFunc(archives, func(m memento.Archive) bool { return m.Save != "" })
	if i < 0 {
		return nil, usageError("--submit: no archive in \"mementos\" has \"save\"")
	}
	// Whoever writes the configuration must not have the keys of the Internet
	// Archive sent elsewhere.
	keys, hint := "IA_", " (https://archive.org/account/s3.php)"
	if u, err := neturl.Parse(archives[i].Save); err != nil || u.Scheme != "https" || u.Host != "archive.org" && !strings.HasSuffix(u.Host, ".archive.org") {
		keys, hint = "IBID_SAVE_", "; those of the Internet Archive are sent to it alone"
	}
	key, secret := os.Getenv(keys+"ACCESS_KEY_ID"), os.Getenv(keys+"SECRET_ACCESS_KEY")
	if key == "" || secret == "" {
		return nil, usageError("--submit needs the keys of an account with %s: set %[2]sACCESS_KEY_ID and %[2]sSECRET_ACCESS_KEY%s", archives[i].Name, keys, hint)
	}
	// A job takes some seconds, and an account may begin twelve a minute.
	poll := max(4*s.MementoDelay, 10*time.Millisecond)
	return &memento.SaverConfig{Archive: archives[i], Key: key, Secret: secret, Poll: poll}, nil
}

// citedOn says when reports cited their sources: what is given on the command line,
// then in the configuration, then what the report tells.
func (a *app) citedOn(cfg *Config) (schedule.DayFunc, error) {
	var all time.Time
	var err error
	if a.opt.citedOn != "" {
		if all, err = day(a.opt.citedOn); err != nil {
			return nil, usageError("--cited-on %w", err)
		}
	}
	of := map[string]time.Time{} // by the path that is watched
	var watched []string
	for _, r := range cfg.Reports {
		if r.CitedOn == "" {
			continue
		}
		at, err := day(r.CitedOn)
		if err != nil {
			return nil, usageError("%s:%d: cited_on %w", a.opt.config, r.line, err)
		}
		path, err := watchedPath(filepath.Dir(a.opt.config), r.Path)
		if err != nil {
			return nil, usageError("%s:%d: %w", a.opt.config, r.line, err)
		}
		of[path] = at
		watched = append(watched, path)
	}
	return func(report *seeds.Report, citation *seeds.Citation) (time.Time, string) {
		if !all.IsZero() {
			return all, archive.DayGiven
		}
		if at, ok := of[report.Path]; ok {
			return at, archive.DayGiven
		}
		for _, path := range watched {
			if covers(path, report.Path) {
				return of[path], archive.DayGiven
			}
		}
		return schedule.CitedOn(report, citation)
	}, nil
}

func day(s string) (time.Time, error) {
	at, err := time.Parse(time.DateOnly, s)
	switch {
	case err != nil:
		return at, fmt.Errorf("%s: want a day, YYYY-MM-DD", s)
	case at.After(time.Now()):
		return at, fmt.Errorf("%s lies in the future", s)
	}
	return at, nil
}

// rescue asks web archives after a run, and says how that goes.
func (a *app) rescue(ctx context.Context, r *schedule.Runner, cfg schedule.Rescue, sources []schedule.Source) (*schedule.Rescued, error) {
	p := &rescueProgress{app: a}
	r.Crawler.Events = crawler.Events{}
	out, err := r.Rescue(ctx, a.drain, sources, cfg, schedule.RescueEvents{Started: p.started, Done: p.done})
	if err != nil {
		if ctx.Err() != nil && a.interrupted() {
			fmt.Fprintln(a.err, "Stopped. What was kept before stays. Run the same command again to go on.")
		}
		return out, err
	}
	var lines []string
	for name, why := range out.Resting {
		lines = append(lines, render.Clean(name)+" was not asked on: "+render.Clean(why))
	}
	slices.Sort(lines)
	if out.Left > 0 {
		lines = append(lines, fmt.Sprintf("%s left to ask web archives about: run the same command again", plural(out.Left, "source")))
	}
	if len(lines) > 0 {
		fmt.Fprintln(a.err, strings.Join(lines, "\n"))
	}
	return out, nil
}

// rescueProgress says which sources archives were asked about. It takes a line each
// also on a terminal: who learned what stays readable.
type rescueProgress struct {
	*app
	count, total int
}

func (p *rescueProgress) started(n int) {
	p.total = n
	if !p.opt.quiet {
		fmt.Fprintf(p.err, "asking web archives about %s (--rescue, --submit)%s\n", plural(n, "source"), p.atLeast(n))
	}
}

// atLeast says how long that takes when it is long: two requests for each source.
func (p *rescueProgress) atLeast(n int) string {
	d := time.Duration(n) * 2 * p.opt.MementoDelay
	if d < time.Minute {
		return ""
	}
	return fmt.Sprintf("; at %s between requests that takes %s at least, and Ctrl-C leaves the rest for the next run", p.opt.MementoDelay, d.Round(time.Minute))
}

func (p *rescueProgress) done(job crawler.Job, kept *archive.Capture, why string) {
	p.count++
	if p.opt.quiet {
		return
	}
	what := "nothing new"
	switch {
	case kept == nil:
	case kept.Imported.Memento != nil:
		m := kept.Imported.Memento
		what = "kept as of " + m.Datetime.Format(time.DateOnly) + " from " + m.Archive
	default:
		s := kept.Imported.Submitted
		what, why = "submitted to "+s.Archive+": "+s.Status, s.Message
	}
	line := fmt.Sprintf("%d/%d %s %s", p.count, p.total, render.Clean(what), render.Clean(job.URL))
	if why != "" {
		line += ": " + render.Clean(why)
	}
	fmt.Fprintln(p.err, line)
}

// rescueOfCheck is rescueConfig for what keeps nothing: nobody is asked unless the
// command line says so.
func (a *app) rescueOfCheck(cmd *cobra.Command, cfg *Config) (schedule.Rescue, error) {
	asking := *cfg
	asking.Submit = false
	if !cmd.Flags().Changed("rescue") {
		asking.Rescue = schedule.RescueNever
	}
	return a.rescueConfig(&asking)
}

// recalled are mementos of sources by their keys, none of them kept.
type recalled map[string]*archive.Memento

// recall asks web archives about what check found.
func (a *app) recall(ctx context.Context, crawl crawler.Config, sources []schedule.Source, found sightings, cfg schedule.Rescue) (recalled, map[string]int, error) {
	crawl.Events = crawler.Events{}
	seen := func(key string) (archive.Judgement, bool) {
		v := found.of[key]
		if v == nil {
			return archive.Judgement{}, false
		}
		return archive.Judgement{Verdict: v.verdict, State: v.state, Reasons: []string{v.reason}}, true
	}
	mementos, asked, err := schedule.Recall(ctx, a.drain, crawl, sources, seen, cfg, func(job crawler.Job, m *archive.Memento, why string) {
		switch {
		case a.opt.quiet:
		case m != nil:
			fmt.Fprintf(a.err, "%s has %s as of %s\n", render.Clean(m.Archive), render.Clean(job.URL), m.Datetime.Format(time.DateOnly))
		default:
			fmt.Fprintf(a.err, "no memento of %s: %s\n", render.Clean(job.URL), render.Clean(why))
		}
	})
	return mementos, asked, err
}

// fill says which archive has what; what is kept goes before.
func (r recalled) fill(result *render.Result) {
	for i := range result.Reports {
		for j := range result.Reports[i].Citations {
			t := &result.Reports[i].Citations[j]
			if m := r[t.Key]; m != nil && t.Memento == nil {
				t.Memento = &render.Memento{Memento: *m}
			}
		}
	}
}
