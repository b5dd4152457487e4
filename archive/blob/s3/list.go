package s3

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/ibid-archive/ibid/archive/blob"
)

// page is how many keys are asked for and held at a time, the most that S3 gives.
const page = 1000

// List implements [blob.Store].
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		for after := ""; ; {
			objects, err := s.page(ctx, prefix, after)
			if err != nil {
				yield(blob.Info{}, fmt.Errorf("list %q: %w", prefix, err))
				return
			}
			for _, o := range objects {
				if o.Key <= after {
					yield(blob.Info{}, fmt.Errorf("list %q: the service lists %q after %q, which is out of order", prefix, o.Key, after))
					return
				}
				after = o.Key
				key := strings.TrimPrefix(o.Key, s.key(""))
				if blob.ValidKey(key) != nil {
					continue // the store's own, or a stranger's
				}
				if !yield(blob.Info{Key: key, Size: o.Size, ModTime: o.LastModified}, nil) {
					return
				}
			}
			if len(objects) < page {
				return
			}
		}
	}
}

// page returns the first objects behind the key after. Less than a full page
// is the end of the list.
func (s *Store) page(ctx context.Context, prefix, after string) (objects []minio.ObjectInfo, err error) {
	noOwner := false
	err = s.retry(ctx, func() error {
		objects = nil
		return s.try(ctx, func(ctx context.Context) error {
			for o := range s.core.ListObjectsIter(ctx, s.cfg.Bucket, minio.ListObjectsOptions{
				Prefix: s.key(prefix), StartAfter: after, Recursive: true, MaxKeys: page, FetchOwner: &noOwner,
			}) {
				if o.Err != nil {
					return o.Err
				}
				if objects = append(objects, o); len(objects) == page {
					break
				}
			}
			// The iterator ends without an error when it is cancelled.
			return ctx.Err()
		})
	})
	return objects, err
}
