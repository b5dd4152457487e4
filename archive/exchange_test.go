package archive_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

const request = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"

// answered is an exchange in which the raw answer came back, whole.
func answered(t testing.TB, url, answer string) *archive.Exchange {
	t.Helper()
	x := &archive.Exchange{Role: archive.RoleSource, URL: url, Method: http.MethodGet, Started: day(), Remote: netip.MustParseAddrPort("192.0.2.7:443"),
		Request: spool(t, 1<<20, request), Response: spool(t, archive.SpoolMemory, answer), Timing: archive.Timing{Connected: 1, Done: 5}}
	head, body, _ := strings.Cut(answer, "\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(head+"\r\n\r\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	x.HeaderSize, x.Proto, x.Status, x.Header = int64(len(head)+4), res.Proto, res.StatusCode, res.Header
	x.Chunked = len(res.TransferEncoding) > 0
	x.BlockSHA256 = sha256.Sum256([]byte(answer))
	payload := []byte(body)
	if x.Chunked {
		payload, _ = io.ReadAll(x.Payload())
	}
	x.PayloadSHA256, x.PayloadSize = sha256.Sum256(payload), int64(len(payload))
	return x
}

func spool(t testing.TB, memory int, s string) *archive.Spool {
	t.Helper()
	b := archive.NewSpool(t.TempDir(), memory)
	t.Cleanup(func() { b.Close() })
	if _, err := io.WriteString(b, s); err != nil {
		t.Fatal(err)
	}
	return b
}

// cut marks an exchange as ended before its time.
func cut(x *archive.Exchange, why archive.Truncation, class string) *archive.Exchange {
	x.Truncated, x.Failure = why, &archive.Failure{Phase: "body", Class: class, Message: "it broke off"}
	return x
}

// failed is an exchange without any answer.
func failed(t testing.TB, sent string) *archive.Exchange {
	t.Helper()
	return &archive.Exchange{Role: archive.RoleSource, URL: "https://a.test/", Method: http.MethodGet, Started: day(),
		Request: spool(t, 100, sent), Response: spool(t, 100, ""), Failure: &archive.Failure{Phase: "dns", Class: archive.ClassNoHost, Message: "no such host"}}
}

func prior(x *archive.Exchange, payload string, chain ...string) *archive.Exchange {
	sum := sha256.Sum256([]byte(payload))
	x.Prior = &archive.Prior{URL: x.URL, Record: "urn:uuid:00000000-0000-4000-8000-000000000000", Date: day().AddDate(0, -1, 0),
		PayloadSHA256: hex.EncodeToString(sum[:]), ETag: `"1"`, Chain: chain}
	return x
}

func secured(x *archive.Exchange, chain ...*x509.Certificate) *archive.Exchange {
	x.TLS = &archive.TLS{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Chain: chain}
	return x
}

func certificate(t testing.TB) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	httpRequest  = "application/http;msgtype=request"
	httpResponse = "application/http;msgtype=response"
	raw          = "application/octet-stream"
	pemChain     = "application/pem-certificate-chain"
)

