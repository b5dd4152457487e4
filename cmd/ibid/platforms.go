package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/platform"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) platformsCommand() *cobra.Command {
	var test bool
	cmd := &cobra.Command{
		Use:   "platforms [NAME…]",
		Short: "List whom visits ask about posts, videos and the like",
		Long: `Lists the platforms that are asked about their posts, videos and names, because
a plain request of the page learns nothing, and the endpoints that are asked.

With --test each is asked about something that has been there for long and about
something that never was, and what is answered otherwise than ibid expects is
named: platforms change. It exits 2 when there is such a thing, and 1 when this
machine is offline.`,
		Example: `  ibid platforms
  ibid platforms --test x telegram
  ibid platforms --format json`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runPlatforms(cmd, test, args) },
	}
	a.flags(cmd, "text", "json")
	a.visitFlags(cmd)
	cmd.Flags().BoolVar(&test, "test", false, "ask each about a known and a missing post, and say what differs")
	return cmd
}

func (a *app) runPlatforms(cmd *cobra.Command, test bool, names []string) error {
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	registry, err := platform.New(platform.Config{Endpoints: cfg.PlatformEndpoints, All: true})
	if err != nil {
		return usageError("platform_endpoints: %w", err)
	}
	infos, err := choosePlatforms(registry, names)
	if err != nil {
		return err
	}
	crawl, err := a.crawlerConfig(cfg.Settings)
	if err != nil {
		return err
	}
	learnt := map[string]*archive.Post{}
	if test {
		crawl.Platforms = registry
		if learnt, err = a.askAll(cmd.Context(), crawl, infos); err != nil {
			return err
		}
	}
	var all []render.Platform
	fine := true
	for _, i := range infos {
		p := render.Platform{Name: i.Name, About: i.About, Note: i.Note, Page: i.Page, Endpoints: []render.Endpoint{}}
		for _, e := range i.Endpoints {
			p.Endpoints = append(p.Endpoints, render.Endpoint(e))
		}
		if test && i.Known != "" {
			known, missing := learnt[i.Known], learnt[i.Missing]
			d := registry.Differences(i.Name, known, missing)
			off := !slices.ContainsFunc(i.Endpoints, func(e platform.EndpointInfo) bool { return !e.Off })
			if !off && (known == nil || missing == nil && i.Missing != "") {
				d = append(d, "it was not asked")
			}
			p.Test = &render.PlatformTest{OK: len(d) == 0, Differences: append([]string{}, d...), Known: known, Missing: missing}
			fine = fine && p.Test.OK
		}
		all = append(all, p)
	}
	if err := a.write(func(w io.Writer) error {
		if a.opt.format == "json" {
			return render.PlatformsJSON(w, all)
		}
		return render.Platforms(w, all, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out)})
	}); err != nil {
		return err
	}
	if !fine {
		return errFindings
	}
	return nil
}

func choosePlatforms(r *platform.Registry, names []string) ([]platform.Info, error) {
	infos := r.Platforms()
	if len(names) == 0 {
		return infos, nil
	}
	var chosen []platform.Info
	for _, name := range names {
		i := slices.IndexFunc(infos, func(p platform.Info) bool { return p.Name == name })
		if i < 0 {
			return nil, usageError("%s: no such platform; `ibid platforms` lists them", name)
		}
		chosen = append(chosen, infos[i])
	}
	return chosen, nil
}

// askAll visits the sources of the self-test and returns what was learnt of each,
// by its address.
func (a *app) askAll(ctx context.Context, crawl crawler.Config, infos []platform.Info) (map[string]*archive.Post, error) {
	report := &seeds.Report{}
	var jobs []crawler.Job
	for _, i := range infos {
		for _, at := range []string{i.Known, i.Missing} {
			if at == "" || len(i.Endpoints) == 0 {
				continue
			}
			key, err := seeds.Normalize(at)
			if err != nil {
				return nil, fmt.Errorf("address %s: %w", at, err)
			}
			report.Citations = append(report.Citations, seeds.Citation{ID: at, URL: at, Key: key})
		}
	}
	for _, s := range report.Seeds() {
		jobs = append(jobs, crawler.Job{Key: s.Key, URL: s.URL, Host: s.Host})
	}
	var mu sync.Mutex
	learnt := map[string]*archive.Post{}
	crawl.SecondLook = -1 // a difference is to be seen, not to be believed
	crawl.Judge = func(v *archive.Visit) archive.Judgement {
		if p := v.BestPost(); p != nil {
			mu.Lock()
			learnt[v.URL] = p
			mu.Unlock()
		}
		return verify.Judge(v)
	}
	c, err := crawler.New(crawl)
	if err != nil {
		return nil, err
	}
	var failed error
	err = c.Run(ctx, a.drain, jobs, func(r crawler.Result) { failed = errors.Join(failed, r.Err) })
	if err == nil {
		err = failed
	}
	return learnt, err
}
