package schedule

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/seeds"
)

// Indexed counts what was entered into a catalog.
type Indexed struct {
	Captures, Reports int
	// Unreadable objects are left out; the audit says what is wrong with them.
	Unreadable []error
}

// Heal enters into the catalog what the archive has and the catalog does not:
// after a run that was killed, and when the catalog is new.
func (r *Runner) Heal(ctx context.Context) (Indexed, error) {
	unfinished, err := r.Catalog.Unfinished(ctx)
	if err != nil {
		return Indexed{}, err
	}
	known := map[string]bool{}
	for sum, err := range r.Catalog.Captures(ctx) {
		if err != nil {
			return Indexed{}, err
		}
		if len(unfinished) == 0 {
			return Indexed{}, nil // neither new nor left behind by a killed run
		}
		known[sum] = true
	}
	if len(unfinished) == 0 {
		// Entering everything can be killed, too, and then the catalog is no
		// longer new.
		if _, err := r.Catalog.BeginRun(ctx, r.now()); err != nil {
			return Indexed{}, err
		}
		if unfinished, err = r.Catalog.Unfinished(ctx); err != nil {
			return Indexed{}, err
		}
	}
	n, err := r.index(ctx, r.Catalog, known)
	if err != nil {
		return n, err
	}
	if n.Captures > 0 && r.Log != nil {
		r.Log.Info("entered captures that the catalog did not have", "captures", n.Captures)
	}
	if len(n.Unreadable) > 0 {
		// The store may have failed for a moment: the next Heal looks again.
		if r.Log != nil {
			r.Log.Warn("objects of the archive could not be read; `ibid audit` says whether they are damaged", "objects", len(n.Unreadable), "err", n.Unreadable[0])
		}
		return n, nil
	}
	for _, u := range unfinished {
		if running(u, r.now()) {
			continue
		}
		if err := r.Catalog.EndRun(ctx, u.ID); err != nil {
			return n, err
		}
	}
	return n, nil
}

// elsewhere is how long a run that began on another host counts as going on:
// whether its process still lives cannot be seen from here.
const elsewhere = 24 * time.Hour

// running reports a run of another process that may still be alive. When in
// doubt it is: healing once more does no harm, but nobody looks for the captures
// of a run that was ended for it and is killed later.
func running(u catalog.Run, now time.Time) bool {
	host, err := os.Hostname()
	if err != nil || host != u.Host {
		return now.Sub(u.StartedAt) < elsewhere
	}
	if u.Process == os.Getpid() {
		return false
	}
	p, err := os.FindProcess(u.Process)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission) // another user's
}

// Reindex builds the catalog anew from the archive alone and puts it in the
// place of the old one. The Runner's own Catalog is not used. What other
// processes keep meanwhile is entered, too.
func (r *Runner) Reindex(ctx context.Context, path string) (Indexed, error) {
	var n Indexed
	err := catalog.Rebuild(ctx, path, func(c *catalog.Catalog) error {
		var err error
		n, err = r.index(ctx, c, nil)
		return err
	})
	if err != nil {
		return n, err
	}
	late, err := r.complete(ctx, path)
	return Indexed{Captures: n.Captures + late.Captures, Reports: late.Reports, Unreadable: late.Unreadable}, err
}

// complete enters into the catalog at path what was kept while it was built:
// what other processes entered into the old one went away with it.
func (r *Runner) complete(ctx context.Context, path string) (n Indexed, err error) {
	c, err := catalog.Open(ctx, path)
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	known := map[string]bool{}
	for sum, err := range c.Captures(ctx) {
		if err != nil {
			return n, err
		}
		known[sum] = true
	}
	return r.index(ctx, c, known)
}

// indexBatch is how many captures are entered in one transaction.
const indexBatch = 256

// index enters every report, and every capture that is not known.
func (r *Runner) index(ctx context.Context, c *catalog.Catalog, known map[string]bool) (Indexed, error) {
	var n Indexed
	for sum, err := range r.Archive.List(ctx, archive.ReportPrefix) {
		if err != nil {
			return n, err
		}
		if err := r.indexReport(ctx, c, sum); err != nil {
			n.Unreadable = append(n.Unreadable, err)
			continue
		}
		n.Reports++
	}
	var batch []string
	flush := func() error {
		captures, bad, err := r.readCaptures(ctx, batch)
		if err != nil {
			return err
		}
		n.Unreadable = append(n.Unreadable, bad...)
		n.Captures += len(captures)
		batch = batch[:0]
		return c.PutCaptures(ctx, captures...)
	}
	for sum, err := range r.Archive.List(ctx, archive.CapturePrefix) {
		if err != nil {
			return n, err
		}
		if known[sum] {
			continue
		}
		if batch = append(batch, sum); len(batch) == indexBatch {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}

func (r *Runner) indexReport(ctx context.Context, c *catalog.Catalog, sum string) error {
	kept, data, err := r.Archive.Report(ctx, sum)
	if err != nil {
		return err
	}
	report, err := seeds.Read(kept.Path, data)
	if err != nil {
		return fmt.Errorf("%s: %w", kept.Path, err)
	}
	return r.enterReport(ctx, c, kept, report)
}

// readCaptures reads capture records, several at a time since a store may be far.
func (r *Runner) readCaptures(ctx context.Context, sums []string) (captures []*archive.Capture, bad []error, err error) {
	all := make([]*archive.Capture, len(sums))
	errs := make([]error, len(sums))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4 * runtime.GOMAXPROCS(0))
	for i, sum := range sums {
		g.Go(func() error {
			all[i], errs[i] = r.Archive.Capture(gctx, sum)
			return gctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	for i := range all {
		if errs[i] != nil {
			bad = append(bad, errs[i])
			continue
		}
		captures = append(captures, all[i])
	}
	return captures, bad, nil
}
