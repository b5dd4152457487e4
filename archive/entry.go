package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// EntryVersion is the version of the JSON of the log's entries.
const EntryVersion = 1

// MaxEntry is the greatest length of an entry in bytes: that of a leaf in a
// bundle of C2SP tlog-tiles, whose length is written in 16 bits.
const MaxEntry = 1<<16 - 1

// Kinds of entries.
const (
	KindCapture  = "capture"
	KindReport   = "report"
	KindKey      = "key"
	KindDecision = "decision"
)

// Entry is one leaf of the log: that an object was kept, and what it says in
// short. The object is named by the SHA-256 of its bytes, so the entry fixes
// every one of them.
//
// The JSON is canonical: the names in ascending order, no white space, no empty
// member, times in RFC 3339 with Z and at most six decimals, and escapes only for
// what JSON demands and for U+2028 and U+2029. Equal entries have equal bytes,
// and bytes that are not canonical are no entry.
type Entry struct {
	// Citations says what a visit was made for: SHA-256 of a report -> the ids
	// of its citations, in ascending order.
	Citations map[string][]string `json:"citations,omitempty"`
	// CitationsOmitted counts those that did not fit; the capture record has all.
	CitationsOmitted int `json:"citations_omitted,omitempty"`

	Kind   string `json:"kind"`
	Object string `json:"object,omitempty"` // SHA-256 of the WARC, lower-case hex

	Path          string `json:"path,omitempty"`           // of a report, or the one a decision is about: where it was read
	PayloadSHA256 string `json:"payload_sha256,omitempty"` // of a capture: the final answer's entity-body
	ReportSHA256  string `json:"report_sha256,omitempty"`  // of that report: its bytes
	Size          int64  `json:"size,omitempty"`           // of a capture: its WARC, in bytes
	TextSHA256    string `json:"text_sha256,omitempty"`

	// Time is when the visit was judged, the report was read or the decision was made.
	Time time.Time `json:"time"`

	URL     string  `json:"url,omitempty"`     // of a capture: as it was visited; of a decision: the source's key
	Verdict Verdict `json:"verdict,omitempty"` // of a capture
	Version int     `json:"version"`
	VKey    string  `json:"vkey,omitempty"` // of a key: the line that verifies checkpoints from here on
}

// ErrNotEntry says that a leaf of the log is not an entry of this format.
var ErrNotEntry = errors.New("not an entry of this log's format")

// maxURL is how many bytes of an address an entry keeps. The capture record has
// the whole; such an address is hostile or holds data.
const maxURL = 16 << 10

// CaptureEntry is the entry of a capture that was committed.
func CaptureEntry(c *Capture) *Entry {
	e := &Entry{Kind: KindCapture, Object: c.SHA256, Size: c.Size, Time: c.FinishedAt, URL: c.URL, Verdict: c.Verdict, Version: EntryVersion,
		PayloadSHA256: c.PayloadSHA256, TextSHA256: c.TextSHA256}
	if e.Time.IsZero() {
		e.Time = c.StartedAt
	}
	if len(e.URL) > maxURL {
		e.URL = e.URL[:maxURL]
	}
	e.cite(c.Citations)
	// Escapes can make an entry several times as long. Then it keeps less.
	if b, err := e.encode(); err == nil && len(b) > MaxEntry {
		e.Citations, e.CitationsOmitted = nil, len(c.Citations)
		e.URL = e.URL[:min(len(e.URL), maxURL/8)]
	}
	return e
}

// ReportEntry is the entry of a report that was kept.
func ReportEntry(r *Report) *Entry {
	return &Entry{Kind: KindReport, Object: r.Object, Time: r.SeenAt, Path: r.Path, ReportSHA256: r.SHA256, Version: EntryVersion}
}

// DecisionEntry is the entry of a decision that was kept.
func DecisionEntry(d *Decision) *Entry {
	e := &Entry{Kind: KindDecision, Object: d.Object, Time: d.Time, Path: d.Path, ReportSHA256: d.Report, URL: d.Key, Version: EntryVersion}
	if len(e.URL) > maxURL {
		e.URL = e.URL[:maxURL]
	}
	e.cite([]CitationRef{{Report: d.Report, ID: d.Citation}})
	return e
}

// KeyEntry is the entry of a new key of the log: vkey verifies the checkpoints
// from here on.
func KeyEntry(vkey string, at time.Time) *Entry {
	return &Entry{Kind: KindKey, Time: at, VKey: vkey, Version: EntryVersion}
}

// cite enters as many citations as fit in half of an entry.
func (e *Entry) cite(refs []CitationRef) {
	room := MaxEntry / 2
	for _, r := range refs {
		cost := len(r.ID) + 3
		if _, ok := e.Citations[r.Report]; !ok {
			cost += len(r.Report) + 6
		}
		if room -= cost; room < 0 {
			e.CitationsOmitted++
			continue
		}
		if e.Citations == nil {
			e.Citations = map[string][]string{}
		}
		e.Citations[r.Report] = append(e.Citations[r.Report], r.ID)
	}
	for _, ids := range e.Citations {
		slices.Sort(ids)
	}
}

// Encode returns the canonical bytes.
func (e *Entry) Encode() ([]byte, error) {
	b, err := e.encode()
	if err == nil && len(b) > MaxEntry {
		err = fmt.Errorf("it has %d bytes, at most %d fit", len(b), MaxEntry)
	}
	if err != nil {
		return nil, fmt.Errorf("encode log entry of %s: %w", e.Object, err)
	}
	return b, nil
}

func (e *Entry) encode() ([]byte, error) {
	c := *e
	c.Time = c.Time.UTC().Truncate(time.Microsecond)
	c.URL, c.Path = valid(c.URL), valid(c.Path)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(&c); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// valid is s in UTF-8, which JSON and its readers want.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// DecodeEntry reads canonical bytes. Its errors wrap ErrNotEntry.
func DecodeEntry(b []byte) (*Entry, error) {
	var e Entry
	if err := json.Unmarshal(b, &e); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotEntry, err)
	}
	if e.Version != EntryVersion {
		return nil, fmt.Errorf("%w: version %d, this program reads %d", ErrNotEntry, e.Version, EntryVersion)
	}
	switch e.Kind {
	case KindCapture, KindReport, KindDecision:
		if _, err := ParseKey(CapturePrefix, CaptureKey(e.Object)); err != nil {
			return nil, fmt.Errorf("%w: its object %.80q is not a SHA-256", ErrNotEntry, e.Object)
		}
	case KindKey:
	default:
		return nil, fmt.Errorf("%w: kind %.20q", ErrNotEntry, e.Kind)
	}
	again, err := e.Encode()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotEntry, err)
	}
	if !bytes.Equal(again, b) {
		return nil, fmt.Errorf("%w: it is not in the canonical form", ErrNotEntry)
	}
	return &e, nil
}

// Key is where the entry's object is, "" when it has none.
func (e *Entry) Key() string {
	switch e.Kind {
	case KindCapture:
		return key(CapturePrefix, e.Object)
	case KindReport:
		return key(ReportPrefix, e.Object)
	case KindDecision:
		return DecisionKey(e.Object)
	}
	return ""
}
