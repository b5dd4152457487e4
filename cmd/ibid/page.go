package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
)

// pageFunc gets the bytes of a report that stands on the web, and the media type that they came with.
type pageFunc func(address string) (fetched, error)

// fetched is what came of a report.
type fetched struct {
	data      []byte
	mediaType string // see seeds.MediaType
}

// onTheWeb tells a report that is named by its address.
func onTheWeb(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// pageJob is the visit to a report. The fragment of its address is no part of it.
func pageJob(address string) (crawler.Job, error) {
	address, _, _ = strings.Cut(address, "#")
	key, err := seeds.Normalize(address)
	if err != nil {
		return crawler.Job{}, &exitError{exitUsage, err}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return crawler.Job{}, usageError("report %s: this is no address that can be fetched", key)
	}
	if u.User != nil {
		return crawler.Job{}, usageError("report %s: an address with a name or a password would be kept with the report: leave them out", key)
	}
	return crawler.Job{Key: key, URL: address, Host: strings.ToLower(u.Host)}, nil
}

// page is what a visit to a report brought.
type page struct {
	fetched
	err   error
	judge archive.Judge
}

// see is the judge of the visit. It takes the content, which is let go of after the verdict.
func (p *page) see(v *archive.Visit) archive.Judgement {
	j := p.judge(v)
	p.fetched, p.err = fetched{}, errors.New("nothing came")
	x := v.Last()
	switch {
	case x == nil:
	case x.Status != http.StatusOK:
		p.err = fmt.Errorf("status %d", x.Status)
	case !x.Complete():
		p.err = errors.New("it did not arrive whole")
	default:
		p.mediaType = seeds.MediaType(x.Header.Get("Content-Type"))
		p.data, p.err = io.ReadAll(io.LimitReader(x.Content(archive.DecodeLimits{MaxBytes: maxReport + 1}), maxReport+1))
		if p.err == nil && len(p.data) > maxReport {
			p.err = fmt.Errorf("larger than %d MiB", maxReport>>20)
		}
	}
	return j
}

// content is what came, if the visit found the report.
func (p *page) content(address string, c *archive.Capture) (fetched, error) {
	switch c.Verdict {
	case archive.Alive, archive.Moved, archive.Drifted, archive.Unknown:
		if p.err != nil {
			return fetched{}, fmt.Errorf("fetch report %s: %w", address, p.err)
		}
		return p.fetched, nil
	}
	why := ""
	if len(c.Reasons) > 0 {
		_, why, _ = strings.Cut(c.Reasons[0], ":")
		why = ":" + why
	}
	return fetched{}, fmt.Errorf("fetch report %s: %s%s", address, c.Verdict, why)
}

// fetchPage visits a report and keeps nothing but its bytes.
func (a *app) fetchPage(ctx context.Context, crawl crawler.Config) pageFunc {
	return func(address string) (fetched, error) {
		job, err := pageJob(address)
		if err != nil {
			return fetched{}, err
		}
		p := &page{judge: crawl.Judge}
		cfg := crawl
		cfg.Judge = p.see
		c, err := crawler.New(cfg)
		if err != nil {
			return fetched{}, err
		}
		var result crawler.Result
		if err := c.Run(ctx, a.drain, []crawler.Job{job}, func(r crawler.Result) { result = r }); err != nil {
			return fetched{}, fmt.Errorf("fetch report %s: %w", job.URL, err)
		}
		switch {
		case result.Err != nil:
			return fetched{}, fmt.Errorf("fetch report %s: %w", job.URL, result.Err)
		case result.Capture == nil:
			return fetched{}, context.Canceled // interrupted
		}
		return p.content(job.URL, result.Capture)
	}
}

// keepPage visits a report and keeps the visit as a capture.
func (a *app) keepPage(ctx context.Context, v *vault, crawl crawler.Config, address string) (fetched, error) {
	job, err := pageJob(address)
	if err != nil {
		return fetched{}, err
	}
	p := &page{judge: crawl.Judge}
	crawl.Judge, crawl.TempDir = p.see, v.tempDir
	r := &schedule.Runner{Archive: v.archive, Catalog: v.catalog, Crawler: crawl, Log: crawl.Log}
	c, err := r.Fetch(ctx, a.drain, job)
	if err != nil {
		return fetched{}, fmt.Errorf("fetch report %s: %w", job.URL, err)
	}
	return p.content(job.URL, c)
}

// keptPage is the newest version of a report that the archive has.
func (v *vault) keptPage(ctx context.Context, address string) (fetched, error) {
	job, err := pageJob(address)
	if err != nil {
		return fetched{}, err
	}
	kept, err := v.newest(ctx, job.URL)
	if errors.Is(err, catalog.ErrNotFound) {
		return fetched{}, usageError("the archive knows no report %s: `ibid archive` fetches and keeps it", job.URL)
	}
	if err != nil {
		return fetched{}, err
	}
	return fetched{kept.Data, kept.Report.MediaType}, nil
}
