package schedule

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// ErrHeld says that another process has the lock.
var ErrHeld = errors.New("held by another process")

// maxHolder is how much of a lock's file is shown.
const maxHolder = 100

// Lock keeps a second scheduler away. It goes with the process that holds it,
// however that ends; its file stays.
type Lock struct{ file *os.File }

// Hold takes the lock in the file at path, which is created when missing. The
// error is ErrHeld, with who holds it, when another process does.
func Hold(path string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	ok, err := tryLock(f)
	if err == nil && !ok {
		err = ErrHeld
		var holder [maxHolder]byte
		if n, _ := f.ReadAt(holder[:], 0); n > 0 {
			err = fmt.Errorf("%w (%s)", ErrHeld, strings.TrimSpace(string(holder[:n])))
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	// For people to read. The lock holds without it.
	_ = f.Truncate(0)
	_, _ = f.WriteAt(fmt.Appendf(nil, "process %d, since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339)), 0)
	return &Lock{f}, nil
}

// Release gives the lock up.
func (l *Lock) Release() error { return l.file.Close() }
