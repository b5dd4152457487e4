package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive/warc"
)

// Writer collects one capture. It is not safe for concurrent use.
type Writer struct {
	a     *Archive
	out   *file
	warc  *warc.Writer
	infos []ExchangeInfo
	certs map[string]bool // fingerprints of chains already in this file
	begun bool            // the warcinfo record is written
	done  bool
}

// writers recycles the compressors, which are large.
var writers = sync.Pool{New: func() any { return warc.NewWriter(io.Discard) }}

// Begin starts a capture. Nothing of it is in the archive until Commit returns;
// Abort drops it and is harmless after Commit.
func (a *Archive) Begin() (*Writer, error) {
	w := &Writer{a: a, out: newFile(a.tempDir), warc: writers.Get().(*warc.Writer), certs: map[string]bool{}}
	w.warc.Reset(w.out)
	return w, nil
}

// begin writes the warcinfo record.
func (w *Writer) begin(at time.Time) error {
	if w.begun {
		return nil
	}
	w.begun = true
	block := []byte("software: " + w.a.software + "\r\nformat: WARC File Format 1.1\r\n")
	return w.record(warc.TypeWarcinfo, warc.NewID(), at, "", "application/warc-fields", block, nil)
}

// record writes a record whose block is in memory.
func (w *Writer) record(t warc.Type, id string, at time.Time, uri, contentType string, block []byte, more warc.Header) error {
	h := make(warc.Header, 0, 8+len(more))
	h.Add(warc.FieldType, string(t))
	h.Add(warc.FieldRecordID, id)
	h.Add(warc.FieldDate, warc.FormatDate(at))
	if uri != "" {
		h.Add(warc.FieldTargetURI, uri)
	}
	for _, f := range more {
		h.Add(f.Name, f.Value)
	}
	h.Add(warc.FieldBlockDigest, warc.FormatDigest(sha256.Sum256(block)))
	h.Add(warc.FieldContentType, contentType)
	_, err := w.warc.WriteRecord(h, bytes.NewReader(block), int64(len(block)))
	return err
}

// Exchange writes the records of one exchange: the request, the response or
// the revisit, and the certificates when the archive does not have them yet.
func (w *Writer) Exchange(x *Exchange) error {
	if err := w.begin(x.Started); err != nil {
		return err
	}
	info := ExchangeInfo{Role: x.Role, URL: x.URL, Date: x.Started, Status: x.Status, Truncated: x.Truncated,
		Failure: x.Failure, Timing: x.Timing}
	if x.Truncated != "" && x.Failure != nil {
		info.Why, info.Failure = x.Failure.Message, x.Failure
	}
	requestID, responseID := warc.NewID(), warc.NewID()
	var prints []string
	if x.TLS != nil {
		info.TLS = &TLSInfo{Version: x.TLS.Version, Cipher: x.TLS.Cipher, Chain: fingerprints(x.TLS.Chain)}
		prints = info.TLS.Chain
		if x.Revisit() && slices.Equal(x.Prior.Chain, prints) {
			info.TLS.Chain, info.TLS.Same = nil, true
		}
	}
	if x.Request.Size() > 0 {
		if err := w.request(x, requestID, responseID); err != nil {
			return err
		}
	}
	if len(x.Informational) > 0 {
		if err := w.interim(x, requestID); err != nil {
			return err
		}
	}
	if x.Response.Size() > 0 {
		info.Record = warc.StripBrackets(responseID)
		if err := w.response(x, responseID, &info); err != nil {
			return err
		}
	}
	if x.TLS != nil && !info.TLS.Same {
		if err := w.chain(x, responseID, prints); err != nil {
			return err
		}
	}
	w.infos = append(w.infos, info)
	return nil
}

func (w *Writer) request(x *Exchange, id, responseID string) error {
	block, err := io.ReadAll(io.NewSectionReader(x.Request, 0, x.Request.Size()))
	if err != nil {
		return err
	}
	var more warc.Header
	if x.Response.Size() > 0 {
		more.Add(warc.FieldConcurrentTo, responseID)
	}
	return w.record(warc.TypeRequest, id, x.Started, x.URL, "application/http;msgtype=request", block, more)
}

// interim writes the 1xx answers that came before the final one. A response
// record holds one answer, which is the final one, so these are metadata.
func (w *Writer) interim(x *Exchange, requestID string) error {
	var more warc.Header
	if x.Request.Size() > 0 {
		more.Add(warc.FieldConcurrentTo, requestID)
	}
	block := bytes.Join(x.Informational, nil)
	return w.record(warc.TypeMetadata, warc.NewID(), x.Started, x.URL, "application/http;msgtype=response", block, more)
}

