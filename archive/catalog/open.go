package catalog

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a SQLite file as an ibid catalog: "ibid" in ASCII
// (PRAGMA application_id, SQLite file format §1.3.14).
const applicationID = 0x69626964

// busyWait is how long a statement waits for another process. A second process
// holds the file for one transaction, which takes milliseconds, or for the end
// of a reindex, which takes seconds.
const busyWait = 30 * time.Second

// Errors that say why a file is of no use as a catalog. The error that wraps
// them says what to do.
var (
	ErrDamaged = errors.New("the catalog is damaged")
	ErrForeign = errors.New("the file is not a catalog of ibid")
	ErrNewer   = errors.New("the catalog was written by a newer ibid")
)

// Open opens the catalog in the file path, creates it when there is none, and
// brings an older one to the present schema. The directory must exist.
// The error is ErrDamaged, ErrForeign or ErrNewer for a file that cannot be
// used; such a file is left as it is.
func Open(ctx context.Context, path string) (*Catalog, error) {
	c, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open catalog %s: %w", path, explain(err, path))
	}
	return c, nil
}

func open(ctx context.Context, path string) (*Catalog, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := identify(ctx, abs); err != nil {
		return nil, err
	}
	c := &Catalog{path: path}
	if c.read, err = connect(abs, settings(readCache), 4); err != nil {
		return nil, err
	}
	if c.write, err = connect(abs, settings(writeCache), 1); err != nil {
		return nil, err
	}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.read.Close(), c.write.Close())
	}
	return c, nil
}

// identify returns ErrForeign for a database of another program. It looks
// through a connection of its own, because the settings of ours change the
// file: its journal mode is a property of the file.
func identify(ctx context.Context, path string) error {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	err := identifyIn(ctx, path, "ro")
	if hasCode(err, sqlite3.SQLITE_READONLY) {
		// A process was killed in the middle of a change, when creating the
		// catalog for instance. Whoever reads the file has to take it back first.
		err = identifyIn(ctx, path, "rw")
	}
	return err
}

// identifyIn is identify for a file that is there, opened in a mode of SQLite.
func identifyIn(ctx context.Context, path, mode string) error {
	db, err := connect(path, url.Values{"mode": {mode}, "_pragma": {busyTimeout()}}, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	var id, objects int64
	// In this order: whoever creates a catalog marks it before it has tables, and
	// may do so between the two.
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master`).Scan(&objects); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil
	}
	if id != 0 || objects != 0 {
		return ErrForeign
	}
	return nil // somebody began to create a catalog
}

// Page cache of one connection, in KiB. It takes twice as much memory: a page of
// 4 KiB and what SQLite notes of it come from an allocator of powers of two.
// Lookups by URL and hash find nothing near to each other, so a large cache for
// readers would only take memory.
const (
	writeCache = 8 << 10
	readCache  = 1 << 10
)

// settings are those of every connection of a catalog.
//
// The file may come from somebody else's archive: hence defensive, no trusted
// schema, no double-quoted strings. The write-ahead log is merged every 32 MiB,
// because the digests that the indexes sort by touch the same pages again and
// again.
func settings(cache int) url.Values {
	return url.Values{
		"_txlock":    {"immediate"},
		"_defensive": {"1"},
		"_dqs":       {"0"},
		"_pragma": {
			busyTimeout(), fmt.Sprintf("cache_size(-%d)", cache), "foreign_keys(1)", "journal_mode(wal)", "journal_size_limit(67108864)",
			"synchronous(normal)", "temp_store(memory)", "trusted_schema(0)", "wal_autocheckpoint(8192)",
		},
	}
}

func busyTimeout() string { return fmt.Sprintf("busy_timeout(%d)", busyWait.Milliseconds()) }

// connect returns a pool of at most n connections. It touches no file yet.
func connect(path string, settings url.Values, n int) (*sql.DB, error) {
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: settings.Encode()}
	if !strings.HasPrefix(name.Path, "/") {
		name.Path = "/" + name.Path // file:///C:/…
	}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// start migrates the file and prepares the statements. Another process may be
// creating the very same catalog: then the loser of the race looks again.
func (c *Catalog) start(ctx context.Context) error {
	var err error
	for wait := time.Millisecond; wait < 2*time.Second; wait *= 2 {
		if err = c.migrate(ctx); err == nil {
			return c.prepare(ctx)
		}
		if errors.Is(err, ErrNewer) || hasCode(err, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
	return err
}

func (c *Catalog) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, c.write, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	var target, current int64
	for _, s := range provider.ListSources() {
		target = max(target, s.Version)
	}
	if current, err = c.schema(ctx); err != nil {
		return err
	}
	switch {
	case current > target:
		return fmt.Errorf("%w: its schema is %d, this program knows %d", ErrNewer, current, target)
	case current == target:
		return nil
	}
	// The mark first: a file that has tables must never look foreign.
	if _, err := c.write.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// schema is the version of the file's schema, 0 for a new file.
func (c *Catalog) schema(ctx context.Context) (version int64, err error) {
	var tables int64
	if err := c.write.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE name = 'goose_db_version'`).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	err = c.write.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`).Scan(&version)
	return version, err
}

// explain turns what SQLite says about an unusable file into what to do.
func explain(err error, path string) error {
	switch {
	case errors.Is(err, ErrForeign):
		return fmt.Errorf("%w: choose another file with --catalog, or move this one away and run `ibid reindex`", err)
	case errors.Is(err, ErrNewer):
		return fmt.Errorf("%w: use that ibid, or delete the file and run `ibid reindex`", err)
	case hasCode(err, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
		return fmt.Errorf("%w (%w): run `ibid reindex`, which builds it again from the archive", ErrDamaged, err)
	case hasCode(err, sqlite3.SQLITE_CANTOPEN):
		return fmt.Errorf("%w: is there a directory %s, and may it be written? Where it may not, --catalog sqlite:FILE names another file, which is filled from the archive", err, filepath.Dir(path))
	case hasCode(err, sqlite3.SQLITE_READONLY):
		return fmt.Errorf("%w: the file and its directory must be writable; where they may not be, --catalog sqlite:FILE names another file, which is filled from the archive", err)
	}
	return err
}

// hasCode reports whether err is an SQLite error with one of the primary codes.
func hasCode(err error, codes ...int) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if e.Code()&0xff == code {
			return true
		}
	}
	return false
}
