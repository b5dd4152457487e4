package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/ibid-archive/ibid/archive/warc"
)

// Imported says where a capture comes from that is no visit of ours: from a file
// whose records somebody else made, or from a web archive that was asked about the
// source (Memento, Submitted). What it says of a file is as far as that could be
// checked.
type Imported struct {
	File     string `json:"file,omitempty"`     // its name, without directories
	SHA256   string `json:"sha256,omitempty"`   // of its bytes, lower-case hex
	Software string `json:"software,omitempty"` // that made it, as it says
	// Signer is the SHA-256 of the public key that signed the package
	// (SubjectPublicKeyInfo in DER, lower-case hex), Domain the one that its
	// certificate is for. Whose they are is not said by this.
	Signer string `json:"signer,omitempty"`
	Domain string `json:"domain,omitempty"`

	Memento   *Memento    `json:"memento,omitempty"`
	Submitted *Submission `json:"submitted,omitempty"`
}

// Foreign reports that somebody else wrote the records. Those of our exchanges
// with an archive are ours.
func (i *Imported) Foreign() bool { return i != nil && i.Memento == nil && i.Submitted == nil }

// Memento is a source as a public web archive says that it was (RFC 7089). The
// exchanges with the archive are in the capture, as received; those with RoleSource
// are the memento itself.
type Memento struct {
	Archive  string    `json:"archive"`          // how the archive is named: "web.archive.org"
	URL      string    `json:"url"`              // the memento, for a reader (URI-M)
	Datetime time.Time `json:"datetime"`         // Memento-Datetime
	Original string    `json:"original"`         // the URL that the archive visited (URI-R)
	Wanted   time.Time `json:"wanted,omitzero"`  // the day that the nearest memento was looked for
	From     string    `json:"from,omitempty"`   // where that day comes from: one of the Day constants
	Passed   int       `json:"passed,omitempty"` // nearer ones that were not taken: see the reasons
}

// Better reports that m stands for what was cited rather than other does: it was
// looked for by a day that is better known, or is nearer to its day.
func (m *Memento) Better(other *Memento) bool {
	a, b := slices.Index(dayOrder(), m.From), slices.Index(dayOrder(), other.From)
	return a > b || a == b && m.Datetime.Sub(m.Wanted).Abs() < other.Datetime.Sub(other.Wanted).Abs()
}

// dayOrder has the Day constants, the best known last.
func dayOrder() []string { return []string{DayKept, DayPost, DayText, DayAccessed, DayGiven} }

// Where a day of citation comes from.
const (
	DayGiven    = "given"    // a person said it
	DayAccessed = "accessed" // the citation says when its source was read
	DayText     = "text"     // the report carries a date
	DayPost     = "post"     // of the newest post among the citations
	DayKept     = "kept"     // when the report was first kept
)

// Submission is what a web archive answered that was asked to capture a source.
type Submission struct {
	Archive  string    `json:"archive"`
	Status   string    `json:"status"`            // one of the Submission constants
	Job      string    `json:"job,omitempty"`     // as the archive names it
	Message  string    `json:"message,omitempty"` // the archive's words: clean them before they are shown
	URL      string    `json:"url,omitempty"`     // the snapshot that it made or had
	Datetime time.Time `json:"datetime,omitzero"` // of that snapshot
}

// How a submission ended.
const (
	SubmissionSuccess = "success" // the archive has a snapshot
	SubmissionPending = "pending" // it had not finished when we stopped asking
	SubmissionError   = "error"   // it could not, or would not
)

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
