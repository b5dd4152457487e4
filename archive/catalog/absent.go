package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

const selectAbsent = `SELECT DISTINCT t.key FROM reports r JOIN citations t ON t.report = r.id
WHERE r.path = $1 AND t.key <> '' AND ` + currentVersion + ` AND EXISTS
	(SELECT 1 FROM captures n WHERE n.key = t.key AND n.grade = 0 AND n.checked_at >= $2 AND n.verdict IN ($3, $4))
ORDER BY t.key`

// Absent returns the keys of the sources that the current version of the report at
// a path cites and that a visit at or after since did not find, whatever later ones
// found.
func (c *Catalog) Absent(ctx context.Context, path string, since time.Time) ([]string, error) {
	var keys []string
	args := []any{clean(path), micros(since), string(archive.Gone), string(archive.Soft404)}
	err := each(ctx, c.read, selectAbsent, args, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		keys = append(keys, key)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up what %s cites and was not found: %w", c.path, path, err)
	}
	return keys, nil
}
