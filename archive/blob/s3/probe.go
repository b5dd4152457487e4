package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/ibid-archive/ibid/archive/blob"
)

// The objects of the store itself are under tmp, where none of a caller can be.
const (
	probeKey     = "tmp/if-none-match"
	encryptedKey = "tmp/encrypted-" // and the mode
	probeText    = "ibid asks whether this object can be replaced\n"
)

// probe finds out what the bucket can do. Nothing is ever deleted, so the
// objects that it puts have always the same names and bytes.
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
		for _, probe := range []func(context.Context, *Capabilities) error{s.probeSwap, s.probeChecksum, s.probeEncryption} {
			if err := probe(ctx, &caps); err != nil {
				return caps, err
			}
		}
	}
	// Versions are welcome but not needed, so a service that doesn't know them
	// is as good as one where they are off.
	_ = s.try(ctx, func(ctx context.Context) error {
		v, err := s.core.GetBucketVersioning(ctx, s.cfg.Bucket)
		caps.Versioning = v.Status
		return err
	})
	lockErr := s.probeLock(ctx, &caps)
	if err := ctx.Err(); err != nil {
		return caps, err
	}
	if s.cfg.Lock != (Lock{}) && !s.cfg.ReadOnly && !caps.ObjectLock {
		if lockErr != nil {
			return caps, fmt.Errorf("lock: whether the bucket has Object Lock can't be found out, "+
				"and objects that aren't locked must not look as if they were: allow s3:GetBucketObjectLockConfiguration: %w", lockErr)
		}
		return caps, errors.New("lock: the bucket has no Object Lock; " + getLock)
	}
	caps.limits(s.cfg, lockErr)
	return caps, nil
}

// probeLock finds out whether the bucket has Object Lock. An error means that it
// can't be known.
func (s *Store) probeLock(ctx context.Context, caps *Capabilities) error {
	ask := func() error {
		return s.try(ctx, func(ctx context.Context) error {
			enabled, mode, validity, unit, err := s.core.GetObjectLockConfig(ctx, s.cfg.Bucket)
			caps.ObjectLock = enabled == "Enabled"
			if mode != nil && validity != nil && unit != nil {
				caps.Retention = strings.ToLower(fmt.Sprintf("%s, %d %s", *mode, *validity, *unit))
			}
			return err
		})
	}
	var err error
	if s.cfg.Lock == (Lock{}) {
		err = ask() // nothing depends on it
	} else {
		err = s.retry(ctx, ask)
	}
	if refusal(err) && !status(err, http.StatusForbidden) && !status(err, http.StatusTooManyRequests) {
		return nil // no such configuration, or no such feature
	}
	return err
}

// probeChecksum finds out whether the service reports its own SHA-256.
func (s *Store) probeChecksum(ctx context.Context, caps *Capabilities) error {
	info, err := s.statOwn(ctx, probeKey)
	if status(err, http.StatusForbidden) || status(err, http.StatusNotFound) {
		return nil // it can't be read, or was expired by a rule of the bucket
	}
	caps.Checksums = info.ChecksumSHA256 != ""
	return err
}

// probeEncryption makes sure that the service doesn't ignore the request to
// encrypt.
func (s *Store) probeEncryption(ctx context.Context, _ *Capabilities) error {
	if s.sse == nil {
		return nil
	}
	key := encryptedKey + string(s.cfg.Encryption.Mode)
	err := s.retry(ctx, func() error {
		_, err := s.sendProbe(ctx, key)
		return err
	})
	if err != nil && !status(err, http.StatusPreconditionFailed) {
		return fmt.Errorf("encryption: put %s: %w", key, err)
	}
	info, err := s.statOwn(ctx, key)
	if err != nil {
		return fmt.Errorf("encryption: stat %s: %w", key, err)
	}
	want := s.cfg.Encryption.header()
	if got := info.Metadata.Get("X-Amz-Server-Side-Encryption"); got != want {
		return fmt.Errorf("encryption: the service was asked for %s and says %q about what it keeps: leave encryption out, or use a service that has it", want, got)
	}
	return nil
}

// statOwn describes an object of the store itself.
func (s *Store) statOwn(ctx context.Context, key string) (info minio.ObjectInfo, err error) {
	err = s.retry(ctx, func() error {
		return s.try(ctx, func(ctx context.Context) (err error) {
			info, err = s.core.StatObject(ctx, s.cfg.Bucket, s.key(key), minio.StatObjectOptions{Checksum: true})
			return err
		})
	})
	return info, err
}

// sendProbe puts an object of the store itself unless it is there.
func (s *Store) sendProbe(ctx context.Context, key string) (minio.UploadInfo, error) {
	o := blob.Bytes([]byte(probeText))
	opts := s.cellOptions(o)
	if s.conditional {
		opts.SetMatchETagExcept("*")
	}
	return s.sendWhole(ctx, key, o, opts)
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
			_, err := s.sendProbe(ctx, probeKey)
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
