package crawler

import (
	"crypto/sha256"
	"crypto/tls"
	"hash"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/wire"
)

// recorder writes down one exchange as the wire shows it.
type recorder struct {
	x       *archive.Exchange
	tempDir string
	memory  int // bytes of the answer kept in memory before it goes to disk

	block, payload hash.Hash // block is nil when nobody keeps the answer
	whole          bool      // the body ended where its framing says
	cut            error
	failed         error // of our own: the disk is full
}

// hashes recycles SHA-256 states; they hold no bytes once reset.
var hashes = sync.Pool{New: func() any { return sha256.New() }}

func newHash() hash.Hash {
	h := hashes.Get().(hash.Hash)
	h.Reset()
	return h
}

// newRecorder returns the recorder of x. Only what is kept needs the digest of
// its block.
func newRecorder(x *archive.Exchange, tempDir string, memory int, kept bool) *recorder {
	r := &recorder{x: x, tempDir: tempDir, memory: memory, payload: newHash()}
	if kept {
		r.block = newHash()
	}
	r.reset()
	return r
}

func (r *recorder) reset() {
	r.x.Request.Close()
	r.x.Response.Close()
	r.x.Request = archive.NewSpool(r.tempDir, archive.SpoolMemory)
	r.x.Response = archive.NewSpool(r.tempDir, r.memory)
	r.x.Timing = archive.Timing{}
	r.x.Informational, r.x.Tried = nil, nil
	if r.block != nil {
		r.block.Reset()
	}
	r.payload.Reset()
}

func (r *recorder) since() int64 { return max(1, time.Since(r.x.Started).Microseconds()) }

// Connected implements wire.Observer.
func (r *recorder) Connected(i wire.Info) {
	r.x.Remote = i.Remote
	if len(i.Tried) > 0 {
		r.x.Tried = i.Tried
	}
	if !i.Reused && r.x.Timing.Connected == 0 {
		r.x.Timing.Connected = r.since()
	}
	if i.TLS != nil {
		if !i.Reused {
			r.x.Timing.Secured = r.since()
		}
		r.x.TLS = &archive.TLS{Version: tls.VersionName(i.TLS.Version), Cipher: tls.CipherSuiteName(i.TLS.CipherSuite), Chain: i.TLS.PeerCertificates}
	}
}

// Sent implements wire.Observer.
func (r *recorder) Sent(p []byte) error {
	_, err := r.x.Request.Write(p)
	r.x.Timing.Sent = r.since()
	return r.keep(err)
}

// Received implements wire.Observer.
func (r *recorder) Received(p []byte) error {
	if r.x.Timing.FirstByte == 0 && len(p) > 0 {
		r.x.Timing.FirstByte = r.since()
	}
	if r.block != nil {
		r.block.Write(p)
	}
	_, err := r.x.Response.Write(p)
	return r.keep(err)
}

// Interim implements wire.Observer.
func (r *recorder) Interim(p []byte) { r.x.Informational = append(r.x.Informational, p) }

// Restart implements wire.Observer.
func (r *recorder) Restart() { r.reset() }

func (r *recorder) keep(err error) error {
	if err != nil {
		r.failed = err
	}
	return err
}

// answered notes the header.
func (r *recorder) answered(res *http.Response) {
	r.x.HeaderSize = r.x.Response.Size()
	r.x.Proto, r.x.Status, r.x.Header = res.Proto, res.StatusCode, res.Header
}

// finish closes the books on the exchange.
func (r *recorder) finish() {
	x := r.x
	x.Timing.Done = r.since()
	if r.block != nil {
		r.block.Sum(x.BlockSHA256[:0])
		hashes.Put(r.block)
	}
	r.payload.Sum(x.PayloadSHA256[:0])
	hashes.Put(r.payload)
	r.block, r.payload = nil, nil
	if x.Failure == nil && r.cut != nil {
		x.Failure = failureOf(r.cut)
	}
	if x.Response.Size() > 0 && (!r.whole || x.Failure != nil) {
		x.Truncated = truncation(x.Failure)
	}
}

// recording is the decorator next to the wire: it hands the exchange of the
// request's context to it as the Observer and follows the body to its end.
type recording struct{ next http.RoundTripper }

func (t recording) RoundTrip(req *http.Request) (*http.Response, error) {
	f := fetchOf(req.Context())
	ctx := wire.WithCall(req.Context(), &wire.Call{Target: f.target, Observer: f.rec})
	res, err := t.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		f.rec.cut = err
		return nil, err
	}
	f.rec.answered(res)
	res.Body = &recordedBody{ReadCloser: res.Body, rec: f.rec}
	return res, nil
}

type recordedBody struct {
	io.ReadCloser
	rec *recorder
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.rec.payload.Write(p[:n])
	b.rec.x.PayloadSize += int64(n)
	switch {
	case err == io.EOF:
		b.rec.whole = true
		b.rec.x.Chunked = wire.Chunked(b.ReadCloser)
	case err != nil:
		b.rec.cut = err
		b.rec.x.Chunked = wire.Chunked(b.ReadCloser)
	}
	return n, err
}

func (b *recordedBody) Close() error {
	b.rec.x.Chunked = wire.Chunked(b.ReadCloser)
	return b.ReadCloser.Close()
}
