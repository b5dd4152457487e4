package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
)

const selectHolder = `SELECT r.capture FROM records r WHERE r.url = $1 AND r.record = $2 ORDER BY r.date, r.capture LIMIT 1`

// Holder returns the SHA-256 of the capture that holds the response record with
// this WARC-Record-ID (without <>) and URL, "" when none is indexed.
func (c *Catalog) Holder(ctx context.Context, url, record string) (capture string, err error) {
	err = each(ctx, c.read, selectHolder, []any{clean(url), clean(record)}, func(rows *sql.Rows) error {
		var sum []byte
		err := rows.Scan(&sum)
		capture = hex.EncodeToString(sum)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("catalog %s: look up record %s of %s: %w", c.path, record, url, err)
	}
	return capture, nil
}
