package crawltest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"
)

// CorpusConfig describes the pages of a corpus. The same configuration gives
// the same bytes, on any machine and in any process.
type CorpusConfig struct {
	Pages       int     `json:"pages"`        // 0 means 1000
	Hosts       int     `json:"hosts"`        // 0 means 50
	MedianBytes int     `json:"median_bytes"` // of a page's size, which is lognormal; 0 means 30 KiB
	Sigma       float64 `json:"sigma"`        // of the logarithm of the size; 0 means 0.8
	PDFShare    float64 `json:"pdf_share"`    // the share of PDFs among the pages, 0 to 1
	Seed        uint64  `json:"seed"`
}

// Bounds of a page's size in bytes.
const (
	minPageBytes = 2 << 10
	maxPageBytes = 8 << 20
)

// Corpus is a set of ordinary pages for benchmarks: HTML that compresses as
// real articles do and PDFs that do not compress. Pages are put together from
// prepared pieces while they are sent, so that a corpus of any size takes
// about ten megabytes and serving costs little more than the copy.
type Corpus struct {
	cfg    CorpusConfig
	sizes  []int32 // by page, from 0; negative is a PDF
	asked  []atomic.Uint32
	pieces corpusPieces
}

// NewCorpus prepares a corpus.
func NewCorpus(cfg CorpusConfig) *Corpus {
	if cfg.Pages <= 0 {
		cfg.Pages = 1000
	}
	if cfg.Hosts <= 0 {
		cfg.Hosts = 50
	}
	if cfg.MedianBytes <= 0 {
		cfg.MedianBytes = 30 << 10
	}
	if cfg.Sigma <= 0 {
		cfg.Sigma = 0.8
	}
	k := &Corpus{cfg: cfg, sizes: make([]int32, cfg.Pages), asked: make([]atomic.Uint32, cfg.Pages)}
	r := rand.New(rand.NewPCG(cfg.Seed, 1))
	for i := range k.sizes {
		size := float64(cfg.MedianBytes) * math.Exp(cfg.Sigma*r.NormFloat64())
		k.sizes[i] = int32(min(max(size, minPageBytes), maxPageBytes))
		if r.Float64() < cfg.PDFShare {
			k.sizes[i] = -k.sizes[i]
		}
	}
	k.pieces = newCorpusPieces(rand.New(rand.NewPCG(cfg.Seed, 2)))
	return k
}

// Len is the number of pages.
func (k *Corpus) Len() int { return len(k.sizes) }

// URL is the address of page i, counted from 0: "http://h001.bench.test/p/1".
// Neighbouring pages are on different hosts.
func (k *Corpus) URL(i int) string {
	return "http://" + corpusHostName(i%k.cfg.Hosts) + "/p/" + strconv.Itoa(i+1)
}

// URLs is every address in order.
func (k *Corpus) URLs() []string {
	urls := make([]string, k.Len())
	for i := range urls {
		urls[i] = k.URL(i)
	}
	return urls
}

// Body is the bytes of page i.
func (k *Corpus) Body(i int) []byte {
	var body []byte
	for _, piece := range k.parts(nil, i) {
		body = append(body, piece...)
	}
	return body
}

func corpusHostName(h int) string { return fmt.Sprintf("h%03d.bench.test", h+1) }

// sites are the hosts of the corpus, which speak HTTP alone.
func (k *Corpus) sites() []*site {
	var sites []*site
	for h := range k.cfg.Hosts {
		sites = append(sites, &site{name: corpusHostName(h), plainOnly: true, corpus: &corpusHost{Corpus: k, number: h}})
	}
	return sites
}

// corpusHost is one host of a corpus.
type corpusHost struct {
	*Corpus
	number int
}

// page is the number of the page at target, or -1.
func (h *corpusHost) page(target string) int {
	digits, ok := strings.CutPrefix(target, "/p/")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || n > h.Len() || (n-1)%h.cfg.Hosts != h.number || digits[0] == '0' || digits[0] == '+' {
		return -1
	}
	return n - 1
}

func (h *corpusHost) body(target string) []byte {
	if i := h.page(target); i >= 0 {
		return h.Body(i)
	}
	return nil
}

func (h *corpusHost) hits(target string) int {
	if i := h.page(target); i >= 0 {
		return int(h.asked[i].Load())
	}
	return 0
}
