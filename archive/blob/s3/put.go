package s3

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/ibid-archive/ibid/archive/blob"
)

const (
	digestMetadata = "ibid-sha256"           // lowercase hex, set by us
	digestHeader   = "X-Amz-Checksum-Sha256" // base64, checked by the service
)

// Put implements [blob.Store].
func (s *Store) Put(ctx context.Context, key string, o blob.Object) error {
	if err := s.put(ctx, key, o); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, key string, o blob.Object) error {
	if err := blob.ValidKey(key); err != nil {
		return err
	}
	if s.cfg.ReadOnly {
		return blob.ErrReadOnly
	}
	put := (*Store).putSingle
	if o.Size > s.cfg.SingleMax {
		put = (*Store).putParts
	}
	lost := false // the answer to an attempt, or the service hung up before it had all
	return s.retry(ctx, func() error {
		if lost {
			// It may be there by now, and nothing need be sent again.
			once := *s
			once.cfg.Attempts = 1
			if done, err := once.look(ctx, key, o, true); done || errors.Is(err, blob.ErrConflict) {
				return err
			}
		}
		err := put(s, ctx, key, o)
		var answer minio.ErrorResponse
		lost = err != nil && !errors.As(err, &answer)
		if !status(err, http.StatusPreconditionFailed) {
			return err
		}
		// Taken: by others, or by an attempt of ours whose answer was lost.
		taken := err
		err = s.compare(ctx, key, o)
		if !errors.Is(err, blob.ErrNotExist) {
			return err
		}
		if s.removed(ctx, key) {
			return s.putOverMarker(ctx, key, o, put)
		}
		return fmt.Errorf("%w: %w", errVanished, taken)
	})
}

// removed reports whether an object that isn't there was removed in a versioned
// bucket, as far as these credentials may know.
func (s *Store) removed(ctx context.Context, key string) (marker bool) {
	_ = s.try(ctx, func(ctx context.Context) error {
		for o := range s.core.ListObjectsIter(ctx, s.cfg.Bucket, minio.ListObjectsOptions{Prefix: s.key(key), WithVersions: true, Recursive: true, MaxKeys: 1}) {
			// The latest version comes first.
			marker = o.Err == nil && o.Key == s.key(key) && o.IsDeleteMarker && o.IsLatest
			break
		}
		return nil
	})
	return marker
}

// putOverMarker puts an object with a service that takes the marker of a deletion
// for an object when it checks the condition. The condition is left out, and the
// look before it takes its place; within this process nobody else looks.
func (s *Store) putOverMarker(ctx context.Context, key string, o blob.Object, put func(*Store, context.Context, string, blob.Object) error) error {
	select {
	case s.marked <- struct{}{}:
		defer func() { <-s.marked }()
	case <-ctx.Done():
		return ctx.Err()
	}
	without := *s
	without.conditional = false
	return put(&without, ctx, key, o)
}

// errVanished passes, because an object can be set aside.
var errVanished = errors.New("the service refuses the key as taken, but has no such object")

// putSingle puts an object with one request.
func (s *Store) putSingle(ctx context.Context, key string, o blob.Object) error {
	// Before the upload, because a condition can't be tried out later.
	if err := blob.Copy(ctx, io.Discard, o); err != nil {
		return err
	}
	if done, err := s.look(ctx, key, o, !s.conditional); done || err != nil {
		return err
	}
	info, err := s.upload(ctx, key, o)
	if err != nil {
		return err
	}
	return s.confirm(ctx, key, o, info.ChecksumSHA256, encode(o.SHA256[:]))
}

// upload sends one conditional request, if the service knows conditions.
func (s *Store) upload(ctx context.Context, key string, o blob.Object) (minio.UploadInfo, error) {
	return s.sendWhole(ctx, key, o, s.options(o))
}

