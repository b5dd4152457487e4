package main

import (
	"bytes"
	"math"
	"os"
	"runtime/debug"
)

// Bounds of what the collector lets the program have while it reads reports, reads them again and shows results, in
// bytes: each of them takes for a moment about twice what lives on, and leaves as much behind as garbage.
const (
	memoryEnough      = 48 << 20 // below this nothing is collected for the bound's sake
	memoryPerByte     = 6        // of a report, see weight
	memoryPerCitation = 1000
	largeReport       = 1 << 20 // from this size on it pays to tidy up at once
)

// packed is how much more the bytes of a report count that is no text: they are
// compressed, and unfold as it is read.
const packed = 4

// weight is the size of a report in bytes, as far as memory is concerned.
func weight(data []byte) int {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("%PDF")) {
		return packed * len(data)
	}
	return len(data)
}

// boundMemory has what does not live collected more often when reports of so
// many bytes, with so many citations as far as that is known, would else take
// more than they need. Larger ones get more, so that the collector does not
// work in vain.
func boundMemory(bytes, citations int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(max(memoryEnough, memoryPerByte*bytes, memoryPerCitation*citations)))
	}
}

// unboundMemory ends that.
func unboundMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(math.MaxInt64)
	}
}

// tidyMemory gives back what was needed to read reports of so many bytes.
func tidyMemory(bytes int) {
	if bytes >= largeReport {
		debug.FreeOSMemory()
	}
}
