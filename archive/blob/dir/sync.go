package dir

import (
	"fmt"
	"os"
	"path"
	"sync"
)

// Sync names a way to make writes durable.
type Sync string

const (
	// SyncAuto is SyncFS where that can be trusted, else SyncFiles. With many
	// small objects SyncFS needs about half of the CPU time.
	SyncAuto Sync = "auto"
	// SyncFiles syncs each file on its own, and each directory once for all
	// who wait for it.
	SyncFiles Sync = "files"
	// SyncFS syncs the whole file system once for all who wait: syncfs(2),
	// which reports write errors since Linux 5.8, on ext4, XFS and Btrfs. Where
	// other programs write a lot to the same file system, Put waits for their
	// data, too; then SyncFiles is faster.
	SyncFS Sync = "fs"
)

// A durable makes writes survive a power cut.
type durable interface {
	// bytes returns when the contents of f are durable.
	bytes(f *os.File) error
	// names returns when the entries of a directory below the root are
	// durable, and those of its parents that lead to it.
	names(dir string) error
	close() error
}

func newDurable(root *os.Root, how Sync) (durable, error) {
	switch how {
	case SyncFiles:
		return newSyncFiles(root), nil
	case SyncAuto, "":
		if d, err := newSyncFS(root); err == nil {
			return d, nil
		}
		return newSyncFiles(root), nil
	case SyncFS:
		d, err := newSyncFS(root)
		if err != nil {
			return nil, fmt.Errorf("sync %q: %w", how, err)
		}
		return d, nil
	}
	return nil, fmt.Errorf("sync %q: not one of %q, %q, %q", how, SyncAuto, SyncFiles, SyncFS)
}

type syncFiles struct {
	root *os.Root
	// file makes the bytes of a file durable, and dir the entries of a directory;
	// a test of what a power cut leaves watches them.
	file, dir func(*os.File) error

	mu   sync.Mutex
	dirs map[string]*directory
}

type directory struct {
	group
	rooted bool // its own name is known to be durable; guarded by group.running
}

func newSyncFiles(root *os.Root) *syncFiles {
	return &syncFiles{root: root, file: (*os.File).Sync, dir: syncDir, dirs: make(map[string]*directory)}
}

func (s *syncFiles) bytes(f *os.File) error { return s.file(f) }

func (s *syncFiles) names(dir string) error { return s.directory(dir).wait() }

func (s *syncFiles) close() error { return nil }

func (s *syncFiles) directory(name string) *directory {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.dirs[name]
	if d == nil {
		d = &directory{rooted: name == "."}
		d.do = func() error { return s.sync(name, d) }
		s.dirs[name] = d
	}
	return d
}

// sync makes the entries of d durable. Who created the directory, and when, is
// unknown, so the first time its parents are synced as well.
func (s *syncFiles) sync(name string, d *directory) error {
	if !d.rooted {
		if err := s.names(path.Dir(name)); err != nil {
			return err
		}
		d.rooted = true
	}
	f, err := s.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.dir(f)
}
