package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/ibid-archive/ibid/archive/warc"
)

// Imported says where a capture comes from whose records somebody else made.
// What it says of them is as far as their file could be checked.
type Imported struct {
	File     string `json:"file"`               // its name, without directories
	SHA256   string `json:"sha256"`             // of its bytes, lower-case hex
	Software string `json:"software,omitempty"` // that made it, as it says
	// Signer is the SHA-256 of the public key that signed the package
	// (SubjectPublicKeyInfo in DER, lower-case hex), Domain the one that its
	// certificate is for. Whose they are is not said by this.
	Signer string `json:"signer,omitempty"`
	Domain string `json:"domain,omitempty"`
}

// RawRecord is a WARC record as it stands in the file of another: a whole gzip
// member, or the plain bytes of the record.
type RawRecord struct {
	Body       io.Reader
	Compressed bool
}

// Import keeps records of others as a capture of c's source: each byte for byte,
// those that were plain in a gzip member, and our capture record after them. c
// has all that it is to say, Exchanges and Imported too; what it says and the
// records alone decide the object, so that importing the same again adds
// nothing. When it returns nil the capture is durable.
func (a *Archive) Import(ctx context.Context, c *Capture, records []RawRecord) error {
	c.Version, c.Software = CaptureVersion, a.software
	c.StartedAt, c.FinishedAt = c.StartedAt.UTC().Truncate(time.Microsecond), c.FinishedAt.UTC().Truncate(time.Microsecond)
	w, err := a.Begin()
	if err != nil {
		return err
	}
	defer w.Abort()
	w.begun = true // by the warcinfo record of the other, if it has one
	for i, r := range records {
		if err := w.raw(r); err != nil {
			return fmt.Errorf("import record %d of %s: %w", i, c.URL, err)
		}
	}
	block, err := c.Encode()
	if err != nil {
		return err
	}
	if err := w.record(warc.TypeMetadata, importID(block), c.StartedAt, c.URL, CaptureType, block, nil); err != nil {
		return err
	}
	if c.SHA256, c.Size, err = w.put(ctx, CapturePrefix); err != nil {
		return err
	}
	return nil
}

// raw writes a record of another.
func (w *Writer) raw(r RawRecord) error {
	if r.Compressed {
		_, err := io.Copy(w.out, r.Body)
		return err
	}
	z := gzip.NewWriter(w.out)
	if _, err := io.Copy(z, r.Body); err != nil {
		return err
	}
	return z.Close()
}

// importID is the WARC-Record-ID of an imported capture's record: a UUID of
// version 8 (RFC 9562 §5.8) that the block decides.
func importID(block []byte) string {
	sum := sha256.Sum256(append([]byte("ibid import\n"), block...))
	u := sum[:16]
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	h := hex.EncodeToString(u)
	return "<urn:uuid:" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:] + ">"
}
