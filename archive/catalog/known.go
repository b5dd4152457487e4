package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
)

const selectHas = `SELECT 1 FROM captures WHERE sha256 = $1`

// HasCapture reports whether the capture with this SHA-256 is indexed.
func (c *Catalog) HasCapture(ctx context.Context, sha string) (bool, error) {
	b, ok := digest(sha)
	if !ok {
		return false, nil
	}
	var one int
	switch err := c.has.QueryRowContext(ctx, b).Scan(&one); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("catalog %s: look up capture %s: %w", c.path, sha, err)
	}
	return true, nil
}

// Captures yields the SHA-256 of every indexed capture in ascending order. An
// error ends the sequence.
func (c *Catalog) Captures(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		fail := func(err error) { yield("", fmt.Errorf("catalog %s: list captures: %w", c.path, err)) }
		rows, err := c.read.QueryContext(ctx, `SELECT sha256 FROM captures ORDER BY sha256`)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close()
		var sha sql.RawBytes
		for rows.Next() {
			if err := rows.Scan(&sha); err != nil {
				fail(err)
				return
			}
			if !yield(hex.EncodeToString(sha), nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			fail(err)
		}
	}
}
