package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/ibid-archive/ibid/archive/blob"
)

// probeKey is under tmp, where no object of a caller can be.
const probeKey = "tmp/if-none-match"

const probeText = "ibid asks whether this object can be replaced\n"

// probe finds out what the bucket can do. Nothing is ever deleted, so the
// object that it puts has always the same name and bytes.
func (s *Store) probe(ctx context.Context) (Capabilities, error) {
	var caps Capabilities
	var exists bool
	err := s.retry(ctx, func() error {
		return s.try(ctx, func(ctx context.Context) (err error) {
			exists, err = s.core.BucketExists(ctx, s.cfg.Bucket)
			return err
		})
	})
	if err != nil {
		return caps, s.explain(err)
	}
	if !exists {
		return caps, errors.New("no such bucket; create it first, or check its name and the endpoint")
	}
	if err := s.probeWrite(ctx, &caps); err != nil {
		return caps, err
	}
	if caps.Writable {
		if err := s.probeSwap(ctx, &caps); err != nil {
			return caps, err
		}
	}
	// Versions are welcome but not needed, so a service that doesn't know them
	// is as good as one where they are off.
	_ = s.try(ctx, func(ctx context.Context) error {
		v, err := s.core.GetBucketVersioning(ctx, s.cfg.Bucket)
		caps.Versioning = v.Status
		return err
	})
	return caps, ctx.Err()
}

// probeWrite finds out whether the service honours If-None-Match.
func (s *Store) probeWrite(ctx context.Context, caps *Capabilities) error {
	caps.ConditionalPut, caps.ConditionalSwap = true, true
	if s.cfg.ReadOnly {
		return nil
	}
	s.conditional = true
	var err error
	// When the object is there already the first answer is enough.
	for i := 0; i < 2 && err == nil; i++ {
		err = s.retry(ctx, func() error {
			_, err := s.upload(ctx, probeKey, blob.Bytes([]byte(probeText)))
			return err
		})
	}
	switch {
	case err == nil:
		caps.ConditionalPut, caps.Writable = false, true
		caps.Notes = append(caps.Notes, "The service ignores If-None-Match"+danger)
	case status(err, http.StatusPreconditionFailed):
		caps.Writable = true
	case status(err, http.StatusNotImplemented):
		caps.ConditionalPut, caps.Writable = false, true
		caps.Notes = append(caps.Notes, "The service doesn't know If-None-Match"+danger)
	case status(err, http.StatusForbidden):
		caps.Notes = append(caps.Notes, fmt.Sprintf("These credentials may not write: %v.", err))
	default:
		return fmt.Errorf("put %s: %w", probeKey, err)
	}
	return nil
}

// probeSwap finds out whether the service honours If-Match. It asks for an ETag
// that nothing has, so that nothing is written where it does.
func (s *Store) probeSwap(ctx context.Context, caps *Capabilities) error {
	o := blob.Bytes([]byte(probeText))
	err := s.retry(ctx, func() error {
		opts := s.cellOptions(o)
		opts.SetMatchETag("ibid-has-no-such-version")
		_, err := s.sendWhole(ctx, probeKey, o, opts)
		return err
	})
	switch {
	case status(err, http.StatusPreconditionFailed):
	case err == nil:
		caps.ConditionalSwap = false
		caps.Notes = append(caps.Notes, "The service ignores If-Match"+noLog)
	case refusal(err) && ctx.Err() == nil:
		caps.ConditionalSwap = false
		caps.Notes = append(caps.Notes, fmt.Sprintf("The service doesn't know If-Match (%v)%s", err, noLog))
	default:
		return fmt.Errorf("put %s: %w", probeKey, err)
	}
	return nil
}

const noLog = ": what has to be replaced safely, the head of the log, can't be kept here."

const danger = ": two writers that put different bytes under one key at the same moment can replace each other's object."

// explain adds to a refusal what the user can do about it.
func (s *Store) explain(err error) error {
	if !status(err, http.StatusForbidden) {
		return err
	}
	if v, credErr := s.cfg.Credentials.GetWithContext(nil); credErr != nil || v.AccessKeyID == "" {
		return fmt.Errorf("%w (no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)", err)
	}
	return fmt.Errorf("%w (the service refuses these credentials, or the bucket belongs to somebody else)", err)
}
