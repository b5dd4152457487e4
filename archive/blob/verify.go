package blob

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
)

// copyBuffer is the size in bytes of the pieces in which bodies are copied.
const copyBuffer = 128 << 10

// Copy writes the body of o to w and checks it on the way: it returns an error
// that wraps [ErrMismatch] when the bytes aren't o.Size many or don't hash to
// o.SHA256. All is read before the verdict, so w must be something that can be
// thrown away, such as a temporary file or [io.Discard].
func Copy(ctx context.Context, w io.Writer, o Object) error {
	if o.Size < 0 {
		return fmt.Errorf("%w: the size is %d bytes", ErrMismatch, o.Size)
	}
	h := sha256.New()
	buf := make([]byte, max(1, min(o.Size+1, copyBuffer)))
	var off int64
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		// One byte past Size is asked for, so that a longer body is noticed.
		n, err := o.Body.ReadAt(buf[:min(int64(len(buf)), o.Size+1-off)], off)
		off += int64(n)
		if off > o.Size {
			return fmt.Errorf("%w: the body is longer than %d bytes", ErrMismatch, o.Size)
		}
		h.Write(buf[:n])
		if _, werr := w.Write(buf[:n]); werr != nil {
			return werr
		}
		if err == io.EOF {
			break
		}
		if err == nil && n == 0 {
			err = io.ErrNoProgress
		}
		if err != nil {
			return err
		}
	}
	if off != o.Size {
		return fmt.Errorf("%w: the body has %d bytes, not %d", ErrMismatch, off, o.Size)
	}
	if [32]byte(h.Sum(nil)) != o.SHA256 {
		return fmt.Errorf("%w: the body hashes to %x, not %x", ErrMismatch, h.Sum(nil), o.SHA256)
	}
	return nil
}
