package warc

import (
	"bytes"
	"crypto/sha256"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sample is a record to write, with what a reader must give back.
type sample struct {
	Header Header
	Block  []byte
}

var sampleDate = time.Date(2026, 11, 22, 12, 34, 56, 123456789, time.UTC)

func sha(b []byte) string { return FormatDigest(sha256.Sum256(b)) }

// record returns a valid header for a block of this type; pairs are further fields.
func record(typ Type, block []byte, pairs ...string) sample {
	h := Header{
		{FieldType, string(typ)},
		{FieldRecordID, NewID()},
		{FieldDate, FormatDate(sampleDate)},
		{FieldBlockDigest, sha(block)},
	}
	if typ != TypeWarcinfo && typ != TypeMetadata {
		h.Add(FieldTargetURI, "https://source.test/page?a=1&b=%D1%82")
	}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return sample{h, block}
}

const (
	httpRequest  = "GET /page?a=1 HTTP/1.1\r\nHost: source.test\r\nAccept-Encoding: gzip\r\n\r\n"
	httpHead     = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-ODD-case: kept\r\n\r\n"
	httpChunked  = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nB\r\n, wide\r\nweb\r\n0\r\n\r\n"
	chunkedBody  = "hello, wide\r\nweb"
	responseType = "application/http; msgtype=response"
	requestType  = "application/http; msgtype=request"
)

// samples returns one record of every kind that a capture may hold.
func samples() []sample {
	body := bytes.Repeat([]byte("<p>The bridge was reopened in May.</p>\n"), 300)
	first := record(TypeResponse, append([]byte(httpHead), body...),
		FieldContentType, responseType, FieldPayloadDigest, sha(body), FieldIPAddress, "2001:db8::7")
	cut := []byte(httpHead + "<html><bo")
	return []sample{
		record(TypeWarcinfo, []byte("software: ibid\r\nformat: WARC File Format 1.1\r\n"),
			FieldContentType, "application/warc-fields", FieldFilename, "запись.warc.gz"),
		record(TypeRequest, []byte(httpRequest), FieldContentType, requestType,
			FieldConcurrentTo, first.Header.Get(FieldRecordID), FieldPayloadDigest, sha(nil)),
		first,
		record(TypeResponse, []byte(httpChunked), FieldContentType, responseType,
			FieldPayloadDigest, sha([]byte(chunkedBody))),
		record(TypeResponse, cut, FieldContentType, responseType, FieldTruncated, TruncatedDisconnect,
			FieldPayloadDigest, sha([]byte("<html><bo"))),
		record(TypeRevisit, []byte(httpHead), FieldContentType, responseType,
			FieldProfile, ProfileIdentical, FieldTruncated, TruncatedLength, FieldPayloadDigest, sha(body),
			FieldRefersTo, first.Header.Get(FieldRecordID),
			FieldRefersToTargetURI, "https://source.test/page", FieldRefersToDate, FormatDate(sampleDate)),
		record(TypeRevisit, []byte("HTTP/1.1 304 Not Modified\r\nEtag: \"x\"\r\n\r\n"),
			FieldContentType, responseType, FieldProfile, ProfileNotModified),
		record(TypeRevisit, nil, FieldProfile, ProfileIdentical, FieldPayloadDigest, sha(body)),
		record(TypeResource, []byte("-----BEGIN CERTIFICATE-----\n"), FieldContentType, "application/x-pem-file",
			FieldPayloadDigest, sha([]byte("-----BEGIN CERTIFICATE-----\n"))),
		record(TypeConversion, []byte("plain text"), FieldContentType, "text/plain",
			FieldRefersTo, first.Header.Get(FieldRecordID)),
		record(TypeMetadata, []byte(`{"version":1}`), FieldContentType, "application/vnd.ibid.capture+json",
			FieldTargetURI, "https://source.test/page", FieldConcurrentTo, first.Header.Get(FieldRecordID)),
	}
}

// diff compares records. It compares blocks as strings: cmp goes through a
// []byte element by element, which takes longer than all the rest of a test.
func diff(want, got []sample) string {
	type text struct {
		Header Header
		Block  string
	}
	texts := func(records []sample) []text {
		ts := make([]text, len(records))
		for i, s := range records {
			ts[i] = text{s.Header, string(s.Block)}
		}
		return ts
	}
	return cmp.Diff(texts(want), texts(got))
}

// place is where a record ended up in the file.
type place struct{ Offset, Size int64 }

// write returns the file of these records and their places in it.
func write(t testing.TB, records []sample, opts ...Option) ([]byte, []place) {
	t.Helper()
	var file bytes.Buffer
	var places []place
	w := NewWriter(&file, opts...)
	for _, s := range records {
		at := int64(file.Len())
		n, err := w.WriteRecord(s.Header, bytes.NewReader(s.Block), int64(len(s.Block)))
		if err != nil {
			t.Fatal(err)
		}
		if got := int64(file.Len()) - at; got != n {
			t.Fatalf("WriteRecord = %d bytes, the file grew by %d", n, got)
		}
		places = append(places, place{at, n})
	}
	return file.Bytes(), places
}

// readAll reads all records that are whole, and the error that ended it.
func readAll(r io.Reader) (records []sample, places []place, problems []Problem, err error) {
	rd, err := NewReader(r)
	if err != nil {
		return nil, nil, nil, err
	}
	for {
		rec, err := rd.Next()
		if err == io.EOF {
			return records, places, problems, nil
		}
		if err != nil {
			return records, places, problems, err
		}
		block, err := io.ReadAll(rec.Block)
		problems = append(problems, rec.Problems...)
		if err != nil {
			return records, places, problems, err
		}
		records = append(records, sample{rec.Header, block})
		places = append(places, place{rec.Offset, rec.Size})
	}
}
