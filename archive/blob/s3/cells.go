package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/minio/minio-go/v7"

	"github.com/ibid-archive/ibid/archive/blob"
)

var _ blob.Cells = (*Store)(nil)

var (
	// errUnsettled says that a request may have replaced the cell, and that what is
	// there now doesn't tell.
	errUnsettled = errors.New("no answer tells whether the cell was replaced")
	// errReplaced and errOwnVersion pass: another attempt meets another cell.
	errReplaced   = errors.New("the cell was replaced while it was read")
	errOwnVersion = errors.New("the service refuses to replace the very version that it has")
)

// Load implements [blob.Cells]. A version is the object's ETag.
func (s *Store) Load(ctx context.Context, key string) (data []byte, version string, err error) {
	data, version, err = s.load(ctx, key)
	if err != nil {
		return nil, "", fmt.Errorf("load %s: %w", key, err)
	}
	return data, version, nil
}

func (s *Store) load(ctx context.Context, key string) (data []byte, version string, err error) {
	err = s.retry(ctx, func() error {
		r, err := s.open(ctx, key, 0, -1)
		if err != nil {
			return err
		}
		defer r.Close()
		if r.end > blob.MaxCell {
			return fmt.Errorf("%w: it has %d bytes", blob.ErrCellSize, r.end)
		}
		data, version = make([]byte, r.end), r.etag
		// A cell that is replaced while it is read breaks the download.
		if _, err := io.ReadFull(r, data); err != nil {
			if status(err, http.StatusPreconditionFailed) {
				err = fmt.Errorf("%w: %w", errReplaced, err)
			}
			return err
		}
		return nil
	})
	if err == nil && version == "" {
		err = errors.New("the service reports no ETag, so that a cell can't be replaced safely")
	}
	return data, version, err
}

// Swap implements [blob.Cells] with one conditional request, whose answer is
// the commit point. When an answer is lost the cell is loaded: if it holds data
// the swap has succeeded, by this request or by somebody else's equal one.
//
// A cell gets no retention of [Lock]. In a versioned bucket what is replaced
// stays as an older version.
func (s *Store) Swap(ctx context.Context, key, old string, data []byte) (version string, err error) {
	version, err = s.swap(ctx, key, old, data)
	if err != nil {
		return "", fmt.Errorf("swap %s: %w", key, err)
	}
	return version, nil
}

func (s *Store) swap(ctx context.Context, key, old string, data []byte) (string, error) {
	if err := blob.ValidKey(key); err != nil {
		return "", err
	}
	switch {
	case s.cfg.ReadOnly:
		return "", blob.ErrReadOnly
	case len(data) > blob.MaxCell:
		return "", fmt.Errorf("%w: these are %d bytes", blob.ErrCellSize, len(data))
	case !s.conditional || !s.replaces:
		return "", errNoSwap
	}
	w := &swap{s: s, key: key, old: old, o: blob.Bytes(data), data: data}
	err := s.retry(ctx, func() error { return w.attempt(ctx) })
	if err == nil || !w.lost || errors.Is(err, errUnsettled) {
		return w.version, err
	}
	// Given up, or cancelled. One more look, unless nobody waits for it.
	if found, loadErr := w.look(ctx); loadErr == nil && found {
		return w.version, nil
	}
	return "", fmt.Errorf("%w: %w", errUnsettled, err)
}

// errNoSwap is the answer of a service without conditions.
var errNoSwap = errors.New("the service doesn't honour If-Match and If-None-Match, so two writers could each replace what the other wrote: " +
	"keep the archive in a directory, or with a service that has conditional writes, as AWS does")

// A swap is one call of Swap.
type swap struct {
	s        *Store
	key, old string
	o        blob.Object
	data     []byte
	version  string // the new one, after success
	lost     bool   // the answer to an attempt, which may have succeeded or do so later
}

// attempt makes one request. An error that passes means: once more.
func (w *swap) attempt(ctx context.Context) error {
	opts := w.s.cellOptions(w.o)
	if w.old == "" {
		opts.SetMatchETagExcept("*")
	} else {
		opts.SetMatchETag(w.old)
	}
	info, err := w.s.sendWhole(ctx, w.key, w.o, opts)
	switch {
	case err == nil:
		return w.confirm(ctx, info)
	case status(err, http.StatusPreconditionFailed), status(err, http.StatusNotFound) && !noBucket(err):
		return w.refused(ctx, err)
	case !refusal(err):
		w.lost = true
	}
	return err
}

// confirm makes sure that the service keeps what was sent.
func (w *swap) confirm(ctx context.Context, info minio.UploadInfo) error {
	w.version = info.ETag
	if info.ChecksumSHA256 == encode(w.o.SHA256[:]) && info.ETag != "" {
		return nil
	}
	w.lost = true // until it is known
	data, now, err := w.s.load(ctx, w.key)
	switch {
	case err != nil:
		return err
	case bytes.Equal(data, w.data):
		w.version = now
		return nil
	case info.ETag == "":
		return errUnsettled
	case now == info.ETag:
		return fmt.Errorf("%w: the service keeps other bytes than were sent", blob.ErrMismatch)
	}
	return nil // replaced by the next writer already
}

// refused finds out why the condition failed.
func (w *swap) refused(ctx context.Context, refusal error) error {
	found, err := w.look(ctx)
	switch {
	case err != nil:
		return err
	case found && w.lost:
		return nil // it was an earlier attempt's answer that was lost
	case w.version == "" && w.old == "" && w.s.removed(ctx, w.key):
		return fmt.Errorf("the cell was removed, and the service takes the marker of that for a cell; remove the marker: %w", refusal)
	case w.version == w.old:
		// Either the cell went back and forth just now, or the service doesn't
		// take its own ETag for a condition.
		return fmt.Errorf("%w: %w", errOwnVersion, refusal)
	case w.lost:
		return fmt.Errorf("%w: it is %s now, not %s", errUnsettled, named(w.version), named(w.old))
	}
	return fmt.Errorf("%w: it is %s, not %s", blob.ErrStale, named(w.version), named(w.old))
}

// look reports whether the cell holds what is to be stored, and notes its version.
func (w *swap) look(ctx context.Context) (found bool, err error) {
	data, version, err := w.s.load(ctx, w.key)
	if errors.Is(err, blob.ErrNotExist) {
		data, version, err = nil, "", nil
	}
	w.version = version
	return err == nil && version != "" && bytes.Equal(data, w.data), err
}

func named(version string) string {
	if version == "" {
		return "absent"
	}
	return fmt.Sprintf("version %.40q", version)
}

// refusal reports whether err is an answer that means that nothing was stored.
func refusal(err error) bool {
	var resp minio.ErrorResponse
	if !errors.As(err, &resp) {
		return false
	}
	switch resp.StatusCode {
	case http.StatusRequestTimeout, 499:
		return false
	case http.StatusNotImplemented:
		return true
	}
	return resp.StatusCode >= 400 && resp.StatusCode < 500
}

func noBucket(err error) bool {
	var resp minio.ErrorResponse
	return errors.As(err, &resp) && resp.Code == minio.NoSuchBucket
}
