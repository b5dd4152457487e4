package crawler

import (
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// RetryAfter reads a Retry-After value (RFC 9110 §10.2.3): a number of seconds
// or an HTTP date in any of its three forms (§5.6.7). A date in the past is a
// wait of 0; a number too large for a Duration is the largest Duration, so the
// caller's own bound still applies. The second result is false when the value
// is neither.
func RetryAfter(h string, now time.Time) (time.Duration, bool) {
	h = strings.Trim(h, " \t")
	if h == "" {
		return 0, false
	}
	if strings.Trim(h, "0123456789") == "" {
		var n int64
		for i := 0; i < len(h); i++ {
			n = n*10 + int64(h[i]-'0')
			if n > math.MaxInt64/int64(time.Second) {
				return math.MaxInt64, true
			}
		}
		return time.Duration(n) * time.Second, true
	}
	t, ok := retryDate(h, now)
	if !ok {
		return 0, false
	}
	return max(0, t.Sub(now)), true
}

// retryDate parses an HTTP date. A two-digit year that would lie more than 50
// years ahead is one of the past (RFC 9110 §5.6.7); time.Parse has a fixed
// pivot instead, so the century is set here.
func retryDate(h string, now time.Time) (time.Time, bool) {
	if t, err := time.Parse("Monday, 02-Jan-06 15:04:05 GMT", h); err == nil {
		year := now.UTC().Year()
		full := year - year%100 + t.Year()%100
		if full > year+50 {
			full -= 100
		} else if full <= year-50 {
			full += 100
		}
		return time.Date(full, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC), true
	}
	if t, err := http.ParseTime(h); err == nil {
		return t, true
	}
	// Not in the standard, but sent: a numeric zone, or UTC for GMT.
	for _, layout := range []string{time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 UTC"} {
		if t, err := time.Parse(layout, h); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Backoff is the wait before retry number attempt, counted from 0: a random
// part of base·2^attempt, never above max (full jitter, so that many workers
// do not come back together). rnd gives numbers in [0, 1); nil uses the
// process's own source. The result is in [0, max].
func Backoff(attempt int, base, max time.Duration, rnd func() float64) time.Duration {
	if base <= 0 || max <= 0 {
		return 0
	}
	ceiling := base
	for i := 0; i < attempt && ceiling < max; i++ {
		if ceiling > math.MaxInt64/2 {
			ceiling = max
			break
		}
		ceiling *= 2
	}
	if ceiling > max {
		ceiling = max
	}
	if rnd == nil {
		rnd = rand.Float64
	}
	f := rnd()
	if !(f >= 0) { // NaN too
		f = 0
	} else if f > 1 {
		f = 1
	}
	// float64 may round up past ceiling when ceiling is near the largest Duration.
	d := float64(ceiling) * f
	if d >= float64(ceiling) {
		return ceiling
	}
	return time.Duration(d)
}
