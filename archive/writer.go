package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
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
	begun bool            // the file has its beginning
	done  bool
}

// writers recycles the buffers, which are large.
var writers = sync.Pool{New: func() any { return warc.NewWriter(io.Discard) }}

// Begin starts a capture. Nothing of it is in the archive until Commit returns;
// Abort drops it and is harmless after Commit.
func (a *Archive) Begin() (*Writer, error) {
	w := &Writer{a: a, out: newFile(a.tempDir), warc: writers.Get().(*warc.Writer), certs: map[string]bool{}}
	w.warc.Reset(w.out)
	return w, nil
}

// begin writes the warcinfo record. The standard recommends one (§6.2) and does
// not demand it; what it says stands in the capture record too.
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
	if x.Revisit() {
		// Most visits find nothing new: they keep what they saw and no more.
		w.begun = true
	}
	if err := w.begin(x.Started); err != nil {
		return err
	}
	info := ExchangeInfo{Role: x.Role, URL: x.URL, Date: x.Started, Status: x.Status, Truncated: x.Truncated,
		Failure: x.Failure, Tried: x.Tried, Timing: x.Timing}
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

// Resource writes a record of what no server sent: block, which the program made
// of what servers said.
func (w *Writer) Resource(uri, mediaType string, at time.Time, block []byte) error {
	if err := w.begin(at); err != nil {
		return err
	}
	more := warc.Header{}
	more.Add(warc.FieldPayloadDigest, warc.FormatDigest(sha256.Sum256(block)))
	return w.record(warc.TypeResource, warc.NewID(), at, uri, mediaType, block, more)
}

// Commit writes the capture record, puts the file into the store and fills in
// c's hash, size and exchanges. When it returns nil the capture is durable.
func (w *Writer) Commit(ctx context.Context, c *Capture) error {
	c.Exchanges = w.infos
	c.dropValidators()
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
	// Many captures wait here for the disk or the network.
	w.release()
	w.out.settle()
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
	w.release()
}

// release lets another capture have the buffers. Nothing can be written then.
func (w *Writer) release() {
	if w.warc == nil {
		return
	}
	w.warc.Reset(io.Discard)
	writers.Put(w.warc)
	w.warc = nil
}
