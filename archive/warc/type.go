package warc

import "fmt"

// Type is the value of WARC-Type (clause 6).
type Type string

// The record types of clause 6.
const (
	TypeWarcinfo     Type = "warcinfo"
	TypeResponse     Type = "response"
	TypeResource     Type = "resource"
	TypeRequest      Type = "request"
	TypeMetadata     Type = "metadata"
	TypeRevisit      Type = "revisit"
	TypeConversion   Type = "conversion"
	TypeContinuation Type = "continuation"
)

// Validate returns an error for a type that the standard does not define.
// Readers skip such records (clause 6.1); this package does not write them.
func (t Type) Validate() error {
	switch t {
	case TypeWarcinfo, TypeResponse, TypeResource, TypeRequest,
		TypeMetadata, TypeRevisit, TypeConversion, TypeContinuation:
		return nil
	}
	return fmt.Errorf("warc: unknown record type %q", string(t))
}

// ParseType returns s as a Type, or an error when the standard defines none of
// that name. Names are lower case.
func ParseType(s string) (Type, error) {
	t := Type(s)
	return t, t.Validate()
}

// Values of WARC-Truncated (clause 5.13): why a block is shorter than what was sent.
const (
	TruncatedLength      = "length"      // a size limit, or a revisit's omitted body
	TruncatedTime        = "time"        // a time limit
	TruncatedDisconnect  = "disconnect"  // the connection broke
	TruncatedUnspecified = "unspecified" // some other reason
)

// Values of WARC-Profile on revisit records (clause 6.7).
const (
	ProfileIdentical   = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	ProfileNotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
)

// ParseProfile maps a WARC-Profile as found in files to [ProfileIdentical] or
// [ProfileNotModified]. It accepts the URIs of WARC 1.0 and the one that the
// standard's own example B.6 misprints. ok is false for any other profile, and
// the block of such a revisit must not be interpreted.
func ParseProfile(uri string) (profile string, ok bool) {
	switch uri {
	case ProfileIdentical,
		"http://netpreserve.org/warc/1.0/revisit/identical-payload-digest":
		return ProfileIdentical, true
	case ProfileNotModified,
		"http://netpreserve.org/warc/1.1/server-not-modified",
		"http://netpreserve.org/warc/1.0/revisit/server-not-modified",
		"http://netpreserve.org/warc/1.0/server-not-modified":
		return ProfileNotModified, true
	}
	return "", false
}
