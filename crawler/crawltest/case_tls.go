package crawltest

// tlsCases are hosts whose TLS is troubled: the connection stands, and the
// certificate is evidence that a capture keeps.
func tlsCases() []trouble {
	text := htmlPage(simple("Behind a certificate", "Whoever reads this has verified a certificate, or has not."))
	bad := func(name, note string, on site) trouble {
		return trouble{Case: Case{Name: name, URL: "https://" + name + ".test/", Want: unreachable(), Note: note}, page: text, on: on}
	}
	return []trouble{
		bad("tls-expired", "the certificate has expired", site{cert: certExpired}),
		bad("tls-future", "the certificate is not valid yet", site{cert: certFuture}),
		bad("tls-self-signed", "the certificate is signed by itself", site{cert: certSelfSigned}),
		bad("tls-wrong-name", "the certificate is for another name", site{cert: certWrongName}),
		bad("tls-stranger", "the certificate is of an authority that nobody knows", site{cert: certStranger}),
		{Case: Case{Name: "tls-old", URL: "https://tls-old.test/", Want: []string{"alive", "unreachable"},
			Note: "TLS 1.0 and nothing newer: refused, or recorded as what it is"}, page: text, on: site{tls10: true}},
		{Case: Case{Name: "tls-lapses", URL: "https://tls-lapses.test/", Want: []string{"alive", "unreachable"},
			Note: "the certificate is good in phase 0 and has expired after that"}, page: text, on: site{lapses: true}},
		{Case: Case{Name: "tls-good", URL: "https://tls-good.test/", Want: alive(), Stable: true, Note: "nothing is wrong with it"}, page: text},
		{Case: Case{Name: "tls-only", URL: "http://tls-only.test/", Want: alive(), Stable: true, Final: "https://tls-only.test/",
			Note: "cited by http, where nothing listens any more; browsers ask by https"},
			also: map[string]route{"/": always(text.resource())}, on: site{tlsOnly: true}},
		{Case: Case{Name: "tls-only-other", URL: "http://tls-only-other.test/", Want: unreachable(),
			Note: "the same, and https does not know the page: it need not be the cited server"}, page: notFound("tls-only-other.test"), on: site{tlsOnly: true}},
		{Case: Case{Name: "tls-cut", URL: "https://tls-cut.test/", Want: []string{"alive", "unreachable"}, Truncated: "|disconnect|unspecified",
			Note: "a body without length, ended by a TCP end without TLS's own: it may have been cut"},
			do: func(c *conn, _ *head) bool {
				c.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n", text.body)
				_ = c.tcp.CloseWrite()
				return c.drain()
			}},
	}
}
