package warc

import "strings"

// Names of the fields that the standard defines (clause 5).
const (
	FieldRecordID              = "WARC-Record-ID"
	FieldContentLength         = "Content-Length"
	FieldDate                  = "WARC-Date"
	FieldType                  = "WARC-Type"
	FieldContentType           = "Content-Type"
	FieldConcurrentTo          = "WARC-Concurrent-To"
	FieldBlockDigest           = "WARC-Block-Digest"
	FieldPayloadDigest         = "WARC-Payload-Digest"
	FieldIPAddress             = "WARC-IP-Address"
	FieldRefersTo              = "WARC-Refers-To"
	FieldRefersToTargetURI     = "WARC-Refers-To-Target-URI"
	FieldRefersToDate          = "WARC-Refers-To-Date"
	FieldTargetURI             = "WARC-Target-URI"
	FieldTruncated             = "WARC-Truncated"
	FieldWarcinfoID            = "WARC-Warcinfo-ID"
	FieldFilename              = "WARC-Filename"
	FieldProfile               = "WARC-Profile"
	FieldIdentifiedPayloadType = "WARC-Identified-Payload-Type"
	FieldSegmentNumber         = "WARC-Segment-Number"
	FieldSegmentOriginID       = "WARC-Segment-Origin-ID"
	FieldSegmentTotalLength    = "WARC-Segment-Total-Length"
)

// Field is one named field, of a WARC record or of an HTTP message.
type Field struct {
	Name  string // as written; "" for a line of an HTTP head that is no field
	Value string // as written, without surrounding white space
}

// Header is the ordered list of named fields of a record. Names are compared
// without regard to case. A Header that was assigned shares its fields with the
// one that it was assigned from, and Set and Del change them in place: use
// slices.Clone for one of its own.
type Header []Field

// Get returns the value of the first field called name, or "".
func (h Header) Get(name string) string {
	v, _ := h.Lookup(name)
	return v
}

// Lookup returns the value of the first field called name, and whether there
// is such a field at all.
func (h Header) Lookup(name string) (value string, ok bool) {
	for i := range h {
		if equalName(h[i].Name, name) {
			return h[i].Value, true
		}
	}
	return "", false
}

// Values returns the values of all fields called name, in order.
func (h Header) Values(name string) []string {
	var vs []string
	for i := range h {
		if equalName(h[i].Name, name) {
			vs = append(vs, h[i].Value)
		}
	}
	return vs
}

// Add appends a field.
func (h *Header) Add(name, value string) {
	*h = append(*h, Field{Name: name, Value: value})
}

// Set gives the first field called name this value and removes its repetitions;
// without such a field it appends one.
func (h *Header) Set(name, value string) {
	kept, found := (*h)[:0], false
	for _, f := range *h {
		if equalName(f.Name, name) {
			if found {
				continue
			}
			found, f.Value = true, value
		}
		kept = append(kept, f)
	}
	*h = kept
	if !found {
		h.Add(name, value)
	}
}

// Del removes all fields called name.
func (h *Header) Del(name string) {
	kept := (*h)[:0]
	for _, f := range *h {
		if !equalName(f.Name, name) {
			kept = append(kept, f)
		}
	}
	*h = kept
}

// equalName compares field names. The length test first keeps the many misses
// of a lookup cheap.
func equalName(a, b string) bool {
	return len(a) == len(b) && strings.EqualFold(a, b)
}
