// Package dir keeps objects as files in a directory.
//
// The key is the path below the root, so that find, sha256sum and rsync work on
// an archive. Everything under <root>/tmp belongs to the store; every other
// file whose path is a valid key is an object. Files whose names begin with a
// dot are not seen.
//
// What Put does, in order: write a temporary file and check its SHA-256; make
// its bytes durable; link it to the final name, which fails when the name is
// taken; make the name durable, with every directory that was created for it.
// The last step is the commit point. Because bytes come before the name, even a
// power cut leaves no name with missing bytes. A crash before the link leaves a
// temporary file, which the next Open removes; a crash after it leaves a whole
// object that was not acknowledged. Where the file system has no hard links the
// name is given by a rename under a lock that all stores of the directory heed.
//
// A cell is replaced by a rename, in the same order: bytes, lock, compare, name.
// Its commit point, too, is that the name is durable. Nothing is removed but
// names that Quarantine has replaced by others, durably.
//
// Any number of stores, in any number of processes, may use one directory. A
// store holds an advisory lock while it lives, so that only the temporary files
// of dead ones are removed.
//
// Limits: durability is what the operating system promises for fsync (on Linux
// also syncfs, see [Sync]); Windows can't sync directories, and there names are
// as durable as the journal of NTFS makes them. After a failed sync the state
// of the disk is unknown and the store refuses every further Put.
package dir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync/atomic"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Config says how a directory is used. The zero value is right for most.
type Config struct {
	// Sync is how writes are made durable; empty means [SyncAuto].
	Sync Sync
	// ReadOnly leaves the directory untouched: it must exist, nothing is swept,
	// TempDir is empty and Put fails with [blob.ErrReadOnly].
	ReadOnly bool
}

// Store is a [blob.Store] in a directory. Make it with [Open].
type Store struct {
	root      *os.Root
	session   *session
	durable   durable
	perm      fs.FileMode // of directories; objects have the same without write and execute
	links     bool        // the file system has hard links
	anonymous bool        // and files without a name
	serial    atomic.Uint64
	failed    atomic.Pointer[error] // the first failed sync
}

var _ blob.Store = (*Store)(nil)

// Open uses the directory at path, which it creates with its parents when it is
// missing, and removes what crashed processes left under its tmp. Objects are
// readable by whom the directory itself is readable by, and writable by nobody.
func Open(path string, cfg Config) (_ *Store, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("open archive directory %s: %w", path, err)
		}
	}()
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if !cfg.ReadOnly {
		if err := create(abs); err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	s := &Store{root: root}
	if cfg.ReadOnly {
		return s, nil
	}
	if err := s.start(cfg); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) start(cfg Config) error {
	info, err := s.root.Stat(".")
	if err != nil {
		return err
	}
	s.perm = info.Mode().Perm() | 0o700
	if s.durable, err = newDurable(s.root, cfg.Sync); err != nil {
		return err
	}
	if err := s.root.Mkdir(tmp, s.perm); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := sweep(s.root); err != nil {
		return fmt.Errorf("remove temporary files of dead processes: %w", err)
	}
	if s.session, err = newSession(s.root); err != nil {
		return err
	}
	return s.probe()
}

// probe finds out what the file system can do.
func (s *Store) probe() error {
	dir, err := s.root.Open(s.session.dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	name := path.Join(s.session.dir, "probe")
	if s.links = s.root.Link(s.session.lockName, name) == nil; !s.links {
		return nil
	}
	if err := s.root.Remove(name); err != nil {
		return err
	}
	f, err := newAnonymous(s.root, s.session.dir, 0o600)
	if err != nil {
		return nil
	}
	defer f.Close()
	if s.anonymous = linkAnonymous(f, dir, "probe") == nil; s.anonymous {
		return s.root.Remove(name)
	}
	return nil
}

// TempDir is the path of a directory on the same file system, of this Store
// alone. A file that is finished there can be given to Put as [blob.Object.File],
// which then links it. The directory goes away with Close, or at the next Open
// after a crash.
func (s *Store) TempDir() string {
	if s.session == nil {
		return ""
	}
	return filepath.Join(s.root.Name(), filepath.FromSlash(s.session.dir))
}

// Close releases the directory and removes TempDir. No other method may be
// running or called later, but readers that are open stay usable.
func (s *Store) Close() error {
	var errs []error
	if s.session != nil {
		errs = append(errs, s.session.end(s.root))
	}
	if s.durable != nil {
		errs = append(errs, s.durable.close())
	}
	return errors.Join(append(errs, s.root.Close())...)
}

// create makes the directory at abs and makes the names of all directories that
// were missing durable.
func create(abs string) error {
	if info, err := os.Stat(abs); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(abs)
	if parent != abs {
		if err := create(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(abs, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	d, err := os.Open(parent)
	if err != nil {
		return err
	}
	defer d.Close()
	return syncDir(d)
}
