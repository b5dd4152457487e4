package schedule

import (
	"context"
	"errors"

	"github.com/ibid-archive/ibid/archive"
)

// Import keeps the reports, has keep put captures into the archive, and enters
// them into log and catalog as after a run of visits. What keep returns beside an
// error is in the archive and is entered, too.
func (r *Runner) Import(ctx context.Context, sources []Source, keep func(context.Context) ([]*archive.Capture, error)) error {
	id, err := r.Catalog.BeginRun(ctx, r.now())
	if err != nil {
		return err
	}
	if err := r.keepReports(ctx, sources); err != nil {
		return err
	}
	captures, keepErr := keep(ctx)
	ctx = context.WithoutCancel(ctx) // what is durable is entered
	entries := make([]*archive.Entry, len(captures))
	for i, c := range captures {
		entries[i] = archive.CaptureEntry(c)
	}
	if _, err := r.Archive.Enter(ctx, entries...); err != nil {
		return errors.Join(keepErr, err)
	}
	if err := r.Catalog.PutCaptures(ctx, captures...); err != nil {
		return errors.Join(keepErr, err)
	}
	if keepErr != nil {
		return keepErr // the run counts as unfinished, and the next one looks for what was kept
	}
	return r.Catalog.EndRun(ctx, id)
}
