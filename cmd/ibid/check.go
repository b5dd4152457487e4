package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
)

func (a *app) checkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check REPORT…",
		Short: "Fail when a citation is dead (for CI)",
		Long: `Visits every source that the reports cite, keeps nothing, and exits 2 when a
citation is gone or invalid, seen twice within the run. A source that refused
us, asks for a login, answers too slowly or not at all is reported and does not
fail; a machine that is offline exits 1 and blames nobody.

Where there is an archive its history decides what an absence means: dead fails,
suspect warns, and what a person decided (ibid decide) is honoured. A source
whose bytes are not those that were kept when it was cited is compared with
them: drifted, with the words that changed, when what was cited is not what it
was. That warns and does not fail.

No web archive is asked, whatever ibid.yaml says, unless --rescue=auto or always
is given here: then they learn the addresses of what is dead or walled, or of
all, and the result says what they have. That keeps nothing and changes no exit
code.`,
		Example: `  ibid check docs 'drafts/**/*.md'
  ibid check --format github report.txt    annotations on the citation's line
  ibid check --format junit -o ibid.xml report.txt`,
		Args: someReports,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runCheck(cmd, args) },
	}
	a.flags(cmd, "text", "json", "junit", "github")
	a.inputFlag(cmd)
	a.archiveFlags(cmd)
	a.visitFlags(cmd)
	a.rescueFlags(cmd)
	cmd.Flags().Lookup("rescue").DefValue = schedule.RescueNever // whatever the file says, see rescueOfCheck
	return cmd
}

func (a *app) runCheck(cmd *cobra.Command, args []string) (err error) {
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	crawl, err := a.crawlerConfig(cfg.Settings)
	if err != nil {
		return err
	}
	sources, err := a.readReports(args, a.fetchPage(cmd.Context(), crawl))
	if err != nil {
		return err
	}
	rescue, err := a.rescueOfCheck(cmd, cfg)
	if err != nil {
		return err
	}
	if err := a.writable(); err != nil {
		return err
	}
	v, err := a.history(cmd, cfg.Settings)
	if err != nil {
		return err
	}
	if v != nil {
		defer func() { err = errors.Join(err, v.Close()) }()
	}
	if v != nil {
		known := a.newEarlier(v)
		known.readsAll(sources)
		over := newStandings(v.catalog).remembering(known)
		crawl.Judge = func(seen *archive.Visit) archive.Judgement { return over.visited(cmd.Context(), seen) }
	}
	p := a.progress()
	crawl.Events = p.events()
	c, err := crawler.New(crawl)
	if err != nil {
		return err
	}
	jobs := schedule.Jobs(sources)
	again := letGo(sources)
	found := newSightings(len(jobs))
	var failed error
	p.started(jobs, 0)
	err = c.Run(cmd.Context(), a.drain, jobs, func(r crawler.Result) {
		if r.Err != nil && failed == nil {
			failed = fmt.Errorf("visit %s: %w", r.Job.URL, r.Err)
		}
		if r.Capture != nil {
			found.add(r.Capture)
		}
		p.done(r)
	})
	p.stop()
	if a.interrupted() {
		fmt.Fprintf(a.err, "\nInterrupted: %d of %d sources are visited, which is no result. Run the same command again to start over.\n", len(found.of), len(jobs))
	}
	if err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	if err := again(); err != nil {
		return err
	}
	recalled, asked, err := a.recall(cmd.Context(), crawl, sources, found, rescue)
	if err != nil {
		return err
	}
	result := found.result(sources)
	result.Asked = asked
	if v != nil {
		over := newStandings(v.catalog)
		for i := range result.Reports {
			if err := over.fill(cmd.Context(), &result.Reports[i], true); err != nil {
				return err
			}
			if err := rememberAll(cmd.Context(), v.catalog, result.Reports[i].Citations); err != nil {
				return err
			}
		}
	}
	recalled.fill(result)
	if err := a.write(func(w io.Writer) error { return a.render(w, result, false) }); err != nil {
		return err
	}
	for _, r := range result.Reports {
		for i := range r.Citations {
			if r.Citations[i].Fails() {
				return errFindings
			}
		}
	}
	return nil
}

// history opens the archive whose history counts, nil when there is none where
// it is by default.
func (a *app) history(cmd *cobra.Command, s Settings) (*vault, error) {
	v, err := a.openVault(cmd.Context(), s, false)
	if errors.Is(err, errNoArchive) && !cmd.Flags().Changed("archive") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := &schedule.Runner{Archive: v.archive, Catalog: v.catalog, Log: a.logger()}
	if _, err := r.Heal(cmd.Context()); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}
