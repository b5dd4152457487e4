package dir

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// newAnonymous creates a file without a name on the file system of dir. It is
// cheaper than a temporary file with a name, and the kernel cleans up.
func newAnonymous(root *os.Root, dir string, perm os.FileMode) (*os.File, error) {
	return root.OpenFile(dir, unix.O_TMPFILE|os.O_WRONLY, perm)
}

// linkAnonymous gives f a name in the open directory dir, unless it is taken.
func linkAnonymous(f, dir *os.File, name string) error {
	// Linking by descriptor alone would need a privilege.
	proc := "/proc/self/fd/" + strconv.Itoa(int(f.Fd()))
	err := unix.Linkat(unix.AT_FDCWD, proc, int(dir.Fd()), name, unix.AT_SYMLINK_FOLLOW)
	if err != nil {
		return &os.LinkError{Op: "linkat", Old: proc, New: name, Err: err}
	}
	return nil
}
