package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

const (
	insertCapture = `INSERT INTO captures (sha256, size, key, url, checked_at, grade, content, content_url, verdict, state, reasons,
	http_status, final_url, redirects, title, media_type, payload_sha256, payload_size, text_sha256, unchanged, profile, post)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
ON CONFLICT (sha256) DO NOTHING`

	insertRecord = `INSERT INTO records (record, capture, url, date, payload, etag, last_modified, chain)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

	// The greatest (time, value) wins: commutative, associative, idempotent.
	mergeRevisit = `INSERT INTO revisits (record, verified_at, etag_at, etag, modified_at, last_modified)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (record) DO UPDATE SET
	verified_at = CASE WHEN excluded.verified_at > revisits.verified_at THEN excluded.verified_at ELSE revisits.verified_at END,
	etag_at = CASE WHEN excluded.etag_at > revisits.etag_at THEN excluded.etag_at ELSE revisits.etag_at END,
	etag = CASE WHEN (excluded.etag_at, excluded.etag) > (revisits.etag_at, revisits.etag) THEN excluded.etag ELSE revisits.etag END,
	modified_at = CASE WHEN excluded.modified_at > revisits.modified_at THEN excluded.modified_at ELSE revisits.modified_at END,
	last_modified = CASE WHEN (excluded.modified_at, excluded.last_modified) > (revisits.modified_at, revisits.last_modified)
		THEN excluded.last_modified ELSE revisits.last_modified END`
)

// Grades of a capture: how much of the cited content it keeps or confirms.
const (
	gradeNone    = 0
	gradeWall    = 1 // what a source shows to those whom it does not let in
	gradeContent = 2

	// What others captured is no visit of ours: it never counts before one.
	gradeImported        = -1
	gradeImportedContent = -2
)

// PutCaptures indexes captures that the archive holds, in one transaction: all
// of them or, with an error, none. Captures that are there already are left
// alone, and the order in which captures come makes no difference.
func (c *Catalog) PutCaptures(ctx context.Context, captures ...*archive.Capture) error {
	if len(captures) == 0 {
		return nil
	}
	if err := c.update(ctx, func(tx *sql.Tx) error { return c.putAll(ctx, tx, captures) }); err != nil {
		return fmt.Errorf("catalog %s: put %d captures: %w", c.path, len(captures), err)
	}
	return nil
}

func (c *Catalog) putAll(ctx context.Context, tx *sql.Tx, captures []*archive.Capture) error {
	// The driver starts a goroutine for every statement that can be cancelled.
	// These take microseconds, so it is enough to look between them.
	quick := context.WithoutCancel(ctx)
	w := captureWriter{
		ctx:     quick,
		capture: tx.StmtContext(quick, c.putCapture),
		record:  tx.StmtContext(quick, c.putRecord),
		revisit: tx.StmtContext(quick, c.putRevisit),
		memento: tx.StmtContext(quick, c.putMemento),
	}
	for _, capture := range captures {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.put(capture); err != nil {
			return fmt.Errorf("capture %s: %w", capture.SHA256, err)
		}
	}
	return nil
}

// captureWriter puts captures within one transaction.
type captureWriter struct {
	ctx                               context.Context
	capture, record, revisit, memento *sql.Stmt
}

func (w *captureWriter) put(c *archive.Capture) error {
	sha, err := checkCapture(c)
	if err != nil {
		return err
	}
	key, url, final := clean(c.Key), clean(c.URL), clean(c.FinalURL)
	content, contentURL := contentRecord(c)
	res, err := w.capture.ExecContext(w.ctx, sha, c.Size, key, unlessSame(url, key), micros(checkedAt(c)), gradeOf(c),
		content, unlessSame(contentURL, final), string(c.Verdict), string(c.State), packList(c.Reasons),
		c.HTTPStatus, unlessSame(final, url), packList(c.Redirects), clean(c.Title), clean(c.MediaType),
		digestOrNone(c.PayloadSHA256), c.PayloadSize, digestOrNone(c.TextSHA256), bit(c.Unchanged), clean(c.Policy.Profile), packPost(c.Post))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err // known: its records are there too
	}
	if err := w.putMemento(sha, c); err != nil {
		return err
	}
	for i := range c.Exchanges {
		if err := w.putExchange(sha, &c.Exchanges[i]); err != nil {
			return fmt.Errorf("exchange %d: %w", i, err)
		}
	}
	return nil
}

func checkCapture(c *archive.Capture) (sha []byte, err error) {
	sha, ok := digest(c.SHA256)
	if !ok {
		return nil, errors.New("its name is not a SHA-256 in lower-case hexadecimal")
	}
	if c.Key == "" {
		return nil, errors.New("it has no key")
	}
	if err := c.Verdict.Validate(); err != nil {
		return nil, err
	}
	return sha, checkState(c.State)
}

func checkState(s archive.State) error {
	switch s {
	case "", archive.StateAlive, archive.StateUnconfirmed, archive.StateSuspect, archive.StateDead:
		return nil
	}
	return fmt.Errorf("unknown state %q", string(s))
}

// checkedAt is the time of a visit: its end, because that is when it was judged.
func checkedAt(c *archive.Capture) time.Time {
	if c.FinishedAt.IsZero() {
		return c.StartedAt
	}
	return c.FinishedAt
}

func grade(v archive.Verdict) int64 {
	switch v {
	case archive.Alive, archive.Moved, archive.Drifted:
		return gradeContent
	case archive.Restricted:
		return gradeWall
	}
	return gradeNone
}

// gradeOf is the grade of a capture, whoever made it.
func gradeOf(c *archive.Capture) int64 {
	switch g := grade(c.Verdict); {
	case c.Imported == nil:
		return g
	case g == gradeContent:
		return gradeImportedContent
	}
	return gradeImported
}

// contentRecord is the record that holds the bytes of the final answer, and its
// URL, when the capture itself only refers to them.
func contentRecord(c *archive.Capture) (record, url string) {
	for _, x := range slices.Backward(c.Exchanges) {
		if x.Role != archive.RoleSource || x.Status == 0 {
			continue
		}
		if x.RefersTo == "" {
			break
		}
		return clean(x.RefersTo), clean(x.URL)
	}
	return "", ""
}

// putExchange keeps what the next visit needs for a conditional request.
func (w *captureWriter) putExchange(capture []byte, x *archive.ExchangeInfo) error {
	if x.Truncated != "" || x.Failure != nil || x.Role == archive.RoleLookup {
		return nil
	}
	date := micros(x.Date)
	if x.RefersTo == "" {
		payload, ok := digest(x.PayloadSHA256)
		if x.Status != http.StatusOK || x.Record == "" || !ok {
			return nil
		}
		chain := []byte{} // nil would be NULL
		if x.TLS != nil {
			chain = packChain(x.TLS.Chain)
		}
		_, err := w.record.ExecContext(w.ctx, clean(x.Record), capture, clean(x.URL), date, payload, clean(x.ETag), clean(x.LastModified), chain)
		return err
	}
	var verified int64
	etagAt, modifiedAt := date, date
	switch x.Status {
	case http.StatusOK: // the same bytes came again, and with them all that is said about them
		verified = date
	case http.StatusNotModified: // replaces only what it names (RFC 9111 §4.3.4)
		if x.ETag == "" {
			etagAt = 0
		}
		if x.LastModified == "" {
			modifiedAt = 0
		}
	default:
		return nil
	}
	_, err := w.revisit.ExecContext(w.ctx, clean(x.RefersTo), verified, etagAt, clean(x.ETag), modifiedAt, clean(x.LastModified))
	return err
}
