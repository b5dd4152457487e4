package catalog

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
)

// dumped are the tables that are rebuilt from the archive, with what Dump
// writes of them. Numbers that mean nothing outside of one file are left out.
func dumped() []struct{ name, query string } {
	return []struct{ name, query string }{
		{"report", `SELECT path, sha256, seen_at, title, format, object FROM reports ORDER BY path, sha256`},
		{"citation", `SELECT r.path AS path, r.sha256 AS sha256, t.position, t.id, t.note, t.key, t.url, t.raw, t.line, t.col, t.defanged, t.invalid, t.claim
FROM citations t JOIN reports r ON r.id = t.report ORDER BY r.path, r.sha256, t.position`},
		{"capture", `SELECT * FROM captures ORDER BY sha256`},
		{"record", `SELECT * FROM records ORDER BY record, capture`},
		{"revisit", `SELECT * FROM revisits ORDER BY record`},
		{"decision", `SELECT * FROM decisions ORDER BY object`},
		{"memento", `SELECT * FROM mementos ORDER BY capture`},
	}
}

// Dump writes everything that can be rebuilt from the archive as text, a line
// per row: two catalogs with the same dump give the same answers. Local state
// is not part of it.
func (c *Catalog) Dump(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := c.view(ctx, func(tx *sql.Tx) error {
		for _, table := range dumped() {
			if err := dumpTable(ctx, tx, out, table.name, table.query); err != nil {
				return err
			}
		}
		return out.Flush()
	})
	if err != nil {
		return fmt.Errorf("dump catalog %s: %w", c.path, err)
	}
	return nil
}

func dumpTable(ctx context.Context, q querier, w *bufio.Writer, name, query string) error {
	var columns []string
	var values, into []any
	return each(ctx, q, query, nil, func(rows *sql.Rows) (err error) {
		if columns == nil {
			if columns, err = rows.Columns(); err != nil {
				return err
			}
			values, into = make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		w.WriteString(name)
		for i, v := range values {
			switch v := v.(type) {
			case []byte:
				fmt.Fprintf(w, " %s=%x", columns[i], v)
			case string:
				fmt.Fprintf(w, " %s=%q", columns[i], v)
			default:
				fmt.Fprintf(w, " %s=%v", columns[i], v)
			}
		}
		return w.WriteByte('\n')
	})
}
