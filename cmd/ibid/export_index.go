package main

import (
	"context"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/evidence"
)

// exportIndex is the catalog as an evidence.Index for one report.
type exportIndex struct {
	*catalog.Catalog
	cited map[string]time.Time // key -> when a version of the report that cites it was first kept
}

func newExportIndex(ctx context.Context, c *catalog.Catalog, report catalog.Report) (*exportIndex, error) {
	cited, err := c.FirstCited(ctx, report.Path)
	if err != nil {
		return nil, err
	}
	return &exportIndex{c, cited}, nil
}

// Cited is the day of citation by which a memento was looked for, when there is
// one and something said so; otherwise when the report was first kept.
func (x *exportIndex) Cited(ctx context.Context, key string) (time.Time, error) {
	told, err := x.Remembered(ctx, key)
	if err != nil {
		return time.Time{}, err
	}
	if m := told[key].Memento; m != nil && m.From != archive.DayKept {
		return m.Wanted, nil
	}
	return x.cited[key], nil
}

func (x *exportIndex) Visits(ctx context.Context, key string) ([]evidence.Visit, error) {
	checks, err := x.History(ctx, key, 0)
	if err != nil {
		return nil, err
	}
	var newest time.Time // of our own visits, which what was imported never outdates
	for i := range checks {
		if c := &checks[i]; !c.Imported && c.CheckedAt.After(newest) {
			newest = c.CheckedAt
		}
	}
	visits := make([]evidence.Visit, 0, len(checks))
	for i := range checks {
		if c := &checks[i]; !c.Imported || newest.IsZero() || c.CheckedAt.Before(newest) {
			visits = append(visits, evidence.Visit{Capture: c.Capture, At: c.CheckedAt, Verdict: c.Verdict})
		}
	}
	return visits, nil
}
