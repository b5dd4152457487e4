package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Open implements [blob.Store]. A download that breaks or stalls goes on where
// it was, as long as the object is the same.
func (s *Store) Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error) {
	r, err := s.open(ctx, key, off, n)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	return r, nil
}

func (s *Store) open(ctx context.Context, key string, off, n int64) (*reader, error) {
	if err := blob.ValidKey(key); err != nil {
		return nil, err
	}
	r := &reader{s: s, ctx: ctx, key: key, off: off, end: math.MaxInt64}
	if n >= 0 && n < math.MaxInt64-off {
		r.end = off + n
	}
	if off >= 0 && n != 0 {
		err := s.retry(ctx, r.connect)
		if !status(err, http.StatusRequestedRangeNotSatisfiable) {
			if err != nil {
				return nil, notExist(err)
			}
			return r, nil
		}
	}
	// Only the size tells an empty rest from a range that is wrong.
	info, err := s.stat(ctx, key)
	if err != nil {
		return nil, err
	}
	if off < 0 || off > info.Size {
		return nil, fmt.Errorf("%w: %d of %d bytes", blob.ErrRange, off, info.Size)
	}
	r.end = off
	return r, nil
}

// A reader reads the bytes from off to end.
type reader struct {
	s        *Store
	ctx      context.Context
	key      string
	off, end int64
	etag     string

	body   io.ReadCloser // nil when there is no connection
	cancel context.CancelFunc
	failed int // attempts without progress
	err    error
}

// connect asks for what is left and learns where the object ends.
func (r *reader) connect() error {
	var opts minio.GetObjectOptions
	ranged := r.off > 0 || r.end < math.MaxInt64
	if ranged {
		last := ""
		if r.end < math.MaxInt64 {
			last = strconv.FormatInt(r.end-1, 10)
		}
		opts.Set("Range", fmt.Sprintf("bytes=%d-%s", r.off, last))
	}
	if r.etag != "" {
		if err := opts.SetMatchETag(r.etag); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancelCause(r.ctx)
	impatient := time.AfterFunc(r.s.cfg.Timeout, func() { cancel(errTooSlow) })
	defer impatient.Stop()
	body, info, header, err := r.s.core.GetObject(ctx, r.s.cfg.Bucket, r.s.key(r.key), opts)
	if err == nil {
		err = r.adopt(info, header, ranged)
		if err != nil {
			body.Close()
		}
	}
	if err != nil {
		if context.Cause(ctx) == errTooSlow {
			err = errTooSlow
		}
		cancel(nil)
		return err
	}
	r.body = body
	r.cancel = func() { cancel(nil) }
	return nil
}

// adopt checks that an answer is about the bytes that were asked for.
func (r *reader) adopt(info minio.ObjectInfo, header http.Header, ranged bool) error {
	end := info.Size
	if ranged {
		var first, last int64
		if _, err := fmt.Sscanf(header.Get("Content-Range"), "bytes %d-%d/", &first, &last); err != nil || first != r.off || last >= r.end {
			return fmt.Errorf("the service answers a request from byte %d with Content-Range %q", r.off, header.Get("Content-Range"))
		}
		end = last + 1
	}
	if end < r.off {
		return errors.New("the service doesn't say how long the object is")
	}
	r.end = end
	if r.etag == "" {
		r.etag = info.ETag
	}
	return nil
}

// Read implements [io.Reader].
func (r *reader) Read(p []byte) (int, error) {
	for {
		if r.err == nil {
			r.err = r.ctx.Err()
		}
		if r.err == nil && r.off == r.end {
			r.err = io.EOF
		}
		if r.err != nil {
			return 0, r.err
		}
		if len(p) == 0 {
			return 0, nil
		}
		n, err := r.read(p)
		if n > 0 {
			r.off += int64(n)
			r.failed = 0
		}
		if err != nil && r.off < r.end {
			r.recover(err)
		}
		if n > 0 {
			return n, nil
		}
	}
}

// read reads from the connection, which it opens when there is none.
func (r *reader) read(p []byte) (int, error) {
	if r.body == nil {
		if err := r.connect(); err != nil {
			return 0, err
		}
	}
	stalled := time.AfterFunc(r.s.cfg.Timeout, r.cancel)
	defer stalled.Stop()
	n, err := r.body.Read(p[:min(int64(len(p)), r.end-r.off)])
	if n == 0 && err == nil {
		err = io.ErrNoProgress
	}
	return n, err
}

// recover decides whether a broken download is tried again.
func (r *reader) recover(err error) {
	r.drop()
	r.failed++
	switch {
	case r.ctx.Err() != nil:
		r.err = r.ctx.Err()
	case status(err, http.StatusPreconditionFailed):
		r.err = fmt.Errorf("read %s from byte %d: the object was replaced meanwhile: %w", r.key, r.off, err)
	case !passing(err):
		r.err = fmt.Errorf("read %s from byte %d: %w", r.key, r.off, notExist(err))
	case r.failed >= r.s.cfg.Attempts:
		r.err = fmt.Errorf("read %s from byte %d: given up after %d attempts: %w", r.key, r.off, r.failed, noEOF(err))
	default:
		r.err = r.s.pause(r.ctx, r.failed)
	}
}

// noEOF keeps a body that ended early from looking like one that is whole.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (r *reader) drop() {
	if r.body != nil {
		r.cancel()
		r.body.Close()
		r.body = nil
	}
}

// Close implements [io.Closer].
func (r *reader) Close() error {
	r.drop()
	r.err = errors.New("read of a closed object")
	return nil
}
