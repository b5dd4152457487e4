package catalog

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"
)

// Run is a run that has begun and not ended: it is still going on, or it was
// killed, and then captures may be in the archive that are not in the catalog.
type Run struct {
	ID        string
	StartedAt time.Time
	Host      string // where it began
	Process   int    // its process id there
}

// BeginRun notes that captures are going to be made. It returns the id for
// EndRun. The note is on the disk when BeginRun returns: if it could be lost in
// a power cut, nobody would look for the captures that are not in the catalog.
func (c *Catalog) BeginRun(ctx context.Context, at time.Time) (id string, err error) {
	host, err := os.Hostname()
	if err != nil {
		host = "" // only for people to read
	}
	id = rand.Text()
	err = c.durably(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, `INSERT INTO runs (id, started_at, host, process) VALUES ($1, $2, $3, $4)`, id, micros(at), clean(host), os.Getpid())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("catalog %s: begin run: %w", c.path, err)
	}
	return id, nil
}

// durably runs f on the writing connection while every commit on it is synced.
func (c *Catalog) durably(ctx context.Context, f func(*sql.Conn) error) (err error) {
	conn, err := c.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `PRAGMA synchronous = full`); err != nil {
		return err
	}
	defer func() {
		// Without the context: the connection goes back to the pool.
		_, normalErr := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA synchronous = normal`)
		err = errors.Join(err, normalErr)
	}()
	return f(conn)
}

// EndRun notes that everything that a run kept is in the catalog, or that the
// catalog was completed after the run was killed. Ending a run twice is no error.
func (c *Catalog) EndRun(ctx context.Context, id string) error {
	if _, err := c.write.ExecContext(ctx, `DELETE FROM runs WHERE id = $1`, id); err != nil {
		return fmt.Errorf("catalog %s: end run %s: %w", c.path, id, err)
	}
	return nil
}

// Unfinished returns the runs that have not ended, the oldest first.
func (c *Catalog) Unfinished(ctx context.Context) ([]Run, error) {
	var runs []Run
	err := each(ctx, c.read, `SELECT id, started_at, host, process FROM runs ORDER BY started_at, id`, nil, func(rows *sql.Rows) error {
		var r Run
		var started int64
		err := rows.Scan(&r.ID, &started, &r.Host, &r.Process)
		r.StartedAt = fromMicros(started)
		runs = append(runs, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("catalog %s: list runs: %w", c.path, err)
	}
	return runs, nil
}

// Meta returns a value that SetMeta stored.
func (c *Catalog) Meta(ctx context.Context, name string) (value string, ok bool, err error) {
	err = c.read.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("catalog %s: read %s: %w", c.path, name, err)
	}
	return value, true, nil
}

// SetMeta stores a value under a name: local state that may be lost.
func (c *Catalog) SetMeta(ctx context.Context, name, value string) error {
	_, err := c.write.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	if err != nil {
		return fmt.Errorf("catalog %s: write %s: %w", c.path, name, err)
	}
	return nil
}
