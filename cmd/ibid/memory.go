package main

import (
	"bytes"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	gauges "runtime/metrics"
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
// more than they need.
func boundMemory(bytes, citations int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		b := &bound{limit: int64(max(memoryEnough, memoryPerByte*bytes, memoryPerCitation*citations))}
		debug.SetMemoryLimit(b.limit)
		b.watch()
	}
}

// bound is a limit that gives way to what lives: of a report that is nothing but
// notes that is more than the limit, and to collect again and again would take
// the time and gain nothing.
type bound struct {
	limit int64
	given bool // it has given way
}

// collection is let go of at once, and so found by the next collection.
type collection struct{ *bound }

func (b *bound) watch() { runtime.AddCleanup(&collection{b}, (*bound).collected, b) }

// collected looks at what a collection has left. It is done when somebody else has set the limit.
func (b *bound) collected() {
	const (
		beside = 6 << 20 // of the runtime, beside the heap, counts as well
		most   = 1.1     // of the limit may live before it gives way
		room   = 1.25    // what lives gets then
	)
	if debug.SetMemoryLimit(-1) != b.limit {
		return
	}
	live := []gauges.Sample{{Name: "/gc/heap/live:bytes"}}
	gauges.Read(live)
	need := float64(live[0].Value.Uint64() + beside)
	if need > most*float64(b.limit) || b.given && need > float64(b.limit)/most {
		b.limit, b.given = int64(room*need), true
		debug.SetMemoryLimit(b.limit)
	}
	b.watch()
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
