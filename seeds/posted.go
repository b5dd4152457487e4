package seeds

import (
	"strconv"
	"strings"
	"time"
)

// postEpoch is the moment, in Unix milliseconds, from which X counts the time in the IDs of its posts, and firstPost the
// lowest ID that carries one; the posts before November 2010 were numbered one by one.
const (
	postEpoch = 1288834974657
	firstPost = 1 << 34
)

// PostedAt returns when a post of X was made, to the millisecond and in UTC: its ID says so, even when the post is gone. The
// key is that of a [Seed]. It returns false for what is no such post and for IDs from before they carried a time.
func PostedAt(key string) (time.Time, bool) {
	id, ok := strings.CutPrefix(key, "https://x.com/i/status/")
	if !ok {
		return time.Time{}, false
	}
	n, err := strconv.ParseUint(id, 10, 63)
	if err != nil || n < firstPost {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(n>>22) + postEpoch).UTC(), true
}
