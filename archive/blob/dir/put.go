package dir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Put implements [blob.Store]. It takes [blob.Object.File] without copying when
// that lies in [Store.TempDir] and the file system has hard links. A sync that
// has begun is waited for even if ctx is cancelled: it takes milliseconds and
// is shared with others.
func (s *Store) Put(ctx context.Context, key string, o blob.Object) error {
	if err := s.put(ctx, key, o); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, key string, o blob.Object) error {
	if err := blob.ValidKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.failed.Load(); err != nil {
		return *err
	}
	dir := path.Dir(key)
	switch err := s.compare(ctx, key, o); {
	case err == nil:
		// Perhaps another one has just given the name and not synced it yet.
		return s.sync(s.durable.names(dir))
	case !errors.Is(err, blob.ErrNotExist):
		return err
	}
	name, mine, err := s.stage(ctx, o)
	if mine {
		defer s.root.Remove(name)
	}
	if err != nil {
		return err
	}
	if err := s.root.MkdirAll(dir, s.perm); err != nil {
		return err
	}
	if err := s.place(name, key); errors.Is(err, fs.ErrExist) {
		if err := s.compare(ctx, key, o); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	return s.sync(s.durable.names(dir))
}

// sync remembers a failed sync: the kernel forgets which pages it couldn't
// write, so a later success would prove nothing.
func (s *Store) sync(err error) error {
	if err != nil {
		err = fmt.Errorf("the archive directory takes no more objects until it is opened again, after a failed sync: %w", err)
		s.failed.CompareAndSwap(nil, &err)
	}
	return err
}

// compare returns nil when the object that is stored under key has the bytes of o.
func (s *Store) compare(ctx context.Context, key string, o blob.Object) error {
	info, err := s.root.Lstat(key)
	if err != nil {
		return notExist(err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: a directory or special file has the name", blob.ErrConflict)
	}
	if info.Size() != o.Size {
		return fmt.Errorf("%w: %d bytes are there, not %d", blob.ErrConflict, info.Size(), o.Size)
	}
	f, err := s.root.Open(key)
	if err != nil {
		return err
	}
	defer f.Close()
	o.Body = f
	if err := blob.Copy(ctx, io.Discard, o); errors.Is(err, blob.ErrMismatch) {
		return fmt.Errorf("%w: %v", blob.ErrConflict, err)
	} else if err != nil {
		return err
	}
	return nil
}

// stage returns the name of a file below the root that holds the bytes of o,
// checked and durable, and whether the caller has to remove it.
func (s *Store) stage(ctx context.Context, o blob.Object) (name string, mine bool, err error) {
	if s.links && o.File != "" && filepath.Dir(o.File) == s.TempDir() {
		name := path.Join(s.session.dir, filepath.Base(o.File))
		return name, false, s.adopt(ctx, name, o)
	}
	name = path.Join(s.session.dir, "put-"+strconv.FormatUint(s.serial.Add(1), 36))
	f, err := s.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, s.perm&objectPerm)
	if err != nil {
		return "", false, err
	}
	defer f.Close()
	if err := blob.Copy(ctx, f, o); err != nil {
		return name, true, err
	}
	return name, true, s.sync(s.durable.bytes(f))
}

// adopt checks the caller's own file and makes it durable.
func (s *Store) adopt(ctx context.Context, name string, o blob.Object) error {
	f, err := s.root.OpenFile(name, flushFlag, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return err
	} else if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", o.File)
	}
	o.Body = f
	if err := blob.Copy(ctx, io.Discard, o); err != nil {
		return err
	}
	if err := f.Chmod(s.perm & objectPerm); err != nil {
		return err
	}
	return s.sync(s.durable.bytes(f))
}

// place gives the file called name the final name key, or returns an error that
// is [fs.ErrExist] when that is taken.
func (s *Store) place(name, key string) error {
	if s.links {
		return s.root.Link(name, key)
	}
	lock, err := s.root.OpenFile(placeLock, os.O_CREATE|os.O_RDWR, 0o600|s.perm&0o66)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := waitLock(lock); err != nil {
		return fmt.Errorf("lock %s: %w", placeLock, err)
	}
	if _, err := s.root.Lstat(key); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return err
	}
	return s.root.Rename(name, key)
}
