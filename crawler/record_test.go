package crawler_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/wire"
)

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

// What is kept is what a server read and wrote, byte for byte, with its
// digests; the payload is the body without its transfer coding.
func TestRecordIsExact(t *testing.T) {
	packed := zipped(article)
	chunked := fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%X;x=\"y\"\r\n%s\r\n0%x\r\n%s\r\n0\r\nX-Level: 4\r\n\r\n",
		10, article[:10], len(article)-10, article[10:])
	big := strings.Repeat(article, 3<<20/len(article)) // beyond what is kept in memory
	for _, tt := range []struct {
		name, answer, payload string
		interim               []string
	}{
		{"plain", found(), article, nil},
		{"empty", answer(200, ""), "", nil},
		{"chunked", chunked, article, nil},
		{"gzip", answer(200, packed, "Content-Encoding: gzip"), packed, nil},
		{"to the end", "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n" + article, article, nil},
		{"odd header", "HTTP/1.1 200\nx-ODD :  1\r\nno colon\r\nContent-length:5\r\n folded?\r\nContent-Length:5\r\nConnection: close\r\n\r\n" + article, article, nil},
		{"interim answers", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + found(), article,
			[]string{"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}},
		{"to disk", answer(200, big), big, nil},
		{"chunks to disk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(big), big), big, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			temp := t.TempDir()
			web := &stage{hosts: map[string]script{"a.test": always(tt.answer)}, tcp: true}
			cfg := web.config()
			cfg.TempDir = temp
			k := visitOne(t, cfg, "http://a.test/x?y")
			x := k.xs[0]
			wire := tt.answer[len(strings.Join(tt.interim, "")):]
			if x.request != web.asked[0].raw || x.response != wire {
				t.Errorf("the request is kept as %q, the answer in %d bytes; want %q, %d", x.request, len(x.response), web.asked[0].raw, len(wire))
			}
			if x.payload != tt.payload || x.PayloadSize != int64(len(tt.payload)) || x.PayloadSHA256 != sha256.Sum256([]byte(tt.payload)) || x.BlockSHA256 != sha256.Sum256([]byte(wire)) {
				t.Errorf("payload of %d bytes, %x", x.PayloadSize, x.PayloadSHA256)
			}
			if fmt.Sprintf("%s", x.Informational) != fmt.Sprintf("%s", tt.interim) || x.Truncated != "" || x.Failure != nil || !x.Complete() {
				t.Errorf("interim %q, truncated %q, %+v", x.Informational, x.Truncated, x.Failure)
			}
			if x.HeaderSize == 0 || !strings.HasSuffix(wire[:x.HeaderSize], "\n") || !x.Remote.IsValid() {
				t.Errorf("header of %d bytes from %s", x.HeaderSize, x.Remote)
			}
			if tm := x.Timing; tm.Connected <= 0 || tm.Sent < tm.Connected || tm.FirstByte < tm.Sent || tm.Done < tm.FirstByte || tm.Secured != 0 {
				t.Errorf("timing %+v", tm)
			}
			if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// Exchanges on one connection do not mix, and one that a server closed in the
// meantime is made again on another connection, with one clean record.
func TestKeepAlive(t *testing.T) {
	page := func(_ int, r asked) string { return answer(200, "the page at "+r.target, "Content-Type: text/plain") }
	closing := func(n int, r asked) string { // closes after every answer, and does not say so
		return strings.Replace(page(n, r), "\r\n\r\n", "\r\nX: \"Connection: close\"\r\n\r\n", 1)
	}
	for name, play := range map[string]script{"kept": page, "closed silently": closing} {
		t.Run(name, func(t *testing.T) {
			web, s := &stage{hosts: map[string]script{"a.test": play}, tcp: true}, &shelf{}
			cfg := web.config()
			cfg.Keeper, cfg.Delay = s, 5*time.Millisecond
			urls := []string{"http://a.test/1", "http://a.test/2", "http://a.test/3"}
			crawl(t, cfg, urls...)
			if len(s.kept) != 3 || len(web.asked) != 3 {
				t.Fatalf("%d captures, asked %q", len(s.kept), web.urls())
			}
			for i, k := range s.kept {
				x, want := k.xs[0], "the page at "+urls[i][len("http://a.test"):]
				if len(k.xs) != 1 || x.payload != want || x.request != web.asked[i].raw || !strings.HasPrefix(x.response, "HTTP/1.1 200") {
					t.Errorf("%d exchanges, %q: %q", len(k.xs), x.request, x.response)
				}
			}
		})
	}
}

// Whatever cuts an answer off is named.
func TestTruncated(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
	wait := func(text string) script {
		return func(int, asked) string { return text } // and the connection stays open
	}
	drip := strings.Repeat("x", 100)
	for _, tt := range []struct {
		name  string
		play  script
		want  archive.Truncation
		class string
	}{
		{"whole", always(found()), "", ""},
		{"exactly the limit", always(answer(200, strings.Repeat("y", 4096))), "", ""},
		{"exactly the limit, chunked", always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + strings.Repeat("y", 4096) + "\r\n0\r\n\r\n"), "", ""},
		{"exactly the limit, to the end", always("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + strings.Repeat("y", 4096)), "", ""},
		{"two beyond the limit", always(answer(200, strings.Repeat("y", 4098))), archive.TruncatedLength, archive.ClassBody},
		{"too long a header", always("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 9000) + "\r\n\r\n"), archive.TruncatedLength, archive.ClassHeader},
		{"closed too soon", always("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 99\r\n\r\nbegun"), archive.TruncatedDisconnect, archive.ClassReset},
		{"no last chunk", always("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n"), archive.TruncatedDisconnect, archive.ClassReset},
		{"no size", always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\nzebra\r\n"), archive.TruncatedUnspecified, archive.ClassFraming},
		{"too slow", wait(head + drip), archive.TruncatedTime, archive.ClassSlow},
		{"no header in time", wait("HTTP/1.1 200 OK\r\nContent-"), archive.TruncatedTime, archive.ClassTimeout},
		{"no more time", always("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + strings.Repeat("y", 3500)), archive.TruncatedTime, archive.ClassTimeout},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				web := &stage{hosts: map[string]script{"a.test": tt.play}}
				cfg := web.config()
				cfg.MaxBody, cfg.Retries, cfg.SecondLook, cfg.Timeout = 4096, -1, -1, 20*time.Second
				cfg.Wire = wire.Config{MaxHeaderBytes: 8 << 10, MinRate: 200, RateWindow: 15 * time.Second, HeaderTimeout: 5 * time.Second}
				x := visitOne(t, cfg, "http://a.test/").xs[0]
				class := ""
				if x.Failure != nil {
					class = x.Failure.Class
				}
				if x.Truncated != tt.want || class != tt.class {
					t.Errorf("truncated %q, class %q; want %q, %q", x.Truncated, class, tt.want, tt.class)
				}
				if x.Truncated != "" && (len(x.response) == 0 || x.Complete()) {
					t.Error("what came is not kept")
				}
			})
		})
	}
}

// The session in a record is that of the very connection.
func TestRecordTLS(t *testing.T) {
	web, s := startWeb(t), &shelf{}
	cfg := quick(web)
	cfg.Keeper, cfg.Requisites.Off, cfg.Retries = s, true, -1
	urls := []string{"https://tls-good.test/", "https://gazette.test/", "https://gazette.test/archive/17", "https://tls-old.test/",
		"https://tls-wrong-name.test/", "https://tls-self-signed.test/", "http://gazette.test/"}
	crawl(t, cfg, urls...)
	if len(s.kept) != len(urls) {
		t.Fatalf("%d captures", len(s.kept))
	}
	for _, k := range s.kept {
		x := k.xs[0]
		if strings.HasPrefix(x.URL, "http:") {
			if x.TLS != nil {
				t.Errorf("%s has %+v", x.URL, x.TLS)
			}
			continue
		}
		if x.TLS == nil || len(x.TLS.Chain) == 0 || x.TLS.Cipher == "" || (x.TLS.Version == "TLS 1.0") != strings.Contains(x.URL, "tls-old") {
			t.Errorf("%s: %+v", x.URL, x.TLS)
			continue
		}
		host := strings.Split(x.URL, "/")[2]
		if err := x.TLS.Chain[0].VerifyHostname(host); (err != nil) != strings.Contains(host, "wrong-name") {
			t.Errorf("%s has the certificate of %q", x.URL, x.TLS.Chain[0].DNSNames)
		}
		if bad := x.Failure != nil; bad != (strings.Contains(host, "wrong-name") || strings.Contains(host, "self-signed")) || bad && x.Failure.Class != archive.ClassCertificate {
			t.Errorf("%s: %+v", x.URL, x.Failure)
		}
	}
}
