package schedule

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
)

// Indexed counts what was entered into a catalog.
type Indexed struct {
	Captures, Reports, Decisions int
	// Unlogged objects are not in the archive's log, for now.
	Unlogged int
	// Unreadable objects are left out; the audit says what is wrong with them.
	Unreadable []error
}

// Reindex builds the catalog anew from the archive alone and puts it in the
// place of the old one. The Runner's own Catalog is not used. Of each capture
// that the log names its record is read and compared with the log's entry; with
// fromObjects every byte of every capture is, and must be sound. What other
// processes keep meanwhile is entered, too.
func (r *Runner) Reindex(ctx context.Context, path string, fromObjects bool) (Indexed, error) {
	x := indexer{Runner: r, read: r.Archive.Capture}
	if fromObjects {
		x.read = r.Archive.Reread
	}
	err := catalog.Rebuild(ctx, path, func(c *catalog.Catalog) error {
		x.catalog = c
		return x.index(ctx)
	})
	if err != nil {
		return x.Indexed, err
	}
	late, err := r.late(ctx, path, x.size)
	n := Indexed{Captures: x.Captures + late.Captures, Reports: late.Reports, Decisions: late.Decisions, Unlogged: max(x.Unlogged, late.Unlogged), Unreadable: x.Unreadable}
	// The second look finds the same once more, and perhaps others.
	for _, err := range late.Unreadable {
		if !slices.ContainsFunc(n.Unreadable, func(e error) bool { return e.Error() == err.Error() }) {
			n.Unreadable = append(n.Unreadable, err)
		}
	}
	return n, err
}

// late enters into the catalog at path what was kept while it was built: what
// other processes entered into the old one went away with it.
func (r *Runner) late(ctx context.Context, path string, size int64) (n Indexed, err error) {
	c, err := catalog.Open(ctx, path)
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if n, err = r.complete(ctx, c); err != nil {
		return n, err
	}
	return n, c.SetMeta(ctx, metaLog, strconv.FormatInt(size, 10))
}

// indexBatch is how many captures are entered in one transaction.
const indexBatch = 256

// An indexer enters what the store has into a catalog, after what the log does
// not have into the log.
type indexer struct {
	*Runner
	catalog *catalog.Catalog
	known   map[string]bool // captures that the catalog has
	read    func(ctx context.Context, sum string) (*archive.Capture, error)

	size   int64                // of the log when it was read
	logged map[string]*[32]byte // object -> digest of its first entry
	Indexed
}

// index enters every report, and every capture that is not known.
func (x *indexer) index(ctx context.Context) error {
	if err := x.readLog(ctx); err != nil {
		return err
	}
	if err := x.reports(ctx); err != nil {
		return err
	}
	if err := x.decisions(ctx); err != nil {
		return err
	}
	if err := x.captures(ctx); err != nil {
		return err
	}
	for object := range x.logged {
		if x.logged[object] != nil {
			x.Unreadable = append(x.Unreadable, fmt.Errorf("%s: the log has it and the store does not; `ibid audit` says what was lost", object))
		}
	}
	return nil
}

// readLog learns what the log says of which object.
func (x *indexer) readLog(ctx context.Context) (err error) {
	x.logged = map[string]*[32]byte{}
	if x.size, err = x.Archive.LogSize(ctx); err != nil {
		return err
	}
	for e, err := range x.Archive.Logged(ctx, 0) {
		if errors.Is(err, archive.ErrNotEntry) {
			x.Unreadable = append(x.Unreadable, err)
			continue
		}
		if err != nil {
			return err
		}
		if e.Kind != archive.KindCapture && e.Kind != archive.KindReport && e.Kind != archive.KindDecision {
			continue
		}
		if _, ok := x.logged[e.Object]; !ok {
			sum, err := digest(e)
			if err != nil {
				return err
			}
			x.logged[e.Object] = &sum
		}
	}
	return nil
}

func digest(e *archive.Entry) ([32]byte, error) {
	b, err := e.Encode()
	return sha256.Sum256(b), err
}

// met notes that an object is there, and compares what it says with its entry
// in the log. It reports whether the log has none.
func (x *indexer) met(object string, e *archive.Entry) (unlogged bool, err error) {
	want, ok := x.logged[object]
	if !ok {
		return true, nil
	}
	x.logged[object] = nil
	if e == nil || want == nil {
		return false, nil
	}
	got, err := digest(e)
	if err == nil && !bytes.Equal(got[:], want[:]) {
		err = fmt.Errorf("%s: its entry in the log says something else than the object itself", e.Key())
	}
	return false, err
}

