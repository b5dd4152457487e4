package verify

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/warc"
)

// benchPage is HTML of about n bytes: markup around words that follow Zipf's law,
// with the numbers and identifiers that real pages are full of.
func benchPage(rng *rand.Rand, zipf []uint64, n int) []byte {
	word := func(b *bytes.Buffer) {
		k := zipf[rng.IntN(len(zipf))]
		for j := range 2 + k*7%9 {
			b.WriteByte("etaoinshrdlucmfwypvbgk"[(k*31+j*j*k)%22])
		}
	}
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
	for b.Len() < n {
		switch rng.IntN(5) {
		case 0:
			fmt.Fprintf(&b, "<a class=\"teaser__link\" href=\"/news/2026/%02d/%d\">", rng.IntN(12), rng.IntN(1e7))
			word(&b)
			b.WriteString("</a>\n")
		case 1:
			fmt.Fprintf(&b, "<img src=\"https://cdn.source.test/img/%08x.jpg\" width=\"%d\">\n", rng.Uint32(), rng.IntN(2000))
		default:
			b.WriteString("<p class=\"article__text\">")
			for range 20 + rng.IntN(60) {
				word(&b)
				b.WriteByte(' ')
			}
			b.WriteString("</p>\n")
		}
	}
	return b.Bytes()
}

// benchBodies are pages as servers send them, every second one packed.
func benchBodies(rng *rand.Rand) (bodies [][]byte) {
	words := rand.NewZipf(rng, 1.1, 4, 8000)
	zipf := make([]uint64, 1<<16)
	for i := range zipf {
		zipf[i] = words.Uint64()
	}
	for n := range 400 {
		body := benchPage(rng, zipf, 10<<10+rng.IntN(120<<10))
		if n%2 == 0 {
			var packed bytes.Buffer
			w, _ := gzip.NewWriterLevel(&packed, 5)
			w.Write(body)
			w.Close()
			body = packed.Bytes()
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// benchCapture is one visit: a page, some of them chunked, and sometimes an
// image, with what surrounds them.
func benchCapture(b *testing.B, rng *rand.Rand, bodies [][]byte, n int) []byte {
	body := bodies[n%len(bodies)]
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	if n%2 == 0 {
		head += "Content-Encoding: gzip\r\n"
	}
	sent := body
	if n%4 < 2 {
		head += "Transfer-Encoding: chunked\r\n"
		var chunks bytes.Buffer
		for rest := body; ; {
			k := min(len(rest), 16<<10)
			fmt.Fprintf(&chunks, "%x\r\n%s\r\n", k, rest[:k])
			if rest = rest[k:]; k == 0 {
				break
			}
		}
		sent = chunks.Bytes()
	}
	answer := func(id int, head string, body, sent []byte) testRecord {
		return testRecord{kind: warc.TypeResponse, id: urn(id), media: "application/http;msgtype=response", block: head + "\r\n" + string(sent),
			fields: warc.Header{{Name: warc.FieldPayloadDigest, Value: digestOf(string(body))}}}
	}
	request := testRecord{kind: warc.TypeRequest, id: urn(n*10 + 2), media: "application/http;msgtype=request",
		block: "GET /news HTTP/1.1\r\nHost: source.test\r\nUser-Agent: ibid/1.0\r\nAccept-Encoding: gzip, br\r\n\r\n"}
	records := []testRecord{warcinfo(n * 10), request, answer(n*10+3, head, body, sent)}
	if n%5 == 0 {
		image := make([]byte, 5<<10+rng.IntN(100<<10))
		for i := range image {
			image[i] = byte(rng.Uint32())
		}
		records = append(records, answer(n*10+4, "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n", image, image))
	}
	return writeWARC(b, append(records, captureRecord(b, n*10+5, n*10+3))...)
}

// benchArchive makes an archive of IBID_BENCH_MIB mebibytes, 32 by default.
func benchArchive(b *testing.B) (store *dir.Store, root string, size int64) {
	mib, err := strconv.Atoi(os.Getenv("IBID_BENCH_MIB"))
	if err != nil {
		mib = 32
	}
	root = b.TempDir()
	if store, err = dir.Open(root, dir.Config{}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	rng := rand.New(rand.NewPCG(1, 2))
	bodies := benchBodies(rng)
	put := func(kind kind, data []byte) {
		o := blob.Bytes(data)
		// As files, for a put that is durable takes its time.
		path := filepath.Join(root, filepath.FromSlash(objectKey(kind, o.SHA256)))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.Fatal(err)
		}
		size += o.Size
	}
	put(reportKind, reportWARC(b, digestOf(reportText)))
	for n := 1; size < int64(mib)<<20; n++ {
		put(captureKind, benchCapture(b, rng, bodies, n))
	}
	return store, root, size
}

// BenchmarkAudit measures both audits beside the programs that do a part of
// their work on the same files: openssl hashes them, gzip tests them. Reported
// are wall time and processor time as multiples of theirs.
//
//	IBID_BENCH_MIB=1024 go test -run - -bench Audit -benchtime 3x ./verify
func BenchmarkAudit(b *testing.B) {
	store, root, size := benchArchive(b)
	for _, test := range []struct {
		name  string
		quick bool
		peer  string
	}{
		{"quick", true, "openssl dgst -sha256"},
		{"full", false, "gzip -t"},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.SetBytes(size)
			wall, cpu, heap := time.Duration(0), time.Duration(0), uint64(0)
			for b.Loop() {
				from, used := time.Now(), processTime(b)
				got, err := Audit(context.Background(), store, AuditConfig{Quick: test.quick, Progress: func(e Event) {
					if e.Objects%1000 == 0 {
						var m runtime.MemStats
						runtime.ReadMemStats(&m)
						heap = max(heap, m.Sys-m.HeapReleased)
					}
				}})
				if err != nil || got.Found != 0 || got.Bytes != size {
					b.Fatal(err, got)
				}
				wall, cpu = wall+time.Since(from), cpu+processTime(b)-used
			}
			n := time.Duration(b.N)
			b.ReportMetric(float64(heap)/(1<<20), "MiB")
			b.ReportMetric((cpu / n).Seconds(), "cpu-s")
			b.StopTimer()
			peerWall, peerCPU := peer(b, root, test.peer)
			b.ReportMetric((wall/n).Seconds()/peerWall.Seconds(), "x-of-peer-wall")
			b.ReportMetric((cpu/n).Seconds()/peerCPU.Seconds(), "x-of-peer-cpu")
		})
	}
}

// peer runs a program over all files and returns its best time of three.
func peer(b *testing.B, root, command string) (wall, cpu time.Duration) {
	args := strings.Fields(command)
	if _, err := exec.LookPath(args[0]); err != nil {
		b.Skip(err)
	}
	wall, cpu = time.Hour, time.Hour
	for range 3 {
		cmd := exec.Command("xargs", append([]string{"-0", "-n", "5000"}, args...)...)
		var names bytes.Buffer
		files, _ := filepath.Glob(filepath.Join(root, "*", "*", "*.warc.gz"))
		for _, f := range files {
			names.WriteString(f + "\x00")
		}
		cmd.Stdin = &names
		from := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		wall, cpu = min(wall, time.Since(from)), min(cpu, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	return wall, cpu
}
