package crawltest

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

// Close ends what does not end by itself, and nothing is left of it. The
// clients here are bad on purpose: they read little, or nothing at all.
func TestCloseIsPromptAndLeaksNothing(t *testing.T) {
	before := goleak.IgnoreCurrent()
	w, err := Start(Config{Corpus: NewCorpus(CorpusConfig{Pages: 10, Hosts: 2})})
	if err != nil {
		t.Fatal(err)
	}
	var conns []net.Conn
	for _, host := range []string{"endless-body.test", "slow-body.test", "slow-head.test", "mute.test", "endless-headers.test", "ssh-banner.test", "gazette.test", "h001.bench.test"} {
		c, err := w.DialContext(t.Context(), "tcp", host+":80")
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
	}
	for _, host := range []string{"tls-mute.test", "gazette.test"} {
		c, err := w.DialContext(t.Context(), "tcp", host+":443")
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	held := make(chan error)
	go func() {
		_, err := w.DialContext(t.Context(), "tcp", "black-hole.test:80")
		held <- err
	}()
	time.Sleep(50 * time.Millisecond)
	began := time.Now()
	for range 2 {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("closed after %v", took)
	}
	if err := <-held; err == nil {
		t.Error("the black hole let somebody through")
	}
	for _, c := range conns {
		c.Close()
	}
	if _, err := w.DialContext(t.Context(), "tcp", "gazette.test:80"); err == nil {
		t.Error("listens after Close")
	}
	goleak.VerifyNone(t, before)
}

func TestEndlessSendersStopWhenTheClientCloses(t *testing.T) {
	w := start(t, Config{})
	c, err := w.DialContext(t.Context(), "tcp", "endless-body.test:80")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: endless-body.test\r\n\r\n")
	_, _ = io.ReadFull(c, make([]byte, 100_000))
	c.Close()
	for until := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		w.mu.Lock()
		n := w.open["endless-body.test"]
		w.mu.Unlock()
		if n == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatal("still sending")
		}
	}
}

func TestRequestsAreWrittenDown(t *testing.T) {
	w := start(t, Config{MaxRequests: 4})
	c, err := w.DialContext(t.Context(), "tcp", "gazette.test:80")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	raw := "HEAD /letters?b=2&a=1 HTTP/1.1\r\nHOST: Gazette.test\r\nx-ODD: one\r\nX-Odd: two\r\nConnection: close\r\n\r\n"
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(answer), "\r\n\r\n") || !strings.Contains(string(answer), "\r\nContent-Length: ") {
		t.Errorf("HEAD: %q", answer)
	}
	got := w.Requests()
	if len(got) != 1 {
		t.Fatalf("%d requests", len(got))
	}
	want := Request{Site: "gazette.test", Host: "Gazette.test", Method: "HEAD", Target: "/letters?b=2&a=1", Path: "/letters",
		Header: http.Header{"Host": {"Gazette.test"}, "X-Odd": {"one", "two"}, "Connection": {"close"}}, Raw: raw,
		Time: got[0].Time, Remote: c.LocalAddr().String(), Conn: got[0].Conn}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	if time.Since(got[0].Time) > time.Minute || got[0].Conn == 0 {
		t.Errorf("%+v", got[0])
	}
	for range 6 {
		ask(t, w, "https://gazette.test/letters", 5*time.Second)
	}
	got = w.Requests()
	if len(got) != 4 || !slices.IsSortedFunc(got, func(a, b Request) int { return a.Time.Compare(b.Time) }) || !got[3].TLS {
		t.Errorf("ring of %d: %v", len(got), got)
	}
	for path, n := range map[string]int{"/letters": 7, "/letters?b=2&a=1": 1, "/letters?a=1&b=2": 0, "/": 0} {
		if h := w.Hits("gazette.test", path); h != n {
			t.Errorf("hits of %s: %d, want %d", path, h, n)
		}
	}
}

func TestPeakConns(t *testing.T) {
	w := start(t, Config{})
	for range 3 {
		ask(t, w, "http://gazette.test/", 5*time.Second)
	}
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() { ask(t, w, "http://mute.test/", 300*time.Millisecond) })
	}
	wg.Wait()
	if n := w.PeakConns("mute.test"); n != 5 {
		t.Errorf("mute.test: %d at once", n)
	}
	if n := w.PeakConns("nobody.test"); n != 0 {
		t.Errorf("nobody.test: %d at once", n)
	}
}

