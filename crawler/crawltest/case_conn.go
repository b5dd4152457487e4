package crawltest

import (
	"strings"
	"time"
)

// connCases are hosts that go wrong below HTTP, or before it.
func connCases() []trouble {
	text := simple("Flaky", "Third time lucky.")
	long := simple("Cut", strings.Repeat("The rest of this page never came. ", 400))
	return []trouble{
		{Case: Case{Name: "mute", Want: unreachable(), Note: "takes the connection, reads the request, never answers"},
			do: func(c *conn, _ *head) bool { return c.drain() }},
		{Case: Case{Name: "tls-mute", URL: "https://tls-mute.test/", Want: unreachable(), Note: "takes the connection and never says a word of TLS"},
			on: site{mute: true}},
		{Case: Case{Name: "refused", Want: unreachable(), Note: "connection refused"}, on: site{refuse: true}},
		{Case: Case{Name: "black-hole", Want: unreachable(), Note: "connecting never ends; refused where the dialer is not this web's"},
			on: site{refuse: true, blackHole: true}},
		{Case: Case{Name: "reset-first", Want: unreachable(), Note: "reset as soon as the request was read"},
			do: func(c *conn, _ *head) bool { return c.reset() }},
		{Case: Case{Name: "hang-up", Want: unreachable(), Note: "closed in order without an answer"},
			do: func(c *conn, _ *head) bool { return c.finish() }},
		{Case: Case{Name: "reset-in-head", Want: unreachable(), Note: "reset in the middle of the headers"},
			do: func(c *conn, _ *head) bool {
				c.send("HTTP/1.1 200 OK\r\nContent-Type: text/ht")
				return c.reset()
			}},
		{Case: Case{Name: "end-in-head", Want: notHTTP(), Note: "closed in order in the middle of the headers"},
			do: says("HTTP/1.1 200 OK\r\nContent-Type: text/ht")},
		{Case: Case{Name: "reset-in-body", Want: unreachable(), Truncated: "disconnect|unspecified", Note: "reset in the middle of the body"},
			do: cutOff(long)},
		{Case: Case{Name: "slow-head", Want: unreachable(), Note: "headers of one byte a second"},
			do: func(c *conn, _ *head) bool {
				return c.drip(okHTML+"Content-Length: 2\r\n\r\nok", time.Second)
			}},
		{Case: Case{Name: "flaky", Want: alive(), Stable: true, Note: "reset twice, then well"},
			page: page{body: text}, do: counted(func(n int) answer {
				if n < 2 {
					return func(c *conn, _ *head) bool { return c.reset() }
				}
				return htmlPage(text).answer
			}).answer},
		{Case: Case{Name: "bare-body", Want: []string{"invalid", "unreachable"}, Note: "HTTP/0.9: the page and nothing before it"}, do: says(text)},
		{Case: Case{Name: "ssh-banner", Want: notHTTP(), Note: "greets as an SSH server does"},
			on: site{greet: func(c *conn) bool { return c.send("SSH-2.0-OpenSSH_9.9\r\n") && c.finish() }}},
		{Case: Case{Name: "binary-garbage", Want: notHTTP(), Note: "4 KiB of noise for an answer"}, do: says(noise(4096, 9))},
		{Case: Case{Name: "plain-on-443", URL: "https://plain-on-443.test/", Want: notHTTP(), Note: "speaks HTTP where TLS is due"},
			page: page{body: text}, on: site{blunt: true}},
		{Case: Case{Name: "dns-timeout", Want: unreachable(), Note: "the name's servers do not answer"}, on: site{dns: dnsTimeout, refuse: true}},
		{Case: Case{Name: "dns-servfail", Want: unreachable(), Note: "the name's servers answer with a failure"}, on: site{dns: dnsServFail, refuse: true}},
		{Case: Case{Name: "no-such-domain", URL: "http://no-such-domain.invalid/", Want: []string{"gone", "unreachable"}, Note: "NXDOMAIN"}},
	}
}
