//go:build !windows

package dir

import "os"

const (
	// objectPerm lets nobody write to an object, where the permissions of the
	// root let somebody read it.
	objectPerm = 0o444
	// flushFlag opens a file that is to be synced.
	flushFlag = os.O_RDONLY
)

// syncDir makes the entries of the open directory d durable.
func syncDir(d *os.File) error { return d.Sync() }
