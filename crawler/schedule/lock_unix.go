//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package schedule

import (
	"os"

	"golang.org/x/sys/unix"
)

// tryLock takes the exclusive advisory lock of f, or reports false when it is held.
func tryLock(f *os.File) (bool, error) {
	for {
		switch err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err {
		case unix.EINTR:
		case unix.EWOULDBLOCK:
			return false, nil
		default:
			return err == nil, err
		}
	}
}
