package crawltest

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
)

// misbehaves tells how a raw client sees each case that is not simply a
// stable page: how the connection ends and what was heard.
var misbehaves = []struct {
	name, end, wire string // wire is a regular expression, "." matching line ends
}{
	{"endless-body", more, `^HTTP/1\.1 200 OK\r\n.*\r\n\r\n(<p>And then the water rose again\.</p>\n){9}`},
	{"endless-chunks", more, `\r\n\r\n(1e\r\n(water ){5}\r\n){9}`},
	{"slow-body", open, `\r\n\r\n.{1,2}$`},
	{"silent-body", open, `Content-Length: \d+\r\n\r\n.{50,}$`},
	{"short-body", ended, `Content-Length: \d+\r\n\r\n.*</html>\n$`},
	{"two-lengths", ended, `Content-Length: \d+\r\nContent-Length: \d+\r\n\r\n.*</html>\n$`},
	{"negative-length", ended, `Content-Length: -1\r\n`},
	{"garbage-length", ended, `Content-Length: about 500\r\n`},
	{"huge-length", ended, `Content-Length: 9223372036854775807\r\n.*</html>\n$`},
	{"overflow-length", ended, `Content-Length: 9{40}\r\n.*</html>\n$`},
	{"unended-chunks", ended, `chunked\r\n\r\n[0-9a-f]+\r\n.*</html>\n\r\n$`},
	{"bad-chunk-size", ended, `\r\nzebra\r\n`},
	{"huge-chunk-size", ended, `\r\n\r\nf{20}\r\n`},
	{"both-framings", ended, `Transfer-Encoding: chunked\r\nContent-Length: \d+\r\n`},
	{"mute", open, `^$`},
	{"tls-mute", noConn, ``},
	{"refused", noConn, ``},
	{"black-hole", noConn, ``},
	{"reset-first", reset, `^$`},
	{"hang-up", ended, `^$`},
	{"reset-in-head", reset, `^HTTP/1\.1 200 OK\r\nContent-Type: text/ht$`},
	{"end-in-head", ended, `^HTTP/1\.1 200 OK\r\nContent-Type: text/ht$`},
	{"reset-in-body", reset, `Content-Length: \d{5}\r\n\r\n.*</html>\n$`},
	{"slow-head", open, `^H.{0,2}$`},
	{"bare-body", ended, `^<!doctype html>.*</html>\n$`},
	{"ssh-banner", ended, `^SSH-2\.0-`},
	{"binary-garbage", ended, `^[^H]`},
	{"plain-on-443", noConn, ``},
	{"dns-timeout", noConn, ``},
	{"dns-servfail", noConn, ``},
	{"no-such-domain", noConn, ``},
	{"endless-headers", more, `^HTTP/1\.1 200 OK\r\n.*(X-Level: 4{60}\r\n){9}`},
	{"endless-header-line", more, `X-Level: 4{1000}`},
	{"endless-status-line", more, `^HTTP/1\.1 200 (OK and so on ){50}`},
	{"huge-header", ended, `X-Level: 4{1000}.*</html>\n$`},
	{"many-headers", ended, `X-Gauge-0000: 400\r\n.*X-Gauge-1199: .*</html>\n$`},
	{"no-colon", ended, `\r\nthis line has no colon\r\n`},
	{"space-in-name", ended, `\r\nX Level: 412\r\n`},
	{"space-before-colon", ended, `\r\nX-Level : 412\r\n`},
	{"nul-in-value", ended, `\r\nX-Level: 4\x0012\r\n`},
	{"control-in-value", ended, `\x1b\[0m\rX-Forged: yes\r\n`},
	{"empty-name", ended, `\r\n: 412\r\n`},
	{"leading-space", ended, `^HTTP/1\.1 200 OK\r\n X-Level`},
	{"endless-hints", more, `^(HTTP/1\.1 103 Early Hints\r\nLink: [^\r]*\r\n\r\n){9}`},
	{"bad-version", ended, `^HTTP/7\.3 200 OK\r\n`},
	{"bad-status", ended, `^HTTP/1\.1 fine OK\r\n`},
	{"two-digit-status", ended, `^HTTP/1\.1 20 OK\r\n`},
	{"switching", ended, `^HTTP/1\.1 101 .*\r\n\r\n.\x05hello$`},
	{"status-204", ended, `^HTTP/1\.1 204 No Content\r\n.*\r\n\r\n$`},
	{"status-206", ended, `^HTTP/1\.1 206 .*Content-Range: bytes 0-99/5000\r\n`},
	{"status-300", ended, `^HTTP/1\.1 300 `},
	{"status-304", ended, `^HTTP/1\.1 304 Not Modified\r\n\r\n$`},
	{"status-400", ended, `^HTTP/1\.1 400 `},
	{"status-401", ended, `^HTTP/1\.1 401 .*WWW-Authenticate: Basic`},
	{"status-402", ended, `^HTTP/1\.1 402 `},
	{"status-403", ended, `^HTTP/1\.1 403 `},
	{"status-404", ended, `^HTTP/1\.1 404 `},
	{"status-407", ended, `^HTTP/1\.1 407 `},
	{"status-410", ended, `^HTTP/1\.1 410 `},
	{"status-418", ended, `^HTTP/1\.1 418 `},
	{"status-429", ended, `^HTTP/1\.1 429 `},
	{"status-451", ended, `^HTTP/1\.1 451 `},
	{"status-500", ended, `^HTTP/1\.1 500 `},
	{"status-502", ended, `^HTTP/1\.1 502 `},
	{"status-503", ended, `^HTTP/1\.1 503 `},
	{"status-999", ended, `^HTTP/1\.1 999 `},
	{"status-600", ended, `^HTTP/1\.1 600 `},
	{"retry-never", ended, `^HTTP/1\.1 429 .*Retry-After: 31536000\r\n`},
	{"retry-garbage", ended, `^HTTP/1\.1 429 .*Retry-After: soon`},
	{"bot-wall", ended, `^HTTP/1\.1 403 .*\r\ncf-mitigated: challenge\r\n`},
	{"loop-self", ended, `^HTTP/1\.1 302 .*Location: http://loop-self\.test/\r\n`},
	{"loop-two", ended, `^HTTP/1\.1 301 .*Location: /other\r\n`},
	{"loop-growing", ended, `^HTTP/1\.1 302 .*Location: /\?step=\r\n`},
	{"chain-15", ended, `^HTTP/1\.1 302 .*Location: /hop/1\r\n`},
	{"cookie-gate", ended, `^HTTP/1\.1 302 .*Location: http://cookie-gate\.test/\r\nSet-Cookie: visitor=17; `},
	{"cookie-query", ended, `^HTTP/1\.1 302 .*Location: /\?cookies=test\r\n`},
	{"redirect-endless", more, `^HTTP/1\.1 302 .*Location: /landed\r\n\r\n(still moving\n){9}`},
	{"to-nowhere", ended, `Location: http://nowhere\.test/gone\r\n`},
	{"refresh-header", ended, `^HTTP/1\.1 200 .*Refresh: 0; url=/landed\r\n`},
	{"refresh-meta", ended, `^HTTP/1\.1 200 .*http-equiv="Refresh"`},
	{"location-none", ended, `^HTTP/1\.1 302 [^/]*/html`},
	{"location-empty", ended, `\r\nLocation: \r\n`},
	{"location-garbage", ended, `\r\nLocation: http://\[::bad::/%%%\r\n`},
	{"location-javascript", ended, `\r\nLocation: javascript:`},
	{"location-data", ended, `\r\nLocation: data:`},
	{"location-file", ended, `\r\nLocation: file:///etc/passwd\r\n`},
	{"location-ftp", ended, `\r\nLocation: ftp://`},
	{"location-no-host", ended, `\r\nLocation: http:///\r\n`},
	{"location-port", ended, `\r\nLocation: http://location-port\.test:99999/\r\n`},
	{"location-twice", ended, `\r\nLocation: /first\r\nLocation: /second\r\n`},
	{"location-split", ended, `\r\nLocation: /landed%0d%0aSet-Cookie:`},
	{"location-backslash", ended, `\r\nLocation: \\landed\\here\r\n`},
	{"to-private", ended, `\r\nLocation: http://10\.0\.0\.1/\r\n`},
	{"to-metadata", ended, `\r\nLocation: http://169\.254\.169\.254/`},
	{"to-localhost", ended, `\r\nLocation: http://localhost/\r\n`},
	{"to-mapped", ended, `\r\nLocation: http://\[::ffff:169`},
	{"to-nat64", ended, `\r\nLocation: http://\[64:ff9b::`},
	{"to-ipv6-local", ended, `\r\nLocation: http://\[::1\]:8080/\r\n`},
	{"to-octal", ended, `\r\nLocation: http://0177\.0\.0\.1/\r\n`},
	{"to-zone", ended, `\r\nLocation: http://\[fe80::1%25lo\]/\r\n`},
	{"dns-private", noConn, ``},
	{"dns-metadata", noConn, ``},
	{"dns-mapped", noConn, ``},
	{"dns-rebind", ended, `^HTTP/1\.1 200 `},
	{"ip-decimal", noConn, ``},
	{"ip-hex", noConn, ``},
	{"ip-short", noConn, ``},
	{"tls-expired", noConn, ``},
	{"tls-future", noConn, ``},
	{"tls-self-signed", noConn, ``},
	{"tls-wrong-name", noConn, ``},
	{"tls-stranger", noConn, ``},
	{"tls-old", noConn, ``},
	{"tls-lapses", ended, `^HTTP/1\.1 200 `},
	{"tls-only-other", noConn, ``},
	{"tls-cut", ended, `^HTTP/1\.1 200 OK\r\n.*</html>\n$`},
	{"to-home", ended, `^HTTP/1\.1 301 .*Location: /\r\n`},
	{"to-login", ended, `^HTTP/1\.1 302 .*Location: /login\?`},
}

