package warc_test

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ibid-archive/ibid/archive/warc"
	"github.com/ibid-archive/ibid/archive/warc/warctest"
)

// capture returns a file with every kind of record, as an archive writes them.
func capture(t *testing.T, opts ...warc.Option) []byte {
	var file bytes.Buffer
	w := warc.NewWriter(&file, opts...)
	date := warc.FormatDate(time.Date(2026, 11, 22, 12, 34, 56, 789000000, time.UTC))
	write := func(typ warc.Type, block, payload string, pairs ...string) string {
		id := warc.NewID()
		h := warc.Header{
			{Name: warc.FieldType, Value: string(typ)},
			{Name: warc.FieldRecordID, Value: id},
			{Name: warc.FieldDate, Value: date},
			{Name: warc.FieldBlockDigest, Value: warc.FormatDigest(sha256.Sum256([]byte(block)))},
		}
		if typ != warc.TypeWarcinfo && typ != warc.TypeMetadata {
			h.Add(warc.FieldTargetURI, "https://source.test/a?b=c&d=%D1%82")
			h.Add(warc.FieldPayloadDigest, warc.FormatDigest(sha256.Sum256([]byte(payload))))
		}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		if _, err := w.WriteRecord(h, strings.NewReader(block), int64(len(block))); err != nil {
			t.Fatal(err)
		}
		return id
	}
	const (
		isResponse = "application/http; msgtype=response"
		isRequest  = "application/http; msgtype=request"
	)
	html := strings.Repeat("<p>Zwölf Boxkämpfer jagen Viktor.</p>\r\n", 5000)
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-oDD: kept\r\n\r\n"
	chunked := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

	write(warc.TypeWarcinfo, "software: ibid\r\nrobots: ignore\r\n", "", warc.FieldContentType, "application/warc-fields", warc.FieldFilename, "a.warc.gz")
	request := write(warc.TypeRequest, "GET /a HTTP/1.1\r\nHost: source.test\r\n\r\n", "", warc.FieldContentType, isRequest)
	id := write(warc.TypeResponse, head+html, html, warc.FieldContentType, isResponse, warc.FieldConcurrentTo, request, warc.FieldIPAddress, "2001:db8::1")
	write(warc.TypeResponse, chunked+"5\r\nhello\r\n8;ext=1\r\n, \r\nwide\r\n0\r\n\r\n", "hello, \r\nwide", warc.FieldContentType, isResponse)
	write(warc.TypeResponse, chunked+"<html>not chunked at all</html>", "<html>not chunked at all</html>", warc.FieldContentType, isResponse)
	write(warc.TypeResponse, chunked+"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", "hello", warc.FieldContentType, isResponse)
	write(warc.TypeResponse, chunked+"ff\r\nhello", "hello", warc.FieldContentType, isResponse, warc.FieldTruncated, warc.TruncatedDisconnect)
	write(warc.TypeResponse, "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", "", warc.FieldContentType, isResponse)
	write(warc.TypeResponse, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00not gzip", "\x1f\x8b\x08\x00not gzip", warc.FieldContentType, isResponse)
	write(warc.TypeRevisit, head, html, warc.FieldContentType, isResponse, warc.FieldProfile, warc.ProfileIdentical, warc.FieldTruncated, warc.TruncatedLength,
		warc.FieldRefersTo, id, warc.FieldRefersToTargetURI, "https://source.test/a", warc.FieldRefersToDate, date)
	write(warc.TypeRevisit, "HTTP/1.1 304 Not Modified\r\nEtag: \"x\"\r\n\r\n", html, warc.FieldContentType, isResponse, warc.FieldProfile, warc.ProfileNotModified)
	write(warc.TypeRevisit, "", html, warc.FieldProfile, warc.ProfileIdentical)
	write(warc.TypeResource, "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n", warc.FieldContentType, "application/x-pem-file")
	write(warc.TypeResource, "", "", warc.FieldContentType, "application/octet-stream")
	write(warc.TypeConversion, "plain", "plain", warc.FieldContentType, "text/plain", warc.FieldRefersTo, id)
	write(warc.TypeContinuation, "more", "more", warc.FieldSegmentNumber, "2", warc.FieldSegmentOriginID, id)
	write(warc.TypeMetadata, `{"version":1}`, "", warc.FieldContentType, "application/vnd.ibid.capture+json", warc.FieldConcurrentTo, id)
	return file.Bytes()
}

// An independent reader sees the records, fields, digests and places that ours
// does, and warns of nothing.
func TestNodeReadsOurFiles(t *testing.T) {
	for name, opts := range map[string][]warc.Option{
		"a.warc.gz": nil,
		"b.warc.gz": {warc.Level(9)},
		"a.warc":    {warc.NoCompression()},
	} {
		t.Run(name, func(t *testing.T) {
			file := capture(t, opts...)
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			report := warctest.CheckWithNode(t, path)

			rd, err := warc.NewReader(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			rd.Strict = true
			n := 0
			for ; ; n++ {
				rec, err := rd.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, rec.Block); err != nil {
					t.Fatal(err)
				}
				if n >= len(report.Records) {
					continue
				}
				theirs := report.Records[n]
				var fields [][2]string
				for _, f := range rec.Header {
					fields = append(fields, [2]string{f.Name, f.Value})
				}
				if d := cmp.Diff(fields, theirs.Fields); d != "" {
					t.Errorf("record %d: fields (-ours +theirs):\n%s", n, d)
				}
				if theirs.Version != rec.Version || theirs.Offset != rec.Offset || theirs.Length >= 0 && theirs.Length != rec.Size {
					t.Errorf("record %d: %s at %d+%d, warcio says %s at %d+%d", n,
						rec.Version, rec.Offset, rec.Size, theirs.Version, theirs.Offset, theirs.Length)
				}
			}
			if n != len(report.Records) {
				t.Errorf("%d records, warcio finds %d", n, len(report.Records))
			}
			// Trailers and bodies cut in their first chunk are where warcio, on
			// purpose or not, departs from the coding's grammar.
			for i, rec := range report.Records {
				departs := i == 5 || i == 6
				if rec.PayloadDigest != "" && rec.Type != "revisit" && (rec.PayloadDigest == rec.PayloadWarcio) == departs {
					t.Errorf("record %d: payload digest %s, warcio computes %s", i, rec.PayloadDigest, rec.PayloadWarcio)
				}
			}
		})
	}
}

// The check itself must be able to fail.
func TestNodeFindsFaults(t *testing.T) {
	good := capture(t, warc.NoCompression())
	for name, bad := range map[string][]byte{
		"altered block":    bytes.Replace(good, []byte("Viktor"), []byte("Victor"), 1),
		"altered digest":   bytes.Replace(good, []byte("WARC-Block-Digest: sha256:"), []byte("WARC-Block-Digest: sha256:0"), 1),
		"altered length":   bytes.Replace(good, []byte("Content-Length: 32\r\n\r\nsoftware"), []byte("Content-Length: 31\r\n\r\nsoftware"), 1),
		"no record at all": []byte("\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			if bytes.Equal(bad, good) {
				t.Fatal("nothing was altered")
			}
			path := filepath.Join(t.TempDir(), "bad.warc")
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			r := &recorder{TB: t}
			warctest.CheckWithNode(r, path)
			if !r.failed {
				t.Error("the check passes")
			}
		})
	}
}

// recorder takes note of errors instead of failing.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }
