package catalog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// abandoned is the age at which the unfinished file of a rebuild is taken to
// belong to a process that was killed.
const abandoned = 24 * time.Hour

// Rebuild replaces the content of the catalog at path by what fill puts into an
// empty one. The old content is in force until the new one is complete; then
// one transaction exchanges them, so that other processes may have the catalog
// open all the time. Local state stays as it is.
//
// What another process puts while fill runs is lost with the old content. Who
// expects that lists the archive once more afterwards and puts what is missing.
//
// A damaged catalog is moved to path + ".damaged". The errors ErrForeign and
// ErrNewer come before fill is called.
func Rebuild(ctx context.Context, path string, fill func(*Catalog) error) error {
	if err := rebuild(ctx, path, fill); err != nil {
		return fmt.Errorf("rebuild catalog %s: %w", path, err)
	}
	return nil
}

func rebuild(ctx context.Context, path string, fill func(*Catalog) error) error {
	live, err := Open(ctx, path)
	if err != nil && !errors.Is(err, ErrDamaged) {
		return err
	}
	next, err := build(ctx, path, fill)
	if err != nil {
		if live != nil {
			err = errors.Join(err, live.Close())
		}
		return err
	}
	defer removeDatabase(next)
	if live != nil {
		// Damage may show only where the file is changed.
		err := live.adopt(ctx, next)
		damaged := hasCode(err, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
		if closeErr := live.Close(); !damaged {
			return errors.Join(err, closeErr)
		}
	}
	return replace(next, path)
}

// build makes a new catalog beside path and returns its name.
func build(ctx context.Context, path string, fill func(*Catalog) error) (name string, err error) {
	prefix := filepath.Base(path) + ".new-"
	removeAbandoned(filepath.Dir(path), prefix)
	file, err := os.CreateTemp(filepath.Dir(path), prefix+"*")
	if err != nil {
		return "", err
	}
	name = file.Name()
	defer func() {
		if err != nil {
			removeDatabase(name)
		}
	}()
	if err := file.Close(); err != nil {
		return "", err
	}
	c, err := Open(ctx, name)
	if err != nil {
		return "", err
	}
	// Closing merges the write-ahead log: the file alone is the catalog then.
	return name, errors.Join(fill(c), c.Close())
}

// removeAbandoned removes what rebuilds that were killed have left.
func removeAbandoned(dir, prefix string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // creating the new file will say why
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// adopt takes over the content of the catalog in the file name.
func (c *Catalog) adopt(ctx context.Context, name string) (err error) {
	conn, err := c.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `ATTACH $1 AS rebuilt`, name); err != nil {
		return err
	}
	defer func() {
		// Without the context: the connection goes back to the pool.
		_, detachErr := conn.ExecContext(context.WithoutCancel(ctx), `DETACH rebuilt`)
		err = errors.Join(err, detachErr)
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	// SQLite copies the pages of a table into an empty one of the same shape,
	// which is why the rows are not merged one by one.
	for _, statement := range []string{
		`DELETE FROM main.citations`, `DELETE FROM main.reports`, `DELETE FROM main.captures`, `DELETE FROM main.records`, `DELETE FROM main.revisits`, `DELETE FROM main.decisions`, `DELETE FROM main.mementos`,
		`INSERT INTO main.reports SELECT * FROM rebuilt.reports`,
		`INSERT INTO main.citations SELECT * FROM rebuilt.citations`,
		`INSERT INTO main.captures SELECT * FROM rebuilt.captures`,
		`INSERT INTO main.records SELECT * FROM rebuilt.records`,
		`INSERT INTO main.revisits SELECT * FROM rebuilt.revisits`,
		`INSERT INTO main.decisions SELECT * FROM rebuilt.decisions`,
		`INSERT INTO main.mementos SELECT * FROM rebuilt.mementos`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return errors.Join(err, ignoreDone(tx.Rollback()))
		}
	}
	return tx.Commit()
}

// replace puts the database in the file next where the damaged one at path is,
// which it keeps. The write-ahead log of the damaged one goes first: SQLite
// would apply it to whatever file has the name.
func replace(next, path string) error {
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+suffix, path+".damaged"+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(path, path+".damaged"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(next, path)
}

// removeDatabase removes a database that nobody uses.
func removeDatabase(name string) {
	for _, suffix := range []string{"-wal", "-shm", ""} {
		_ = os.Remove(name + suffix)
	}
}
