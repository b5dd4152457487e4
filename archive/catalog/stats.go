package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Stats counts what the catalog knows.
type Stats struct {
	Reports   int64 // paths
	Citations int64 // of the current versions
	Sources   int64 // keys that were visited
	Captures  int64
	Bytes     int64 // of all captures

	Verdicts    map[archive.Verdict]int64 // of the newest check of each source; every verdict is there
	LastChecked time.Time                 // zero when nothing was ever visited
}

// Stats counts. It reads every capture's row: about a second per million.
func (c *Catalog) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Verdicts: make(map[archive.Verdict]int64)}
	for _, v := range archive.Verdicts() {
		s.Verdicts[v] = 0
	}
	err := c.view(ctx, func(tx *sql.Tx) error {
		var last int64
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(size), 0), COALESCE(MAX(checked_at), 0) FROM captures`).Scan(&s.Captures, &s.Bytes, &last)
		if err != nil {
			return err
		}
		s.LastChecked = fromMicros(last)
		err = tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM((SELECT COUNT(*) FROM citations t WHERE t.report = r.id)), 0) FROM reports r WHERE `+currentVersion).
			Scan(&s.Reports, &s.Citations)
		if err != nil {
			return err
		}
		const newest = `SELECT verdict, COUNT(*) FROM (
	SELECT verdict, ROW_NUMBER() OVER (PARTITION BY key ORDER BY checked_at DESC, sha256 DESC) AS age FROM captures) AS aged
WHERE age = 1 GROUP BY verdict`
		return each(ctx, tx, newest, nil, func(rows *sql.Rows) error {
			var verdict string
			var n int64
			err := rows.Scan(&verdict, &n)
			s.Verdicts[archive.Verdict(verdict)] = n
			s.Sources += n
			return err
		})
	})
	if err != nil {
		return Stats{}, fmt.Errorf("catalog %s: count: %w", c.path, err)
	}
	return s, nil
}
