package seeds

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// largeMarkdown is about 10 MB of prose with 50,000 links: half of them in notes, half in the text.
func largeMarkdown() []byte {
	var b strings.Builder
	const words = "The ministry said on that day that the crossing had been closed, and that nobody had been hurt when it happened. "
	for i := range 25_000 {
		fmt.Fprintf(&b, "%s*Nobody* else [reported it](https://h%d.test/in/the/text/%d \"so\").[^%d] %s\n\n", words, i%997, i, i, words)
		fmt.Fprintf(&b, "[^%d]: The **Gazette**, \"A title\", https://n%d.test/news/%d/page.html, accessed 3 May 2022.\n\n", i, i%991, i)
	}
	return []byte(b.String())
}

func BenchmarkMarkdown(b *testing.B) { benchmarkRead(b, "report.md", largeMarkdown(), 50_000) }

// benchmarkRead measures how long a report takes to read, and how much memory for each of its bytes.
func benchmarkRead(b *testing.B, name string, data []byte, citations int) {
	read := func(b *testing.B) {
		if r, err := Read(name, data); err != nil || len(r.Citations) != citations {
			b.Fatal(err)
		}
	}
	b.Run("time", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			read(b)
		}
	})
	// What is in use at once, with little garbage in it, and the report itself.
	b.Run("memory", func(b *testing.B) {
		defer debug.SetGCPercent(debug.SetGCPercent(10))
		var peak uint64
		for b.Loop() {
			done, most := make(chan bool), make(chan uint64)
			go func() { most <- peakHeap(done) }()
			read(b)
			close(done)
			peak = max(peak, <-most)
		}
		b.ReportMetric(float64(peak)/float64(len(data)), "heap/input")
	})
}

// peakHeap watches how much memory is in use until done.
func peakHeap(done <-chan bool) uint64 {
	var peak uint64
	var m runtime.MemStats
	for {
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
		select {
		case <-done:
			return peak
		case <-time.After(5 * time.Millisecond):
		}
	}
}
