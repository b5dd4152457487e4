package archive

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/ibid-archive/ibid/archive/warc"
)

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
