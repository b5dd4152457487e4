package crawler

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"os"
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

	block, payload hash.Hash
	whole          bool // the body ended where its framing says
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

func newRecorder(x *archive.Exchange, tempDir string, memory int) *recorder {
	r := &recorder{x: x, tempDir: tempDir, memory: memory, block: newHash(), payload: newHash()}
	r.reset()
	return r
}

func (r *recorder) reset() {
	r.x.Request.Close()
	r.x.Response.Close()
	r.x.Request = archive.NewSpool(r.tempDir, archive.SpoolMemory)
	r.x.Response = archive.NewSpool(r.tempDir, r.memory)
	r.x.Timing = archive.Timing{}
	r.x.Informational = nil
	r.block.Reset()
	r.payload.Reset()
}

func (r *recorder) since() int64 { return max(1, time.Since(r.x.Started).Microseconds()) }

// Connected implements wire.Observer.
func (r *recorder) Connected(i wire.Info) {
	r.x.Remote = i.Remote
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
	r.block.Write(p)
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
	r.block.Sum(x.BlockSHA256[:0])
	r.payload.Sum(x.PayloadSHA256[:0])
	hashes.Put(r.block)
	hashes.Put(r.payload)
	r.block, r.payload = nil, nil
	if x.Failure == nil && r.cut != nil {
		x.Failure = failureOf(r.cut)
	}
	if x.Response.Size() > 0 && (!r.whole || x.Failure != nil) {
		x.Truncated = truncation(x.Failure)
	}
}

// failureOf puts an error of the chain into the archive's words.
func failureOf(err error) *archive.Failure {
	var (
		guard *GuardError
		limit *limitError
		we    *wire.Error
	)
	switch {
	case errors.As(err, &guard):
		class := archive.ClassURL
		if guard.Addr.IsValid() {
			class = archive.ClassPrivate
		}
		return &archive.Failure{Phase: "guard", Class: class, Message: guard.Error()}
	case errors.As(err, &limit):
		return &archive.Failure{Phase: "limit", Class: archive.ClassBody, Message: limit.Error()}
	case errors.As(err, &we):
		return &archive.Failure{Phase: we.Phase, Class: we.Kind, Message: plain(we.Err)}
	}
	return &archive.Failure{Phase: "request", Class: archive.ClassOther, Message: err.Error()}
}

// plain says what went wrong without the ports and addresses of this machine.
func plain(err error) string {
	var (
		dns *net.DNSError
		op  *net.OpError
	)
	switch {
	case errors.As(err, &dns):
		return fmt.Sprintf("lookup %s: %s", dns.Name, dns.Err)
	case wire.Expired(err):
		return "the certificate is outside its period of validity"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.As(err, &op):
		if sys := new(os.SyscallError); errors.As(err, &sys) {
			return op.Op + ": " + sys.Err.Error()
		}
		return op.Op + ": " + op.Err.Error()
	}
	return err.Error()
}

// truncation is the WARC-Truncated word for a failure.
func truncation(f *archive.Failure) archive.Truncation {
	if f == nil {
		return archive.TruncatedUnspecified
	}
	switch f.Class {
	case archive.ClassBody, archive.ClassHeader:
		return archive.TruncatedLength
	case archive.ClassTimeout, archive.ClassSlow:
		return archive.TruncatedTime
	case archive.ClassReset:
		return archive.TruncatedDisconnect
	}
	return archive.TruncatedUnspecified
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

// limitError says that a limit of ours ended the exchange.
type limitError struct{ bytes int64 }

func (e *limitError) Error() string {
	return fmt.Sprintf("the body is larger than %d bytes (--max-body)", e.bytes)
}

// limited cuts bodies, and says so in the record.
type limited struct {
	next http.RoundTripper
	body int64
}

func (t limited) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	f := fetchOf(req.Context())
	n := t.body
	if f.maxBody > 0 {
		n = min(n, f.maxBody)
	}
	res.Body = &limitedBody{ReadCloser: res.Body, left: n, limit: n, rec: f.rec}
	return res, nil
}

type limitedBody struct {
	io.ReadCloser
	left, limit int64
	rec         *recorder
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		// Whether the body ends exactly here is known only by asking for more.
		var one [1]byte
		n, err := b.ReadCloser.Read(one[:])
		if n == 0 && err != nil {
			return 0, err
		}
		b.rec.cut = &limitError{b.limit}
		b.rec.whole = false
		return 0, b.rec.cut
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
