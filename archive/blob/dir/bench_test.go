package dir

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ibid-archive/ibid/archive/blob"
)

// BenchmarkPut stores objects of 15 KiB from 64 goroutines, as a crawl does, and
// from one, in each way of making them durable, and as plain files that nobody
// syncs for comparison. Run each alone with -benchtime=5000x: for some seconds
// ext4 avoids the inodes of files that were removed, such as those of the
// benchmark before.
func BenchmarkPut(b *testing.B) {
	b.Run("workers=64", func(b *testing.B) { benchmarkAll(b, 64) })
	b.Run("workers=1", func(b *testing.B) { benchmarkAll(b, 1) })
}

func benchmarkAll(b *testing.B, workers int) {
	for _, sync := range []Sync{SyncFiles, SyncFS} {
		for _, how := range []string{"anonymous", "named", "linked"} {
			b.Run(how+"/"+string(sync), func(b *testing.B) { benchmarkPut(b, workers, sync, how) })
		}
	}
	b.Run("plain", func(b *testing.B) {
		root := b.TempDir()
		run(b, workers, func(_ context.Context, i int, key string, body []byte) error {
			name := filepath.Join(root, key)
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return err
			}
			return os.WriteFile(name, body, 0o644)
		})
	})
}

func benchmarkPut(b *testing.B, workers int, sync Sync, how string) {
	s, err := Open(b.TempDir(), Config{Sync: sync})
	if err != nil {
		b.Skip(err)
	}
	defer s.Close()
	s.anonymous = s.anonymous && how == "anonymous"
	run(b, workers, func(ctx context.Context, i int, key string, body []byte) error {
		o := blob.Bytes(body)
		if how == "linked" {
			o.File = filepath.Join(s.TempDir(), fmt.Sprint(i))
			if err := os.WriteFile(o.File, body, 0o600); err != nil {
				return err
			}
			defer os.Remove(o.File)
		}
		return s.Put(ctx, key, o)
	})
}

// run calls put b.N times from some goroutines with bodies of its own.
func run(b *testing.B, workers int, put func(ctx context.Context, i int, key string, body []byte) error) {
	b.SetBytes(15 << 10)
	b.ReportAllocs()
	cpu := processTime()
	b.ResetTimer()
	g, ctx := errgroup.WithContext(b.Context())
	g.SetLimit(workers)
	for i := range b.N {
		g.Go(func() error {
			body := make([]byte, 15<<10)
			copy(body, fmt.Sprint(i))
			sum := blob.Bytes(body).SHA256
			return put(ctx, i, fmt.Sprintf("captures/%02x/%s.warc.gz", sum[0], hex.EncodeToString(sum[:])), body)
		})
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
	b.ReportMetric(float64(processTime()-cpu)/float64(time.Microsecond)/float64(b.N), "cpu-µs/op")
}
