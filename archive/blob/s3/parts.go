package s3

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"github.com/ibid-archive/ibid/archive/blob"
)

// uploads is how many parts of one object are sent at a time. They are read
// from the body as they are sent and take no memory.
const uploads = 4

// putParts puts an object as a multipart upload. It looks first: to find out
// at the end that a large object is there already would be a waste, and some
// services ignore the condition then.
func (s *Store) putParts(ctx context.Context, key string, o blob.Object) error {
	if done, err := s.look(ctx, key, o, true); done || err != nil {
		return err
	}
	parts, err := split(ctx, o, max(s.cfg.PartSize, (o.Size+maxParts-1)/maxParts))
	if err != nil {
		return err
	}
	var id string
	opts := s.options(o)
	opts.UserMetadata["X-Amz-Checksum-Algorithm"] = "SHA256"
	err = s.retry(ctx, func() error {
		return s.try(ctx, func(ctx context.Context) (err error) {
			id, err = s.core.NewMultipartUpload(ctx, s.cfg.Bucket, s.key(key), opts)
			return err
		})
	})
	if err != nil {
		return err
	}
	sum, err := s.sendParts(ctx, key, id, o, parts)
	if err != nil {
		s.abort(ctx, key, id)
		return err
	}
	return s.confirm(ctx, key, o, sum, composite(parts))
}

// A part is a stretch of a body.
type part struct {
	off, size int64
	sha256    [32]byte
}

// split finds the digests of all parts, and checks that of the whole, in one
// pass.
func split(ctx context.Context, o blob.Object, size int64) ([]part, error) {
	w := &splitter{size: size}
	if err := blob.Copy(ctx, w, o); err != nil {
		return nil, err
	}
	return w.parts, nil
}

type splitter struct {
	size  int64
	parts []part
	state interface {
		io.Writer
		Sum([]byte) []byte
	}
}

func (w *splitter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if len(w.parts) == 0 || w.parts[len(w.parts)-1].size == w.size {
			w.parts = append(w.parts, part{off: int64(len(w.parts)) * w.size})
			w.state = sha256.New()
		}
		last := &w.parts[len(w.parts)-1]
		piece := p[:min(int64(len(p)), w.size-last.size)]
		w.state.Write(piece)
		last.size += int64(len(piece))
		last.sha256 = [32]byte(w.state.Sum(nil))
		p = p[len(piece):]
	}
	return n, nil
}

// composite is the checksum of the checksums of parts, as S3 writes it.
func composite(parts []part) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p.sha256[:])
	}
	return fmt.Sprintf("%s-%d", encode(h.Sum(nil)), len(parts))
}

// sendParts sends all parts and completes the upload. It returns the checksum
// that the service reports, if it does.
func (s *Store) sendParts(ctx context.Context, key, id string, o blob.Object, parts []part) (string, error) {
	done := make([]minio.CompletePart, len(parts))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(uploads)
	for i, p := range parts {
		g.Go(func() error {
			return s.retry(gctx, func() error {
				sent, err := s.sendPart(gctx, key, id, i+1, io.NewSectionReader(o.Body, p.off, p.size), p)
				done[i] = minio.CompletePart{PartNumber: i + 1, ETag: sent.ETag, ChecksumSHA256: sent.ChecksumSHA256}
				return err
			})
		})
	}
	if err := g.Wait(); err != nil {
		return "", err
	}
	var opts minio.PutObjectOptions
	if s.conditional {
		opts.SetMatchETagExcept("*")
	}
	var info minio.UploadInfo
	var conflict error
	lost := false // the answer to an attempt, which may have succeeded
	err := s.retry(ctx, func() error {
		err := s.try(ctx, func(ctx context.Context) (err error) {
			info, err = s.core.CompleteMultipartUpload(ctx, s.cfg.Bucket, s.key(key), id, done, opts)
			return err
		})
		switch {
		case status(err, http.StatusConflict):
			// S3 wants the whole upload to be made again, not the completion.
			conflict = err
			return nil
		case lost && status(err, http.StatusNotFound):
			info = minio.UploadInfo{}
			if s.compare(ctx, key, o) == nil {
				return nil
			}
		}
		lost = lost || err != nil
		return err
	})
	return info.ChecksumSHA256, errors.Join(err, conflict)
}

func (s *Store) sendPart(ctx context.Context, key, id string, number int, body io.Reader, p part) (sent minio.ObjectPart, err error) {
	err = s.send(ctx, body, func(ctx context.Context, body io.Reader) (err error) {
		sent, err = s.core.PutObjectPart(ctx, s.cfg.Bucket, s.key(key), id, number, body, p.size, minio.PutObjectPartOptions{
			Sha256Hex:            fmt.Sprintf("%x", p.sha256),
			CustomHeader:         http.Header{digestHeader: {encode(p.sha256[:])}},
			DisableContentSha256: true,
		})
		return err
	})
	return sent, err
}

// abort frees what a failed upload has sent, even when the caller is cancelled.
func (s *Store) abort(ctx context.Context, key, id string) {
	ctx = context.WithoutCancel(ctx)
	for attempt := 1; attempt <= 3; attempt++ {
		err := s.try(ctx, func(ctx context.Context) error {
			return s.core.AbortMultipartUpload(ctx, s.cfg.Bucket, s.key(key), id)
		})
		// Nothing depends on success: the bucket's lifecycle rules do the rest.
		if err == nil || !passing(err) || errors.Is(err, errTooSlow) || s.pause(ctx, attempt) != nil {
			return
		}
	}
}
