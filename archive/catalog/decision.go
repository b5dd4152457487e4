package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ibid-archive/ibid/archive"
)

// PutDecisions indexes decisions that the archive holds. Those that are there
// already are left alone.
func (c *Catalog) PutDecisions(ctx context.Context, decisions ...*archive.Decision) error {
	if len(decisions) == 0 {
		return nil
	}
	err := c.update(ctx, func(tx *sql.Tx) error {
		for _, d := range decisions {
			record, err := d.Encode()
			if err != nil {
				return err
			}
			object, ok := digest(d.Object)
			if !ok {
				return errors.New("the decision's name is not a SHA-256 in lower-case hexadecimal")
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO decisions (object, key, record) VALUES ($1, $2, $3) ON CONFLICT (object) DO NOTHING`, object, d.Key, string(record))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("catalog %s: put %d decisions: %w", c.path, len(decisions), err)
	}
	return nil
}

// Decisions returns what was decided about the sources with these keys, in any
// report, by key, the oldest first. Any number of keys may be asked for.
func (c *Catalog) Decisions(ctx context.Context, keys ...string) (map[string][]archive.Decision, error) {
	found := map[string][]archive.Decision{}
	var any bool
	if err := c.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM decisions)`).Scan(&any); err != nil {
		return nil, fmt.Errorf("catalog %s: look up decisions: %w", c.path, err)
	}
	if !any {
		return found, nil
	}
	err := c.eachChunk(ctx, `SELECT d.record FROM wanted w JOIN decisions d ON d.key = w.key ORDER BY d.object`, keys, nil, func(rows *sql.Rows) error {
		var record string
		if err := rows.Scan(&record); err != nil {
			return err
		}
		d, err := archive.DecodeDecision([]byte(record))
		if err == nil {
			found[d.Key] = append(found[d.Key], *d)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up decisions: %w", c.path, err)
	}
	return found, nil
}
