package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ibid-archive/ibid/archive/warc"
	"github.com/ibid-archive/ibid/seeds"
)

// ReportType is the media type of the last record of every report's WARC.
const ReportType = "application/vnd.ibid.report+json"

// ReportVersion is the newest version of the JSON in that record. A report without a media type has version 1: whoever reads
// that reads it alike.
const ReportVersion = 2

// Report is one version of a report as it was when its sources were visited.
// Its bytes are kept beside the captures, so that the archive alone says what
// cited what.
type Report struct {
	Version  int    `json:"version"`
	Software string `json:"software"`
	Path     string `json:"path"` // where it was read, as given
	// MediaType is what the answer said that it came with, see [seeds.MediaType]; empty for a file. From version 2 on.
	MediaType string    `json:"media_type,omitempty"`
	SHA256    string    `json:"sha256"`
	Size      int64     `json:"size"`
	SeenAt    time.Time `json:"seen_at"`

	Object string `json:"-"` // SHA-256 of the WARC that holds it
}

// PutReport keeps a report's bytes and fills in the rest of r. Every call makes
// an object of its own, since records have unique names; callers put a version
// once, and one that was put again after a failure does no harm.
func (a *Archive) PutReport(ctx context.Context, r *Report, data []byte) error {
	sum := sha256.Sum256(data)
	r.Version, r.Software, r.SHA256, r.Size = 1, a.software, hex.EncodeToString(sum[:]), int64(len(data))
	if r.MediaType != "" {
		r.Version = 2
	}
	r.SeenAt = r.SeenAt.UTC().Truncate(time.Microsecond)
	w, err := a.Begin()
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := w.begin(r.SeenAt); err != nil {
		return err
	}
	uri := "urn:sha256:" + r.SHA256
	var more warc.Header
	more.Add(warc.FieldPayloadDigest, warc.FormatDigest(sum))
	if err := w.record(warc.TypeResource, warc.NewID(), r.SeenAt, uri, "application/octet-stream", data, more); err != nil {
		return err
	}
	block, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode report record: %w", err)
	}
	if err := w.record(warc.TypeMetadata, warc.NewID(), r.SeenAt, uri, ReportType, block, nil); err != nil {
		return err
	}
	r.Object, _, err = w.put(ctx, ReportPrefix)
	return err
}

// Report reads a report and its bytes.
func (a *Archive) Report(ctx context.Context, sum string) (*Report, []byte, error) {
	k := key(ReportPrefix, sum)
	rc, err := a.store.Open(ctx, k, 0, -1)
	if err != nil {
		return nil, nil, err
	}
	defer rc.Close()
	r, data, err := readReport(rc)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", k, err)
	}
	r.Object = sum
	return r, data, nil
}

func readReport(in io.Reader) (*Report, []byte, error) {
	wr, err := warc.NewReader(in)
	if err != nil {
		return nil, nil, err
	}
	var (
		r    Report
		data []byte
	)
	for {
		rec, err := wr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		block, err := io.ReadAll(io.LimitReader(rec.Block, maxRecordJSON))
		if err != nil {
			return nil, nil, err
		}
		switch {
		case rec.Type() == warc.TypeResource:
			data = block
		case rec.ContentType() == ReportType:
			if err := json.NewDecoder(bytes.NewReader(block)).Decode(&r); err != nil {
				return nil, nil, fmt.Errorf("decode report record: %w", err)
			}
		}
	}
	if err := r.Readable(); err != nil {
		return nil, nil, err
	}
	if data == nil {
		return nil, nil, errors.New("no record holds the report")
	}
	return &r, data, nil
}

// Readable returns an error if the record is of a version that this program does not know.
func (r *Report) Readable() error {
	if r.Version < 1 || r.Version > ReportVersion {
		return fmt.Errorf("decode report record: version %d, this program reads 1 to %d", r.Version, ReportVersion)
	}
	return nil
}

// Read reads the report from its bytes, as it was read when it was kept.
func (r *Report) Read(data []byte) (*seeds.Report, error) {
	return seeds.ReadTyped(r.Path, r.MediaType, data)
}
