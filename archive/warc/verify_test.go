package warc

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// verdicts runs VerifyFile and returns the codes of each visit; "-" stands for
// a visit without record.
func verdicts(t testing.TB, r io.Reader) [][]Code {
	t.Helper()
	var got [][]Code
	err := VerifyFile(r, func(rec *Record, ps []Problem) error {
		cs := codes(ps)
		if rec == nil {
			cs = append([]Code{"-"}, cs...)
		}
		got = append(got, cs)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestVerifySound(t *testing.T) {
	for name, opts := range modes {
		file, places := write(t, samples(), opts...)
		want := make([][]Code, len(places))
		if d := cmp.Diff(want, verdicts(t, bytes.NewReader(file))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestVerifyDigests(t *testing.T) {
	other := sha([]byte("other"))
	for _, c := range []struct {
		name string
		s    sample
		want []Code
	}{
		{"block", record(TypeMetadata, []byte("x"), FieldBlockDigest, other), []Code{CodeBlockDigest}},
		{"sha1", record(TypeMetadata, nil, FieldBlockDigest, "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"), nil},
		{"unknown algorithm", record(TypeMetadata, nil, FieldBlockDigest, "blake3:00"), []Code{CodeDigestUnsupported}},
		{"resource", record(TypeResource, []byte("x"), FieldPayloadDigest, other), []Code{CodePayloadDigest}},
		{"dns response", record(TypeResponse, []byte("x"), FieldContentType, "text/dns", FieldPayloadDigest, sha([]byte("x"))), nil},
		{"no content type", record(TypeResponse, []byte("x"), FieldPayloadDigest, sha([]byte("x"))), nil},
		{"response", record(TypeResponse, []byte(httpHead+"x"), FieldContentType, "application/http", FieldPayloadDigest, other), []Code{CodePayloadDigest}},
		{"response, block as payload", record(TypeResponse, []byte(httpHead+"x"), FieldContentType, "application/http", FieldPayloadDigest, sha([]byte(httpHead+"x"))), []Code{CodePayloadDigest}},
		{"chunks as payload", record(TypeResponse, []byte(httpChunked), FieldContentType, responseType, FieldPayloadDigest, sha([]byte(httpChunked[strings.Index(httpChunked, "5;"):]))), []Code{CodePayloadChunked}},
		{"chunks and more as payload", record(TypeResponse, []byte(httpChunked+"more"), FieldContentType, responseType, FieldPayloadDigest, sha([]byte(httpChunked[strings.Index(httpChunked, "5;"):]+"more"))), []Code{CodePayloadChunked}},
		{"neither chunks nor body", record(TypeResponse, []byte(httpChunked), FieldContentType, responseType, FieldPayloadDigest, other), []Code{CodePayloadDigest}},
		{"not chunked after all", record(TypeResponse, []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>"), FieldContentType, responseType, FieldPayloadDigest, sha([]byte("<html>"))), nil},
		{"no http", record(TypeResponse, []byte("<html>"), FieldContentType, responseType, FieldPayloadDigest, other), []Code{CodeHTTPHead}},
		{"no http, no digest", record(TypeResponse, []byte("<html>"), FieldContentType, responseType), nil},
		{"revisit", record(TypeRevisit, nil, FieldProfile, ProfileIdentical, FieldPayloadDigest, other), nil},
		{"segment", record(TypeResource, []byte("x"), FieldSegmentNumber, "1", FieldPayloadDigest, other), nil},
		{"both", record(TypeRequest, []byte(httpRequest), FieldContentType, requestType, FieldPayloadDigest, other, FieldBlockDigest, other), []Code{CodeBlockDigest, CodePayloadDigest}},
	} {
		file, _ := write(t, []sample{c.s})
		if d := cmp.Diff([][]Code{c.want}, verdicts(t, bytes.NewReader(file))); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// Any single changed byte of a plain file must be noticed when every record
// carries a block digest, except in header text that no rule covers.
func TestVerifyFindsAlteredBlocks(t *testing.T) {
	records := samples()
	file, places := write(t, records, NoCompression())
	for i, p := range places {
		end := p.Offset + p.Size - 4
		for at := end - int64(len(records[i].Block)); at < end; at++ {
			bad := bytes.Clone(file)
			bad[at] ^= 1
			got := verdicts(t, bytes.NewReader(bad))
			if len(got) != len(places) || !has(got[i], CodeBlockDigest) {
				t.Fatalf("byte %d of record %d altered: %v", at, i, got)
			}
			if len(records[i].Block) > 1000 {
				at += 511
			}
		}
	}
}

func has(cs []Code, c Code) bool {
	for _, x := range cs {
		if x == c {
			return true
		}
	}
	return false
}

func TestVerifyDamaged(t *testing.T) {
	file, places := write(t, samples()[:2])
	second := places[1].Offset
	for _, c := range []struct {
		name string
		file string
		want [][]Code
	}{
		{"empty", "", nil},
		{"torn in the block", string(file[:len(file)-20]), [][]Code{nil, {CodeTruncated}}},
		{"torn in the header", string(file[:second+5]), [][]Code{nil, {"-", CodeTruncated}}},
		{"checksum", flip(string(file), -8), [][]Code{nil, {CodeGzipCorrupt}}},
		{"checksum of the first", flip(string(file), int(second)-8), [][]Code{{CodeGzipCorrupt}}},
		{"garbage", "garbage", [][]Code{{"-", CodeSyntax}}},
		{"garbage at the end", string(file) + "garbage", [][]Code{nil, nil, {"-", CodeSyntax}}},
		{"ARC", "filedesc://x", [][]Code{{"-", CodeSyntax}}},
		{"short block", gz(strings.Replace(plain(t, samples()[0]), "Content-Length: ", "Content-Length: 9", 1)) + string(file[second:]), [][]Code{{CodeBlockShort}, nil}},
	} {
		if d := cmp.Diff(c.want, verdicts(t, strings.NewReader(c.file))); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestVerifyErrors(t *testing.T) {
	for name, opts := range modes {
		file, _ := write(t, samples()[3:6], opts...)
		for cut := range file {
			in := io.MultiReader(bytes.NewReader(file[:cut]), failing{})
			err := VerifyFile(in, func(*Record, []Problem) error { return nil })
			if !errors.Is(err, errFailing) {
				t.Fatalf("%s: input fails after %d bytes: %v", name, cut, err)
			}
		}
		stop := errors.New("stop")
		n := 0
		err := VerifyFile(bytes.NewReader(file), func(*Record, []Problem) error { n++; return stop })
		if err != stop || n != 1 {
			t.Errorf("%s: visit fails: %v after %d records", name, err, n)
		}
	}
}

// TestForeignFiles reads files that other programs wrote, sound and broken:
// $IBID_DATA_DIR/warcio and /py-wacz hold the test data of those projects.
func TestForeignFiles(t *testing.T) {
	dir := os.Getenv("IBID_DATA_DIR")
	if dir == "" {
		t.Skip("IBID_DATA_DIR names no folder with warcio and py-wacz test files")
	}
	type counts map[Code]int
	for name, want := range map[string]struct {
		records  int
		problems counts
	}{
		"warcio/example.warc":                        {6, counts{}},
		"warcio/example.warc.gz":                     {6, counts{}},
		"warcio/example-resource.warc.gz":            {3, counts{}},
		"warcio/post-test.warc.gz":                   {6, counts{}},
		"warcio/bad.arc":                             {0, counts{CodeSyntax: 1}},
		"warcio/example.arc":                         {0, counts{CodeSyntax: 1}},
		"warcio/example.arc.gz":                      {0, counts{CodeSyntax: 1}},
		"warcio/example-space-in-url.arc":            {0, counts{CodeSyntax: 1}},
		"warcio/example-bad.warc.gz.bad":             {6, counts{CodeGzipShared: 6}},
		"warcio/example-bad-non-chunked.warc.gz":     {6, counts{CodeGzipShared: 6, CodeBlockDigest: 1}},
		"warcio/example-digest.warc":                 {4, counts{CodeFieldValue: 1}},
		"warcio/example-iana.org-chunked.warc":       {3, counts{CodePayloadChunked: 1}},
		"warcio/example-space-in-target-uri.warc.gz": {2, counts{CodeFieldValue: 1}},
		"warcio/example-wget-bad-target-uri.warc.gz": {6, counts{CodeTargetURIQuoted: 5}},
		"warcio/example-wrong-chunks.warc.gz":        {2, counts{CodeGzipSplit: 1, CodeRecordEnd: 2, CodeBlockDigest: 1}},
		"warcio/example-trunc.warc":                  {3, counts{CodeRecordEnd: 1, CodeBlockDigest: 1, CodePayloadDigest: 1, CodeSyntax: 1}},
		"py-wacz/example-collection.warc":            {4, counts{}},
		"py-wacz/example-collection-with-lists.warc": {38, counts{}},
		"py-wacz/example-iana.warc":                  {118, counts{CodeRevisitBlock: 34}},
		"py-wacz/example-resource.warc.gz":           {3, counts{}},
		"py-wacz/example-warcinfo-metadata.warc":     {4, counts{CodeHTTPHead: 1}}, // a request that holds a response
	} {
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		records, problems := 0, counts{}
		err = VerifyFile(file, func(rec *Record, ps []Problem) error {
			if rec != nil {
				records++
			}
			for _, p := range ps {
				problems[p.Code]++
			}
			return nil
		})
		file.Close()
		if err != nil || records != want.records {
			t.Errorf("%s: %d records, want %d, %v", name, records, want.records, err)
		}
		if d := cmp.Diff(want.problems, problems); d != "" {
			t.Errorf("%s: problems (-want +got):\n%s", name, d)
		}
	}
}
