package warc

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Record is one record, as a [Reader] returns it.
type Record struct {
	Header Header    // the named fields as written, without the version line
	Block  io.Reader // the record block; valid until the Reader's next call of Next

	Version string // "WARC/1.1", as written

	// Offset is where the record starts in the file: its gzip member when it is
	// compressed. Several records in one member share its offset.
	Offset int64

	// Size is how many bytes of the file the record takes from Offset on: its
	// gzip member, or header, block and the closing CRLFCRLF. It is 0 until
	// Block has been read to io.EOF or Next has been called again, and stays 0
	// for a record that shares its gzip member, since it has no bytes of its own.
	Size int64

	// Problems are the structural faults found so far. Faults of the header are
	// known when Next returns, those of the end once the block has been read.
	Problems []Problem
}

// Type returns WARC-Type; it may be one that the standard does not define.
func (r *Record) Type() Type { return Type(r.Header.Get(FieldType)) }

// ID returns WARC-Record-ID as written, with its angle brackets.
func (r *Record) ID() string { return r.Header.Get(FieldRecordID) }

// TargetURI returns WARC-Target-URI. Angle brackets around it, which some
// writers took from the grammar of WARC 1.0, are removed.
func (r *Record) TargetURI() string { return StripBrackets(r.Header.Get(FieldTargetURI)) }

// Date returns WARC-Date.
func (r *Record) Date() (time.Time, error) { return ParseDate(r.Header.Get(FieldDate)) }

// ContentLength returns the declared size of the block in bytes, -1 when the
// field is missing or no number.
func (r *Record) ContentLength() int64 {
	n, err := parseLength(r.Header.Get(FieldContentLength))
	if err != nil {
		return -1
	}
	return n
}

// ContentType returns the media type of the block as written, "" when it has none.
func (r *Record) ContentType() string { return r.Header.Get(FieldContentType) }

// Truncated returns why the block is shorter than what was sent, "" when it is whole.
func (r *Record) Truncated() string { return r.Header.Get(FieldTruncated) }

// StripBrackets returns uri without one pair of surrounding angle brackets.
func StripBrackets(uri string) string {
	if len(uri) >= 2 && uri[0] == '<' && uri[len(uri)-1] == '>' {
		return uri[1 : len(uri)-1]
	}
	return uri
}

// NewID returns a fresh WARC-Record-ID, "<urn:uuid:…>" with a random (version 4) UUID.
func NewID() string {
	var u [16]byte
	rand.Read(u[:]) // never fails: crypto/rand ends the process instead
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	var b [47]byte
	copy(b[:], "<urn:uuid:")
	hex.Encode(b[10:18], u[0:4])
	b[18] = '-'
	hex.Encode(b[19:23], u[4:6])
	b[23] = '-'
	hex.Encode(b[24:28], u[6:8])
	b[28] = '-'
	hex.Encode(b[29:33], u[8:10])
	b[33] = '-'
	hex.Encode(b[34:46], u[10:16])
	b[46] = '>'
	return string(b[:])
}

// dateLayouts are the forms of WARC 1.1, clause 5.4: the W3C profile of ISO
// 8601 in UTC with reduced or up to nanosecond precision. Go accepts fractional
// seconds where the layout has none.
var dateLayouts = [...]string{"2006-01-02T15:04:05Z", "2006-01-02T15:04Z", "2006-01-02", "2006-01", "2006"}

// FormatDate returns t as a WARC-Date: UTC, nanosecond precision, trailing
// zeros of the fraction omitted. [ParseDate] returns the same instant.
func FormatDate(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.999999999Z")
}

// ParseDate reads a WARC-Date. Dates of reduced precision give the start of
// their period. Any zone but Z is an error.
func ParseDate(s string) (time.Time, error) {
	for _, layout := range dateLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		// time.Parse takes a comma and any number of digits; the standard does not.
		if i := strings.IndexAny(s, ".,"); i >= 0 && (s[i] == ',' || len(s)-i-2 > 9) {
			break
		}
		return t, nil
	}
	return time.Time{}, fmt.Errorf("warc: %q is no WARC-Date", s)
}

// parseLength reads the digits of a Content-Length. Signs and spaces, which
// strconv or lenient readers would take, are errors.
func parseLength(s string) (int64, error) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, strconv.ErrSyntax
		}
	}
	return strconv.ParseInt(s, 10, 64)
}