// heals names the stable cases that fail so many times before they answer.
var heals = map[string]int{"flaky": 2, "retry-seconds": 1, "retry-date": 1, "heals": 1}

func TestCasesMisbehaveAsSaid(t *testing.T) {
	t.Parallel()
	w := start(t, Config{})
	urls := make(map[string]string)
	for _, c := range w.Cases() {
		urls[c.Name] = c.URL
	}
	t.Run("all", func(t *testing.T) {
		for _, m := range misbehaves {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				url, ok := urls[m.name]
				if !ok {
					t.Fatal("no such case")
				}
				patience := 20 * time.Second
				if m.end == open || slices.Contains([]string{"tls-mute", "black-hole", "plain-on-443"}, m.name) {
					patience = 1500 * time.Millisecond
				}
				got := ask(t, w, url, patience)
				if got.end != m.end {
					t.Errorf("connection %s (%v), want %s; heard %.200q", got.end, got.err, m.end, got.wire)
				}
				heardStart, heardEnd := got.wire[:min(len(got.wire), 64<<10)], got.wire[max(0, len(got.wire)-64<<10):]
				pattern := regexp.MustCompile("(?s)" + m.wire)
				if !pattern.Match(heardStart) && !pattern.Match(slices.Concat(heardStart, heardEnd)) {
					t.Errorf("heard %.300q, want %s", got.wire, m.wire)
				}
			})
		}
	})
}

