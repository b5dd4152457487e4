package main

import (
	"math"
	"os"
	"runtime/debug"
)

// Bounds of what the collector lets the program have, in bytes. Reading a
// report and showing its result each take about 25 times its size for a moment,
// of which half is garbage; between the two it is a fifth of that.
const (
	memoryEnough  = 144 << 20 // below this nothing is collected for the bound's sake
	memoryPerByte = 30
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
