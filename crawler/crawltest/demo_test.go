package crawltest

import (
	"bytes"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// client follows no redirects.
func client(t *testing.T, w *Web) *http.Client {
	tr := w.Transport()
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// demoAnswer is what a demo URL does in one phase, in short.
func demoAnswer(t *testing.T, hc *http.Client, url string) (what, body string) {
	t.Helper()
	res, err := hc.Get(url)
	switch {
	case err != nil && strings.Contains(err.Error(), "no such host"):
		return "no such host", ""
	case err != nil && strings.Contains(err.Error(), "has expired"):
		return "expired", ""
	case err != nil:
		return err.Error(), ""
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return "cut", ""
	}
	what = res.Status[:3]
	for _, name := range []string{"Location", "Retry-After", "Cf-Mitigated"} {
		if v := res.Header.Get(name); v != "" {
			what += " " + v
		}
	}
	return what, string(data)
}

// The table of the package comment.
func TestDemoAsTimePasses(t *testing.T) {
	t.Parallel()
	w := start(t, Config{})
	hc := client(t, w)
	const same, other = true, false
	type row struct {
		url, first, later string
		same              bool // the body stays when time passes
	}
	rows := []row{
		{"https://gazette.test/2026/dam-report", "200", "200", same},
		{"https://gazette.test/letters", "200", "404", other},
		{"http://old.gazette.test/story/17", "301 https://gazette.test/archive/17", "301 https://gazette.test/archive/17", same},
		{"https://gazette.test/archive/17", "200", "200", same},
		{"https://council.test/minutes/2024-03", "302 https://council.test/", "302 https://council.test/", same},
		{"https://council.test/", "200", "200", same},
		{"https://council.test/plan.html", "404", "404", same},
		{"https://ministry.test/notice/9", "410", "410", same},
		{"https://ministry.test/files/annual.pdf", "200", "200", same},
		{"https://walled.test/report", "403 challenge", "403 challenge", same},
		{"https://busy.test/data", "429 3600", "200", other},
		{"https://slow.test/long-read", "200", "200", same},
		{"https://expired.test/", "expired", "expired", same},
		{"https://cut.test/broadcast", "cut", "cut", same},
		{"https://wire.test/live", "200", "200", other},
		{"https://nowhere.test/gone", "no such host", "no such host", same},
	}
	first := make(map[string]string)
	for _, r := range rows {
		what, body := demoAnswer(t, hc, r.url)
		if what != r.first {
			t.Errorf("%s: %s, want %s", r.url, what, r.first)
		}
		first[r.url] = body
		if stable := w.Body(r.url); stable != nil && string(stable) != body {
			t.Errorf("%s: Body differs from what was served", r.url)
		}
	}
	w.Advance()
	if w.Phase() != 1 {
		t.Errorf("phase %d", w.Phase())
	}
	for _, r := range rows {
		what, body := demoAnswer(t, hc, r.url)
		if what != r.later {
			t.Errorf("%s, later: %s, want %s", r.url, what, r.later)
		}
		if (body == first[r.url]) != r.same {
			t.Errorf("%s: body the same: %t, want %t", r.url, !r.same, r.same)
		}
	}
}

func TestSlowReadTakesAboutASecond(t *testing.T) {
	t.Parallel()
	w := start(t, Config{})
	began := time.Now()
	got := ask(t, w, "https://slow.test/long-read", 10*time.Second)
	if took := time.Since(began); got.end != ended || took < 700*time.Millisecond {
		t.Errorf("%s after %v", got.end, took)
	}
}

func TestDamReportRequisitesAreThere(t *testing.T) {
	w := start(t, Config{})
	hc := client(t, w)
	for path, want := range map[string]string{
		"/img/dam.png": "image/png", "/img/dam-wide.png": "image/png", "/img/map.png": "image/png", "/img/paper.png": "image/png",
		"/favicon.ico": "image/png", "/assets/site.css": "text/css; charset=utf-8", "/assets/type.css": "text/css; charset=utf-8",
		"/assets/reader.js": "text/javascript; charset=utf-8", "/assets/wend-serif.woff2": "font/woff2",
	} {
		res, err := hc.Get("https://gazette.test" + path)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if diff := cmp.Diff(want, res.Header.Get("Content-Type")); diff != "" || res.StatusCode != 200 {
			t.Errorf("%s: %d %s", path, res.StatusCode, diff)
		}
		if want == "image/png" {
			if _, err := png.Decode(bytes.NewReader(data)); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		if name := path[strings.LastIndexByte(path, '/')+1:]; !strings.Contains(damReport+siteCSS+typeCSS, name) {
			t.Errorf("%s: nothing refers to it", path)
		}
	}
}

// The offsets of a PDF's cross-reference table point at its objects
// (ISO 32000-1, 7.5.4).
func TestPDFsAreConsistent(t *testing.T) {
	k := NewCorpus(CorpusConfig{Pages: 3, PDFShare: 1})
	for name, pdf := range map[string]string{"annual": annualReport(), "corpus": string(k.Body(2))} {
		checkPDF(t, name, pdf)
	}
}
