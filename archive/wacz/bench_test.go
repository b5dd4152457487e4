package wacz

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// peak returns the most memory that the process has held, in MB; 0 where the
// system does not say.
func peak() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	var kb float64
	fmt.Sscan(rest, &kb)
	return kb / 1024
}

// BenchmarkLargePackage writes and validates packages of many captures, and
// tells the peak of memory, which must not grow with them.
func BenchmarkLargePackage(b *testing.B) {
	const each = 64 << 20
	file := largeWARC(b, each)
	debug.FreeOSMemory() // and forget the peak until here
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600); err != nil {
		b.Log("the peak includes what prepared the benchmark:", err)
	}
	open := func() (io.ReadCloser, error) { return os.Open(file) }
	for _, gib := range []int64{1, 5} {
		b.Run(fmt.Sprintf("%dGiB", gib), func(b *testing.B) {
			b.SetBytes(gib << 30)
			for b.Loop() {
				out, err := os.Create(filepath.Join(b.TempDir(), "large.wacz"))
				if err != nil {
					b.Fatal(err)
				}
				w, err := NewWriter(out, Config{Software: "ibid/bench", Created: created})
				if err != nil {
					b.Fatal(err)
				}
				for i := range gib << 30 / each {
					if err := w.AddWARC(fmt.Sprintf("%d.warc.gz", i), open); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(peak(), "peak-MB-write")
				list, s, err := Validate(context.Background(), out, w.out.n, Options{})
				if err != nil || !s.Valid() {
					b.Fatal(err, list)
				}
				b.ReportMetric(peak(), "peak-MB")
				out.Close()
				os.Remove(out.Name())
			}
		})
	}
}

// largeWARC writes a WARC of size bytes or somewhat more, in records of 1 MiB
// that cannot be compressed, and returns its path.
func largeWARC(b *testing.B, size int) string {
	body := make([]byte, 1<<20)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range body {
		body[i] = byte(rng.Uint32())
	}
	var captures []capture
	for i := range size / len(body) {
		captures = append(captures, capture{fmt.Sprintf("https://h.test/%d", i), created.Add(time.Duration(i) * time.Second), string(body)})
	}
	file := filepath.Join(b.TempDir(), "a.warc.gz")
	if err := os.WriteFile(file, testWARC(b, captures...), 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}

func BenchmarkValidateSmall(b *testing.B) {
	pkg := testPackage(b, testConfig(b))
	b.SetBytes(int64(len(pkg)))
	for b.Loop() {
		if _, s, err := Validate(context.Background(), bytes.NewReader(pkg), int64(len(pkg)), Options{}); err != nil || !s.Valid() {
			b.Fatal(err)
		}
	}
}
