package dir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"github.com/ibid-archive/ibid/archive/blob"
)

var _ blob.Quarantiner = (*Store)(nil)

// Quarantine implements [blob.Quarantiner]: it links the file to its new name,
// makes that durable, and only then removes the old name and makes that durable,
// which is the commit point. The bytes aren't read, so that a file which the disk
// can't read any more can be set aside, too. Where the file system has no hard
// links it is a rename.
func (s *Store) Quarantine(ctx context.Context, key string) (to string, err error) {
	to, err = s.quarantine(ctx, key)
	if err != nil {
		return "", fmt.Errorf("quarantine %s: %w", key, err)
	}
	return to, nil
}

func (s *Store) quarantine(ctx context.Context, key string) (string, error) {
	if _, err := blob.QuarantineKey(key, 1); err != nil {
		return "", err
	}
	if s.session == nil {
		return "", blob.ErrReadOnly
	}
	// Without the lock another one could remove, of two names of one file, the
	// first, and then the good copy that somebody has put there meanwhile.
	unlock, err := s.lockNames(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := s.failed.Load(); err != nil {
		return "", *err
	}
	info, err := s.stat(ctx, key)
	if err != nil {
		return "", err
	}
	to, err := s.setAside(key, info)
	if err != nil {
		return "", err
	}
	if err := s.sync(s.durable.names(path.Dir(to))); err != nil {
		return "", err
	}
	if s.links {
		if err := s.root.Remove(key); err != nil {
			return "", err
		}
	}
	return to, s.sync(s.durable.names(path.Dir(key)))
}

// setAside gives the file under key, which is info, the first name in quarantine
// that is free, or finds the one that an interrupted call gave it.
func (s *Store) setAside(key string, info fs.FileInfo) (string, error) {
	for n := 1; ; n++ {
		to, err := blob.QuarantineKey(key, n)
		if err != nil {
			return "", err
		}
		if n == 1 {
			if err := s.root.MkdirAll(path.Dir(to), s.perm); err != nil {
				return "", err
			}
		}
		there, err := s.root.Lstat(to)
		switch {
		case err == nil && os.SameFile(there, info):
			return to, nil
		case err == nil:
			continue
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		case s.links:
			return to, s.root.Link(key, to)
		}
		return to, s.root.Rename(key, to)
	}
}
