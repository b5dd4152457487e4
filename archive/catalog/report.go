package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Report is one version of a report: one content under one path.
type Report struct {
	SHA256 string // of the report's bytes, lower-case hex
	Path   string // where it was read
	Title  string
	Format string
	Object string    // names the object in the archive that holds the bytes
	SeenAt time.Time // when it was read, as that object says: a rebuilt catalog knows no other time
}

// Citation is one citation of a report.
type Citation struct {
	ID       string // "<note>.<n>" or "L<line>.<n>"
	Note     string
	Key      string // of the source, "" when Invalid
	URL      string // as meant
	Raw      string // as written
	Line     int    // from 1
	Column   int    // from 1
	Defanged bool
	Invalid  string // why it cannot be visited, "" when it can
	Claim    string // of the first mark
}

const (
	// The newest sighting decides, and of two at one time the one with the
	// greater object, whichever order they come in. The digest of
	// the citations stays as it is: writeCitations compares and sets it.
	upsertReport = `INSERT INTO reports (id, path, sha256, seen_at, title, format, object, citations)
SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM reports WHERE true
ON CONFLICT (path, sha256) DO UPDATE SET
	title = CASE WHEN (excluded.seen_at, excluded.object) >= (reports.seen_at, reports.object) THEN excluded.title ELSE reports.title END,
	format = CASE WHEN (excluded.seen_at, excluded.object) >= (reports.seen_at, reports.object) THEN excluded.format ELSE reports.format END,
	object = CASE WHEN (excluded.seen_at, excluded.object) >= (reports.seen_at, reports.object) THEN excluded.object ELSE reports.object END,
	seen_at = CASE WHEN (excluded.seen_at, excluded.object) >= (reports.seen_at, reports.object) THEN excluded.seen_at ELSE reports.seen_at END
RETURNING id, seen_at, object, citations`

	insertCitation = `INSERT INTO citations (report, position, id, note, key, url, raw, line, col, defanged, invalid, claim)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

	selectReports = `SELECT r.id, r.sha256, r.path, r.title, r.format, r.object, r.seen_at FROM reports r `

	// currentVersion is true for the version of a path that was seen last.
	currentVersion = `NOT EXISTS (SELECT 1 FROM reports n WHERE n.path = r.path AND (n.seen_at, n.sha256) > (r.seen_at, r.sha256))`

	newestFirst = ` ORDER BY r.seen_at DESC, r.sha256 DESC, r.path DESC`
)

// PutReport stores a version of a report and its citations, in their order. A
// new content under a known path is a new version, and the one seen last is the
// path's current version. Putting a version again changes nothing, unless it
// was seen later or, being the same object, is read differently.
func (c *Catalog) PutReport(ctx context.Context, r Report, citations []Citation) error {
	if err := c.update(ctx, func(tx *sql.Tx) error { return putReport(ctx, tx, r, citations) }); err != nil {
		return fmt.Errorf("catalog %s: put report %s: %w", c.path, r.Path, err)
	}
	return nil
}

func putReport(ctx context.Context, tx *sql.Tx, r Report, citations []Citation) error {
	sha, ok := digest(r.SHA256)
	if !ok {
		return fmt.Errorf("%q is not a SHA-256 in lower-case hexadecimal", r.SHA256)
	}
	hash := sha256.New()
	text := json.NewEncoder(hash) // one by one: a report may have 100,000
	for i := range citations {
		if err := text.Encode(&citations[i]); err != nil {
			return err
		}
	}
	sum := hash.Sum(nil)
	var id, seen int64
	var object string
	var stored []byte
	err := tx.QueryRowContext(ctx, upsertReport, clean(r.Path), sha, micros(r.SeenAt), clean(r.Title), clean(r.Format), clean(r.Object), []byte{}).
		Scan(&id, &seen, &object, &stored)
	if err != nil {
		return err
	}
	if seen != micros(r.SeenAt) || object != clean(r.Object) || string(stored) == string(sum) {
		return nil // a later sighting has decided already, or nothing is new
	}
	return writeCitations(ctx, tx, id, sum, citations)
}

func writeCitations(ctx context.Context, tx *sql.Tx, report int64, sum []byte, citations []Citation) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM citations WHERE report = $1`, report); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, insertCitation)
	if err != nil {
		return err
	}
	defer insert.Close()
	quick := context.WithoutCancel(ctx) // see putAll
	for i, t := range citations {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := insert.ExecContext(quick, report, i, clean(t.ID), clean(t.Note), clean(t.Key), clean(t.URL), clean(t.Raw),
			t.Line, t.Column, bit(t.Defanged), clean(t.Invalid), clean(t.Claim)); err != nil {
			return fmt.Errorf("citation %s: %w", t.ID, err)
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE reports SET citations = $1 WHERE id = $2`, sum, report)
	return err
}

// Reports returns the current version of every path, ordered by path.
func (c *Catalog) Reports(ctx context.Context) ([]Report, error) {
	reports, err := queryReports(ctx, c.read, selectReports+`WHERE `+currentVersion+` ORDER BY r.path`)
	if err != nil {
		return nil, fmt.Errorf("catalog %s: list reports: %w", c.path, err)
	}
	return reports, nil
}

// Versions returns every version of one path, the newest first.
func (c *Catalog) Versions(ctx context.Context, path string) ([]Report, error) {
	reports, err := queryReports(ctx, c.read, selectReports+`WHERE r.path = $1`+newestFirst, clean(path))
	if err != nil {
		return nil, fmt.Errorf("catalog %s: versions of report %s: %w", c.path, path, err)
	}
	return reports, nil
}

func queryReports(ctx context.Context, q querier, text string, args ...any) ([]Report, error) {
	var reports []Report
	err := each(ctx, q, text, args, func(rows *sql.Rows) error {
		_, r, err := scanReport(rows)
		reports = append(reports, r)
		return err
	})
	return reports, err
}

// Report returns the current version of a path, or the version with the SHA-256
// (of several paths, where it was seen last), with its citations in their order.
// The error is ErrNotFound when the catalog has neither.
func (c *Catalog) Report(ctx context.Context, pathOrSHA string) (Report, []Citation, error) {
	var report Report
	var citations []Citation
	err := c.view(ctx, func(tx *sql.Tx) error {
		id, r, err := scanReport(tx.QueryRowContext(ctx, selectReports+`WHERE r.path = $1`+newestFirst+` LIMIT 1`, clean(pathOrSHA)))
		if sha, ok := digest(pathOrSHA); ok && errors.Is(err, sql.ErrNoRows) {
			id, r, err = scanReport(tx.QueryRowContext(ctx, selectReports+`WHERE r.sha256 = $1`+newestFirst+` LIMIT 1`, sha))
		}
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		report = r
		citations, err = readCitations(ctx, tx, id)
		return err
	})
	if err != nil {
		return Report{}, nil, fmt.Errorf("catalog %s: report %s: %w", c.path, pathOrSHA, err)
	}
	return report, citations, nil
}

func scanReport(row interface{ Scan(...any) error }) (id int64, r Report, err error) {
	var sha []byte
	var seen int64
	err = row.Scan(&id, &sha, &r.Path, &r.Title, &r.Format, &r.Object, &seen)
	r.SHA256 = hex.EncodeToString(sha)
	r.SeenAt = fromMicros(seen)
	return id, r, err
}

func readCitations(ctx context.Context, q querier, report int64) ([]Citation, error) {
	const text = `SELECT id, note, key, url, raw, line, col, defanged, invalid, claim FROM citations WHERE report = $1 ORDER BY position`
	var citations []Citation
	err := each(ctx, q, text, []any{report}, func(rows *sql.Rows) error {
		var t Citation
		err := rows.Scan(&t.ID, &t.Note, &t.Key, &t.URL, &t.Raw, &t.Line, &t.Column, &t.Defanged, &t.Invalid, &t.Claim)
		citations = append(citations, t)
		return err
	})
	return citations, err
}
