package dir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive/blob"
)

// List implements [blob.Store]. It holds the names of the directories on the
// way to the current key in memory, never those of the whole archive.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		l := &listing{ctx: ctx, s: s, prefix: prefix, yield: yield}
		// Only the directory that the prefix names can hold matches.
		start := path.Dir(prefix + "x")
		if start != "." && blob.ValidKey(start) != nil {
			return
		}
		if err := l.walk(start); err != nil && !errors.Is(err, fs.SkipAll) {
			yield(blob.Info{}, fmt.Errorf("list %q: %w", prefix, err))
		}
	}
}

type listing struct {
	ctx    context.Context
	s      *Store
	prefix string
	yield  func(blob.Info, error) bool
}

// walk lists one directory, or returns [fs.SkipAll] when the caller has enough.
func (l *listing) walk(dir string) error {
	if err := l.ctx.Err(); err != nil {
		return err
	}
	entries, err := l.read(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		key := path.Join(dir, e.Name())
		switch {
		case blob.ValidKey(key) != nil:
		case e.IsDir():
			if strings.HasPrefix(key+"/", l.prefix) || strings.HasPrefix(l.prefix, key+"/") {
				if err := l.walk(key); err != nil {
					return err
				}
			}
		case e.Type().IsRegular() && strings.HasPrefix(key, l.prefix):
			info, err := l.s.root.Lstat(key)
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed by hand meanwhile
			}
			if err != nil {
				return err
			}
			if !l.yield(blob.Info{Key: key, Size: info.Size(), ModTime: info.ModTime()}, nil) {
				return fs.SkipAll
			}
		}
	}
	return nil
}

// read returns the entries of dir in the order of their keys. All keys under a
// directory continue with a slash, so that is part of what is compared: "a-b"
// comes before "a/b", and that before "a0".
func (l *listing) read(dir string) ([]fs.DirEntry, error) {
	d, err := l.s.root.Open(dir)
	if err != nil {
		if err = notExist(err); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	defer d.Close()
	entries, err := d.ReadDir(-1)
	if err != nil {
		if err = notExist(err); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	sortName := func(e fs.DirEntry) string {
		if e.IsDir() {
			return e.Name() + "/"
		}
		return e.Name()
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(sortName(a), sortName(b)) })
	return entries, nil
}
