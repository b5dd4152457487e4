package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// FuzzReader is best run with -fuzzminimizetime 20x: shrinking compressed inputs
// finds little and would take all the time. Any input ends, without a panic, with io.EOF or one of the
// documented errors, and what was read can be written and read again.
func FuzzReader(f *testing.F) {
	few := samples()[3:7] // small ones: the fuzzer's time goes into shrinking seeds
	for _, opts := range modes {
		file, places := write(f, few, opts...)
		f.Add(file)
		f.Add(file[:len(file)-7])
		f.Add(file[places[2].Offset:])
	}
	a := plain(f, record(TypeMetadata, []byte("{}")))
	f.Add([]byte(gz(a + a)))
	f.Add([]byte(gz(a[:len(a)-5], a[len(a)-5:])))
	f.Add([]byte(a + gz(a) + "\r\n"))
	f.Add([]byte("WARC/1.0\nContent-Length: 0\n\n\n\n"))
	w := NewWriter(nil)
	f.Fuzz(func(t *testing.T, file []byte) {
		rd, err := NewReader(bytes.NewReader(file))
		var back bytes.Buffer
		var kept []sample
		w.Reset(&back)
		end := int64(0)
		for err == nil {
			var rec *Record
			if rec, err = rd.Next(); err != nil {
				break
			}
			var p Problem
			block, blockErr := io.ReadAll(rec.Block)
			if blockErr != nil && !documented(blockErr) && !errors.As(blockErr, &p) {
				t.Fatalf("block: %v", blockErr)
			}
			if blockErr == nil && int64(len(block)) != rec.ContentLength() {
				t.Fatalf("block of %d bytes, Content-Length %d", len(block), rec.ContentLength())
			}
			if rec.Size > 0 {
				if rec.Offset < end || rec.Offset+rec.Size > int64(len(file)) {
					t.Fatalf("record at %d of %d bytes, after %d in a file of %d", rec.Offset, rec.Size, end, len(file))
				}
				end = rec.Offset + rec.Size
			}
			if blockErr == nil && len(Validate(rec.Header)) == 0 && rec.Type().Validate() == nil {
				if _, err := w.WriteRecord(rec.Header, bytes.NewReader(block), int64(len(block))); err != nil {
					t.Fatalf("write what was read: %v", err)
				}
				kept = append(kept, sample{rec.Header, block})
			}
		}
		if err != io.EOF && !documented(err) {
			t.Fatalf("undocumented error: %v", err)
		}
		got, _, problems, err := readAll(&back)
		if err != nil || len(problems) > 0 {
			t.Fatalf("read again: %v, %v", problems, err)
		}
		if d := diff(kept, got); d != "" {
			t.Fatalf("written records read back differently:\n%s", d)
		}
		// Reading without the blocks must see the same records, or fewer errors.
		if _, err := skipAll(file); err != nil && !documented(err) {
			t.Fatalf("undocumented error: %v", err)
		}
		if err := VerifyFile(bytes.NewReader(file), func(*Record, []Problem) error { return nil }); err != nil {
			t.Fatalf("VerifyFile: %v", err)
		}
	})
}

func documented(err error) bool {
	var syntax *SyntaxError
	return errors.Is(err, ErrTruncated) || errors.Is(err, ErrCorrupt) || errors.Is(err, ErrARC) || errors.As(err, &syntax)
}

// FuzzPayload: any block gives a message or a SyntaxError; head and body
// together never exceed the block, and without chunks they are the block.
func FuzzPayload(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.Block, true)
	}
	f.Add([]byte(httpRequest), false)
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n0\r\nA: b\r\n\r\nmore"), true)
	f.Add([]byte("HTTP/1.1 103 \n\nHTTP/1.1 200\n\n"), true)
	f.Fuzz(func(t *testing.T, block []byte, isResponse bool) {
		msgtype := MsgRequest
		if isResponse {
			msgtype = MsgResponse
		}
		m, err := Payload(bytes.NewReader(block), msgtype)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatal(err)
			}
			return
		}
		body, err := io.ReadAll(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		if m.HeadSize > int64(len(block)) || int64(len(body)) > int64(len(block))-m.HeadSize {
			t.Fatalf("head of %d and body of %d bytes from a block of %d", m.HeadSize, len(body), len(block))
		}
		rest := block[m.HeadSize:]
		if !isChunked(m.Header) && !bytes.Equal(body, rest) {
			t.Fatal("body differs from the bytes behind the head")
		}
		for _, p := range m.Problems() {
			if p.Code == CodeChunkedInvalid && !bytes.Equal(body, rest) {
				t.Fatal("a body that is not chunked was changed")
			}
		}
	})
}

