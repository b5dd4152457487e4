package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/ibid-archive/ibid/archive/blob"
)

// sourceMetadata tells of a copy in quarantine what version it was made of.
const sourceMetadata = "ibid-quarantine-of"

var _ blob.Quarantiner = (*Store)(nil)

// Quarantine implements [blob.Quarantiner]: the service copies the object, the
// copy is looked at, and only then the object is removed, which is the commit
// point. In a versioned bucket it stays as an older version, too. An object that
// is replaced meanwhile isn't removed, as far as the service honours If-Match
// for that; where it doesn't, let only one process repair at a time.
func (s *Store) Quarantine(ctx context.Context, key string) (to string, err error) {
	to, err = s.quarantine(ctx, key)
	if err != nil {
		return "", fmt.Errorf("quarantine %s: %w", key, err)
	}
	return to, nil
}

func (s *Store) quarantine(ctx context.Context, key string) (string, error) {
	if _, err := blob.QuarantineKey(key, 1); err != nil {
		return "", err
	}
	if s.cfg.ReadOnly {
		return "", blob.ErrReadOnly
	}
	from, err := s.stat(ctx, key)
	if err != nil {
		return "", err
	}
	if from.ETag == "" {
		return "", errors.New("the service reports no ETag, so that the object can't be copied and removed safely")
	}
	to, err := s.setAside(ctx, key, from)
	if err != nil {
		return "", err
	}
	if err := s.retry(ctx, func() error { return s.remove(ctx, key, from.ETag) }); err != nil {
		return "", fmt.Errorf("a copy is at %s, but the object can't be removed: %w", to, err)
	}
	return to, nil
}

// setAside copies an object to the first key in quarantine that is free, or finds
// the copy that an interrupted call made.
func (s *Store) setAside(ctx context.Context, key string, from minio.ObjectInfo) (string, error) {
	for n := 1; ; n++ {
		to, err := blob.QuarantineKey(key, n)
		if err != nil {
			return "", err
		}
		there, err := s.stat(ctx, to)
		if errors.Is(err, blob.ErrNotExist) {
			if err := s.retry(ctx, func() error { return s.copy(ctx, key, to, from) }); err != nil {
				return "", fmt.Errorf("copy to %s: %w", to, err)
			}
			there, err = s.stat(ctx, to)
			if err == nil && !isCopy(there, from) {
				err = fmt.Errorf("copy to %s: the service keeps something else there", to)
			}
			return to, err
		}
		if err != nil {
			return "", err
		}
		if isCopy(there, from) {
			return to, nil
		}
	}
}

// copy lets the service copy the version from of the object key.
func (s *Store) copy(ctx context.Context, key, to string, from minio.ObjectInfo) error {
	meta := map[string]string{sourceMetadata: from.ETag}
	for name, value := range from.UserMetadata {
		if !strings.EqualFold(name, sourceMetadata) {
			meta[name] = value
		}
	}
	opts := s.options(blob.Object{})
	dst := minio.CopyDestOptions{
		Bucket: s.cfg.Bucket, Object: s.key(to), ContentType: from.ContentType, UserMetadata: meta, ReplaceMetadata: true,
		Encryption: opts.ServerSideEncryption, Mode: opts.Mode, RetainUntilDate: opts.RetainUntilDate,
	}
	src := minio.CopySrcOptions{Bucket: s.cfg.Bucket, Object: s.key(key), MatchETag: from.ETag}
	// The service says nothing before it is done.
	patience := s.cfg.Timeout + time.Duration(from.Size>>20)*time.Second
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errTooSlow)
	defer cancel()
	var err error
	if from.Size <= maxSingle {
		_, err = s.core.Client.CopyObject(ctx, dst, src)
	} else {
		_, err = s.core.ComposeObject(ctx, dst, src)
	}
	switch {
	case err != nil && context.Cause(ctx) == errTooSlow:
		return fmt.Errorf("%w for %v", errTooSlow, patience)
	case status(err, http.StatusPreconditionFailed) || status(err, http.StatusNotFound):
		// Somebody else was faster.
		return fmt.Errorf("%w any more: %w", blob.ErrNotExist, err)
	}
	return err
}

// isCopy reports whether there is a whole copy of the version from.
func isCopy(there, from minio.ObjectInfo) bool {
	if there.Size != from.Size {
		return false
	}
	if a, b := there.ChecksumSHA256, from.ChecksumSHA256; a != "" && b != "" && whole(there) && whole(from) && a != b {
		return false
	}
	for name, value := range there.UserMetadata {
		if strings.EqualFold(name, sourceMetadata) && value == from.ETag {
			return true
		}
	}
	return false
}

// remove removes the current version of an object if it is still etag.
func (s *Store) remove(ctx context.Context, key, etag string) error {
	// Also after an attempt whose answer was lost, because by now there may be a
	// good copy.
	info, err := s.stat(ctx, key)
	if errors.Is(err, blob.ErrNotExist) || err == nil && info.ETag != etag {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.removeIf(ctx, key, etag)
	if status(err, http.StatusNotImplemented) {
		err = s.removeIf(ctx, key, "")
	}
	if status(err, http.StatusPreconditionFailed) || status(err, http.StatusNotFound) {
		return nil
	}
	return err
}

func (s *Store) removeIf(ctx context.Context, key, etag string) error {
	if etag != "" {
		ctx = context.WithValue(ctx, ifMatch{}, `"`+etag+`"`)
	}
	return s.try(ctx, func(ctx context.Context) error {
		return s.core.RemoveObject(ctx, s.cfg.Bucket, s.key(key), minio.RemoveObjectOptions{})
	})
}

// ifMatch is the key of the ETag that a request of a context is conditional on.
type ifMatch struct{}

// A conditioner adds to a request the condition that its context holds. The
// client library has no conditions for removals.
type conditioner struct{ next http.RoundTripper }

func (c conditioner) RoundTrip(r *http.Request) (*http.Response, error) {
	if etag, ok := r.Context().Value(ifMatch{}).(string); ok && r.Method == http.MethodDelete {
		r = r.Clone(r.Context())
		r.Header.Set("If-Match", etag)
	}
	return c.next.RoundTrip(r)
}
