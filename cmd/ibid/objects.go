package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/verify/render"
)

// objectProgress tells a person how far the reading of an archive is: a bar on
// a terminal, a line now and then elsewhere, nothing when quiet.
type objectProgress struct {
	a       *app
	bars    *mpb.Progress
	bar     *mpb.Bar
	cancel  context.CancelFunc
	objects atomic.Int64
	found   atomic.Int64
	last    time.Time
}

// pause is between two lines of progress.
const pause = 10 * time.Second

// objects starts to tell. On a terminal the store is listed once more, for how
// much there is in all.
func (a *app) objects(ctx context.Context, store blob.Store, wanted func(blob.Info) bool) *objectProgress {
	p := &objectProgress{a: a, last: time.Now(), cancel: func() {}}
	if a.opt.quiet || !terminal(a.err) {
		return p
	}
	ctx, p.cancel = context.WithCancel(ctx)
	p.bars = mpb.New(mpb.WithOutput(a.err), mpb.WithWidth(30))
	p.bar = p.bars.AddBar(0,
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return fmt.Sprintf("%d objects ", p.objects.Load()) })),
		mpb.AppendDecorators(
			decor.Any(func(s decor.Statistics) string {
				if s.Total <= 0 {
					return " " + render.Bytes(s.Current)
				}
				return " " + render.Bytes(s.Current) + " of " + render.Bytes(s.Total)
			}),
			decor.Any(func(decor.Statistics) string { return "  ETA " }), decor.AverageETA(decor.ET_STYLE_GO),
			decor.Any(func(decor.Statistics) string {
				if n := p.found.Load(); n > 0 {
					return fmt.Sprintf("  %d found", n)
				}
				return ""
			}),
		))
	go func() {
		var total int64
		for info, err := range store.List(ctx, "") {
			if err != nil {
				return
			}
			if wanted(info) {
				total += info.Size
			}
		}
		p.bar.SetTotal(total, false)
	}()
	return p
}

// seen says how far the work is. It is not called twice at once.
func (p *objectProgress) seen(objects, bytes, found int64) {
	p.objects.Store(objects)
	p.found.Store(found)
	if p.bar != nil {
		p.bar.SetCurrent(bytes)
		return
	}
	if p.a.opt.quiet || time.Since(p.last) < pause {
		return
	}
	p.last = time.Now()
	fmt.Fprintf(p.a.err, "%d objects, %s, %d found\n", objects, render.Bytes(bytes), found)
}

// stop takes the bar away.
func (p *objectProgress) stop() {
	p.cancel()
	if p.bars != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
}

// readers is how many objects are read at once when the user does not say: one a
// processor, and more from a bucket, where most of the time is waiting.
func readers(asked int, archive string) int {
	if asked == 0 && strings.Contains(archive, "://") {
		return 16
	}
	return asked
}