// sendWhole puts an object with one request, of which the service checks the SHA-256.
func (s *Store) sendWhole(ctx context.Context, key string, o blob.Object, opts minio.PutObjectOptions) (info minio.UploadInfo, err error) {
	opts.UserMetadata[digestHeader] = encode(o.SHA256[:])
	err = s.send(ctx, io.NewSectionReader(o.Body, 0, o.Size), func(ctx context.Context, body io.Reader) (err error) {
		// With its digest in the signature the body goes as it is. The other way,
		// signed pieces, costs another hashing and sends a wrong length for an
		// empty body.
		info, err = s.core.PutObject(ctx, s.cfg.Bucket, s.key(key), body, o.Size, "", hex.EncodeToString(o.SHA256[:]), opts)
		return err
	})
	return info, err
}

// options are those that make an immutable object.
func (s *Store) options(o blob.Object) minio.PutObjectOptions {
	opts := s.cellOptions(o)
	s.cfg.Lock.apply(&opts, time.Now())
	if s.conditional {
		opts.SetMatchETagExcept("*")
	}
	return opts
}

// cellOptions are those that make a cell, without its condition. It has no
// retention, because it is to be replaced.
func (s *Store) cellOptions(o blob.Object) minio.PutObjectOptions {
	return minio.PutObjectOptions{
		ContentType:          "application/octet-stream",
		UserMetadata:         map[string]string{digestMetadata: hex.EncodeToString(o.SHA256[:])},
		DisableContentSha256: true,
		ServerSideEncryption: s.sse,
	}
}

// look reports whether the object is there already, if it is asked to look.
func (s *Store) look(ctx context.Context, key string, o blob.Object, wanted bool) (done bool, err error) {
	if !wanted {
		return false, nil
	}
	err = s.compare(ctx, key, o)
	if errors.Is(err, blob.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// compare returns nil when the object that is stored under key has the bytes
// of o, or an error that wraps [blob.ErrConflict] or [blob.ErrNotExist].
func (s *Store) compare(ctx context.Context, key string, o blob.Object) error {
	info, err := s.stat(ctx, key)
	if err != nil {
		return err
	}
	if info.Size != o.Size {
		return fmt.Errorf("%w: %d bytes are there, not %d", blob.ErrConflict, info.Size, o.Size)
	}
	kept := info.ChecksumSHA256
	if !whole(info) {
		kept = ""
	}
	for name, value := range info.UserMetadata {
		if b, err := hex.DecodeString(value); err == nil && kept == "" && strings.EqualFold(name, digestMetadata) {
			kept = encode(b)
		}
	}
	switch kept {
	case "":
		return s.reread(ctx, key, o)
	case encode(o.SHA256[:]):
		return nil
	}
	return fmt.Errorf("%w: they have the SHA-256 %s, not %s (base64)", blob.ErrConflict, kept, encode(o.SHA256[:]))
}

// whole reports whether the service's checksum is that of the whole object and
// not one of the checksums of its parts.
func whole(info minio.ObjectInfo) bool {
	return !strings.Contains(info.ChecksumSHA256, "-") && info.ChecksumMode != "COMPOSITE"
}

// confirm makes sure that the service keeps what was sent. Got is the checksum
// in its answer, want the one that it has to compute for the object.
func (s *Store) confirm(ctx context.Context, key string, o blob.Object, got, want string) error {
	if got == "" {
		info, err := s.stat(ctx, key)
		if err != nil {
			return err
		}
		got = info.ChecksumSHA256
	}
	if got == want || got == encode(o.SHA256[:]) {
		return nil
	}
	return s.reread(ctx, key, o)
}

// reread downloads the object and compares its digest with that of o.
func (s *Store) reread(ctx context.Context, key string, o blob.Object) error {
	r, err := s.open(ctx, key, 0, -1)
	if err != nil {
		return err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return err
	}
	if n != o.Size || [32]byte(h.Sum(nil)) != o.SHA256 {
		return fmt.Errorf("%w: %d bytes with the SHA-256 %x are there, not %d with %x", blob.ErrConflict, n, h.Sum(nil), o.Size, o.SHA256)
	}
	return nil
}

func encode(sum []byte) string { return base64.StdEncoding.EncodeToString(sum) }