// enter enters objects into the log, or counts them when it may not.
func (x *indexer) enter(ctx context.Context, entries []*archive.Entry) error {
	if !x.Archive.Enters() {
		if x.Archive.Logs() {
			x.Unlogged += len(entries)
		}
		return nil
	}
	_, err := x.Archive.Enter(ctx, entries...)
	return err
}

func (x *indexer) reports(ctx context.Context) error {
	var unlogged []*archive.Entry
	for sum, err := range x.Archive.List(ctx, archive.ReportPrefix) {
		if err != nil {
			return err
		}
		kept, err := x.indexReport(ctx, x.catalog, sum)
		if err != nil {
			_, _ = x.met(sum, nil)
			x.Unreadable = append(x.Unreadable, err)
			continue
		}
		e := archive.ReportEntry(kept)
		missing, err := x.met(sum, e)
		if err != nil {
			x.Unreadable = append(x.Unreadable, err)
		}
		if missing {
			unlogged = append(unlogged, e)
		}
		x.Reports++
	}
	return x.enter(ctx, unlogged)
}

func (x *indexer) decisions(ctx context.Context) error {
	var unlogged []*archive.Entry
	for sum, err := range x.Archive.Decisions(ctx) {
		if err != nil {
			return err
		}
		d, err := x.Archive.Decision(ctx, sum)
		if err != nil {
			_, _ = x.met(sum, nil)
			x.Unreadable = append(x.Unreadable, err)
			continue
		}
		e := archive.DecisionEntry(d)
		missing, err := x.met(sum, e)
		if err != nil {
			x.Unreadable = append(x.Unreadable, err)
		}
		if missing {
			unlogged = append(unlogged, e)
		}
		if err := x.catalog.PutDecisions(ctx, d); err != nil {
			return err
		}
		x.Decisions++
	}
	return x.enter(ctx, unlogged)
}

// indexDecision enters one decision into a catalog.
func (r *Runner) indexDecision(ctx context.Context, c *catalog.Catalog, sum string) error {
	d, err := r.Archive.Decision(ctx, sum)
	if err != nil {
		return err
	}
	return c.PutDecisions(ctx, d)
}

func (x *indexer) captures(ctx context.Context) error {
	var batch []string
	flush := func() error {
		captures, bad, err := x.readCaptures(ctx, batch, x.read)
		if err != nil {
			return err
		}
		x.Unreadable = append(x.Unreadable, bad...)
		there := map[string]bool{}
		var unlogged []*archive.Entry
		for _, c := range captures {
			there[c.SHA256] = true
			if !x.known[c.SHA256] {
				x.Captures++
			}
			e := archive.CaptureEntry(c)
			missing, err := x.met(c.SHA256, e)
			if err != nil {
				x.Unreadable = append(x.Unreadable, err)
			}
			if missing {
				unlogged = append(unlogged, e)
			}
		}
		for _, sum := range batch {
			if !there[sum] {
				_, _ = x.met(sum, nil) // it is there, though it cannot be read
			}
		}
		batch = batch[:0]
		if err := x.enter(ctx, unlogged); err != nil {
			return err
		}
		return x.catalog.PutCaptures(ctx, captures...)
	}
	for sum, err := range x.Archive.List(ctx, archive.CapturePrefix) {
		if err != nil {
			return err
		}
		if _, logged := x.logged[sum]; x.known[sum] && (logged || !x.Archive.Logs()) {
			_, _ = x.met(sum, nil)
			continue
		}
		if batch = append(batch, sum); len(batch) == indexBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

func (r *Runner) indexReport(ctx context.Context, c *catalog.Catalog, sum string) (*archive.Report, error) {
	kept, data, err := r.Archive.Report(ctx, sum)
	if err != nil {
		return nil, err
	}
	report, err := kept.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kept.Path, err)
	}
	return kept, r.enterReport(ctx, c, kept, report)
}

// readCaptures reads capture records, several at a time since a store may be far.
func (r *Runner) readCaptures(ctx context.Context, sums []string, read func(context.Context, string) (*archive.Capture, error)) (captures []*archive.Capture, bad []error, err error) {
	all := make([]*archive.Capture, len(sums))
	errs := make([]error, len(sums))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4 * runtime.GOMAXPROCS(0))
	for i, sum := range sums {
		g.Go(func() error {
			all[i], errs[i] = read(gctx, sum)
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
