package seeds

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// How much of a hostile piece is read, in bytes and in pieces, and how much less it is compared with.
const (
	hostileSize  = 32 << 10
	hostileCount = 4 << 10
	hostilePart  = 8
)

// hostileReport reads a great deal of a piece by the name of its format; around makes a report of it, or is nil. The errors
// that may come of it have one of some words.
func hostileReport(t *testing.T, name, piece string, around func(much string) []byte, words ...string) {
	t.Helper()
	if around == nil {
		around = func(much string) []byte { return []byte(much) }
	}
	linear(t, name+" of "+shown(piece), max(hostileSize/len(piece), hostileCount), func(n int) func() {
		data := around(strings.Repeat(piece, n))
		return func() {
			if _, err := Read(name, data); err != nil && !containsAny(err.Error(), words) {
				t.Errorf("%s of %q: %v", name, piece, err)
			}
		}
	})
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// linear checks that the time in which n of something is read grows with n: it takes at most three times as long as its
// share, where something quadratic takes eight times as long. Of what is read in no time at all nothing is compared. Time is
// that of the processor, and as caches are shared there are several tries.
func linear(t *testing.T, what string, n int, prepare func(n int) (read func())) {
	t.Helper()
	const tries, enough = 4, 50 * time.Millisecond
	all := prepare(n)
	long := workTime(t, all)
	if long < enough {
		return
	}
	part := prepare(max(1, n/hostilePart))
	short := workTime(t, part)
	for range tries {
		if long < enough || long < 3*hostilePart*short {
			return
		}
		long, short = min(long, workTime(t, all)), max(short, workTime(t, part))
	}
	if long < enough || long < 3*hostilePart*short {
		return
	}
	t.Errorf("%s: an eighth took %v, and all of it %v", what, short, long)
}

// workTime is how long a processor works for do, which starts no goroutine.
func workTime(t *testing.T, do func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	from := threadTime(t)
	do()
	return threadTime(t) - from
}
