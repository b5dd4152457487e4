package dir

import "os"

const (
	// objectPerm leaves out the read-only attribute, with which Windows would
	// refuse to remove the temporary name of an object.
	objectPerm = 0o666
	// flushFlag opens a file that is to be synced; Windows flushes only what is
	// open for writing.
	flushFlag = os.O_RDWR
)

// syncDir does nothing: Windows refuses to flush a directory, and NTFS writes
// names through its journal.
func syncDir(*os.File) error { return nil }
