package main

import (
	"fmt"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/ibid-archive/ibid/verify/render"
)

// exportProgress tells a person how far an export is: a bar on a terminal, a line
// now and then elsewhere, nothing when quiet.
type exportProgress struct {
	a    *app
	bars *mpb.Progress
	bar  *mpb.Bar
	last time.Time
}

func (a *app) exporting(target string) *exportProgress {
	p := &exportProgress{a: a, last: time.Now()}
	if a.opt.quiet || !terminal(a.err) {
		return p
	}
	p.bars = mpb.New(mpb.WithOutput(a.err), mpb.WithWidth(30))
	p.bar = p.bars.AddBar(0, mpb.PrependDecorators(decor.Name(render.Clean(target)+" ")),
		mpb.AppendDecorators(
			decor.Any(func(s decor.Statistics) string { return " " + render.Bytes(s.Current) + " of " + render.Bytes(s.Total) }),
			decor.Any(func(decor.Statistics) string { return "  ETA " }), decor.AverageETA(decor.ET_STYLE_GO)))
	return p
}

func (p *exportProgress) seen(done, all int64) {
	switch {
	case p.bar != nil:
		p.bar.SetTotal(all, false)
		p.bar.SetCurrent(done)
	case !p.a.opt.quiet && time.Since(p.last) >= pause:
		p.last = time.Now()
		fmt.Fprintf(p.a.err, "%s of %s\n", render.Bytes(done), render.Bytes(all))
	}
}

// stop takes the bar away.
func (p *exportProgress) stop() {
	if p.bars != nil {
		p.bar.Abort(true)
		p.bars.Wait()
		p.bars = nil
	}
}
