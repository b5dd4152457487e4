package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) checkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check REPORT…",
		Short: "Fail when a citation is dead (for CI)",
		Long: `Visits every source that the reports cite, keeps nothing, and exits 2 when a
citation is gone or invalid, seen twice within the run. A source that refused
us, asks for a login, answers too slowly or not at all is reported and does not
fail; a machine that is offline exits 1 and blames nobody.`,
		Example: `  ibid check docs/*.txt
  ibid check --format github report.txt    annotations on the citation's line
  ibid check --format junit -o ibid.xml report.txt`,
		Args: someReports,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runCheck(cmd, args) },
	}
	a.flags(cmd, "text", "json", "junit", "github")
	a.visitFlags(cmd)
	return cmd
}

func (a *app) runCheck(cmd *cobra.Command, args []string) error {
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	sources, err := readReports(args)
	if err != nil {
		return err
	}
	crawl, err := a.crawlerConfig(cfg.Settings)
	if err != nil {
		return err
	}
	if err := a.writable(); err != nil {
		return err
	}
	p := a.progress()
	crawl.Events = p.events()
	c, err := crawler.New(crawl)
	if err != nil {
		return err
	}
	jobs := schedule.Jobs(sources)
	result, cited := notVisitedYet(sources)
	visited := 0
	var failed error
	p.started(jobs, 0)
	err = c.Run(cmd.Context(), a.drain, jobs, func(r crawler.Result) {
		if r.Err != nil && failed == nil {
			failed = fmt.Errorf("visit %s: %w", r.Job.URL, r.Err)
		}
		if r.Capture != nil {
			visited++
			for _, t := range cited[r.Job.Key] {
				t.Judgement, t.Outcome, t.CheckedAt = r.Capture.Judgement, r.Capture.Outcome, r.Capture.FinishedAt
			}
		}
		p.done(r)
	})
	p.stop()
	if a.interrupted() {
		fmt.Fprintf(a.err, "\nInterrupted: %d of %d sources are visited, which is no result. Run the same command again to start over.\n", visited, len(jobs))
	}
	if err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
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

// notVisitedYet returns the citations of the reports, and which of them cite each source.
func notVisitedYet(sources []schedule.Source) (*render.Result, map[string][]*render.CitationResult) {
	result, cited := &render.Result{}, map[string][]*render.CitationResult{}
	for _, s := range sources {
		report := render.NewReport(s.Report)
		for i := range report.Citations {
			if t := &report.Citations[i]; t.Key != "" {
				cited[t.Key] = append(cited[t.Key], t)
			}
		}
		result.Reports = append(result.Reports, report)
	}
	return result, cited
}
