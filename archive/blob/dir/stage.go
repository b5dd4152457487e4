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

// A staged file holds the checked and durable bytes of an object that has no
// final name yet.
type staged struct {
	s    *Store
	f    *os.File
	name string // below the root; empty when the file is anonymous
	mine bool   // to be removed, because the store made the name
}

// stage brings the bytes of o to the file system of the root: as the caller's
// own file, as a file without a name, or as a temporary file.
func (s *Store) stage(ctx context.Context, o blob.Object) (*staged, error) {
	st, err := s.newStaged(o)
	if err != nil {
		return nil, err
	}
	if err := st.fill(ctx, o); err != nil {
		st.discard()
		return nil, err
	}
	return st, nil
}

func (s *Store) newStaged(o blob.Object) (st *staged, err error) {
	st = &staged{s: s}
	switch {
	case s.links && o.File != "" && filepath.Dir(o.File) == s.TempDir():
		st.name = path.Join(s.session.dir, filepath.Base(o.File))
		st.f, err = s.root.OpenFile(st.name, flushFlag, 0)
	case s.anonymous:
		st.f, err = newAnonymous(s.root, s.session.dir, s.perm&objectPerm)
	default:
		st.mine = true
		st.name = path.Join(s.session.dir, "put-"+strconv.FormatUint(s.serial.Add(1), 36))
		st.f, err = s.root.OpenFile(st.name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, s.perm&objectPerm)
	}
	return st, err
}

// fill writes what isn't written yet, checks all and makes it durable.
func (st *staged) fill(ctx context.Context, o blob.Object) error {
	w := io.Writer(st.f)
	if st.name != "" && !st.mine {
		info, err := st.f.Stat()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file", o.File)
		}
		if err := st.f.Chmod(st.s.perm & objectPerm); err != nil {
			return err
		}
		o.Body, w = st.f, io.Discard
	}
	if err := blob.Copy(ctx, w, o); err != nil {
		return err
	}
	return st.s.sync(st.s.durable.bytes(st.f))
}

// placeIn is place, with the directory made when it is missing. Nearly always
// it is there, so linking comes first; a rename can't be tried twice.
func (st *staged) placeIn(dir, key string) error {
	if st.s.links {
		if err := st.place(key); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := st.s.root.MkdirAll(dir, st.s.perm); err != nil {
		return err
	}
	return st.place(key)
}

// place gives the file its final name, or returns an error that is
// [fs.ErrExist] when that is taken.
func (st *staged) place(key string) error {
	root := st.s.root
	if st.name == "" {
		dir, err := root.Open(path.Dir(key))
		if err != nil {
			return err
		}
		defer dir.Close()
		return linkAnonymous(st.f, dir, path.Base(key))
	}
	if st.s.links {
		return root.Link(st.name, key)
	}
	lock, err := root.OpenFile(placeLock, os.O_CREATE|os.O_RDWR, 0o600|st.s.perm&0o66)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := waitLock(lock); err != nil {
		return fmt.Errorf("lock %s: %w", placeLock, err)
	}
	if _, err := root.Lstat(key); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return err
	}
	// Windows doesn't rename what is open.
	if err := st.f.Close(); err != nil {
		return err
	}
	return root.Rename(st.name, key)
}

// discard lets go of the file. What has a final name keeps it.
func (st *staged) discard() {
	st.f.Close()
	if st.mine {
		_ = st.s.root.Remove(st.name) // if that fails the next Open does it
	}
}
