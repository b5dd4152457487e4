package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/verify/render"
)

// progress tells a person how a run goes: a bar on a terminal, a line a visit
// elsewhere, nothing when quiet.
type progress struct {
	out   io.Writer
	quiet bool
	tty   bool

	bars  *mpb.Progress
	bar   *mpb.Bar
	total int
	count int
	bytes atomic.Int64

	mu    sync.Mutex
	hosts map[string]int // with an exchange going on
}

func (a *app) progress() *progress {
	return &progress{out: a.err, quiet: a.opt.quiet, tty: terminal(a.err), hosts: map[string]int{}}
}

// events are what the crawler reports.
func (p *progress) events() crawler.Events {
	return crawler.Events{
		Begin: func(url string) { p.host(url, 1) },
		End: func(x *archive.Exchange) {
			p.host(x.URL, -1)
			p.bytes.Add(x.Response.Size())
		},
	}
}

func (p *progress) host(url string, n int) {
	_, host, _ := strings.Cut(url, "://")
	host, _, _ = strings.Cut(host, "/")
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hosts[host] += n; p.hosts[host] <= 0 {
		delete(p.hosts, host)
	}
}

func (p *progress) started(jobs []crawler.Job, fresh int) {
	p.total = len(jobs)
	if p.quiet {
		return
	}
	if fresh > 0 {
		fmt.Fprintf(p.out, "%d of %d sources were visited recently and are left alone (--max-age)\n", fresh, fresh+len(jobs))
	}
	if !p.tty || p.total == 0 {
		return
	}
	p.bars = mpb.New(mpb.WithOutput(p.out), mpb.WithWidth(30))
	p.bar = p.bars.AddBar(int64(p.total),
		mpb.PrependDecorators(decor.CountersNoUnit("%d/%d sources ")),
		mpb.AppendDecorators(
			decor.Any(func(decor.Statistics) string { return " " + render.Bytes(p.bytes.Load()) }),
			decor.Any(func(decor.Statistics) string { return "  ETA " }), decor.AverageETA(decor.ET_STYLE_GO),
			decor.Any(func(decor.Statistics) string { return "  " + p.current() }),
		))
}

// current names some of the hosts that are being talked to.
func (p *progress) current() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for h := range p.hosts {
		names = append(names, render.Clean(h))
	}
	slices.Sort(names)
	if len(names) > 2 {
		names = append(names[:2], fmt.Sprintf("and %d more", len(p.hosts)-2))
	}
	return strings.Join(names, ", ")
}

func (p *progress) done(r crawler.Result) {
	p.count++
	switch {
	case p.quiet:
	case p.bar != nil:
		p.bar.Increment()
	case r.Err != nil:
		fmt.Fprintf(p.out, "%d/%d not kept %s: %s\n", p.count, p.total, render.Clean(r.Job.URL), render.Clean(r.Err.Error()))
	default:
		fmt.Fprintf(p.out, "%d/%d %s %s\n", p.count, p.total, r.Capture.Verdict, render.Clean(r.Job.URL))
	}
}

// stop takes the bar away.
func (p *progress) stop() {
	if p.bars == nil {
		return
	}
	p.bar.Abort(true)
	p.bars.Wait()
}
