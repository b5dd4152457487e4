package warc

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// page is HTML of about n bytes: repeated markup around words that follow
// Zipf's law, with the numbers and identifiers that real pages are full of. It
// compresses about five-fold at level 6, as news pages do.
func page(n int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(rng, 1.1, 4, 8000)
	word := func() string {
		k := zipf.Uint64()
		w := rand.New(rand.NewPCG(k, 7))
		var b strings.Builder
		for range 2 + w.IntN(9) {
			b.WriteByte("etaoinshrdlucmfwypvbgk"[min(w.IntN(22), w.IntN(22))])
		}
		return b.String()
	}
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
	for b.Len() < n {
		switch rng.IntN(6) {
		case 0:
			fmt.Fprintf(&b, "<a class=\"teaser__link teaser__link--%s\" href=\"/news/2026/%02d/%s-%s-%d\">", word(), rng.IntN(12), word(), word(), rng.IntN(1e7))
		case 1:
			fmt.Fprintf(&b, "<img src=\"https://cdn.source.test/img/%08x.jpg\" width=\"%d\" alt=\"%s\"></a>\n", rng.Uint32(), rng.IntN(2000), word())
		case 2:
			fmt.Fprintf(&b, "<script>window.__data.push({\"id\":%d,\"k\":\"%016x\"});</script>\n", rng.IntN(1e9), rng.Uint64())
		default:
			b.WriteString("<p class=\"article__text\">")
			for range 20 + rng.IntN(60) {
				b.WriteString(word())
				b.WriteByte(' ')
			}
			b.WriteString("</p>\n")
		}
	}
	return b.Bytes()[:n]
}

// visit is what one visit keeps: warcinfo, request, response with a body of
// size bytes, certificate and metadata.
func visit(size int) []sample {
	body := page(size)
	all := samples()
	return []sample{all[0], all[1],
		record(TypeResponse, append([]byte(httpHead), body...), FieldContentType, responseType, FieldPayloadDigest, sha(body)),
		all[8], record(TypeMetadata, page(900), FieldContentType, "application/vnd.ibid.capture+json")}
}

// BenchmarkCapture writes one visit with a page of 45 KiB an operation.
func BenchmarkCapture(b *testing.B) {
	records := visit(45 << 10)
	w := NewWriter(io.Discard)
	var block bytes.Reader
	b.SetBytes(45 << 10)
	b.ReportAllocs()
	for b.Loop() {
		w.Reset(io.Discard)
		for _, r := range records {
			block.Reset(r.Block)
			if _, err := w.WriteRecord(r.Header, &block, int64(len(r.Block))); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*1000, "s/1000captures")
}

// BenchmarkWriteRecord compares levels on blocks of several sizes; "ratio" is
// how many times smaller the record gets.
func BenchmarkWriteRecord(b *testing.B) {
	for _, size := range []int{300, 3 << 10, 45 << 10, 1 << 20} {
		r := record(TypeResource, page(size), FieldContentType, "text/html")
		for _, level := range []int{1, 2, 3, 6, 9} {
			b.Run(fmt.Sprintf("%dB/level%d", size, level), func(b *testing.B) {
				w := NewWriter(io.Discard, Level(level))
				var block bytes.Reader
				var n int64
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					block.Reset(r.Block)
					var err error
					if n, err = w.WriteRecord(r.Header, &block, int64(size)); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(size)/float64(n), "ratio")
			})
		}
	}
}

// BenchmarkVerify checks the file of one visit an operation.
func BenchmarkVerify(b *testing.B) {
	for _, size := range []int{45 << 10, 8 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			file, _ := write(b, visit(size))
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				err := VerifyFile(bytes.NewReader(file), func(_ *Record, ps []Problem) error {
					if len(ps) > 0 {
						return ps[0]
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPages measures the levels on real pages: gzip'd HTML files in
// $IBID_DATA_DIR/articles/html.
func BenchmarkPages(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join(os.Getenv("IBID_DATA_DIR"), "articles", "html", "*.gz"))
	if os.Getenv("IBID_DATA_DIR") == "" || len(files) == 0 {
		b.Skip("IBID_DATA_DIR names no folder with articles/html/*.gz")
	}
	var pages [][]byte
	total := 0
	for _, name := range files[:min(len(files), 120)] {
		packed, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			b.Fatal(err)
		}
		p, err := io.ReadAll(z)
		if err != nil {
			b.Fatal(err)
		}
		pages = append(pages, p)
		total += len(p)
	}
	h := record(TypeResource, nil).Header
	h.Del(FieldBlockDigest)
	for _, level := range []int{1, 2, 3, 6} {
		b.Run(fmt.Sprintf("level%d", level), func(b *testing.B) {
			w := NewWriter(io.Discard, Level(level))
			var block bytes.Reader
			var out int64
			b.SetBytes(int64(total))
			for b.Loop() {
				out = 0
				for _, p := range pages {
					block.Reset(p)
					n, err := w.WriteRecord(h, &block, int64(len(p)))
					if err != nil {
						b.Fatal(err)
					}
					out += n
				}
			}
			b.ReportMetric(float64(total)/float64(out), "ratio")
		})
	}
}
