package crawltest

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

// What is read of a request is a piece of what was sent, whatever that was.
func FuzzRequestHead(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n",
		"GET /odd/a b HTTP/1.1\nHost: a.test\n\n",
		"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /y HTTP/1.1\r\n\r\n",
		"GET /x HTTP/1.1\r\nContent-Length: -3\r\n\r\n",
		"\r\n\r\n", " ", "GET\r\n\r\n", "GET  HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		c := &conn{r: bufio.NewReaderSize(bytes.NewReader(sent), 16)}
		for {
			h, err := c.next()
			if err != nil {
				return
			}
			if len(h.raw) < 4 || !bytes.Contains(sent, h.raw) || !bytes.HasPrefix(h.raw, []byte(h.method+" "+h.target+" ")) {
				t.Fatalf("read %q %q %q of %q", h.raw, h.method, h.target, sent)
			}
			for name, values := range parseHeader(h.raw) {
				if len(values) == 0 || !bytes.Contains(bytes.ToLower(h.raw), []byte(strings.ToLower(name)+":")) {
					t.Fatalf("field %q of %q", name, h.raw)
				}
			}
		}
	})
}

func FuzzSplitURL(f *testing.F) {
	f.Add("http://u:p@Gazette.test:80/a?b#c")
	f.Add("http://[::1]:8080?x")
	f.Add("://")
	f.Fuzz(func(t *testing.T, url string) {
		host, target, ok := splitURL(url)
		if !ok {
			return
		}
		if strings.ContainsAny(host, "/?#") || !strings.HasPrefix(target, "/") || strings.Contains(target, "#") {
			t.Fatalf("%q parts into %q and %q", url, host, target)
		}
	})
}
