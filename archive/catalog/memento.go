package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

const insertMemento = `INSERT INTO mementos (capture, key, record) VALUES ($1, $2, $3) ON CONFLICT (capture) DO NOTHING`

// Remembered is what web archives have told about a source.
type Remembered struct {
	Memento *archive.Memento // the best one, nil for none, see archive.Memento.Better
	Capture string           // SHA-256 of the capture that holds it

	All      []archive.Memento
	Captures []string // that hold them, in the same order

	Submitted        *archive.Submission // the latest, nil for none
	SubmittedCapture string
	SubmittedAt      time.Time
}

// putMemento indexes what c keeps of a web archive's answers.
func (w *captureWriter) putMemento(sha []byte, c *archive.Capture) error {
	if c.Imported == nil || c.Imported.Foreign() {
		return nil
	}
	record, err := json.Marshal(c.Imported)
	if err != nil {
		return err
	}
	_, err = w.memento.ExecContext(w.ctx, sha, clean(c.Key), string(record))
	return err
}

// Remembered returns what web archives have told about the sources with these
// keys, by key. Any number of keys may be asked for.
func (c *Catalog) Remembered(ctx context.Context, keys ...string) (map[string]Remembered, error) {
	found := map[string]Remembered{}
	var any bool
	if err := c.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM mementos)`).Scan(&any); err != nil {
		return nil, fmt.Errorf("catalog %s: look up mementos: %w", c.path, err)
	}
	if !any {
		return found, nil
	}
	const query = `SELECT m.key, m.capture, m.record, c.checked_at FROM wanted w JOIN mementos m ON m.key = w.key
JOIN captures c ON c.sha256 = m.capture ORDER BY m.key, c.checked_at, m.capture`
	err := c.eachChunk(ctx, query, keys, nil, func(rows *sql.Rows) error {
		var key, record string
		var capture []byte
		var at int64
		if err := rows.Scan(&key, &capture, &record, &at); err != nil {
			return err
		}
		var i archive.Imported
		if err := json.Unmarshal([]byte(record), &i); err != nil {
			return err
		}
		r := found[key]
		r.add(&i, hex.EncodeToString(capture), fromMicros(at))
		found[key] = r
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up mementos: %w", c.path, err)
	}
	return found, nil
}

func (r *Remembered) add(i *archive.Imported, capture string, at time.Time) {
	if m := i.Memento; m != nil {
		r.All, r.Captures = append(r.All, *m), append(r.Captures, capture)
		if r.Memento == nil || m.Better(r.Memento) {
			r.Memento, r.Capture = m, capture
		}
	}
	if s := i.Submitted; s != nil {
		r.Submitted, r.SubmittedCapture, r.SubmittedAt = s, capture, at // they come by time
	}
}

const selectFirst = `SELECT w.key, MIN(n.checked_at) FROM wanted w JOIN captures n ON n.key = w.key AND n.grade = 2 GROUP BY w.key`

// Firsts returns when the first visit of ours found the content of each of the
// keys; those whose content none found are not in it.
func (c *Catalog) Firsts(ctx context.Context, keys []string) (map[string]time.Time, error) {
	first := map[string]time.Time{}
	err := c.eachChunk(ctx, selectFirst, keys, nil, func(rows *sql.Rows) error {
		var key string
		var at int64
		err := rows.Scan(&key, &at)
		first[key] = fromMicros(at)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up %d sources: %w", c.path, len(keys), err)
	}
	return first, nil
}
