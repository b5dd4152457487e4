package schedule_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
)

// longEnv asks for what takes minutes and gigabytes of disk.
const longEnv = "IBID_BENCH_LONG"

func long(b *testing.B) {
	if os.Getenv(longEnv) == "" {
		b.Skipf("takes minutes and gigabytes of disk; set %s=1", longEnv)
	}
}

// BenchmarkArchiveMany archives 100,000 pages, for its memory.
func BenchmarkArchiveMany(b *testing.B) {
	long(b)
	const pages, hosts = 100_000, 1000
	n := newBench(b, pages, hosts)
	sources := n.sources(b)
	for b.Loop() {
		r := n.runner(b, fresh(b))
		ours := measure(func() { n.visit(b, r, sources) })
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(ours.cpu.Seconds()/pages*1000, "cpu-s/1000")
		b.ReportMetric(pages/ours.wall.Seconds(), "pages/s")
		b.ReportMetric(float64(ours.peak)/1e6, "peak-MB")
	}
}

// largeBody is the size of the body of BenchmarkArchiveLarge, in bytes.
const largeBody = 2 << 30

const serveLargeArg = "-serve-large-body"

// serveLarge answers every request with largeBody bytes that do not compress,
// until its standard input ends.
func serveLarge() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	random := rand.NewChaCha8([32]byte{1})
	piece := make([]byte, 1<<20)
	random.Read(piece)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "video/mp4")
		w.Header().Set("Content-Length", fmt.Sprint(largeBody))
		for range largeBody / len(piece) {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})}
	go server.Serve(l)
	fmt.Println(l.Addr())
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// BenchmarkArchiveLarge archives one body of 2 GiB, for its memory.
func BenchmarkArchiveLarge(b *testing.B) {
	long(b)
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	server := exec.Command(self, serveLargeArg)
	in, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); server.Wait() })
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	text := []byte("A report\n\nNotes\n[1] http://large.test/film\n")
	report, err := seeds.Read("large.txt", text)
	if err != nil {
		b.Fatal(err)
	}
	sources := []schedule.Source{{Report: report, Data: text}}
	n := &bench{urls: []string{"http://large.test/film"}}
	for b.Loop() {
		at := b.TempDir()
		r := n.runner(b, at)
		r.Crawler.MaxBody, r.Crawler.Timeout = largeBody+1, 10*time.Minute
		r.Crawler.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, strings.TrimSpace(addr))
		}
		var run *schedule.Run
		ours := measure(func() { run = n.visit(b, r, sources) })
		if run.Bytes < largeBody {
			b.Fatalf("%d bytes are kept of %d", run.Bytes, int64(largeBody))
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(ours.cpu.Seconds(), "cpu-s")
		b.ReportMetric(largeBody/ours.wall.Seconds()/1e6, "MB/s")
		b.ReportMetric(float64(ours.peak)/1e6, "peak-MB")
	}
}

// TestReindexAfterRevisits builds the catalog anew from an archive that holds
// first visits and unchanged ones.
func TestReindexAfterRevisits(t *testing.T) {
	n := newBench(t, 60, 7)
	at := t.TempDir()
	r := n.runner(t, at)
	sources := n.sources(t)
	first, second := n.visit(t, r, sources), n.visit(t, r, sources)
	if second.Bytes*4 > first.Bytes {
		t.Errorf("an unchanged web took %d bytes, the first visit %d", second.Bytes, first.Bytes)
	}
	var before, after bytes.Buffer
	if err := r.Catalog.Dump(t.Context(), &before); err != nil {
		t.Fatal(err)
	}
	n.reindexed(t, r, filepath.Join(at, "catalog2.sqlite"), &after)
	if before.String() != after.String() || strings.Count(after.String(), string(archive.Alive)) < 2*60 {
		t.Errorf("the catalog built anew has %d bytes, the old one %d", after.Len(), before.Len())
	}
}
