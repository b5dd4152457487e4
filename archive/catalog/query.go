package catalog

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// chunk is how many keys one statement looks up: enough to make its cost per
// key small, and far below the limits on parameters (32,766 in SQLite, 65,535
// in PostgreSQL).
const chunk = 500

// eachChunk runs a query over the table wanted(key), which it fills with the
// keys, some at a time. The parameters of args come before those of the keys.
func (c *Catalog) eachChunk(ctx context.Context, text string, keys []string, args []any, row func(*sql.Rows) error) error {
	return c.view(ctx, func(tx *sql.Tx) error {
		for start := 0; start < len(keys); start += chunk {
			part := keys[start:min(start+chunk, len(keys))]
			var wanted strings.Builder
			wanted.WriteString(`WITH wanted (key) AS (VALUES `)
			params := append(make([]any, 0, len(args)+len(part)), args...)
			for i, key := range part {
				if i > 0 {
					wanted.WriteByte(',')
				}
				params = append(params, clean(key))
				wanted.WriteString(`($` + strconv.Itoa(len(params)) + `)`)
			}
			wanted.WriteString(`) `)
			if err := each(ctx, tx, wanted.String()+text, params, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each runs a query and calls row for each of its rows.
func each(ctx context.Context, q querier, text string, args []any, row func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
