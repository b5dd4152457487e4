package wacz

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/warc"
)

var created = time.Date(2026, 11, 22, 13, 14, 15, 678e6, time.UTC)

// testKey is a key that every run has: signatures must be the same each time.
func testKey(curve elliptic.Curve) *ecdsa.PrivateKey { return numberedKey(curve, 1) }

func numberedKey(curve elliptic.Curve, n byte) *ecdsa.PrivateKey {
	d := make([]byte, curveBytes(curve))
	copy(d[1:], "no secret: a key for tests")
	d[len(d)-1] = n
	key, err := ecdsa.ParseRawPrivateKey(curve, d)
	if err != nil {
		panic(err)
	}
	return key
}

func testSigner(t testing.TB) Signer {
	t.Helper()
	s, err := NewECDSASigner(testKey(elliptic.P384()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// capture is one page of a test WARC.
type capture struct {
	url  string
	at   time.Time
	body string
}

// testWARC returns a WARC with a response, its request and a metadata record for
// each capture, and a revisit of the first. Equal input gives equal bytes.
func testWARC(t testing.TB, captures ...capture) []byte {
	t.Helper()
	var b bytes.Buffer
	w := warc.NewWriter(&b)
	n := 0
	write := func(typ warc.Type, c capture, block string, pairs ...string) string {
		n++
		sum := sha256.Sum256([]byte(c.url + string(typ) + block))
		id := "<urn:uuid:" + formatHash(sum[:])[7:15] + "-0000-4000-8000-" + formatHash(sum[:])[15:27] + ">"
		h := warc.Header{
			{Name: warc.FieldType, Value: string(typ)}, {Name: warc.FieldRecordID, Value: id},
			{Name: warc.FieldDate, Value: warc.FormatDate(c.at)},
			{Name: warc.FieldBlockDigest, Value: warc.FormatDigest(sha256.Sum256([]byte(block)))},
		}
		if typ != warc.TypeWarcinfo {
			h.Add(warc.FieldTargetURI, c.url)
		}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		if _, err := w.WriteRecord(h, strings.NewReader(block), int64(len(block))); err != nil {
			t.Fatal(err)
		}
		return id
	}
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
	write(warc.TypeWarcinfo, capture{at: created}, "software: ibid/test\r\n", warc.FieldContentType, "application/warc-fields")
	for i, c := range captures {
		payload := warc.FormatDigest(sha256.Sum256([]byte(c.body)))
		write(warc.TypeRequest, c, "GET / HTTP/1.1\r\n\r\n", warc.FieldContentType, "application/http;msgtype=request")
		id := write(warc.TypeResponse, c, head+c.body, warc.FieldContentType, "application/http;msgtype=response", warc.FieldPayloadDigest, payload)
		write(warc.TypeMetadata, c, `{"version":1}`, warc.FieldContentType, "application/json", warc.FieldConcurrentTo, id)
		if i == 0 {
			later := capture{c.url, c.at.Add(time.Hour), ""}
			write(warc.TypeRevisit, later, head, warc.FieldContentType, "application/http;msgtype=response", warc.FieldProfile, warc.ProfileIdentical,
				warc.FieldTruncated, warc.TruncatedLength, warc.FieldPayloadDigest, payload, warc.FieldRefersTo, id,
				warc.FieldRefersToTargetURI, c.url, warc.FieldRefersToDate, warc.FormatDate(c.at))
		}
	}
	return b.Bytes()
}

var (
	pageOne = capture{"https://www.source.test/News/One?b=2&a=1", time.Date(2026, 3, 4, 5, 6, 7, 89e6, time.UTC), "<title>One</title><p>The bridge was reopened in May."}
	pageTwo = capture{"https://other.test/", time.Date(2026, 3, 4, 5, 7, 0, 0, time.UTC), "<title>Two</title><p>Second page."}
)

func testConfig(t testing.TB) Config {
	return Config{
		Software: "ibid/test", Title: "A report", Description: "Its *sources*", Created: created,
		MainPageURL: pageOne.url, MainPageTS: pageOne.at, Signer: testSigner(t), TempDir: t.TempDir(),
	}
}

// testPackage returns a small package with everything in it.
func testPackage(t testing.TB, cfg Config) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		w.AddWARC("one.warc.gz", Bytes(testWARC(t, pageOne))),
		w.AddWARC("two.warc.gz", Bytes(testWARC(t, pageTwo))),
		w.AddFile("report.html", Bytes([]byte("<!doctype html><title>Report</title>"))),
		w.AddFile("log/checkpoint", Bytes([]byte("log.test\n1\nAAAA\n"))),
		w.AddPage(Page{URL: pageOne.url, Title: "One", TS: pageOne.at, Text: "The bridge was reopened in May."}),
		w.AddExtraPage(Page{URL: pageTwo.url, Title: "Two <&>", TS: pageTwo.at}),
		w.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// validate returns what Validate finds in a package, notes apart.
func validate(t testing.TB, b []byte) (faults []Problem, s *Summary) {
	t.Helper()
	list, s, err := Validate(t.Context(), bytes.NewReader(b), int64(len(b)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if !p.Note {
			faults = append(faults, p)
		}
	}
	return faults, s
}

func base64Text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func newReaderAt(b []byte) io.ReaderAt { return bytes.NewReader(b) }
