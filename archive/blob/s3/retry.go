package s3

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/ibid-archive/ibid/archive/blob"
)

// retry calls f until it succeeds, fails for good, or has failed too often. The
// errors of a cancelled context wrap its cause.
func (s *Store) retry(ctx context.Context, f func() error) error {
	for attempt := 1; ; attempt++ {
		err := context.Cause(ctx)
		if err != nil {
			return err
		}
		err = f()
		if err == nil {
			return nil
		}
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		if !passing(err) {
			return err
		}
		if attempt >= s.cfg.Attempts {
			return fmt.Errorf("given up after %d attempts: %w", attempt, err)
		}
		if err := s.pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// pause waits after the given failed attempt, counted from 1.
func (s *Store) pause(ctx context.Context, attempt int) error {
	d := s.cfg.Pause << min(attempt-1, 10)
	d = min(d, longPause)
	t := time.NewTimer(d/2 + rand.N(d+1))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// passing reports whether the same request may succeed later.
func passing(err error) bool {
	var resp minio.ErrorResponse
	if errors.As(err, &resp) {
		switch resp.Code {
		case "ConditionalRequestConflict", "OperationAborted", // somebody writes the same key now
			"RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "InternalError",
			"BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch": // damaged on the way
			return true
		}
		switch resp.StatusCode {
		case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests, 499:
			return true
		case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
			return false
		}
		// No status: an answer that the client library made up, about a request that it refuses.
		return resp.StatusCode >= 500
	}
	for _, final := range []error{blob.ErrMismatch, blob.ErrConflict, blob.ErrNotExist, blob.ErrKey, blob.ErrRange} {
		if errors.Is(err, final) {
			return false
		}
	}
	var cert *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	return !errors.As(err, &cert) && !errors.As(err, &notTLS)
}

// status reports whether err is an answer of the service with that HTTP status.
func status(err error, code int) bool {
	var resp minio.ErrorResponse
	return errors.As(err, &resp) && resp.StatusCode == code
}
