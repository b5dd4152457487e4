// Package s3 keeps objects in a bucket of a service that speaks the S3
// protocol.
//
// Put asks the service to refuse a key that is taken (If-None-Match), so that
// of many writers one wins and nobody's object is replaced. [Open] tries out
// whether the service honours that and says so in [Capabilities]; where it
// doesn't, Put looks first and writes then, and two writers at the same moment
// can replace each other's object.
//
// The commit point is the answer to the upload, or to the completion of a
// multipart upload. Put then makes sure that what is kept has the SHA-256 that
// was promised: by the checksum that the service computed, or, if it reports
// none, by reading the object back. The digest is kept as user metadata
// (ibid-sha256), too, where a later Put of the same key finds it.
//
// Swap, which replaces a cell, needs a service that honours If-Match, too; Open
// tries that out, and where it doesn't, Swap refuses to work. An answer that is
// lost is settled by reading the cell; if somebody else has replaced it by
// then, the error says that nobody can know.
//
// Requests are repeated after time-outs, resets, refusals for load and errors
// of the service, with growing, jittered pauses; a download that breaks goes on
// where it broke. What an interrupted Put leaves are at most parts of a
// multipart upload, which a lifecycle rule of the bucket should expire.
//
// Keys are <prefix>/<key>. Below the prefix the store keeps one or two small
// objects of its own under tmp. It deletes nothing but the objects of which
// Quarantine has made a copy.
//
// [Config.Lock] gives objects a retention, if the bucket has Object Lock; without
// that Open fails, rather than to leave objects unlocked. [Config.Encryption]
// has them encrypted by the service, and Open fails where that is ignored.
//
// Some services take the marker of a deletion in a versioned bucket for an object
// when they check If-None-Match. There, what Quarantine has freed is put again
// without the condition: let only one process repair at a time.
//
// Limits: an object has at most 10,000 parts, and the service must list keys
// in ascending order, as S3 does for its general-purpose buckets.
package s3

import (
	"context"
	"errors"
	"fmt"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/encrypt"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Store is a [blob.Store] in a bucket. Make it with [Open].
type Store struct {
	core        *minio.Core
	cfg         Config
	conditional bool // the service honours If-None-Match
	replaces    bool // and If-Match
	sse         encrypt.ServerSide
	marked      chan struct{} // has room for one who puts over the marker of a deletion
}

var _ blob.Store = (*Store)(nil)

// Open connects to a bucket, which must exist, and tries out what it can do.
func Open(ctx context.Context, cfg Config) (*Store, Capabilities, error) {
	s, caps, err := open(ctx, cfg)
	if err != nil {
		return nil, Capabilities{}, fmt.Errorf("open bucket %s: %w", cfg.Bucket, err)
	}
	return s, caps, nil
}

func open(ctx context.Context, cfg Config) (*Store, Capabilities, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, Capabilities{}, err
	}
	core, err := cfg.dial()
	if err != nil {
		return nil, Capabilities{}, err
	}
	s := &Store{core: core, cfg: cfg, marked: make(chan struct{}, 1)}
	if s.sse, err = cfg.Encryption.sse(); err != nil {
		return nil, Capabilities{}, err
	}
	caps, err := s.probe(ctx)
	if err != nil {
		return nil, Capabilities{}, err
	}
	s.conditional, s.replaces = caps.ConditionalPut, caps.ConditionalSwap
	return s, caps, nil
}

// key is the name of an object in the bucket.
func (s *Store) key(key string) string {
	if s.cfg.Prefix == "" {
		return key
	}
	return s.cfg.Prefix + "/" + key
}

// Stat implements [blob.Store].
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	info, err := s.stat(ctx, key)
	if err != nil {
		return blob.Info{}, fmt.Errorf("stat %s: %w", key, err)
	}
	return blob.Info{Key: key, Size: info.Size, ModTime: info.LastModified}, nil
}

func (s *Store) stat(ctx context.Context, key string) (info minio.ObjectInfo, err error) {
	if err := blob.ValidKey(key); err != nil {
		return info, err
	}
	err = s.retry(ctx, func() error {
		return s.try(ctx, func(ctx context.Context) (err error) {
			info, err = s.core.StatObject(ctx, s.cfg.Bucket, s.key(key), minio.StatObjectOptions{Checksum: true})
			return err
		})
	})
	return info, notExist(err)
}

// notExist adds [blob.ErrNotExist] to the service's ways to say it. A bucket
// that doesn't exist is something else.
func notExist(err error) error {
	var resp minio.ErrorResponse
	if errors.As(err, &resp) && resp.Code == minio.NoSuchKey {
		return fmt.Errorf("%w: %w", blob.ErrNotExist, err)
	}
	return err
}
