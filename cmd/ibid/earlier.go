package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
	"github.com/ibid-archive/ibid/verify"
)

// earlierText bounds, in bytes without content coding, what of an earlier
// capture is read to be compared with a visit.
const earlierText = 1 << 20

// text reads what a reader saw of the page at url in a capture. What holds no
// such page, or no text, is no error: then there is nothing to compare.
func (v *vault) text(ctx context.Context, capture, url string) (string, error) {
	if capture == "" {
		return "", nil
	}
	key := archive.CaptureKey(capture)
	file, err := v.store.Open(ctx, key, 0, -1)
	if err != nil {
		return "", fmt.Errorf("open capture: %w", err)
	}
	defer file.Close()
	r, err := warc.NewReader(file)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", key, err)
	}
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("read %s: %w", key, err)
		}
		if rec.Type() != warc.TypeResponse || rec.TargetURI() != url {
			continue
		}
		m, err := warc.Payload(rec.Block, warc.MsgResponse)
		if err != nil {
			continue
		}
		body := archive.Decode(m.Body, strings.Join(m.Header.Values("Content-Encoding"), ","), archive.DecodeLimits{MaxBytes: earlierText})
		d, err := verify.Text(untilBroken{body}, m.Header.Get("Content-Type"), url)
		if errors.Is(err, verify.ErrNoText) {
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("read %s: %w", key, err)
		}
		return d.Text, nil
	}
}

// untilBroken ends a body where it breaks off or a limit ends it.
type untilBroken struct{ r io.Reader }

func (u untilBroken) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}
