package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// sampleTime is when the samples begin.
func sampleTime() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func hexSum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// recordID looks like the id of a WARC record: unpredictable in order.
func recordID(s string) string {
	h := hexSum(s)
	return "urn:uuid:" + h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:32]
}

func sampleKey(n int) string {
	return fmt.Sprintf("https://www.example-%d.test/articles/2026/03/report-%d.html", n%250, n)
}

// sampleCapture is a visit to source n that found it alive.
func sampleCapture(n, visit int) *archive.Capture {
	name := fmt.Sprintf("capture %d %d", n, visit)
	key := sampleKey(n)
	at := sampleTime().Add(time.Duration(visit)*24*time.Hour + time.Duration(n)*time.Millisecond)
	return &archive.Capture{
		Version: archive.CaptureVersion, Key: key, URL: key, StartedAt: at, FinishedAt: at.Add(300 * time.Millisecond),
		Judgement: archive.Judgement{Verdict: archive.Alive, State: archive.StateAlive, Reasons: []string{"answered: the source answered 200 with its content"}},
		Outcome: archive.Outcome{HTTPStatus: 200, FinalURL: key, Title: "An article of the example times", MediaType: "text/html",
			PayloadSHA256: hexSum("payload " + name), PayloadSize: 30 << 10},
		Exchanges: []archive.ExchangeInfo{{Role: archive.RoleSource, URL: key, Record: recordID(name), Date: at, Status: 200,
			PayloadSHA256: hexSum("payload " + name), ETag: `"5f3-61a` + hexSum(name)[:8] + `"`, LastModified: "Sun, 01 Mar 2026 08:00:00 GMT",
			TLS: &archive.TLSInfo{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Chain: []string{hexSum("leaf"), hexSum("root")}}}},
		SHA256: hexSum(name), Size: 12 << 10,
	}
}

func openTest(tb testing.TB) *Catalog {
	tb.Helper()
	c, err := Open(context.Background(), filepath.Join(tb.TempDir(), "catalog.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	return c
}

// filled returns a catalog of n sources, each visited visits times.
func filled(tb testing.TB, n, visits int) *Catalog {
	tb.Helper()
	c := openTest(tb)
	batch := c.Batch(context.Background())
	for v := range visits {
		for i := range n {
			if err := batch.Add(context.Background(), sampleCapture(i, v)); err != nil {
				tb.Fatal(err)
			}
		}
	}
	if err := batch.Close(); err != nil {
		tb.Fatal(err)
	}
	return c
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "catalog.db")
	for b.Loop() {
		c, err := Open(context.Background(), path)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCreate(b *testing.B) {
	dir := b.TempDir()
	n := 0
	for b.Loop() {
		n++
		c, err := Open(context.Background(), filepath.Join(dir, fmt.Sprint(n)))
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBatch puts captures with one source exchange each, through a
// Batcher, on top of what is there.
func BenchmarkBatch(b *testing.B) {
	c := openTest(b)
	batch := c.Batch(context.Background())
	captures := make([]*archive.Capture, 0, 20000)
	for n := range cap(captures) {
		captures = append(captures, sampleCapture(n, 0))
	}
	b.ReportAllocs()
	b.ResetTimer()
	begin := cpuTime(b)
	for n := range b.N {
		capture := *captures[n%len(captures)]
		if round := n / len(captures); round > 0 {
			capture = *sampleCapture(n%len(captures), round)
		}
		if err := batch.Add(context.Background(), &capture); err != nil {
			b.Fatal(err)
		}
	}
	if err := batch.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64((cpuTime(b)-begin).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

func BenchmarkPrior(b *testing.B) {
	c := filled(b, 10000, 2)
	b.ReportAllocs()
	n := 0
	begin := cpuTime(b)
	for b.Loop() {
		n++
		p, err := c.Prior(context.Background(), sampleKey(n*7919%10000))
		if err != nil || p == nil {
			b.Fatal(p, err)
		}
	}
	b.ReportMetric(float64((cpuTime(b)-begin).Nanoseconds())/float64(n), "cpu-ns/op")
}

func BenchmarkPriorMiss(b *testing.B) {
	c := filled(b, 10000, 1)
	n := 0
	for b.Loop() {
		n++
		if p, err := c.Prior(context.Background(), sampleKey(20000+n%10000)); err != nil || p != nil {
			b.Fatal(p, err)
		}
	}
}

// BenchmarkLatest looks up 100,000 sources at once.
func BenchmarkLatest(b *testing.B) {
	const sources = 100000
	c := filled(b, sources, 2)
	keys := make([]string, sources)
	for n := range keys {
		keys[n] = sampleKey(n)
	}
	for b.Loop() {
		checks, err := c.Latest(context.Background(), keys...)
		if err != nil || len(checks) != sources {
			b.Fatal(len(checks), err)
		}
	}
}

func BenchmarkFresh(b *testing.B) {
	const sources = 100000
	c := filled(b, sources, 1)
	keys := make([]string, sources)
	for n := range keys {
		keys[n] = sampleKey(n)
	}
	for b.Loop() {
		fresh, err := c.Fresh(context.Background(), keys, sampleTime())
		if err != nil || len(fresh) != sources {
			b.Fatal(len(fresh), err)
		}
	}
}

func BenchmarkStats(b *testing.B) {
	c := filled(b, 50000, 2)
	for b.Loop() {
		if _, err := c.Stats(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