func TestKeepAliveAndConditions(t *testing.T) {
	w := start(t, Config{})
	hc := client(t, w)
	const url = "https://gazette.test/2026/dam-report"
	var etag, modified string
	for _, tc := range []struct {
		name, value string
		status      int
	}{
		{"Accept", "*/*", 200},
		{"If-None-Match", "$etag", 304},
		{"If-None-Match", `"x", W/$etag`, 304},
		{"If-None-Match", "*", 304},
		{"If-None-Match", `"x"`, 200},
		{"If-Modified-Since", "$modified", 304},
		{"If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT", 200},
		{"If-Modified-Since", "yesterday", 200},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(tc.name, strings.NewReplacer("$etag", etag, "$modified", modified).Replace(tc.value))
		res, err := hc.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != tc.status || (len(body) > 0) != (tc.status == 200) {
			t.Errorf("%s: %s: %d with %d bytes, %v", tc.name, tc.value, res.StatusCode, len(body), err)
		}
		etag, modified = res.Header.Get("ETag"), res.Header.Get("Last-Modified")
	}
	if etag == "" || modified == "" {
		t.Error("no validators")
	}
	conns := make(map[uint64]bool)
	for _, r := range w.Requests() {
		conns[r.Conn] = true
	}
	if len(conns) != 1 {
		t.Errorf("%d connections for 8 requests", len(conns))
	}
}

func TestValidatorCases(t *testing.T) {
	w := start(t, Config{})
	status := func(host string, fields ...string) int {
		res, _ := ask(t, w, "http://"+host+"/", 5*time.Second, fields...).response(t)
		return res.StatusCode
	}
	first := string(w.Body("http://lying-304.test/"))
	if s := status("lying-304.test", `If-None-Match: "always"`); s != 304 {
		t.Errorf("lying-304: %d", s)
	}
	w.Advance()
	if s := status("lying-304.test", `If-None-Match: "always"`); s != 304 || string(w.Body("http://lying-304.test/")) == first {
		t.Errorf("lying-304, later: %d, and it must lie", s)
	}
	if s := status("page-changes.test", "If-None-Match: "+tagOf(first)); s != 200 {
		t.Errorf("page-changes: %d", s)
	}
	if s := status("goes-away.test"); s != 404 {
		t.Errorf("goes-away: %d", s)
	}
	a, _ := ask(t, w, "http://etag-changes.test/", 5*time.Second).response(t)
	b, _ := ask(t, w, "http://etag-changes.test/", 5*time.Second).response(t)
	if a.Header.Get("ETag") == b.Header.Get("ETag") {
		t.Error("etag-changes: it does not")
	}
}

func TestCertificates(t *testing.T) {
	w := start(t, Config{})
	block, _ := pem.Decode(w.CACertPEM())
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		t.Fatal(err)
	}
	reason := func(host string) string {
		err := ask(t, w, "https://"+host+"/", 5*time.Second).err
		var invalid x509.CertificateInvalidError
		var name x509.HostnameError
		var unknown x509.UnknownAuthorityError
		switch {
		case err == nil:
			return "good"
		case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
			return "expired"
		case errors.As(err, &name):
			return "name"
		case errors.As(err, &unknown):
			return "unknown"
		case strings.Contains(err.Error(), "protocol version"):
			return "version"
		}
		return err.Error()
	}
	for host, want := range map[string]string{"tls-good.test": "good", "tls-expired.test": "expired", "tls-future.test": "expired",
		"tls-self-signed.test": "unknown", "tls-stranger.test": "unknown", "tls-wrong-name.test": "name", "tls-old.test": "version", "tls-lapses.test": "good"} {
		if got := reason(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
	w.Advance()
	if got := reason("tls-lapses.test"); got != "expired" {
		t.Errorf("tls-lapses.test, later: %s", got)
	}
}

func TestSplitURL(t *testing.T) {
	for url, want := range map[string][2]string{
		"http://a.test":                 {"a.test", "/"},
		"HTTP://A.test:80/P?q#f":        {"a.test", "/P?q"},
		"https://u:p@a.test./%zz|x y":   {"a.test", "/%zz|x y"},
		"http://a.test?b=http://c/d@e":  {"a.test", "/?b=http://c/d@e"},
		"http://a.test//b/../c?d#e?f/g": {"a.test", "//b/../c?d"},
	} {
		host, target, ok := splitURL(url)
		if diff := cmp.Diff(want, [2]string{host, target}); diff != "" || !ok {
			t.Errorf("%s: %s", url, diff)
		}
	}
	if _, _, ok := splitURL("a.test/b"); ok {
		t.Error("took a URL without a scheme")
	}
}
