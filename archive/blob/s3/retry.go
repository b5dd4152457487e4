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

// errGivenUp says that all attempts failed, and that there is no sense in more.
var errGivenUp = errors.New("given up")

// retry calls f until it succeeds, fails for good, or has failed too often.
func (s *Store) retry(ctx context.Context, f func() error) error {
	for attempt := 1; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := f()
		if err == nil {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !passing(err) {
			return err
		}
		if attempt >= s.cfg.Attempts {
			return fmt.Errorf("%w after %d attempts: %w", errGivenUp, attempt, err)
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
		return ctx.Err()
	}
}

// passing reports whether the same request may succeed later.
func passing(err error) bool {
	if errors.Is(err, errGivenUp) {
		return false
	}
	if errors.Is(err, errReplaced) || errors.Is(err, errOwnVersion) || errors.Is(err, errVanished) {
		return true
	}
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
	for _, final := range []error{blob.ErrMismatch, blob.ErrConflict, blob.ErrNotExist, blob.ErrKey, blob.ErrRange, blob.ErrStale, blob.ErrCellSize, errUnsettled} {
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
