//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package dir

import (
	"os"

	"golang.org/x/sys/unix"
)

// tryLock takes the exclusive advisory lock of f, or reports false when it is held
// through another descriptor. The lock goes with f, at the latest when the
// process dies.
func tryLock(f *os.File) (bool, error) {
	err := flock(f, unix.LOCK_EX|unix.LOCK_NB)
	if err == unix.EWOULDBLOCK {
		return false, nil
	}
	return err == nil, err
}

// waitLock takes the lock of f as soon as it is free.
func waitLock(f *os.File) error { return flock(f, unix.LOCK_EX) }

func flock(f *os.File, how int) error {
	for {
		if err := unix.Flock(int(f.Fd()), how); err != unix.EINTR {
			return err
		}
	}
}

// busy reports that a file can't be removed while somebody has it open.
func busy(error) bool { return false }
