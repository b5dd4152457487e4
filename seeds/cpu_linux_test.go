package seeds

import (
	"syscall"
	"testing"
	"time"
)

// threadTime is the time that processors have worked for this thread: a machine that is busy with something else, and
// whoever collects the garbage, add nothing to it.
func threadTime(t *testing.T) time.Duration {
	t.Helper()
	const ofThread = 1 // RUSAGE_THREAD of getrusage(2), which package syscall does not name
	var u syscall.Rusage
	if err := syscall.Getrusage(ofThread, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
