// Package archive keeps captures: what a visit saw becomes one WARC file, and
// the file's name is its SHA-256.
//
// The commit point is blob.Store.Put: before it nothing of a capture is in the
// archive, after it the capture is there for good, complete and unchangeable.
// Nothing is ever overwritten or deleted. Everything an index needs is in the
// WARC's last record, so that losing the catalog loses nothing. What was kept is
// then entered into a log, which fixes its order and lets nobody take it away
// unnoticed.
//
// The package does not fetch, does not judge, and does not remember: which
// captures exist is what the store lists.
package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/warc"
)

// Archive is a store of captures and reports.
type Archive struct {
	store    blob.Store
	log      Log
	readOnly bool
	software string
	tempDir  string
}

// Config describes an Archive.
type Config struct {
	Store    blob.Store
	Log      Log    // nil keeps none
	ReadOnly bool   // the log is only read
	Software string // "ibid/1.2.3", written into every capture
	TempDir  string // for captures that outgrow memory; "" for the system's
}

// New returns an Archive over a store.
func New(cfg Config) *Archive {
	return &Archive{store: cfg.Store, log: cfg.Log, readOnly: cfg.ReadOnly, software: cfg.Software, tempDir: cfg.TempDir}
}

// Prefixes of the keys of captures and reports. A key is the prefix, the first
// byte of the file's SHA-256 in hex, and the whole of it: captures/ab/ab….warc.gz
const (
	CapturePrefix = "captures/"
	ReportPrefix  = "reports/"
	suffix        = ".warc.gz"
)

// CaptureKey is the key of the capture whose WARC has this SHA-256 (lower-case hex).
func CaptureKey(sum string) string { return key(CapturePrefix, sum) }

// key gives for what is no SHA-256 a key that no object has.
func key(prefix, sum string) string { return prefix + sum[:min(2, len(sum))] + "/" + sum + suffix }

// ParseKey returns the SHA-256 that a key under prefix names.
func ParseKey(prefix, key string) (sum string, err error) {
	rest, ok := strings.CutPrefix(key, prefix)
	name, ok2 := strings.CutSuffix(path.Base(rest), suffix)
	if b, err := hex.DecodeString(name); !ok || !ok2 || err != nil || len(b) != sha256.Size ||
		name != strings.ToLower(name) || rest != name[:2]+"/"+name+suffix {
		return "", fmt.Errorf("%s: not a key of the form %s<aa>/<sha256>%s", key, prefix, suffix)
	}
	return name, nil
}

// List yields the SHA-256 of every WARC under prefix, in order. Keys of another
// form are passed over; the audit names them.
func (a *Archive) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for info, err := range a.store.List(ctx, prefix) {
			if err != nil {
				yield("", err)
				return
			}
			sum, err := ParseKey(prefix, info.Key)
			if err != nil {
				continue
			}
			if !yield(sum, nil) {
				return
			}
		}
	}
}

// Capture reads the capture record of one capture, without the rest of its file.
func (a *Archive) Capture(ctx context.Context, sum string) (*Capture, error) {
	block, size, err := a.lastRecord(ctx, CaptureKey(sum), CaptureType)
	if err != nil {
		return nil, err
	}
	c, err := DecodeCapture(bytes.NewReader(block))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", CaptureKey(sum), err)
	}
	c.SHA256, c.Size = sum, size
	return c, nil
}

// tailBytes is how much of a file's end is read first when its last record is wanted.
const tailBytes = 64 << 10

// lastRecord returns the block of a WARC's last record, which must be of the
// given media type. It looks for the last gzip member from the end of the file
// and reads the whole file only when that fails.
func (a *Archive) lastRecord(ctx context.Context, key, mediaType string) (block []byte, size int64, err error) {
	info, err := a.store.Stat(ctx, key)
	if err != nil {
		return nil, 0, err
	}
	if n := min(info.Size, tailBytes); n > 0 {
		tail, err := a.read(ctx, key, info.Size-n, n)
		if err != nil {
			return nil, 0, err
		}
		for at := bytes.LastIndex(tail, gzipMagic); at >= 0; at = bytes.LastIndex(tail[:at], gzipMagic) {
			if block, err := soleRecord(tail[at:], mediaType); err == nil {
				return block, info.Size, nil
			}
		}
	}
	rc, err := a.store.Open(ctx, key, 0, -1)
	if err != nil {
		return nil, 0, err
	}
	defer rc.Close()
	block, err = scanLast(rc, mediaType)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", key, err)
	}
	return block, info.Size, nil
}

var gzipMagic = []byte{0x1f, 0x8b, 0x08}

func (a *Archive) read(ctx context.Context, key string, off, n int64) ([]byte, error) {
	rc, err := a.store.Open(ctx, key, off, n)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	b, err := io.ReadAll(rc)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return b, nil
}

// maxRecordJSON bounds a capture or report record.
const maxRecordJSON = 64 << 20

// soleRecord reads a WARC of exactly one record of the media type.
func soleRecord(b []byte, mediaType string) ([]byte, error) {
	r, err := warc.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	rec, err := r.Next()
	if err != nil {
		return nil, err
	}
	if rec.ContentType() != mediaType {
		return nil, ErrNotCapture
	}
	block, err := io.ReadAll(io.LimitReader(rec.Block, maxRecordJSON))
	if err != nil {
		return nil, err
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		return nil, ErrNotCapture
	}
	return block, nil
}

func scanLast(r io.Reader, mediaType string) ([]byte, error) {
	wr, err := warc.NewReader(r)
	if err != nil {
		return nil, err
	}
	var block []byte
	for {
		rec, err := wr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		block = nil
		if rec.ContentType() != mediaType {
			continue
		}
		if block, err = io.ReadAll(io.LimitReader(rec.Block, maxRecordJSON)); err != nil {
			return nil, err
		}
	}
	if block == nil {
		return nil, ErrNotCapture
	}
	return block, nil
}
