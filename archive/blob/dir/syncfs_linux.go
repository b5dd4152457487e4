package dir

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// syncFS shares runs of syncfs(2) among all who wait, for bytes and names
// alike.
type syncFS struct {
	group
	// dir stays open, because the kernel keeps per descriptor which write errors
	// it has reported already.
	dir *os.File
}

// newSyncFS returns an error when syncfs can't be trusted: old kernels return
// success when writing back has failed, and file systems such as overlayfs,
// FUSE or NFS don't all pass the call on.
func newSyncFS(root *os.Root) (durable, error) {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return nil, err
	}
	if release := unix.ByteSliceToString(name.Release[:]); !reportsErrors(release) {
		return nil, fmt.Errorf("syncfs on Linux %s doesn't report write errors", release)
	}
	dir, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(dir.Fd()), &st); err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	switch uint32(st.Type) {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC:
	default:
		return nil, errors.Join(fmt.Errorf("syncfs isn't trusted on a file system of type %#x", st.Type), dir.Close())
	}
	s := &syncFS{dir: dir}
	s.do = s.run
	return s, nil
}

// reportsErrors reports whether a kernel release is 5.8 or later.
func reportsErrors(release string) bool {
	var major, minor int
	if n, _ := fmt.Sscanf(release, "%d.%d", &major, &minor); n < 2 {
		return false
	}
	return major > 5 || major == 5 && minor >= 8
}

func (s *syncFS) run() error {
	for {
		err := unix.Syncfs(int(s.dir.Fd()))
		if err == nil {
			return nil
		}
		if err != unix.EINTR {
			return fmt.Errorf("syncfs: %w", err)
		}
	}
}

func (s *syncFS) bytes(*os.File) error { return s.wait() }

func (s *syncFS) names(string) error { return s.wait() }

func (s *syncFS) close() error { return s.dir.Close() }
