// Package catalog is the index over an archive: which reports were read, what
// they cite, how every visit to a source went, and which stored answer a
// conditional request can refer to.
//
// The archive is the truth and the catalog can be rebuilt from it at any time;
// feeding the same reports and captures again, in any order and in any
// grouping, gives the same content (see [Catalog.Dump]). The one exception is
// local state, runs and meta values, which may be lost without harm.
//
// The catalog is one SQLite file that several processes may use at once. Its
// commit point is the end of the transaction of each Put method: a process that
// is killed leaves a readable catalog with everything committed before. A
// machine that loses power may lose the last transactions (WAL with
// synchronous=NORMAL), and with them nothing that the archive does not hold.
//
// Times are kept in whole microseconds, UTC. Text that is not valid UTF-8 is
// stored the way encoding/json writes it, with U+FFFD for every wrong byte, so
// that what comes from memory equals what comes from the archive.
package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNotFound says that the catalog does not know what was asked for.
var ErrNotFound = errors.New("not in the catalog")

// Catalog is an open catalog. It is safe for concurrent use.
type Catalog struct {
	path  string
	read  *sql.DB // a few connections
	write *sql.DB // one connection: writers of this process queue for it instead of polling the file's lock

	// Statements of the paths that are walked once per visit.
	prior, has, putCapture, putRecord, putRevisit, putMemento *sql.Stmt
}

// prepare compiles what every visit runs.
func (c *Catalog) prepare(ctx context.Context) error {
	for _, p := range []struct {
		db   *sql.DB
		into **sql.Stmt
		text string
	}{
		{c.read, &c.prior, selectPrior},
		{c.read, &c.has, selectHas},
		{c.write, &c.putCapture, insertCapture},
		{c.write, &c.putRecord, insertRecord},
		{c.write, &c.putRevisit, mergeRevisit},
		{c.write, &c.putMemento, insertMemento},
	} {
		stmt, err := p.db.PrepareContext(ctx, p.text)
		if err != nil {
			return err
		}
		*p.into = stmt
	}
	return nil
}

// Path is the name of the file.
func (c *Catalog) Path() string { return c.path }

// Close releases the file. The catalog must not be used afterwards.
func (c *Catalog) Close() error {
	// The reader first: whoever closes last merges the write-ahead log into the
	// file, and only the writer is sure to be allowed to.
	if err := errors.Join(c.read.Close(), c.write.Close()); err != nil {
		return fmt.Errorf("close catalog %s: %w", c.path, err)
	}
	return nil
}

// update runs f in one write transaction.
func (c *Catalog) update(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

// view runs f in one read transaction, so that all its queries see one state.
func (c *Catalog) view(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := c.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(f(tx), ignoreDone(tx.Rollback()))
}

// ignoreDone drops the error of ending a transaction that a cancelled context
// has ended already.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
