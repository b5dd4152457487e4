package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/ibid-archive/ibid/archive"
)

// A revisit that came after the record says what holds now.
const selectPrior = `SELECT r.record, r.capture, r.date, r.payload, r.chain,
	CASE WHEN v.verified_at > r.date THEN v.verified_at ELSE r.date END,
	CASE WHEN v.etag_at > r.date THEN v.etag ELSE r.etag END,
	CASE WHEN v.modified_at > r.date THEN v.last_modified ELSE r.last_modified END
FROM records r LEFT JOIN revisits v ON v.record = r.record
WHERE r.url = $1
ORDER BY r.date DESC, r.record DESC, r.capture DESC LIMIT 1`

// Prior returns the latest complete answer with status 200 that the archive
// holds for exactly this URL, whatever it was fetched for, with the validators
// that its revisits have brought since. It returns nil when there is none.
func (c *Catalog) Prior(ctx context.Context, url string) (*archive.Prior, error) {
	// Not cancelled within the statement, for the reason given in putAll.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	url = clean(url)
	p := archive.Prior{URL: url}
	var capture, payload, chain []byte
	var date, verified int64
	err := c.prior.QueryRowContext(context.WithoutCancel(ctx), url).
		Scan(&p.Record, &capture, &date, &payload, &chain, &verified, &p.ETag, &p.LastModified)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("catalog %s: look up the last answer of %s: %w", c.path, url, err)
	}
	p.Date = fromMicros(date)
	p.VerifiedAt = fromMicros(verified)
	p.PayloadSHA256 = hex.EncodeToString(payload)
	p.Capture = hex.EncodeToString(capture)
	p.Chain = unpackChain(chain)
	return &p, nil
}
