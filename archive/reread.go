package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/ibid-archive/ibid/archive/warc"
)

// ErrDamaged says that an object is not what its name or its records promise.
var ErrDamaged = errors.New("the object is damaged")

// Reread reads a whole capture and returns its record, as Capture does from the
// end of the file. Every byte counts: the file must have the SHA-256 of its name
// and every record its digests, otherwise the error wraps ErrDamaged.
func (a *Archive) Reread(ctx context.Context, sum string) (*Capture, error) {
	k := CaptureKey(sum)
	rc, err := a.store.Open(ctx, k, 0, -1)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	h := sha256.New()
	file := &counter{r: io.TeeReader(rc, h)}
	block, ofForm, err := soundLast(file, CaptureType)
	if err == nil {
		_, err = io.Copy(io.Discard, file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sum {
		return nil, fmt.Errorf("%s: %w: its SHA-256 is %s", k, ErrDamaged, got)
	}
	c, err := DecodeCapture(bytes.NewReader(block))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k, err)
	}
	if ofForm != nil && !c.Imported.Foreign() {
		return nil, fmt.Errorf("%s: %w: %w", k, ErrDamaged, ofForm)
	}
	c.SHA256, c.Size = sum, file.n
	return c, nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// soundLast checks every record and returns the block of the last one, and the
// first fault of form, which records of others may have.
func soundLast(r io.Reader, mediaType string) (block []byte, ofForm, err error) {
	wr, err := warc.NewReader(r)
	if err != nil {
		return nil, nil, err
	}
	var last bytes.Buffer
	is := false
	for {
		rec, err := wr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		last.Reset()
		if is = rec.ContentType() == mediaType; is {
			rec.Block = io.TeeReader(rec.Block, &limited{&last, maxRecordJSON})
		}
		problems, err := warc.Verify(rec)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range problems {
			if !p.Code.OfForm() {
				return nil, nil, fmt.Errorf("%w: %s", ErrDamaged, p.Message)
			}
			if ofForm == nil {
				ofForm = p
			}
		}
	}
	if !is {
		return nil, nil, ErrNotCapture
	}
	return last.Bytes(), ofForm, nil
}

// limited keeps the first bytes that are written to it.
type limited struct {
	b    *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.b.Write(p[:n])
	l.left -= n
	return len(p), nil
}
