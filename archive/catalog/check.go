package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Check is what one visit found, and what the archive held of the source after it.
type Check struct {
	Key, URL  string
	Capture   string // SHA-256 of the visit's capture
	Size      int64  // bytes of it
	CheckedAt time.Time
	// Imported says that somebody else captured the source, and we did not visit it.
	Imported bool

	archive.Judgement
	archive.Outcome

	// Content is the SHA-256 of the capture that holds the source's latest
	// content, and CapturedAt when that content was last kept or confirmed: at
	// the newest visit that was alive, moved or drifted. A page that stands
	// before a wall (restricted) counts only when there was never more, and what
	// was imported when no visit of ours found anything. Both are zero when the source was never reached. Content is "" too when the
	// capture that a revisit refers to is not in the catalog.
	Content    string
	CapturedAt time.Time
}

// checkColumns are the columns of captures that scanCheck reads, with those of
// the capture k that kept or confirmed the content.
const checkColumns = `c.key, c.url, c.sha256, c.size, c.checked_at, c.verdict, c.state, c.reasons, c.http_status, c.final_url, c.redirects,
	c.title, c.media_type, c.payload_sha256, c.payload_size, c.text_sha256, c.unchanged, c.post, c.grade, k.sha256, k.checked_at, k.content,
	CASE WHEN k.content <> '' THEN (SELECT r.capture FROM records r WHERE r.record = k.content AND r.url =
		CASE WHEN k.content_url <> '=' THEN k.content_url WHEN k.final_url <> '=' THEN k.final_url WHEN k.url <> '=' THEN k.url ELSE k.key END
		ORDER BY r.date DESC, r.capture LIMIT 1) END`

// The newest check of each key in the table wanted, see eachChunk. What was
// imported answers where no visit of ours does.
const selectLatest = `SELECT ` + checkColumns + ` FROM wanted w
JOIN captures c ON c.sha256 = COALESCE((SELECT g.sha256 FROM (
	SELECT * FROM (SELECT n.checked_at, n.sha256 FROM captures n WHERE n.key = w.key AND n.grade = 2 ORDER BY n.checked_at DESC, n.sha256 DESC LIMIT 1) AS g2
	UNION ALL
	SELECT * FROM (SELECT n.checked_at, n.sha256 FROM captures n WHERE n.key = w.key AND n.grade = 1 ORDER BY n.checked_at DESC, n.sha256 DESC LIMIT 1) AS g1
	UNION ALL
	SELECT * FROM (SELECT n.checked_at, n.sha256 FROM captures n WHERE n.key = w.key AND n.grade = 0 ORDER BY n.checked_at DESC, n.sha256 DESC LIMIT 1) AS g0
	) AS g ORDER BY g.checked_at DESC, g.sha256 DESC LIMIT 1), (SELECT i.sha256 FROM (
	SELECT * FROM (SELECT n.checked_at, n.sha256 FROM captures n WHERE n.key = w.key AND n.grade = -2 ORDER BY n.checked_at DESC, n.sha256 DESC LIMIT 1) AS i2
	UNION ALL
	SELECT * FROM (SELECT n.checked_at, n.sha256 FROM captures n WHERE n.key = w.key AND n.grade = -1 ORDER BY n.checked_at DESC, n.sha256 DESC LIMIT 1) AS i1
	) AS i ORDER BY i.checked_at DESC, i.sha256 DESC LIMIT 1))
LEFT JOIN captures k ON k.sha256 = COALESCE((SELECT n.sha256 FROM captures n WHERE n.key = w.key AND n.grade > 0
	ORDER BY n.grade DESC, n.checked_at DESC, n.sha256 DESC LIMIT 1),
	(SELECT n.sha256 FROM captures n WHERE n.key = w.key AND n.grade = -2 ORDER BY n.checked_at DESC, n.sha256 DESC LIMIT 1))`

// The content of each check is what was kept until then.
const selectHistory = `SELECT ` + checkColumns + ` FROM captures c
LEFT JOIN captures k ON k.sha256 = COALESCE(
	(SELECT n.sha256 FROM captures n WHERE n.key = c.key AND n.grade = 2
		AND (n.checked_at, n.sha256) <= (c.checked_at, c.sha256) ORDER BY n.checked_at DESC, n.sha256 DESC LIMIT 1),
	(SELECT n.sha256 FROM captures n WHERE n.key = c.key AND n.grade = 1
		AND (n.checked_at, n.sha256) <= (c.checked_at, c.sha256) ORDER BY n.checked_at DESC, n.sha256 DESC LIMIT 1))
WHERE c.key = $1 ORDER BY c.checked_at DESC, c.sha256 DESC`

