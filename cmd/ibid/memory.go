package main

import (
	"math"
	"os"
	"runtime/debug"
)

// Bounds of what the collector lets the program have, in bytes. Reading a
// report and showing its result each take about 25 times its size for a moment,
// and leave as much behind as garbage.
const (
	memoryEnough  = 112 << 20 // below this nothing is collected for the bound's sake
	memoryPerByte = 24
	largeReport   = 1 << 20 // from this size on it pays to tidy up at once
)

// boundMemory has what lives collected more often when a report of so many
// bytes would else take the program beyond what it needs. A larger report gets
// more, so that the collector never works in vain.
func boundMemory(report int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(max(memoryEnough, memoryPerByte*int64(report)))
	}
}

// unboundMemory ends that.
func unboundMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(math.MaxInt64)
	}
}

// tidyMemory gives back what was needed to read reports of so many bytes.
func tidyMemory(report int) {
	if report >= largeReport {
		debug.FreeOSMemory()
	}
}