// Every case is either stable, and then its body comes whole each time, or
// listed in misbehaves.
func TestStableBodiesAreExact(t *testing.T) {
	t.Parallel()
	w := start(t, Config{})
	known := make(map[string]bool)
	for _, m := range misbehaves {
		known[m.name] = true
	}
	for _, t := range wallPages() { // see TestWallPagesAnswerAsSaid
		known[t.Name] = true
	}
	for _, c := range w.Cases() {
		if !c.Stable {
			if !known[c.Name] {
				t.Errorf("%s: nothing tests it", c.Name)
			}
			if w.Body(c.URL) != nil {
				t.Errorf("%s: has a stable body and is not called stable", c.Name)
			}
			continue
		}
		url := c.URL
		if c.Final != "" {
			url = c.Final
		}
		want := w.Body(url)
		if want == nil {
			t.Errorf("%s: Body(%q) is nil", c.Name, url)
			continue
		}
		for range heals[c.Name] {
			if got := ask(t, w, url, 5*time.Second); bytes.HasSuffix(got.wire, want) {
				t.Errorf("%s: answered too early", c.Name)
			}
		}
		for range 2 {
			got := ask(t, w, url, 5*time.Second, "Cookie: visitor=17")
			res, body := got.response(t)
			if !bytes.Equal(body, want) {
				t.Errorf("%s: body of %d bytes, want %d; status %d", c.Name, len(body), len(want), res.StatusCode)
			}
			if res.StatusCode/100 != 2 {
				t.Errorf("%s: status %d", c.Name, res.StatusCode)
			}
		}
	}
}

func TestCasesAreWellFormed(t *testing.T) {
	w := start(t, Config{})
	verdicts := strings.Fields("alive moved drifted restricted blocked soft-404 gone unreachable invalid unknown")
	names := make(map[string]bool)
	for _, c := range w.Cases() {
		if names[c.Name] {
			t.Errorf("%s: twice", c.Name)
		}
		names[c.Name] = true
		if len(c.Want) == 0 || c.Note == "" {
			t.Errorf("%s: no verdict or no note", c.Name)
		}
		for _, v := range c.Want {
			if !slices.Contains(verdicts, v) {
				t.Errorf("%s: verdict %q", c.Name, v)
			}
		}
		for _, reason := range strings.Split(c.Truncated, "|") {
			if !slices.Contains([]string{"", "length", "time", "disconnect", "unspecified"}, reason) {
				t.Errorf("%s: truncated %q", c.Name, c.Truncated)
			}
		}
		if c.Stable && c.Truncated != "" {
			t.Errorf("%s: stable and truncated", c.Name)
		}
	}
	if len(names) < 50 {
		t.Errorf("%d cases", len(names))
	}
}

func TestBombsDecodeToWhatTheySay(t *testing.T) {
	decoded := func(t *testing.T, r io.Reader, err error) int64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, r)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const size = 64 << 20
	bomb := gzipBomb(size)
	z, err := gzip.NewReader(strings.NewReader(bomb))
	if diff := cmp.Diff(int64(size), decoded(t, z, err)); diff != "" {
		t.Errorf("gzip: %s", diff)
	}
	if ratio := size / len(bomb); ratio < 1000 {
		t.Errorf("gzip: ratio %d", ratio)
	}
	flat := brotliBomb(size)
	if diff := cmp.Diff(int64(size), decoded(t, brotli.NewReader(strings.NewReader(flat)), nil)); diff != "" {
		t.Errorf("brotli: %s", diff)
	}
	if ratio := size / len(flat); ratio < 5_000 {
		t.Errorf("brotli: ratio %d", ratio)
	}
}