const selectFresh = `SELECT w.key FROM wanted w WHERE EXISTS (SELECT 1 FROM captures n WHERE n.key = w.key AND n.grade IN (0, 1, 2) AND n.checked_at >= $1)`

// Latest returns the newest check of each key that was ever visited. Any number
// of keys may be asked for.
func (c *Catalog) Latest(ctx context.Context, keys ...string) (map[string]Check, error) {
	checks := make(map[string]Check, len(keys))
	err := c.eachChunk(ctx, selectLatest, keys, nil, func(rows *sql.Rows) error {
		check, err := scanCheck(rows)
		checks[check.Key] = check
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up %d sources: %w", c.path, len(keys), err)
	}
	return checks, nil
}

// History returns the checks of one key, the newest first: at most limit of
// them, all when limit is not positive.
func (c *Catalog) History(ctx context.Context, key string, limit int) ([]Check, error) {
	text := selectHistory
	args := []any{clean(key)}
	if limit > 0 {
		text += ` LIMIT $2`
		args = append(args, limit)
	}
	var checks []Check
	err := each(ctx, c.read, text, args, func(rows *sql.Rows) error {
		check, err := scanCheck(rows)
		checks = append(checks, check)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: history of %s: %w", c.path, key, err)
	}
	return checks, nil
}

// Fresh reports which of the keys were visited at or after since, whatever the
// visit found.
func (c *Catalog) Fresh(ctx context.Context, keys []string, since time.Time) (map[string]bool, error) {
	fresh, err := c.which(ctx, selectFresh, keys, []any{micros(since)})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up %d sources: %w", c.path, len(keys), err)
	}
	return fresh, nil
}

// which returns those of the keys that a query selects.
func (c *Catalog) which(ctx context.Context, query string, keys []string, args []any) (map[string]bool, error) {
	found := make(map[string]bool)
	return found, c.eachChunk(ctx, query, keys, args, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		found[key] = true
		return err
	})
}

func scanCheck(rows *sql.Rows) (Check, error) {
	var c Check
	var sha, payload, text, kept, holder []byte
	var checked, grade int64
	var keptAt sql.NullInt64
	var content sql.NullString
	var verdict, state, reasons, redirects, post string
	err := rows.Scan(&c.Key, &c.URL, &sha, &c.Size, &checked, &verdict, &state, &reasons, &c.HTTPStatus, &c.FinalURL, &redirects,
		&c.Title, &c.MediaType, &payload, &c.PayloadSize, &text, &c.Unchanged, &post, &grade, &kept, &keptAt, &content, &holder)
	if err != nil {
		return c, err
	}
	c.Imported = grade < 0
	c.URL = orSame(c.URL, c.Key)
	c.FinalURL = orSame(c.FinalURL, c.URL)
	c.PayloadSHA256 = hex.EncodeToString(payload)
	c.TextSHA256 = hex.EncodeToString(text)
	c.Capture = hex.EncodeToString(sha)
	c.CheckedAt = fromMicros(checked)
	c.CapturedAt = fromMicros(keptAt.Int64)
	if content.String == "" {
		c.Content = hex.EncodeToString(kept)
	} else {
		c.Content = hex.EncodeToString(holder)
	}
	c.Verdict, c.State = archive.Verdict(verdict), archive.State(state)
	if err := c.Verdict.Validate(); err != nil {
		return c, fmt.Errorf("capture %s: %w", c.Capture, err)
	}
	if c.Reasons, err = unpackList(reasons); err != nil {
		return c, fmt.Errorf("capture %s: %w", c.Capture, err)
	}
	if c.Redirects, err = unpackList(redirects); err != nil {
		return c, fmt.Errorf("capture %s: %w", c.Capture, err)
	}
	if c.Post, err = unpackPost(post); err != nil {
		return c, fmt.Errorf("capture %s: %w", c.Capture, err)
	}
	return c, nil
}