// response writes what was answered. Bytes without a whole HTTP header are no
// response in the sense of the standard; they are kept as metadata.
func (w *Writer) response(x *Exchange, id string, info *ExchangeInfo) error {
	h := make(warc.Header, 0, 16)
	add := h.Add
	kind, contentType := warc.TypeResponse, "application/http;msgtype=response"
	switch {
	case x.HeaderSize == 0:
		kind, contentType = warc.TypeMetadata, "application/octet-stream"
	case x.Revisit():
		kind = warc.TypeRevisit
	}
	add(warc.FieldType, string(kind))
	add(warc.FieldRecordID, id)
	add(warc.FieldDate, warc.FormatDate(x.Started))
	add(warc.FieldTargetURI, x.URL)
	if x.Remote.IsValid() {
		add(warc.FieldIPAddress, x.Remote.Addr().WithZone("").String())
	}
	add(warc.FieldContentType, contentType)
	size := x.Response.Size()
	switch kind {
	case warc.TypeRevisit:
		return w.revisit(h, x, info)
	case warc.TypeResponse:
		// Where a broken chunk ends the payload is a matter of opinion.
		if x.Truncated == "" || !x.Chunked {
			add(warc.FieldPayloadDigest, warc.FormatDigest(x.PayloadSHA256))
		}
		if x.Complete() && x.Status == http.StatusOK {
			info.PayloadSHA256 = hexString(x.PayloadSHA256)
			info.ETag, info.LastModified = x.Header.Get("ETag"), x.Header.Get("Last-Modified")
		}
	}
	if x.Truncated != "" {
		add(warc.FieldTruncated, string(x.Truncated))
	}
	add(warc.FieldBlockDigest, warc.FormatDigest(x.BlockSHA256))
	_, err := w.warc.WriteRecord(h, w.blockReader(x, size), size)
	return err
}

// revisit writes a record without the payload that the archive has already
// (WARC 1.1 §6.7).
func (w *Writer) revisit(h warc.Header, x *Exchange, info *ExchangeInfo) error {
	p := x.Prior
	profile, payload := warc.ProfileIdentical, hexString(x.PayloadSHA256)
	if x.NotModified() {
		profile, payload = warc.ProfileNotModified, p.PayloadSHA256
	} else {
		info.PayloadSHA256 = payload
	}
	info.RefersTo, info.Record, info.Timing = p.Record, "", Timing{}
	if v := x.Header.Get("ETag"); v != p.ETag {
		info.ETag = v
	}
	if v := x.Header.Get("Last-Modified"); v != p.LastModified {
		info.LastModified = v
	}
	h.Add(warc.FieldProfile, profile)
	h.Add(warc.FieldRefersTo, "<"+p.Record+">")
	h.Add(warc.FieldRefersToTargetURI, p.URL)
	h.Add(warc.FieldRefersToDate, warc.FormatDate(p.Date))
	h.Add(warc.FieldPayloadDigest, "sha256:"+payload)
	if !x.NotModified() {
		h.Add(warc.FieldTruncated, string(TruncatedLength))
	}
	head := make([]byte, x.HeaderSize)
	if _, err := x.Response.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	h.Add(warc.FieldBlockDigest, warc.FormatDigest(sha256.Sum256(head)))
	_, err := w.warc.WriteRecord(h, bytes.NewReader(head), int64(len(head)))
	return err
}

func (w *Writer) blockReader(x *Exchange, size int64) io.Reader {
	if b, ok := x.Response.Bytes(); ok {
		return bytes.NewReader(b)
	}
	return io.NewSectionReader(x.Response, 0, size)
}

// chain writes the certificates of x's connection, once a file.
func (w *Writer) chain(x *Exchange, responseID string, prints []string) error {
	id := fmt.Sprint(prints)
	if w.certs[id] || len(prints) == 0 {
		return nil
	}
	w.certs[id] = true
	var block bytes.Buffer
	for _, c := range x.TLS.Chain {
		if err := pem.Encode(&block, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
			return err
		}
	}
	var more warc.Header
	if x.Response.Size() > 0 {
		more.Add(warc.FieldConcurrentTo, responseID)
	}
	return w.record(warc.TypeMetadata, warc.NewID(), x.Started, x.URL, "application/pem-certificate-chain", block.Bytes(), more)
}

func fingerprints(chain []*x509.Certificate) []string {
	prints := make([]string, len(chain))
	for i, c := range chain {
		prints[i] = hexString(sha256.Sum256(c.Raw))
	}
	return prints
}

// Commit writes the capture record, puts the file into the store and fills in
// c's hash, size and exchanges. When it returns nil the capture is durable.
func (w *Writer) Commit(ctx context.Context, c *Capture) error {
	c.Exchanges = w.infos
	c.Software = w.a.software
	if err := w.begin(c.StartedAt); err != nil {
		return err
	}
	block, err := c.Encode()
	if err != nil {
		return err
	}
	if err := w.record(warc.TypeMetadata, warc.NewID(), c.StartedAt, c.URL, CaptureType, block, nil); err != nil {
		return err
	}
	sum, size, err := w.put(ctx, CapturePrefix)
	if err != nil {
		return err
	}
	c.SHA256, c.Size = sum, size
	return nil
}

// put is the commit point.
func (w *Writer) put(ctx context.Context, prefix string) (sum string, size int64, err error) {
	o := w.out.finish()
	sum = hex.EncodeToString(o.SHA256[:])
	if err := w.a.store.Put(ctx, key(prefix, sum), o); err != nil {
		return "", 0, fmt.Errorf("put %s: %w", key(prefix, sum), err)
	}
	w.Abort()
	return sum, o.Size, nil
}

// Abort drops what was written so far.
func (w *Writer) Abort() {
	if w.done {
		return
	}
	w.done = true
	w.out.close()
	w.warc.Reset(io.Discard)
	writers.Put(w.warc)
	w.warc = nil
}
