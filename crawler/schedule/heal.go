package schedule

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
)

// Heal enters into log and catalog what the archive has and they do not: after
// a run that was killed, when the catalog is new, and what others have entered
// into the log of a store that is shared.
func (r *Runner) Heal(ctx context.Context) (Indexed, error) {
	unfinished, err := r.Catalog.Unfinished(ctx)
	if err != nil {
		return Indexed{}, err
	}
	fresh := true
	for _, err := range r.Catalog.Captures(ctx) {
		if err != nil {
			return Indexed{}, err
		}
		fresh = false
		break
	}
	if len(unfinished) == 0 && !fresh {
		return r.catchUp(ctx) // neither new nor left behind by a killed run
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
	n, err := r.complete(ctx, r.Catalog)
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

// metaLog is where the catalog notes how far it knows the log.
const metaLog = "log.size"

// follows is how many of the log's entries the catalog is known to have.
func (r *Runner) follows(ctx context.Context) (int64, error) {
	text, _, err := r.Catalog.Meta(ctx, metaLog)
	if err != nil {
		return 0, err
	}
	n, _ := strconv.ParseInt(text, 10, 64) // what cannot be read is read again from the log
	return max(n, 0), nil
}

// follow notes that the catalog has the first n entries.
func (r *Runner) follow(ctx context.Context, n int64) error {
	return r.Catalog.SetMeta(ctx, metaLog, strconv.FormatInt(n, 10))
}

// ErrRolledBack says that the log is shorter than it was.
var ErrRolledBack = errors.New("the archive's log has been rolled back")

// catchUp enters into the catalog what others have entered into the log.
func (r *Runner) catchUp(ctx context.Context) (Indexed, error) {
	var n Indexed
	from, err := r.follows(ctx)
	if err != nil {
		return n, err
	}
	size, err := r.Archive.LogSize(ctx)
	switch {
	case err != nil:
		return n, err
	case size < from && r.Archive.Logs():
		return n, fmt.Errorf("%w: it has %d entries, and the catalog saw %d; look at the archive (`ibid audit`), and if it was restored on purpose, run `ibid reindex`", ErrRolledBack, size, from)
	case size <= from:
		return n, nil
	}
	var missing []string
	enter := func() error {
		captures, bad, err := r.readCaptures(ctx, missing, r.Archive.Capture)
		if err != nil {
			return err
		}
		missing = missing[:0]
		n.Captures += len(captures)
		n.Unreadable = append(n.Unreadable, bad...)
		return r.Catalog.PutCaptures(ctx, captures...)
	}
	for e, err := range r.Archive.Logged(ctx, from) {
		if errors.Is(err, archive.ErrNotEntry) {
			n.Unreadable = append(n.Unreadable, err)
			continue
		}
		if err != nil {
			return n, err
		}
		switch e.Kind {
		case archive.KindReport:
			if _, err := r.indexReport(ctx, r.Catalog, e.Object); err != nil {
				n.Unreadable = append(n.Unreadable, err)
			}
		case archive.KindDecision:
			if err := r.indexDecision(ctx, r.Catalog, e.Object); err != nil {
				n.Unreadable = append(n.Unreadable, err)
			}
		case archive.KindCapture:
			has, err := r.Catalog.HasCapture(ctx, e.Object)
			if err != nil {
				return n, err
			}
			if has {
				continue
			}
			if missing = append(missing, e.Object); len(missing) == indexBatch {
				if err := enter(); err != nil {
					return n, err
				}
			}
		}
	}
	if err := enter(); err != nil || len(n.Unreadable) > 0 {
		return n, err
	}
	return n, r.follow(ctx, size)
}

// complete enters into the catalog and, where that may be written, into the log
// what the store has and they have not.
func (r *Runner) complete(ctx context.Context, c *catalog.Catalog) (Indexed, error) {
	known := map[string]bool{}
	for sum, err := range c.Captures(ctx) {
		if err != nil {
			return Indexed{}, err
		}
		known[sum] = true
	}
	x := indexer{Runner: r, catalog: c, known: known, read: r.Archive.Capture}
	if err := x.index(ctx); err != nil {
		return x.Indexed, err
	}
	if c != r.Catalog || len(x.Unreadable) > 0 {
		return x.Indexed, nil
	}
	return x.Indexed, r.follow(ctx, x.size)
}
