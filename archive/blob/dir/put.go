package dir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

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
	if s.session == nil {
		return blob.ErrReadOnly
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
	st, err := s.stage(ctx, o)
	if err != nil {
		return err
	}
	defer st.discard()
	if err := s.place(ctx, st, dir, key, o); err != nil {
		return err
	}
	return s.sync(s.durable.names(dir))
}

// place gives a staged file its name, unless that leads to equal bytes already.
func (s *Store) place(ctx context.Context, st *staged, dir, key string, o blob.Object) error {
	for {
		err := st.placeIn(dir, key)
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		// What had the name may have been set aside just now.
		if err := s.compare(ctx, key, o); !errors.Is(err, blob.ErrNotExist) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
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