// FuzzHeader: a header that Validate accepts comes back as it was; one that it
// refuses is not written.
func FuzzHeader(f *testing.F) {
	f.Add("X-A", "value", "response", "https://source.test/")
	f.Add("WARC-Truncated", "length", "revisit", "dns:source.test")
	f.Add("X\r\nY", "a\r\n\r\nWARC/1.1", "warcinfo", "<a:b>")
	f.Add("Content-Length", "4", "resource", " a:b")
	w := NewWriter(nil)
	f.Fuzz(func(t *testing.T, name, value, typ, uri string) {
		h := Header{{FieldType, typ}, {FieldRecordID, NewID()}, {FieldDate, FormatDate(sampleDate)}, {FieldTargetURI, uri}, {name, value}}
		var file bytes.Buffer
		w.Reset(&file)
		if _, err := w.WriteRecord(h, strings.NewReader("body"), 4); err != nil {
			if file.Len() > 0 {
				t.Fatalf("%d bytes of a refused record: %v", file.Len(), err)
			}
			return
		}
		got, _, problems, err := readAll(&file)
		if err != nil || len(problems) > 0 {
			t.Fatalf("%v, %v", problems, err)
		}
		if d := diff(asRead([]sample{{h, []byte("body")}}), got); d != "" {
			t.Fatal(d)
		}
	})
}

// FuzzDigest: digests that can be read survive their text.
func FuzzDigest(f *testing.F) {
	f.Add(sha(nil))
	f.Add("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
	f.Add("MD-5:AAAAAAAAAAAAAAAAAAAAAAAAAA======")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDigest(text)
		if err != nil {
			return
		}
		again, err := ParseDigest(d.String())
		if err != nil || !again.Equal(d) {
			t.Fatalf("%q -> %s -> %s, %v", text, d, again, err)
		}
	})
}

// TestRandomRecords writes arbitrary records and reads them back.
func TestRandomRecords(t *testing.T) {
	value := rapid.StringMatching(`[!-~ä€][ -~ä€]{0,40}[!-~]`)
	rapid.Check(t, func(t *rapid.T) {
		var records []sample
		for i := range rapid.IntRange(0, 6).Draw(t, "records") {
			label := fmt.Sprintf("record %d ", i)
			block := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, label+"block")
			block = bytes.Repeat(block, rapid.SampledFrom([]int{1, 1, 1, 400}).Draw(t, label+"times"))
			s := record(rapid.SampledFrom([]Type{TypeResource, TypeMetadata, TypeResponse, TypeConversion}).Draw(t, label+"type"), block)
			for range rapid.IntRange(0, 3).Draw(t, label+"fields") {
				s.Header.Add(rapid.StringMatching(`X-[A-Za-z0-9-]{1,20}`).Draw(t, "name"), value.Draw(t, "value"))
			}
			records = append(records, s)
		}
		name := rapid.SampledFrom([]string{"gzip", "level9", "plain"}).Draw(t, "mode")
		var file bytes.Buffer
		w := NewWriter(&file, modes[name]...)
		for _, s := range records {
			if _, err := w.WriteRecord(s.Header, bytes.NewReader(s.Block), int64(len(s.Block))); err != nil {
				t.Fatal(err)
			}
		}
		got, _, problems, err := readAll(&file)
		if err != nil || len(problems) > 0 {
			t.Fatalf("%v, %v", problems, err)
		}
		if d := diff(asRead(records), got); d != "" {
			t.Fatal(d)
		}
	})
}

// TestRandomChunks cuts bodies into chunks and puts them together again.
func TestRandomChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chunks := rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 1, 100)).Draw(t, "chunks")
		block, body := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ""
		for _, c := range chunks {
			block += fmt.Sprintf("%x%s\r\n%s\r\n", len(c), rapid.SampledFrom([]string{"", ";a", " "}).Draw(t, "ext"), c)
			body += string(c)
		}
		m, got, err := readMessage(strings.NewReader(block+"0\r\n\r\n"), MsgResponse)
		if err != nil || got != body || len(m.Problems()) > 0 {
			t.Fatalf("body %q, want %q, %v, %v", got, body, m.Problems(), err)
		}
	})
}
