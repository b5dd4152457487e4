package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/seeds/reports"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) demoCommand() *cobra.Command {
	var keep string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The whole story on a small web on this machine, no network needed",
		Long: `Starts a small web of fictional .test hosts on this machine's loopback
addresses: pages that live, move, refuse, stall, break off and die. Archives a
fictional report that cites them, lets time pass on that web, archives again,
and shows how the citations stand and that nothing in the archive changed.
Nothing is left behind unless --keep names a directory, new or empty.`,
		Example: `  ibid demo
  ibid demo --keep ./demo-archive && ibid audit --archive ./demo-archive`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runDemo(cmd.Context(), keep) },
	}
	a.flags(cmd)
	cmd.Flags().StringVar(&keep, "keep", "", "keep the demo's archive in this new `directory`")
	return cmd
}

func (a *app) runDemo(ctx context.Context, keep string) (err error) {
	where := keep
	if keep != "" {
		if err := vacant(keep); err != nil {
			return err
		}
	} else {
		if where, err = os.MkdirTemp("", "ibid-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(where)) }()
	}
	web, err := crawltest.Start(crawltest.Config{})
	if err != nil {
		return err
	}
	defer web.Close()
	data, err := reports.FS.ReadFile("demo.txt")
	if err != nil {
		return err
	}
	report, err := seeds.Read("demo.txt", data)
	if err != nil {
		return err
	}
	sources := []schedule.Source{{Report: report, Data: data}}
	s := a.opt.Settings
	s.Archive, s.MaxAge = where, 0
	// The story's log is signed with a key that is thrown away after it.
	if s.Keys, err = os.MkdirTemp("", "ibid-demo-keys-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.Keys)) }()
	v, err := a.openVault(ctx, s, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	d := &demo{app: a, web: web, vault: v, settings: s, sources: sources}
	return d.tell(ctx)
}

// vacant refuses a directory with something in it: what is fictional must not
// get into an archive that is meant, where nothing is ever deleted.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return &exitError{exitUsage, fmt.Errorf("--keep: %w", err)}
	case len(entries) > 0:
		return usageError("--keep %s: the directory is not empty; the demo keeps its archive in a new one", dir)
	}
	return nil
}

// demo is the story while it is told.
type demo struct {
	*app
	web      *crawltest.Web
	vault    *vault
	settings Settings
	sources  []schedule.Source
}

func (d *demo) tell(ctx context.Context) error {
	d.head("1. A report cites %d sources on a small web of this machine.\n   Visit each, keep what answers.", len(schedule.Jobs(d.sources)))
	first, err := d.visit(ctx)
	if err != nil {
		return err
	}
	if err := d.app.write(func(w io.Writer) error { return d.app.render(w, first, false) }); err != nil {
		return err
	}
	d.web.Advance()
	d.head("2. Time passes on that web: a letter page is taken down, the wire changes.\n   Visit again.")
	second, err := d.visit(ctx)
	if err != nil {
		return err
	}
	if err := d.compare(ctx, first, second); err != nil {
		return err
	}
	d.head("3. How the citations stand now (ibid status).")
	if err := d.app.write(func(w io.Writer) error { return d.app.render(w, second, true) }); err != nil {
		return err
	}
	d.head("4. Read every byte again from the archive (ibid audit).")
	audit, err := verify.Audit(ctx, d.vault.store, verify.AuditConfig{})
	if err != nil {
		return err
	}
	if err := render.AuditText(d.out, &audit, "", render.TextOptions{Width: d.width(), Color: colour(d.out)}); err != nil {
		return err
	}
	if len(audit.Findings) > 0 {
		return errFindings
	}
	return nil
}

// compare shows what an unchanged page costs: its two captures of the first
// citation's source.
func (d *demo) compare(ctx context.Context, first, second *render.Result) error {
	var sizes []string
	for _, r := range []*render.Result{first, second} {
		info, err := d.vault.store.Stat(ctx, archive.CaptureKey(r.Reports[0].Citations[0].Capture))
		if err != nil {
			return err
		}
		sizes = append(sizes, render.Bytes(info.Size))
	}
	_, err := fmt.Fprintf(d.out, "%s and its images are unchanged:\nthe first snapshot took %s, this one %s.\n",
		first.Reports[0].Citations[0].URL, sizes[0], sizes[1])
	return err
}

func (d *demo) head(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if colour(d.out) {
		text = "\x1b[1m" + text + "\x1b[0m"
	}
	fmt.Fprintf(d.out, "\n%s\n\n", text)
}

// visit archives the report once. The limits are those of a story that is to
// be told in seconds; the web is on this machine, so no one is pestered.
func (d *demo) visit(ctx context.Context) (*render.Result, error) {
	cfg, err := d.crawlerConfig(d.settings)
	if err != nil {
		return nil, err
	}
	p := d.progress()
	p.quiet = true
	cfg.Dial, cfg.Roots, cfg.Events, cfg.TempDir = d.web.DialContext, d.web.CAPool(), p.events(), d.vault.tempDir
	cfg.Delay, cfg.Timeout, cfg.SecondLook = 20*time.Millisecond, 8*time.Second, 200*time.Millisecond
	cfg.RetryBase, cfg.RetryMax = 100*time.Millisecond, 300*time.Millisecond
	cfg.NameServers = func(context.Context, string) error { return nil }
	over := newStandings(d.vault.catalog).remembering(d.newEarlier(d.vault))
	cfg.Judge = func(v *archive.Visit) archive.Judgement { return over.visited(ctx, v) }
	r := &schedule.Runner{Archive: d.vault.archive, Catalog: d.vault.catalog, Crawler: cfg, Log: d.logger()}
	run, err := r.Visit(ctx, d.drain, d.sources, p.started, p.done)
	if err != nil {
		return nil, err
	}
	if len(run.Errors) > 0 {
		return nil, errors.Join(run.Errors...)
	}
	shown, err := results(ctx, d.vault.catalog, slices.Clone(d.sources))
	return &render.Result{Reports: shown, Archive: d.settings.Archive, Bytes: run.Bytes}, err
}
