package crawltest

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

const okHTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"

// bodyCases are bodies that do not end, do not come, or come too slowly.
func bodyCases() []trouble {
	slow := simple("Slow", "One byte a second.")
	empty := page{ctype: typeHTML}
	return []trouble{
		{Case: Case{Name: "endless-body", Want: []string{"alive", "unreachable"}, Truncated: "length|time",
			Note: "a body without length and without end, as fast as it is read"}, do: endless(okHTML+"\r\n", "<p>And then the water rose again.</p>\n")},
		{Case: Case{Name: "endless-chunks", Want: []string{"alive", "unreachable"}, Truncated: "length|time",
			Note: "chunks without end"}, do: endless(okHTML+"Transfer-Encoding: chunked\r\n\r\n", "1e\r\n"+strings.Repeat("water ", 5)+"\r\n")},
		{Case: Case{Name: "slow-body", Want: unreachable(), Truncated: "time",
			Note: "a body of one byte a second"}, do: func(c *conn, _ *head) bool {
			return c.send(okHTML+"Content-Length: "+strconv.Itoa(len(slow))+"\r\n\r\n") && c.drip(slow, time.Second)
		}},
		{Case: Case{Name: "silent-body", Want: unreachable(), Truncated: "time",
			Note: "headers, half of the body, then nothing while the connection stays open"}, do: func(c *conn, _ *head) bool {
			c.send(okHTML+"Content-Length: "+strconv.Itoa(len(slow))+"\r\n\r\n", slow[:len(slow)/2])
			return c.drain()
		}},
		{Case: Case{Name: "empty-body", Want: []string{"alive", "unknown", "soft-404", "unreachable"}, Stable: true,
			Note: "200 and a body of no bytes"}, page: empty},
		{Case: Case{Name: "until-close", Want: alive(), Stable: true, Note: "HTTP/1.0: the body ends with the connection"},
			page: page{body: slow}, do: says("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + slow)},
		{Case: Case{Name: "megabytes", Want: alive(), Stable: true, Note: "16 MiB, larger than the default of colly and of many others"},
			later: func() page { return page{ctype: "application/octet-stream", body: noise(16<<20, 3)} }},
		{Case: Case{Name: "small-pieces", Want: alive(), Stable: true, Note: "each byte in a packet of its own, headers and all"},
			page: page{body: "Every byte for itself.\n"}, do: func(c *conn, _ *head) bool {
				return c.drip("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 23\r\n\r\nEvery byte for itself.\n", time.Millisecond)
			}},
	}
}

// endless sends the head once and the text until the client goes away.
func endless(start, text string) answer {
	return func(c *conn, _ *head) bool {
		block := bytes.Repeat([]byte(text), 1+(32<<10)/len(text))
		if !c.send(start) {
			return false
		}
		for {
			if _, err := c.Write(block); err != nil {
				return false
			}
		}
	}
}

// noise is n bytes that do not compress, the same for the same seed.
func noise(n int, seed uint64) string {
	b := make([]byte, n)
	x := seed*0x9e3779b97f4a7c15 + 1
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = byte(x >> 32)
	}
	return string(b)
}
