package wire

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

// Error says in which phase an exchange failed and how.
type Error struct {
	Phase string // dns, connect, tls, write, header, body
	Kind  string // one of the Kind constants
	Err   error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Phase, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// Kinds of Error.
const (
	KindNoHost      = "no-such-host"
	KindDNS         = "dns"
	KindRefused     = "refused"
	KindUnreachable = "no-route"
	KindReset       = "reset"
	KindTimeout     = "timeout"
	KindSlow        = "too-slow"
	KindTLS         = "tls"
	KindCertificate = "certificate"
	KindNotHTTP     = "not-http"
	KindHeader      = "header-limit"
	KindFraming     = "framing"
	KindInterrupted = "interrupted"
	KindOther       = "other"
)

var (
	errNotHTTP = errors.New("the answer is not HTTP")
	errTooSlow = errors.New("the answer came too slowly")
)

// kindOf classifies a network error; fallback is for what is not recognised.
func kindOf(ctx context.Context, err error, fallback string) string {
	var (
		dns  *net.DNSError
		cert *tlsCertificateError
	)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return KindNoHost
	case errors.Is(ctx.Err(), context.Canceled):
		return KindInterrupted
	case errors.As(err, &dns):
		return KindDNS
	case errors.As(err, &cert):
		return KindCertificate
	case errors.Is(err, errTooSlow):
		return KindSlow
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		return KindTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return KindRefused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return KindUnreachable
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return KindReset
	}
	var ne net.Error
	if errors.As(err, &ne) && ne.Timeout() {
		return KindTimeout
	}
	return fallback
}

// tlsCertificateError marks a certificate that was refused after a handshake
// that itself went well.
type tlsCertificateError struct{ err error }

func (e *tlsCertificateError) Error() string { return e.err.Error() }
func (e *tlsCertificateError) Unwrap() error { return e.err }

// Expired reports whether err is about a certificate outside its period of validity.
func Expired(err error) bool {
	var inv x509.CertificateInvalidError
	return errors.As(err, &inv) && inv.Reason == x509.Expired
}
