//go:build !linux

package seeds

import (
	"testing"
	"time"
)

var started = time.Now()

// threadTime is the time of the clock, where that of a thread cannot be had.
func threadTime(*testing.T) time.Duration { return time.Since(started) }
