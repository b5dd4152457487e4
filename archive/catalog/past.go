package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Past is what one visit found, as far as the judgement over time wants to know.
type Past struct {
	Key       string
	Capture   string // SHA-256 of the visit's capture
	CheckedAt time.Time
	Verdict   archive.Verdict
	Reason    string // code of the decisive reason
	Profile   string
	Content   string // archive.Outcome.ContentDigest
}

const pastColumns = `c.key, c.sha256, c.checked_at, c.verdict, c.reasons, c.profile, c.payload_sha256, c.post`

const selectPast = `SELECT ` + pastColumns + ` FROM wanted w JOIN captures c ON c.key = w.key AND c.grade >= 0 ORDER BY c.key, c.checked_at, c.sha256`

// Pasts calls f once for each of the keys that was ever visited, with its last
// visits, the oldest first and at most limit of them, and when the first of all
// was. What others captured is no visit. The slice is f's only until f returns.
func (c *Catalog) Pasts(ctx context.Context, keys []string, limit int, f func(key string, first time.Time, visits []Past) error) error {
	var visits []Past
	var first time.Time
	flush := func() error {
		if len(visits) == 0 {
			return nil
		}
		err := f(visits[0].Key, first, visits[max(0, len(visits)-limit):])
		visits = visits[:0]
		return err
	}
	// A key that is asked for twice may end one chunk and begin another.
	err := c.eachChunk(ctx, selectPast, keys, nil, func(rows *sql.Rows) error {
		p, err := scanPast(rows)
		if err != nil {
			return err
		}
		if len(visits) > 0 && visits[0].Key != p.Key {
			if err := flush(); err != nil {
				return err
			}
		}
		if len(visits) == 0 {
			first = p.CheckedAt
		}
		visits = append(visits, p)
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return fmt.Errorf("catalog %s: look up the visits of %d sources: %w", c.path, len(keys), err)
	}
	return nil
}

// Since calls f for every visit to any source at or after a time, the oldest
// first. It reads the whole table of visits.
func (c *Catalog) Since(ctx context.Context, since time.Time, f func(Past) error) error {
	err := each(ctx, c.read, `SELECT `+pastColumns+` FROM captures c WHERE c.checked_at >= $1 AND c.grade >= 0 ORDER BY c.checked_at, c.sha256`, []any{micros(since)}, func(rows *sql.Rows) error {
		p, err := scanPast(rows)
		if err != nil {
			return err
		}
		return f(p)
	})
	if err != nil {
		return fmt.Errorf("catalog %s: list visits: %w", c.path, err)
	}
	return nil
}

func scanPast(rows *sql.Rows) (Past, error) {
	var p Past
	var sha, payload []byte
	var checked int64
	var verdict, reasons, post string
	if err := rows.Scan(&p.Key, &sha, &checked, &verdict, &reasons, &p.Profile, &payload, &post); err != nil {
		return p, err
	}
	p.Capture, p.CheckedAt, p.Verdict = hex.EncodeToString(sha), fromMicros(checked), archive.Verdict(verdict)
	list, err := unpackList(reasons)
	if err == nil && len(list) > 0 {
		p.Reason, _, _ = strings.Cut(list[0], ":")
	}
	o := archive.Outcome{PayloadSHA256: hex.EncodeToString(payload)}
	if err == nil {
		o.Post, err = unpackPost(post)
	}
	p.Content = o.ContentDigest()
	if err == nil {
		err = p.Verdict.Validate()
	}
	if err != nil {
		err = fmt.Errorf("capture %s: %w", p.Capture, err)
	}
	return p, err
}
