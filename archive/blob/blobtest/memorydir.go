package blobtest

import (
	"os"
	"testing"
)

// MemoryDir is t.TempDir in memory, where the system has a place for that. It is
// for tests that model what a crash leaves, and for those of what is said and not
// of what is durable: waiting for a disk would prove nothing there, and takes most
// of their time.
func MemoryDir(t testing.TB) string {
	t.Helper()
	at, err := os.MkdirTemp("/dev/shm", "ibid-test-") //nolint:usetesting // t.TempDir is on a disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(at); err != nil {
			t.Error(err)
		}
	})
	return at
}
