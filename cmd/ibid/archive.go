package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) archiveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "archive REPORT…",
		Short: "Fetch every source that the reports cite, keep a snapshot of each",
		Long: `Reads the reports, visits every source that they cite, and keeps one WARC file a
visit, named by its SHA-256, in a directory or an S3 bucket. Sources visited
within --max-age are left alone; run again to go on after an interruption.

A report may be the address of a page: it is fetched first, as a capture of its
own, and its bytes are kept as those of a file are.

Dead citations are what it reports, not its failure: it exits 0 when every
source was visited and what answered is kept. ` + "`ibid check`" + ` fails on them.

A source that was kept before is compared with the capture nearest to when a
report that cites it was first kept; where what was cited is not what it was, it
is drifted, and the words that changed are told.

A cited page is fetched because a person cited it, so robots.txt is not asked
unless --robots=respect; the policy is recorded in every capture.

` + rescueHelp,
		Example: `  ibid archive report.txt
  ibid archive --archive s3://sources/reports report.txt
  ibid archive https://example.org/report
  ibid archive --max-age 0 --format json -o result.json *.txt`,
		Args: someReports,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runArchive(cmd, args)
		},
	}
	a.flags(cmd, "text", "json")
	a.inputFlag(cmd)
	a.archiveFlags(cmd)
	a.keysFlag(cmd)
	a.logFlag(cmd)
	a.rootsFlag(cmd)
	a.visitFlags(cmd)
	a.keepFlags(cmd)
	a.rescueFlags(cmd)
	a.submitFlag(cmd)
	return cmd
}

func (a *app) runArchive(cmd *cobra.Command, args []string) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	crawl, err := a.crawlerConfig(cfg.Settings)
	if err != nil {
		return err
	}
	rescue, err := a.rescueConfig(cfg)
	if err != nil {
		return err
	}
	var v *vault
	defer func() {
		if v != nil {
			err = errors.Join(err, v.Close())
		}
	}()
	open := func() (err error) {
		if v == nil {
			v, err = a.openVault(ctx, cfg.Settings, true)
		}
		return err
	}
	sources, err := a.readReports(args, func(address string) (fetched, error) {
		if err := open(); err != nil {
			return fetched{}, err
		}
		return a.keepPage(ctx, v, crawl, address)
	})
	if err != nil {
		return err
	}
	if err := a.writable(); err != nil {
		return err
	}
	if err := open(); err != nil {
		return err
	}
	return a.archiveInto(ctx, v, cfg.Settings, crawl, rescue, sources)
}

// archiveInto visits what sources cite, asks web archives for what is not there any
// more, and shows how it stands.
func (a *app) archiveInto(ctx context.Context, v *vault, s Settings, crawl crawler.Config, rescue schedule.Rescue, sources []schedule.Source) error {
	p := a.progress()
	crawl.TempDir, crawl.Events = v.tempDir, p.events()
	over := newStandings(v.catalog).remembering(a.newEarlier(v))
	crawl.Judge = over.judge(context.WithoutCancel(ctx))
	r := &schedule.Runner{Archive: v.archive, Catalog: v.catalog, Crawler: crawl, MaxAge: s.MaxAge, Due: over.due, Log: a.logger()}
	a.opt.announceDrain.Store(true)
	again := func() error { return nil }
	run, err := r.Visit(ctx, a.drain, sources, func(jobs []crawler.Job, fresh int) {
		again = letGo(sources) // the reports are kept, and what is to be visited is known
		p.started(jobs, fresh)
	}, p.done)
	p.stop()
	if err != nil {
		if ctx.Err() != nil && a.interrupted() {
			fmt.Fprintln(a.err, "Stopped. What was visited before is kept. Run the same command again to go on.")
		}
		return err
	}
	if err := again(); err != nil {
		return err
	}
	rescued, err := a.rescue(ctx, r, rescue, sources)
	if err != nil {
		return err
	}
	if err := a.stamp(context.WithoutCancel(ctx), v, s, a.logger()); err != nil {
		a.logger().Warn("the log is not time-stamped", "err", err)
	}
	shown, err := results(context.WithoutCancel(ctx), v.catalog, sources)
	if err != nil {
		return err
	}
	result := &render.Result{Reports: shown, Archive: s.Archive, Bytes: run.Bytes + rescued.Bytes, Asked: rescued.Asked}
	if err := a.write(func(w io.Writer) error { return a.render(w, result, false) }); err != nil {
		return err
	}
	if a.interrupted() && run.Left > 0 {
		fmt.Fprintf(a.err, "Interrupted: %d of %d sources are visited. Run the same command again to go on.\n", run.Seeds-run.Left, run.Seeds)
	}
	if len(run.Errors) > 0 {
		return fmt.Errorf("%d of %d sources could not be kept: %w", len(run.Errors), run.Seeds, run.Errors[0])
	}
	if len(rescued.Errors) > 0 {
		return fmt.Errorf("what web archives gave could not be kept: %w", rescued.Errors[0])
	}
	return nil
}

// render writes a result in the format that was asked for.
func (a *app) render(w io.Writer, r *render.Result, status bool) error {
	switch a.opt.format {
	case "json":
		return render.JSON(w, r)
	case "junit":
		return render.JUnit(w, r)
	case "github":
		return render.GitHub(w, r)
	}
	return render.Text(w, r, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out), All: a.opt.verbose, Status: status})
}
