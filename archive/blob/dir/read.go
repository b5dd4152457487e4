package dir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Open implements [blob.Store].
func (s *Store) Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error) {
	r, err := s.open(ctx, key, off, n)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	return r, nil
}

func (s *Store) open(ctx context.Context, key string, off, n int64) (_ *reader, err error) {
	if _, err := s.stat(ctx, key); err != nil {
		return nil, err
	}
	f, err := s.root.Open(key)
	if err != nil {
		return nil, notExist(err)
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	// Asked again, because a cell may have been replaced by a longer one.
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if off < 0 || off > info.Size() {
		return nil, fmt.Errorf("%w: %d of %d bytes", blob.ErrRange, off, info.Size())
	}
	if n < 0 || n > info.Size()-off {
		n = info.Size() - off
	}
	return &reader{ctx: ctx, r: io.NewSectionReader(f, off, n), f: f}, nil
}

// Stat implements [blob.Store].
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	info, err := s.stat(ctx, key)
	if err != nil {
		return blob.Info{}, fmt.Errorf("stat %s: %w", key, err)
	}
	return blob.Info{Key: key, Size: info.Size(), ModTime: info.ModTime()}, nil
}

func (s *Store) stat(ctx context.Context, key string) (fs.FileInfo, error) {
	if err := blob.ValidKey(key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info, err := s.root.Lstat(key)
	if err != nil {
		return nil, notExist(err)
	}
	// Opening a FIFO would wait for a writer, and a directory is no object.
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: it is not a regular file", blob.ErrNotExist)
	}
	return info, nil
}

// notExist turns "a parent is a file" into [blob.ErrNotExist].
func notExist(err error) error {
	if errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("%w: %v", blob.ErrNotExist, err)
	}
	return err
}

// A reader stops when its context ends.
type reader struct {
	ctx context.Context
	r   *io.SectionReader
	f   *os.File
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func (r *reader) Close() error { return r.f.Close() }