// Every kind of exchange comes back from the archive as it went in, in records
// without a fault.
func TestRoundTrip(t *testing.T) {
	leaf := certificate(t)
	leafSum := sha256.Sum256(leaf.Raw)
	leafPrint := hex.EncodeToString(leafSum[:])
	leafPEM := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw}))
	asked := record{Type: "request", ContentType: httpRequest, Block: request}
	const (
		plain    = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 4\r\n\r\nbody"
		chunked  = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
		unended  = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n8\r\nbo"
		early    = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
		noHTTP   = "SSH-2.0-OpenSSH_9.9\r\n"
		notAgain = "HTTP/1.1 304 Not Modified\r\nETag: \"2\"\r\n\r\n"
		empty    = "HTTP/1.1 204 No Content\r\n\r\n"
	)
	big := "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + noise(3<<20, "") // warcio needs a field in every head
	notHTTP := cut(failed(t, request), archive.TruncatedUnspecified, archive.ClassNotHTTP)
	notHTTP.Response, notHTTP.BlockSHA256 = spool(t, 100, noHTTP), sha256.Sum256([]byte(noHTTP))
	unasked := answered(t, "https://a.test/", plain)
	unasked.Request = spool(t, 10, "")
	hinted := answered(t, "https://a.test/", plain)
	hinted.Informational = [][]byte{[]byte("HTTP/1.1 100 Continue\r\n\r\n"), []byte(early)}
	requisite := answered(t, "https://a.test/a.css", plain)
	requisite.Role = archive.RoleRequisite
	zoned := answered(t, "https://a.test/", plain)
	zoned.Remote = netip.MustParseAddrPort("[fe80::1%eth0]:443")
	url := func(x *archive.Exchange, u string) *archive.Exchange { x.URL = u; return x }

	var all bytes.Buffer
	for name, test := range map[string]struct {
		exchanges []*archive.Exchange
		want      []record // between the first and the last
		check     func(t *testing.T, infos []archive.ExchangeInfo, recs []record)
	}{
		"none": {},
		"complete": {
			exchanges: []*archive.Exchange{answered(t, "https://a.test/", plain)},
			want:      []record{asked, {Type: "response", ContentType: httpResponse, Block: plain}},
			check: func(t *testing.T, infos []archive.ExchangeInfo, recs []record) {
				sum := sha256.Sum256([]byte("body"))
				if i := infos[0]; i.PayloadSHA256 != hex.EncodeToString(sum[:]) || i.ETag != `"1"` || i.Status != 200 || i.Timing.Done != 5 {
					t.Errorf("%+v", i)
				}
				if ip := recs[2].header.Get("WARC-IP-Address"); ip != "192.0.2.7" {
					t.Errorf("WARC-IP-Address: %s", ip)
				}
				if id := recs[2].header.Get("WARC-Record-ID"); recs[1].header.Get("WARC-Concurrent-To") != id || "<"+infos[0].Record+">" != id {
					t.Errorf("the request is concurrent to %s and the capture record names %s, the response is %s", recs[1].header.Get("WARC-Concurrent-To"), infos[0].Record, id)
				}
			},
		},
		"no body":   {exchanges: []*archive.Exchange{answered(t, "https://a.test/", empty)}, want: []record{asked, {Type: "response", ContentType: httpResponse, Block: empty}}},
		"a zone":    {exchanges: []*archive.Exchange{zoned}, want: []record{asked, {Type: "response", ContentType: httpResponse, Block: plain}}},
		"chunked":   {exchanges: []*archive.Exchange{answered(t, "https://a.test/", chunked)}, want: []record{asked, {Type: "response", ContentType: httpResponse, Block: chunked}}},
		"big":       {exchanges: []*archive.Exchange{answered(t, "https://a.test/", big)}, want: []record{asked, {Type: "response", ContentType: httpResponse, Block: big}}},
		"requisite": {exchanges: []*archive.Exchange{requisite}, want: []record{asked, {Type: "response", ContentType: httpResponse, Block: plain}}},
		"chunked without an end": {
			exchanges: []*archive.Exchange{cut(answered(t, "https://a.test/", unended), archive.TruncatedDisconnect, archive.ClassReset)},
			want:      []record{asked, {Type: "response", ContentType: httpResponse, Truncated: "disconnect", Block: unended}},
			check: func(t *testing.T, infos []archive.ExchangeInfo, _ []record) {
				if i := infos[0]; i.Truncated != archive.TruncatedDisconnect || i.Why != "it broke off" || i.Failure == nil || i.PayloadSHA256 != "" || i.ETag != "" {
					t.Errorf("%+v", i)
				}
			},
		},
		"cut": {
			exchanges: []*archive.Exchange{cut(answered(t, "https://a.test/", plain), archive.TruncatedTime, archive.ClassTimeout)},
			want:      []record{asked, {Type: "response", ContentType: httpResponse, Truncated: "time", Block: plain}},
		},
		"no answer": {
			exchanges: []*archive.Exchange{failed(t, request)}, want: []record{asked},
			check: func(t *testing.T, infos []archive.ExchangeInfo, _ []record) {
				if i := infos[0]; i.Record != "" || i.Failure == nil || i.Failure.Class != archive.ClassNoHost {
					t.Errorf("%+v", i)
				}
			},
		},
		"no connection": {exchanges: []*archive.Exchange{failed(t, "")}},
		"not HTTP":      {exchanges: []*archive.Exchange{notHTTP}, want: []record{asked, {Type: "metadata", ContentType: raw, Truncated: "unspecified", Block: noHTTP}}},
		"unasked": {
			exchanges: []*archive.Exchange{unasked}, want: []record{{Type: "response", ContentType: httpResponse, Block: plain}},
			check: func(t *testing.T, _ []archive.ExchangeInfo, recs []record) {
				if id, ok := recs[1].header.Lookup("WARC-Concurrent-To"); ok {
					t.Errorf("concurrent to %s, which is not there", id)
				}
			},
		},
		"interim answers": {
			exchanges: []*archive.Exchange{hinted},
			want: []record{asked, {Type: "metadata", ContentType: httpResponse, Block: "HTTP/1.1 100 Continue\r\n\r\n" + early},
				{Type: "response", ContentType: httpResponse, Block: plain}},
		},
		"TLS": {
			exchanges: []*archive.Exchange{secured(answered(t, "https://a.test/", plain), leaf), secured(answered(t, "https://a.test/b", plain), leaf), secured(failed(t, ""), leaf)},
			want: []record{asked, {Type: "response", ContentType: httpResponse, Block: plain}, {Type: "metadata", ContentType: pemChain, Block: leafPEM},
				asked, {Type: "response", ContentType: httpResponse, Block: plain}},
			check: func(t *testing.T, infos []archive.ExchangeInfo, _ []record) {
				for _, i := range infos {
					if diff := cmp.Diff(&archive.TLSInfo{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Chain: []string{leafPrint}}, i.TLS); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				}
			},
		},
		"revisit by digest": {
			exchanges: []*archive.Exchange{secured(prior(answered(t, "https://a.test/", plain), "body", leafPrint), leaf)},
			want:      []record{asked, {Type: "revisit", ContentType: httpResponse, Truncated: "length", Block: strings.TrimSuffix(plain, "body")}},
			check: func(t *testing.T, infos []archive.ExchangeInfo, recs []record) {
				if i := infos[0]; i.RefersTo != "urn:uuid:00000000-0000-4000-8000-000000000000" || !i.TLS.Same || i.TLS.Chain != nil || i.ETag != "" || i.PayloadSHA256 == "" {
					t.Errorf("%+v", i)
				}
				sum := sha256.Sum256([]byte("body"))
				if got := recs[1].header.Get("WARC-Payload-Digest"); got != "sha256:"+hex.EncodeToString(sum[:]) {
					t.Errorf("WARC-Payload-Digest: %s", got)
				}
			},
		},
		"revisit by 304": {
			exchanges: []*archive.Exchange{prior(answered(t, "https://a.test/", notAgain), "body")},
			want:      []record{asked, {Type: "revisit", ContentType: httpResponse, Block: notAgain}},
			check: func(t *testing.T, infos []archive.ExchangeInfo, recs []record) {
				if i := infos[0]; i.ETag != `"2"` || i.PayloadSHA256 != "" || i.Status != 304 {
					t.Errorf("%+v", i)
				}
				if got := recs[1].header.Get("WARC-Profile"); !strings.HasSuffix(got, "/server-not-modified") {
					t.Errorf("WARC-Profile: %s", got)
				}
			},
		},
		"another body than before": {
			exchanges: []*archive.Exchange{prior(answered(t, "https://a.test/", plain), "another")},
			want:      []record{asked, {Type: "response", ContentType: httpResponse, Block: plain}},
		},
		"cut where it was whole before": {
			exchanges: []*archive.Exchange{cut(prior(answered(t, "https://a.test/", plain), "body"), archive.TruncatedLength, archive.ClassBody)},
			want:      []record{asked, {Type: "response", ContentType: httpResponse, Truncated: "length", Block: plain}},
		},
		"a URL as it was cited": {
			exchanges: []*archive.Exchange{url(answered(t, "", plain), "https://a.test/p?b=2&a=1&a=0")},
			want:      []record{asked, {Type: "response", ContentType: httpResponse, Block: plain}},
			check: func(t *testing.T, _ []archive.ExchangeInfo, recs []record) {
				if got := recs[2].header.Get("WARC-Target-URI"); got != "https://a.test/p?b=2&a=1&a=0" {
					t.Errorf("WARC-Target-URI: %s", got)
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			want := sample()
			p.commit(want, test.exchanges...)
			if want.Software != "ibid-test/1" || len(want.Exchanges) != len(test.exchanges) {
				t.Errorf("software %q, %d exchanges", want.Software, len(want.Exchanges))
			}
			file := p.read(archive.CaptureKey(want.SHA256))
			if sum := sha256.Sum256(file); hex.EncodeToString(sum[:]) != want.SHA256 || int64(len(file)) != want.Size {
				t.Errorf("%d bytes with SHA-256 %x, want %d and %s", len(file), sum, want.Size, want.SHA256)
			}
			got, err := p.Capture(t.Context(), want.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("capture record (-committed +read):\n%s", diff)
			}
			all.Write(file)
			recs := records(t, file)
			head := 1
			if len(test.exchanges) > 0 && test.exchanges[0].Revisit() {
				head = 0
			}
			if first, last := recs[0], recs[len(recs)-1]; (first.Type == "warcinfo") != (head == 1) || last.ContentType != archive.CaptureType {
				t.Errorf("the first record is %s and the last %s", first.Type, last.ContentType)
			}
			ignore := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".header" }, cmp.Ignore())
			if diff := cmp.Diff(test.want, recs[head:len(recs)-1:len(recs)-1], ignore, cmp.Transformer("none", func(r []record) []record {
				if len(r) == 0 {
					return nil
				}
				return r
			})); diff != "" {
				t.Errorf("records (-want +got):\n%.2000s", diff)
			}
			if test.check != nil {
				test.check(t, want.Exchanges, recs)
			}
			if left, err := os.ReadDir(p.store.TempDir()); err != nil || len(left) != 0 {
				t.Errorf("left in the temporary directory: %v, error %v", left, err)
			}
		})
	}
	t.Run("warcio", func(t *testing.T) { sameToWarcio(t, all.Bytes()) })
}
