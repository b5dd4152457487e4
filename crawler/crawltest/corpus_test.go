package crawltest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

func deflated(t *testing.T, b []byte) int {
	t.Helper()
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return z.Len()
}

// What a benchmark on a corpus says of real pages rests on these figures:
// 181 real article pages had ratios of 3.1, 3.9 and 5.2 at the tenth, the
// middle and the ninth tenth, at gzip level 1.
func TestCorpusIsLikeRealPages(t *testing.T) {
	k := NewCorpus(CorpusConfig{Pages: 2000, Hosts: 100, PDFShare: 0.05, Seed: 7})
	var ratios, pdfRatios []float64
	var sizes []int
	for i := range k.Len() {
		if i%4 != 0 {
			continue
		}
		body := k.Body(i)
		sizes = append(sizes, len(body))
		ratio := float64(len(body)) / float64(deflated(t, body))
		if bytes.HasPrefix(body, []byte("%PDF-")) {
			pdfRatios = append(pdfRatios, ratio)
		} else {
			ratios = append(ratios, ratio)
		}
	}
	slices.Sort(sizes)
	slices.Sort(ratios)
	slices.Sort(pdfRatios)
	if m := sizes[len(sizes)/2]; m < 26<<10 || m > 36<<10 {
		t.Errorf("median of %d bytes, want about 30 KiB", m)
	}
	if m := ratios[len(ratios)/2]; m < 3.8 || m > 5 || ratios[0] < 2.5 || ratios[len(ratios)-1] > 6 {
		t.Errorf("HTML compresses %.1f, %.1f, %.1f times, want 4 to 5", ratios[0], m, ratios[len(ratios)-1])
	}
	if n := len(pdfRatios); n < 10 || n > 45 || pdfRatios[n-1] > 1.2 {
		t.Errorf("%d PDFs of %d pages, compressing up to %.2f times", n, len(sizes), pdfRatios[n-1])
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(k.Body(0)))
	if err != nil || doc.Find("title").Text() != "Page 1" || doc.Find("main a").Length() < 5 {
		t.Errorf("page 1 does not read as a page: %v, %d links", err, doc.Find("main a").Length())
	}
}

func TestCorpusIsDeterministic(t *testing.T) {
	cfg := CorpusConfig{Pages: 50, Hosts: 7, PDFShare: 0.2, Seed: 3}
	a, b := NewCorpus(cfg), NewCorpus(cfg)
	cfg.Seed++
	c := NewCorpus(cfg)
	seen := make(map[string]bool)
	for i := range a.Len() {
		if !bytes.Equal(a.Body(i), b.Body(i)) {
			t.Fatalf("page %d differs between equal corpora", i)
		}
		if bytes.Equal(a.Body(i), c.Body(i)) {
			t.Errorf("page %d is the same with another seed", i)
		}
		if seen[string(a.Body(i))] {
			t.Errorf("page %d is another page again", i)
		}
		seen[string(a.Body(i))] = true
	}
	if diff := cmp.Diff([]string{"http://h001.bench.test/p/1", "http://h002.bench.test/p/2"}, a.URLs()[:2]); diff != "" {
		t.Error(diff)
	}
}

func TestCorpusIsServed(t *testing.T) {
	k := NewCorpus(CorpusConfig{Pages: 40, Hosts: 3, PDFShare: 0.3})
	w := start(t, Config{Corpus: k, NoDemo: true, NoCases: true})
	hc := client(t, w)
	ask := func(url, name, value string) (*http.Response, []byte) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(name, value)
		res, err := hc.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, body
	}
	for i, url := range k.URLs() {
		res, body := ask(url, "Accept", "*/*")
		if !bytes.Equal(body, k.Body(i)) || !bytes.Equal(body, w.Body(url)) || res.StatusCode != 200 {
			t.Fatalf("%s: %d, %d bytes, want %d", url, res.StatusCode, len(body), len(k.Body(i)))
		}
		for name, value := range map[string]string{"If-None-Match": res.Header.Get("ETag"), "If-Modified-Since": res.Header.Get("Last-Modified")} {
			if again, _ := ask(url, name, value); again.StatusCode != 304 {
				t.Errorf("%s with %s: %d", url, name, again.StatusCode)
			}
		}
		if res, _ := ask(url, "If-None-Match", `"other"`); res.StatusCode != 200 {
			t.Errorf("%s with another tag: %d", url, res.StatusCode)
		}
	}
	for _, url := range []string{"http://h001.bench.test/p/2", "http://h001.bench.test/p/43", "http://h001.bench.test/p/0",
		"http://h001.bench.test/p/01", "http://h001.bench.test/p/", "http://h001.bench.test/robots.txt"} {
		if res, _ := ask(url, "Accept", "*/*"); res.StatusCode != 404 || w.Body(url) != nil {
			t.Errorf("%s: %d", url, res.StatusCode)
		}
	}
	if n := w.Hits("h001.bench.test", "/p/1"); n != 4 {
		t.Errorf("%d hits", n)
	}
	if len(w.Cases()) != 0 || len(w.Hosts()) != 3 {
		t.Errorf("%d cases, hosts %v", len(w.Cases()), w.Hosts())
	}
}

func BenchmarkServeCorpus(b *testing.B) {
	k := NewCorpus(CorpusConfig{Pages: 5000, Hosts: 50, PDFShare: 0.05})
	w, err := Start(Config{Corpus: k, NoDemo: true, NoCases: true})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	tr := w.Transport()
	defer tr.CloseIdleConnections()
	hc := &http.Client{Transport: tr, Timeout: time.Minute}
	urls := k.URLs()
	buf := make([]byte, 64<<10)
	for i := 0; b.Loop(); i++ {
		res, err := hc.Get(urls[i%len(urls)])
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, res.Body, buf)
		res.Body.Close()
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(n)
	}
}
