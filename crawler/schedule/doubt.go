package schedule

import (
	"context"
	"time"
)

var _ Confirmer = (*Watch)(nil)

// absentFor is how far back a visit may lie that did not find a source which is
// still in doubt: Runner.Due decides, and this bounds what it is asked about.
const absentFor = 60 * 24 * time.Hour

// doubt is what is in doubt of what some reports cite.
type doubt struct {
	paths []string            // of the reports, in the entries' order
	cited map[string][]string // keys of sources that were not found, by path
	due   map[string]Due      // of these keys
}

// doubt looks up what is in doubt, by the newest versions that the archive has of
// the reports: reading them anew is for ticks.
func (w *Watch) doubt(ctx context.Context, entries []Entry) (doubt, error) {
	d := doubt{cited: map[string][]string{}, due: map[string]Due{}}
	if w.Runner.Due == nil {
		return d, nil
	}
	var keys []string
	since := w.Runner.now().Add(-absentFor)
	for _, e := range entries {
		paths, err := w.paths(ctx, e)
		if err != nil {
			return d, err
		}
		for _, path := range paths {
			if d.cited[path] != nil {
				continue
			}
			cited, err := w.Runner.Catalog.Absent(ctx, path, since)
			if err != nil {
				return d, err
			}
			if len(cited) > 0 {
				d.paths, d.cited[path] = append(d.paths, path), cited
				keys = append(keys, cited...)
			}
		}
	}
	if len(keys) == 0 {
		return d, nil
	}
	var err error
	d.due, err = w.Runner.Due(ctx, keys)
	return d, err
}

// Wanted implements [Confirmer].
func (w *Watch) Wanted(ctx context.Context, entries []Entry) (first time.Time, err error) {
	d, err := w.doubt(ctx, entries)
	for _, due := range d.due {
		if due.InDoubt && (first.IsZero() || due.At.Before(first)) {
			first = due.At
		}
	}
	return first, err
}

// Confirm implements [Confirmer]. A report whose newest version cannot be read is
// left out, and the error says so when everything else went well.
func (w *Watch) Confirm(ctx context.Context, drain <-chan struct{}, entries []Entry) (reports []string, err error) {
	d, err := w.doubt(ctx, entries)
	if err != nil {
		return nil, err
	}
	now := w.Runner.now()
	var sources []Source
	unreadable := Unreadable{}
	for _, path := range d.paths {
		wanted := map[string]bool{}
		for _, key := range d.cited[path] {
			if due := d.due[key]; due.InDoubt && !due.At.After(now) {
				wanted[key] = true
			}
		}
		if len(wanted) == 0 {
			continue
		}
		reports = append(reports, path)
		source, err := w.kept(ctx, path, wanted)
		if err != nil {
			unreadable[path] = err
			continue
		}
		sources = append(sources, source)
	}
	if len(sources) > 0 {
		if err := w.visit(ctx, drain, "run between ticks", entries, sources); err != nil {
			return reports, err
		}
	}
	if len(unreadable) > 0 {
		return reports, unreadable
	}
	return reports, nil
}

// kept is the newest version of a report, with the citations of some sources alone.
func (w *Watch) kept(ctx context.Context, path string, wanted map[string]bool) (Source, error) {
	source, err := w.Runner.Newest(ctx, path)
	if err != nil {
		return Source{}, err
	}
	some := *source.Report
	some.Citations = nil
	for _, c := range source.Report.Citations {
		if wanted[c.Key] {
			some.Citations = append(some.Citations, c)
		}
	}
	source.Report = &some
	return source, nil
}
