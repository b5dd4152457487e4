package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Content is a capture that shows a source with its content.
type Content struct {
	Capture       string // its SHA-256
	CheckedAt     time.Time
	Verdict       archive.Verdict
	Imported      bool
	FinalURL      string
	Title         string
	PayloadSHA256 string // "" when no whole answer came
}

const selectContents = `SELECT c.key, c.url, c.sha256, c.checked_at, c.verdict, c.grade, c.final_url, c.title, c.payload_sha256
FROM captures c WHERE c.key = $1 AND c.grade IN (2, -2) AND NOT EXISTS (SELECT 1 FROM mementos m WHERE m.capture = c.sha256) ORDER BY c.checked_at, c.sha256`

// Contents returns the captures that show the source with this key with its
// content, the oldest first, those that others made among them. What a web archive
// says that a source was is not: nothing that is there is judged by it.
func (c *Catalog) Contents(ctx context.Context, key string) ([]Content, error) {
	var all []Content
	err := each(ctx, c.read, selectContents, []any{clean(key)}, func(rows *sql.Rows) error {
		var k, url, verdict string
		var sha, payload []byte
		var checked, grade int64
		var found Content
		if err := rows.Scan(&k, &url, &sha, &checked, &verdict, &grade, &found.FinalURL, &found.Title, &payload); err != nil {
			return err
		}
		found.FinalURL = orSame(found.FinalURL, orSame(url, k))
		found.Capture, found.PayloadSHA256 = hex.EncodeToString(sha), hex.EncodeToString(payload)
		found.CheckedAt, found.Imported, found.Verdict = fromMicros(checked), grade < 0, archive.Verdict(verdict)
		all = append(all, found)
		return found.Verdict.Validate()
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up the content of %s: %w", c.path, key, err)
	}
	return all, nil
}

const selectBrought = `SELECT w.key FROM wanted w WHERE EXISTS (SELECT 1 FROM captures n WHERE n.key = w.key AND n.grade = -2
	AND NOT EXISTS (SELECT 1 FROM mementos m WHERE m.capture = n.sha256))`

// Brought reports which of the keys have a capture with content that others made.
func (c *Catalog) Brought(ctx context.Context, keys []string) (map[string]bool, error) {
	brought, err := c.which(ctx, selectBrought, keys, nil)
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up what was imported of %d sources: %w", c.path, len(keys), err)
	}
	return brought, nil
}

const selectFirstCited = `SELECT c.key, MIN(r.seen_at) FROM reports r JOIN citations c ON c.report = r.id WHERE r.path = $1 AND c.key <> '' GROUP BY c.key`

// FirstCited says when a version of the report at a path was first kept that
// cites a source, by the source's key.
func (c *Catalog) FirstCited(ctx context.Context, path string) (map[string]time.Time, error) {
	first := map[string]time.Time{}
	err := each(ctx, c.read, selectFirstCited, []any{clean(path)}, func(rows *sql.Rows) error {
		var key string
		var seen int64
		err := rows.Scan(&key, &seen)
		first[key] = fromMicros(seen)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up what %s cites: %w", c.path, path, err)
	}
	return first, nil
}

const selectLanded = `SELECT DISTINCT c.final_url, c.key FROM captures c WHERE c.final_url <> '=' AND c.final_url <> '' ORDER BY c.final_url`

// Landed calls f for every URL at which visits to other addresses ended, with the
// keys of their sources. It reads the whole table of visits. The slice is f's only
// until f returns.
func (c *Catalog) Landed(ctx context.Context, f func(url string, keys []string)) error {
	var at string
	var keys []string
	err := each(ctx, c.read, selectLanded, nil, func(rows *sql.Rows) error {
		var url, key string
		if err := rows.Scan(&url, &key); err != nil {
			return err
		}
		if url != at && len(keys) > 0 {
			f(at, keys)
			keys = keys[:0]
		}
		at, keys = url, append(keys, key)
		return nil
	})
	if err != nil {
		return fmt.Errorf("catalog %s: list where visits ended: %w", c.path, err)
	}
	if len(keys) > 0 {
		f(at, keys)
	}
	return nil
}
