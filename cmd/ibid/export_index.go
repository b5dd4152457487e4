package main

import (
	"context"
	"time"

	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/evidence"
)

// exportIndex is the catalog as an evidence.Index for one report.
type exportIndex struct {
	*catalog.Catalog
	cited map[string]time.Time // key -> when a version of the report that cites it was first kept
}

func newExportIndex(ctx context.Context, c *catalog.Catalog, report catalog.Report) (*exportIndex, error) {
	versions, err := c.Versions(ctx, report.Path)
	if err != nil {
		return nil, err
	}
	x := &exportIndex{c, map[string]time.Time{}}
	for _, v := range versions { // the newest first
		_, citations, err := c.Report(ctx, v.SHA256)
		if err != nil {
			return nil, err
		}
		for i := range citations {
			if key := citations[i].Key; key != "" {
				x.cited[key] = v.SeenAt
			}
		}
	}
	return x, nil
}

func (x *exportIndex) Cited(_ context.Context, key string) (time.Time, error) {
	return x.cited[key], nil
}

func (x *exportIndex) Visits(ctx context.Context, key string) ([]evidence.Visit, error) {
	checks, err := x.History(ctx, key, 0)
	if err != nil {
		return nil, err
	}
	visits := make([]evidence.Visit, len(checks))
	for i := range checks {
		visits[i] = evidence.Visit{Capture: checks[i].Capture, At: checks[i].CheckedAt, Verdict: checks[i].Verdict}
	}
	return visits, nil
}
