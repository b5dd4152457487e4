package schedule_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

const serveArg = "-serve-bench-web"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == serveArg {
		if err := crawltest.RunServer(context.Background(), os.Args[2:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if len(os.Args) > 1 && os.Args[1] == serveLargeArg {
		if err := serveLarge(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// bench is a web of ordinary pages in a process of its own and what is needed
// to measure work on it: the figures are those of this process alone.
type bench struct {
	web  *crawltest.Remote
	urls []string
}

const benchWorkers = 64

func newBench(b testing.TB, pages, hosts int) *bench {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	web, err := crawltest.Spawn(exec.Command(self, serveArg, "-pages", fmt.Sprint(pages), "-hosts", fmt.Sprint(hosts), "-pdf", "0.05", "-seed", "1"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { web.Close() })
	corpus := crawltest.NewCorpus(crawltest.CorpusConfig{Pages: pages, Hosts: hosts, PDFShare: 0.05, Seed: 1})
	return &bench{web: web, urls: corpus.URLs()}
}

// cost is what some work took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes of memory, at most, while it ran
}

func measure(work func()) cost {
	debug.FreeOSMemory()
	// Writing 5 resets the high-water mark (proc(5)).
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	cpu, begun := cpuTime(), time.Now()
	work()
	return cost{time.Since(begun), cpuTime() - cpu, peakMemory()}
}

func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kb int64
	fmt.Sscan(rest, &kb)
	return kb << 10
}

// report gives our cost beside that of the limit program.
func report(b *testing.B, pages int, ours, limit cost) {
	n := float64(pages)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ours.cpu.Seconds()/n*1000, "cpu-s/1000")
	b.ReportMetric(limit.cpu.Seconds()/n*1000, "limit-cpu-s/1000")
	b.ReportMetric(n/ours.wall.Seconds(), "pages/s")
	b.ReportMetric(limit.wall.Seconds()/ours.wall.Seconds(), "x-of-limit")
	b.ReportMetric(float64(ours.peak)/1e6, "peak-MB")
}

// pool is the limit program: a bare net/http client on as many goroutines,
// which hands every answer to keep.
func (n *bench) pool(b *testing.B, keep func(url string, res *http.Response, body []byte)) {
	client := &http.Client{Transport: &http.Transport{DialContext: n.web.DialContext, MaxIdleConnsPerHost: 2, MaxIdleConns: 1000}}
	urls := make(chan string)
	var wg sync.WaitGroup
	for range benchWorkers {
		wg.Go(func() {
			var body bytes.Buffer
			for url := range urls {
				res, err := client.Get(url)
				if err != nil {
					b.Error(err)
					return
				}
				body.Reset()
				if _, err := io.Copy(&body, res.Body); err != nil {
					b.Error(err)
				}
				res.Body.Close()
				if keep != nil {
					keep(url, res, body.Bytes())
				}
			}
		})
	}
	for _, u := range n.urls {
		urls <- u
	}
	close(urls)
	wg.Wait()
	client.CloseIdleConnections()
}

// warcs is a limit program's archive: gzip'd records of request and response
// in one file, without digests, index or fsync. With reuse it shares its
// compressors between records; without, it makes one for each, as the gzip
// package's own example does.
func (n *bench) warcs(b *testing.B, path string, reuse bool) func(url string, res *http.Response, body []byte) {
	out, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { out.Close() })
	var mu sync.Mutex
	zips := sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(io.Discard, 1); return z }}
	return func(url string, res *http.Response, body []byte) {
		var buf, head bytes.Buffer
		z := zips.Get().(*gzip.Writer)
		if reuse {
			defer zips.Put(z)
		}
		record := func(kind string, block ...[]byte) {
			size := 0
			for _, p := range block {
				size += len(p)
			}
			if reuse {
				z.Reset(&buf)
			} else {
				z, _ = gzip.NewWriterLevel(&buf, 1)
			}
			fmt.Fprintf(z, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: %s\r\nContent-Length: %d\r\n\r\n", kind, url, time.Now().UTC().Format(time.RFC3339Nano), size)
			for _, p := range block {
				z.Write(p)
			}
			io.WriteString(z, "\r\n\r\n")
			z.Close()
		}
		fmt.Fprintf(&head, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", res.Request.URL.RequestURI(), res.Request.Host)
		record("request", head.Bytes())
		head.Reset()
		fmt.Fprintf(&head, "HTTP/1.1 %s\r\n", res.Status)
		res.Header.Write(&head)
		head.WriteString("\r\n")
		record("response", head.Bytes(), body)
		mu.Lock()
		defer mu.Unlock()
		if _, err := out.Write(buf.Bytes()); err != nil {
			b.Error(err)
		}
	}
}

func (n *bench) config() crawler.Config {
	return crawler.Config{
		Workers: benchWorkers, Delay: -1, Timeout: time.Minute, UserAgent: "Mozilla/5.0 (compatible; ibid-bench/1; +https://example.test/)",
		Judge: verify.Judge, Requisites: crawler.RequisiteLimits{Off: true}, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return n.web.DialContext(ctx, network, addr)
		},
	}
}

func (n *bench) sources(b testing.TB) []schedule.Source {
	text := []byte("A report\n\nNotes\n")
	for i, u := range n.urls {
		text = fmt.Appendf(text, "[%d] %s\n", i+1, u)
	}
	r, err := seeds.Read("bench.txt", text)
	if err != nil {
		b.Fatal(err)
	}
	if got := len(r.Seeds()); got != len(n.urls) {
		b.Fatalf("the report has %d seeds, want %d", got, len(n.urls))
	}
	return []schedule.Source{{Report: r, Data: text}}
}

// fresh makes a directory for an archive where no file was removed lately. ext4
// does not use an inode again for minutes after its file was removed, and
// passes over each of them whenever it looks for a free one in the directory's
// group: after other tests, or earlier runs, have removed thousands of files, a
// new one costs ten times as much, of which a crawl knows nothing. Below a "top
// of a hierarchy" ext4 spreads directories over its groups; on another file
// system that can't be said, and does not matter.
func fresh(b testing.TB) string {
	top := b.TempDir()
	_ = exec.Command("chattr", "+T", top).Run()
	at := filepath.Join(top, fmt.Sprint(time.Now().UnixNano())) // the name decides the group
	if err := os.Mkdir(at, 0o700); err != nil {
		b.Fatal(err)
	}
	return at
}

// BenchmarkArchive archives 5,000 pages on 250 hosts, everything included:
// records, digests, fsync, catalog. The limit program fetches the same pages
// and writes gzip'd WARC records with the standard library at level 1.
func BenchmarkArchive(b *testing.B) {
	const pages, hosts = 5000, 250
	n := newBench(b, pages, hosts)
	sources := n.sources(b)
	n.pool(b, nil) // warm up the web
	for b.Loop() {
		limit := measure(func() { n.pool(b, n.warcs(b, filepath.Join(b.TempDir(), "limit.warc.gz"), true)) })
		plain := measure(func() { n.pool(b, n.warcs(b, filepath.Join(b.TempDir(), "plain.warc.gz"), false)) })
		r := n.runner(b, fresh(b))
		var first, second *schedule.Run
		ours := measure(func() { first = n.visit(b, r, sources) })
		report(b, pages, ours, limit)
		b.ReportMetric(plain.wall.Seconds()/ours.wall.Seconds(), "x-of-plain-limit")
		b.ReportMetric(plain.cpu.Seconds()/pages*1000, "plain-limit-cpu-s/1000")
		again := measure(func() { second = n.visit(b, r, sources) })
		b.ReportMetric(again.cpu.Seconds()/pages*1000, "again-cpu-s/1000")
		b.ReportMetric(100*float64(second.Bytes)/float64(first.Bytes), "again-%bytes")
		b.ReportMetric(float64(first.Bytes)/pages, "bytes/page")
	}
}

func (n *bench) reindexed(t testing.TB, r *schedule.Runner, path string, dump io.Writer) {
	if _, err := r.Reindex(t.Context(), path, false); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Dump(t.Context(), dump); err != nil {
		t.Fatal(err)
	}
}

func (n *bench) runner(b testing.TB, at string) *schedule.Runner {
	store, err := dir.Open(at, dir.Config{})
	if err != nil {
		b.Fatal(err)
	}
	c, err := catalog.Open(b.Context(), filepath.Join(at, "catalog.sqlite"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close(); store.Close() })
	l, err := log.Open(b.Context(), log.Config{Objects: store, Cells: store, Keys: log.KeyDir(b.TempDir())})
	if err != nil {
		b.Fatal(err)
	}
	cfg := n.config()
	cfg.TempDir = store.TempDir()
	return &schedule.Runner{Archive: archive.New(archive.Config{Store: store, Log: l, Software: "ibid-bench/1", TempDir: store.TempDir()}), Catalog: c, Crawler: cfg}
}

func (n *bench) visit(b testing.TB, r *schedule.Runner, sources []schedule.Source) *schedule.Run {
	run, err := r.Visit(b.Context(), nil, sources, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	if run.Visited != len(n.urls) || len(run.Errors) > 0 {
		b.Fatalf("visited %d of %d: %v", run.Visited, len(n.urls), run.Errors)
	}
	return run
}

// BenchmarkCheck visits the same pages and keeps nothing; the limit program
// is a bare pool that reads bodies.
func BenchmarkCheck(b *testing.B) {
	const pages, hosts = 5000, 250
	benchmarkCheck(b, pages, hosts)
}

// BenchmarkCheckMany is BenchmarkCheck with 100,000 pages, for its memory.
func BenchmarkCheckMany(b *testing.B) { benchmarkCheck(b, 100_000, 1000) }

func benchmarkCheck(b *testing.B, pages, hosts int) {
	n := newBench(b, pages, hosts)
	jobs := schedule.Jobs(n.sources(b))
	n.pool(b, nil)
	for b.Loop() {
		limit := measure(func() { n.pool(b, nil) })
		c, err := crawler.New(n.config())
		if err != nil {
			b.Fatal(err)
		}
		alive := 0
		ours := measure(func() {
			if err := c.Run(b.Context(), nil, jobs, func(r crawler.Result) {
				if r.Err == nil && r.Capture.Verdict == archive.Alive {
					alive++
				}
			}); err != nil {
				b.Fatal(err)
			}
		})
		if alive != pages {
			b.Fatalf("%d of %d pages are alive", alive, pages)
		}
		report(b, pages, ours, limit)
	}
}
