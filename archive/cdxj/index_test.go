package cdxj

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/ibid-archive/ibid/archive/warc"
)

// record is one record of a test WARC; pairs are further fields.
type record struct {
	typ   warc.Type
	url   string
	block string
	pairs []string
}

func file(t *testing.T, records []record, opts ...warc.Option) []byte {
	t.Helper()
	var b bytes.Buffer
	w := warc.NewWriter(&b, opts...)
	for _, r := range records {
		h := warc.Header{
			{Name: warc.FieldType, Value: string(r.typ)}, {Name: warc.FieldRecordID, Value: warc.NewID()},
			{Name: warc.FieldDate, Value: "2026-01-02T03:04:05.678912Z"},
		}
		if r.url != "" {
			h.Add(warc.FieldTargetURI, r.url)
		}
		for i := 0; i < len(r.pairs); i += 2 {
			h.Set(r.pairs[i], r.pairs[i+1])
		}
		if _, err := w.WriteRecord(h, strings.NewReader(r.block), int64(len(r.block))); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func sum(s string) string { return warc.FormatDigest(sha256.Sum256([]byte(s))) }

const (
	httpType = "application/http;msgtype=response"
	head     = "HTTP/1.1 404 Not Found\r\nContent-Type: Text/HTML; charset=x\r\n\r\n"
	url      = "https://www.example.org/A"
)

func records() []record {
	ct := warc.FieldContentType
	return []record{
		{warc.TypeWarcinfo, "", "software: x\r\n", []string{ct, "application/warc-fields"}},
		{warc.TypeRequest, url, "GET /A HTTP/1.1\r\n\r\n", []string{ct, "application/http;msgtype=request"}},
		{warc.TypeResponse, url, head + "body", []string{ct, httpType, warc.FieldPayloadDigest, "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
		{warc.TypeResponse, url, head + "no digest", []string{ct, httpType}},
		{warc.TypeResponse, url, "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", []string{ct, httpType}},
		{warc.TypeResponse, url, "no http", []string{ct, httpType}},
		{warc.TypeResponse, "dns:example.org", "20260102 example.org.", []string{ct, "text/dns"}},
		{warc.TypeRevisit, url, head, []string{ct, httpType, warc.FieldProfile, warc.ProfileNotModified, warc.FieldPayloadDigest, sum("old")}},
		{warc.TypeResource, "urn:text:https://example.org/", "text", []string{ct, "text/plain"}},
		{warc.TypeMetadata, url, "{}", []string{ct, "application/json"}},
		{warc.TypeConversion, url, "text", []string{ct, "text/plain"}},
	}
}

func TestIndex(t *testing.T) {
	for name, opts := range map[string][]warc.Option{"compressed": nil, "plain": {warc.NoCompression()}} {
		t.Run(name, func(t *testing.T) {
			b := file(t, records(), opts...)
			var got []Line
			err := Index(bytes.NewReader(b), "a.warc", func(l Line) error {
				// Every line must lead to its record alone.
				rd, err := warc.NewReader(bytes.NewReader(b[l.Offset : l.Offset+l.Length]))
				if err != nil {
					return err
				}
				rec, err := rd.Next()
				if err != nil || rec.TargetURI() != l.URL {
					t.Errorf("at %d: %v, %v", l.Offset, rec, err)
				}
				if _, err := rd.Next(); err != io.EOF {
					t.Errorf("at %d: more than one record: %v", l.Offset, err)
				}
				if !l.Time.Equal(time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)) || l.Filename != "a.warc" {
					t.Errorf("line %+v", l)
				}
				got = append(got, Line{Key: l.Key, URL: l.URL, Digest: l.Digest, MIME: l.MIME, Status: l.Status})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			const key = "org,example)/A"
			want := []Line{
				{Key: key, URL: url, Digest: "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", MIME: "text/html", Status: 404},
				{Key: key, URL: url, Digest: sum("no digest"), MIME: "text/html", Status: 404},
				{Key: key, URL: url, Digest: sum("hello"), MIME: "unk", Status: 200},
				{Key: key, URL: url, Digest: sum("no http"), MIME: "application/http"},
				{Key: "dns:example.org", URL: "dns:example.org", Digest: sum("20260102 example.org."), MIME: "text/dns", Status: 200},
				{Key: key, URL: url, Digest: sum("old"), MIME: "warc/revisit", Status: 404},
				{Key: "urn:text:https://example.org/", URL: "urn:text:https://example.org/", Digest: sum("text"), MIME: "text/plain", Status: 200},
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestIndexFails(t *testing.T) {
	whole := file(t, records())
	stop := errors.New("enough")
	if err := Index(bytes.NewReader(whole), "a", func(Line) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("emit's error: %v", err)
	}
	drop := func(Line) error { return nil }
	if err := Index(bytes.NewReader(whole[:len(whole)-9]), "a", drop); !errors.Is(err, warc.ErrTruncated) {
		t.Errorf("torn file: %v", err)
	}
	if err := Index(strings.NewReader("text"), "a", drop); err == nil {
		t.Error("text was indexed")
	}
	var shared bytes.Buffer
	z := gzip.NewWriter(&shared)
	z.Write(file(t, records(), warc.NoCompression()))
	z.Close()
	if err := Index(&shared, "a", drop); err == nil || !strings.Contains(err.Error(), "shares its gzip member") {
		t.Errorf("one gzip member for all: %v", err)
	}
}
