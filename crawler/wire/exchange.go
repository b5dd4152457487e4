package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// exchange is one request and its answer on one connection.
type exchange struct {
	t      *Transport
	req    *http.Request
	obs    Observer
	target string
	fresh  bool // do not take a kept-alive connection

	c      *conn
	stop   func() bool // ends the watch on the context
	heard  bool        // at least one byte was answered
	reused bool
}

// once makes the exchange on one connection, up to the end of the header.
func (x *exchange) once() (*http.Response, error) {
	ctx := x.req.Context()
	scheme, host, addr := origin(x.req)
	if !x.fresh {
		x.c = x.t.idle.take(scheme + "://" + addr)
	}
	x.reused = x.c != nil && !x.fresh
	if x.reused {
		x.obs.Connected(Info{Remote: x.c.remote, TLS: x.c.tls, Reused: true})
	} else {
		c, err := x.t.connect(ctx, scheme, host, addr, x.obs)
		if err != nil {
			return nil, err
		}
		x.c = c
	}
	c := x.c
	x.stop = context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
	if err := x.send(); err != nil {
		return nil, x.fail("write", err)
	}
	h, err := x.readHeader()
	if err != nil {
		return nil, x.fail("header", err)
	}
	res := &http.Response{
		Status: h.status, StatusCode: h.code, Proto: h.proto, ProtoMajor: 1, ProtoMinor: h.minor,
		Header: h.fields, Request: x.req, ContentLength: h.length, TLS: x.c.tls,
	}
	if h.chunked {
		res.TransferEncoding = []string{"chunked"}
	}
	res.Body = newBody(x, h)
	return res, nil
}

// origin returns scheme, host name and dial address of a request.
func origin(req *http.Request) (scheme, host, addr string) {
	scheme = strings.ToLower(req.URL.Scheme)
	host = req.URL.Hostname()
	port := req.URL.Port()
	if port == "" {
		port = "80"
		if scheme == "https" {
			port = "443"
		}
	}
	return scheme, host, net.JoinHostPort(host, port)
}

// fail closes the connection and explains err.
func (x *exchange) fail(phase string, err error) error {
	x.close()
	var we *Error
	if errors.As(err, &we) {
		return err
	}
	ctx := x.req.Context()
	if x.reused && !x.heard && ctx.Err() == nil && kindOf(ctx, err, "") == KindReset {
		return &staleError{err}
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if errors.Is(err, io.EOF) {
		err = fmt.Errorf("connection closed before the answer was complete: %w", err)
	}
	return &Error{Phase: phase, Kind: kindOf(ctx, err, KindOther), Err: err}
}

func (x *exchange) close() {
	x.stop()
	x.c.Close()
}

// release gives the connection back when another exchange may use it.
func (x *exchange) release(reuse bool) {
	if !x.stop() || !reuse || x.c.br.Buffered() > 0 {
		x.c.Close()
		return
	}
	x.t.idle.put(x.c)
}

// send writes the request. Host comes first, then the header in a fixed order:
// what servers expect to see first, the rest by name.
func (x *exchange) send() error {
	b := make([]byte, 0, 512)
	b = append(b, x.req.Method...)
	b = append(b, ' ')
	b = append(b, x.target...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	host := x.req.Host
	if host == "" {
		host = x.req.URL.Host
	}
	b = append(b, host...)
	b = append(b, "\r\n"...)
	first := [...]string{"User-Agent", "Accept", "Accept-Language", "Accept-Encoding"}
	for _, k := range first {
		b = appendFields(b, k, x.req.Header[k])
	}
	rest := make([]string, 0, len(x.req.Header))
	for k := range x.req.Header {
		if k != "Host" && !slices.Contains(first[:], k) {
			rest = append(rest, k)
		}
	}
	slices.Sort(rest)
	for _, k := range rest {
		b = appendFields(b, k, x.req.Header[k])
	}
	if x.req.Body != nil && x.req.Body != http.NoBody {
		if x.req.ContentLength < 0 {
			return errors.New("a request body needs a known length")
		}
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, x.req.ContentLength, 10)
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	if err := x.write(b); err != nil {
		return err
	}
	if x.req.Body == nil || x.req.Body == http.NoBody {
		return nil
	}
	defer x.req.Body.Close()
	_, err := io.CopyN(writerFunc(x.write), x.req.Body, x.req.ContentLength)
	return err
}

func appendFields(b []byte, name string, values []string) []byte {
	for _, v := range values {
		b = append(b, name...)
		b = append(b, ": "...)
		from := len(b)
		b = append(b, v...)
		for i, c := range b[from:] {
			if c == '\r' || c == '\n' { // it would begin another field
				b[from+i] = ' '
			}
		}
		b = append(b, "\r\n"...)
	}
	return b
}

type writerFunc func([]byte) error

func (f writerFunc) Write(p []byte) (int, error) {
	if err := f(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (x *exchange) write(p []byte) error {
	if err := x.c.SetWriteDeadline(time.Now().Add(x.t.cfg.HeaderTimeout)); err != nil {
		return err
	}
	// The watch on the context may have set its deadline just before this one.
	if x.req.Context().Err() != nil {
		if err := x.c.SetWriteDeadline(time.Unix(1, 0)); err != nil {
			return err
		}
	}
	n, err := x.c.Write(p)
	if oerr := x.obs.Sent(p[:n]); err == nil {
		err = oerr
	}
	return err
}

// readWithin bounds the reads that follow by d and by the context.
func (x *exchange) readWithin(d time.Duration) error {
	ctx := x.req.Context()
	at := time.Now().Add(d)
	if end, ok := ctx.Deadline(); ok && end.Before(at) {
		at = end
	}
	if err := x.c.SetReadDeadline(at); err != nil {
		return err
	}
	// The watch on the context may have set its deadline just before this one.
	if ctx.Err() != nil {
		return x.c.SetReadDeadline(time.Unix(1, 0))
	}
	return nil
}
