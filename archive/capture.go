package archive

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// CaptureType is the media type of the last record of every capture's WARC.
const CaptureType = "application/vnd.ibid.capture+json"

// CaptureVersion is the version of the JSON in that record.
const CaptureVersion = 1

// Capture says what one visit was for, how it went and how it was judged. It
// is the last record of the capture's WARC, so that an index can be rebuilt
// from the archive alone.
//
// What repeats itself is left out of the JSON, since most visits find nothing
// new and this record is then a third of what they keep: Encode leaves out and
// DecodeCapture fills in a key and an exchange's URL that are the capture's url,
// an exchange's date that is started_at, and the role source.
type Capture struct {
	Version  int    `json:"version"`
	Software string `json:"software"`      // name and version of the program that made it
	Key      string `json:"key,omitempty"` // normal form of the source's URL, see seeds.Seed
	URL      string `json:"url"`           // the URL that was visited

	Citations  []CitationRef `json:"citations,omitempty"`
	StartedAt  time.Time     `json:"started_at"`
	FinishedAt time.Time     `json:"finished_at"`

	Judgement
	Outcome

	Policy     Policy            `json:"policy,omitzero"`
	Requisites *RequisiteSummary `json:"requisites,omitempty"`
	Exchanges  []ExchangeInfo    `json:"exchanges,omitempty"`

	// Imported says where the capture comes from when it is no visit of ours.
	Imported *Imported `json:"imported,omitempty"`

	// SHA256 and Size are those of the WARC file. A file cannot contain its
	// own hash, so they are not part of the JSON; readers fill them in.
	SHA256 string `json:"-"` // lower-case hex
	Size   int64  `json:"-"` // bytes
}

// CitationRef names one citation that a visit was made for.
type CitationRef struct {
	Report string `json:"report"`         // SHA-256 of the report's bytes, lower-case hex
	Path   string `json:"path,omitempty"` // where the report was read
	ID     string `json:"id"`             // "<note>.<n>" or "L<line>.<n>"
	Raw    string `json:"raw,omitempty"`  // the URL as written, when it differs from Capture.URL
}

// Judgement is a verdict with the evidence that led to it.
type Judgement struct {
	Verdict Verdict  `json:"verdict"`
	State   State    `json:"state,omitempty"`
	Reasons []string `json:"reasons,omitempty"` // "<code>: <sentence>", most decisive first

	// Compared says how what was found compares with the source as it was cited;
	// nil when there was nothing to compare, or the same bytes.
	Compared *Comparison `json:"compared,omitempty"`

	// Ask is the URL whose answer would tell more: a path of the same host that
	// nobody made, or its home page. When it is asked, once and as RoleProbe, the
	// visit can be judged anew. It is not kept.
	Ask string `json:"-"`
}

// Comparison says how a source compares with itself at the time of citation. The
// figures of two are comparable only with the same version and extractor: another
// extractor is no change of the source.
type Comparison struct {
	With      string  `json:"with"`      // SHA-256 of the capture that has the source as it was cited
	Class     string  `json:"class"`     // "same", "touched", "changed" or "drifted"
	Score     float64 `json:"score"`     // 0 to 1: similarity of the main texts
	Kept      float64 `json:"kept"`      // 0 to 1: share of the old main text that is anywhere in the new page
	Version   int     `json:"version"`   // of the comparison
	Extractor string  `json:"extractor"` // of the main texts, with its version
	Text      int     `json:"text"`      // version of the extraction that Outcome.TextSHA256 is of

	TextSHA256 string `json:"-"` // for Outcome
}

// Outcome is what a visit found at the end of its redirects.
type Outcome struct {
	HTTPStatus    int      `json:"http_status,omitempty"`
	FinalURL      string   `json:"final_url,omitempty"` // where the last answer came from
	Redirects     []string `json:"redirects,omitempty"` // every URL on the way there, the first excluded, the last included
	Title         string   `json:"title,omitempty"`     // from the web: clean it before it is shown
	MediaType     string   `json:"media_type,omitempty"`
	PayloadSHA256 string   `json:"payload_sha256,omitempty"` // lower-case hex, of the final answer's entity-body
	PayloadSize   int64    `json:"payload_size,omitempty"`   // bytes of it
	TextSHA256    string   `json:"text_sha256,omitempty"`    // of the text that readers see; only of a page that was compared, see Comparison
	Unchanged     bool     `json:"unchanged,omitempty"`      // the final answer is a revisit: same payload as an earlier capture

	// Post is what the source's platform says of it, in short; nil when it is of
	// no platform that was asked.
	Post *Post `json:"post,omitempty"`
}

// ContentDigest tells whether a source has changed between two visits: the digest
// of its payload or, of a post, of what its platform said of it, since the page of a
// post is another each time. "" when nothing came whole.
func (o *Outcome) ContentDigest() string {
	if said := o.Post.Said(); said != "" {
		return hexString(sha256.Sum256([]byte(said)))
	}
	return o.PayloadSHA256
}

// Policy is how the visit was made, as far as that bears on what it found.
type Policy struct {
	Robots string `json:"robots,omitempty"` // "ignore" or "respect"
	// Profile is as whom the visit was made: ProfileDefault or ProfileBrowser.
	Profile string `json:"profile,omitempty"`
}

// Profiles of visits. A source that seems dead to one is asked by the other.
const (
	ProfileDefault = ""        // says who we are
	ProfileBrowser = "browser" // sends what a common browser sends
)

// RequisiteSummary counts what a page needs to be shown.
type RequisiteSummary struct {
	Fetched int `json:"fetched,omitempty"`
	Failed  int `json:"failed,omitempty"`  // of the fetched
	Held    int `json:"held,omitempty"`    // the page is unchanged and the archive has them from before
	Skipped int `json:"skipped,omitempty"` // left out by a limit or by robots.txt
}

// ExchangeInfo is what the capture record keeps of one exchange beyond the
// records that hold its bytes.
type ExchangeInfo struct {
	Role      Role       `json:"role,omitempty"`
	URL       string     `json:"url,omitempty"`
	Record    string     `json:"record,omitempty"` // WARC-Record-ID of the response, without <>; "" for a revisit
	Date      time.Time  `json:"date,omitzero"`
	Status    int        `json:"status,omitempty"`
	Truncated Truncation `json:"truncated,omitempty"`
	Why       string     `json:"why,omitempty"` // why it was cut, in words
	Failure   *Failure   `json:"failure,omitempty"`
	Tried     []string   `json:"tried,omitempty"` // other addresses of the host that did not take the connection
	TLS       *TLSInfo   `json:"tls,omitempty"`
	Timing    Timing     `json:"timing,omitzero"` // not of a revisit

	// Of complete 200 answers: what the next visit needs for a conditional request.
	PayloadSHA256 string `json:"payload_sha256,omitempty"`
	ETag          string `json:"etag,omitempty"`
	LastModified  string `json:"last_modified,omitempty"`
	RefersTo      string `json:"refers_to,omitempty"` // of a revisit: the record that holds the bytes
}

// TLSInfo describes the TLS session of one exchange.
type TLSInfo struct {
	Version string   `json:"version"`              // "TLS 1.3"
	Cipher  string   `json:"cipher"`               // IANA name
	Chain   []string `json:"chain,omitempty"`      // SHA-256 of each certificate as sent, leaf first, lower-case hex
	Same    bool     `json:"same_chain,omitempty"` // of a revisit: the chain is that of the answer it refers to
}

// Timing gives the phases of one exchange in microseconds since it started.
// A phase that did not happen is 0.
type Timing struct {
	Connected int64 `json:"connected,omitempty"`
	Secured   int64 `json:"secured,omitempty"`
	Sent      int64 `json:"sent,omitempty"`
	FirstByte int64 `json:"first_byte,omitempty"`
	Done      int64 `json:"done,omitempty"`
}

// Failure says why an exchange has no whole answer.
type Failure struct {
	Phase   string `json:"phase"`   // dns, connect, tls, write, header, body, guard, robots, limit
	Class   string `json:"class"`   // see the Class constants
	Message string `json:"message"` // for people
}

// Classes of failure.
const (
	ClassNoHost      = "no-such-host"  // DNS says that the name does not exist
	ClassDNS         = "dns"           // DNS did not answer
	ClassRefused     = "refused"       // connection refused
	ClassUnreachable = "no-route"      // network or host unreachable
	ClassReset       = "reset"         // the connection ended before the answer did
	ClassTimeout     = "timeout"       // a time limit passed
	ClassSlow        = "too-slow"      // below the minimum rate
	ClassTLS         = "tls"           // the handshake failed
	ClassCertificate = "certificate"   // the certificate is not valid
	ClassNotHTTP     = "not-http"      // something else than HTTP answered
	ClassHeader      = "header-limit"  // more header than the limit
	ClassBody        = "body-limit"    // more body than the limit
	ClassFraming     = "framing"       // the body's framing is broken
	ClassPrivate     = "private"       // the guard refused the address
	ClassURL         = "url"           // the URL cannot be requested
	ClassRobots      = "robots"        // robots.txt forbids it and the policy is to respect it
	ClassLoop        = "redirect-loop" // the redirects come round
	ClassHops        = "redirects"     // more redirects than the limit
	ClassInterrupted = "interrupted"   // the program was asked to stop
	ClassOther       = "other"
)

// Role says what an exchange was for.
type Role string

// Roles of an exchange.
const (
	RoleSource    Role = "source"    // the cited URL itself or a hop of its redirects
	RoleRequisite Role = "requisite" // an image, style sheet, script or font of the cited page
	RoleRobots    Role = "robots"
	RoleProbe     Role = "probe"
	RoleLookup    Role = "lookup" // a question to a web archive about the source, or a memento that was not taken
)

// Truncation is the value of WARC-Truncated, "" for a whole answer (WARC 1.1 §5.15).
type Truncation string

// Reasons for a cut answer.
const (
	TruncatedLength      Truncation = "length"
	TruncatedTime        Truncation = "time"
	TruncatedDisconnect  Truncation = "disconnect"
	TruncatedUnspecified Truncation = "unspecified"
)

// ErrNotCapture says that a WARC does not end in a capture record.
var ErrNotCapture = errors.New("no capture record at the end")

// Encode returns the JSON of a capture record.
func (c *Capture) Encode() ([]byte, error) {
	short := *c
	if c.Key == c.URL {
		short.Key = ""
	}
	short.Exchanges = slices.Clone(c.Exchanges)
	for i := range short.Exchanges {
		x := &short.Exchanges[i]
		if x.Role == RoleSource {
			x.Role = ""
		}
		if x.URL == c.URL {
			x.URL = ""
		}
		if x.Date.Equal(c.StartedAt) {
			x.Date = time.Time{}
		}
	}
	b, err := json.Marshal(&short)
	if err != nil {
		return nil, fmt.Errorf("encode capture record: %w", err)
	}
	return b, nil
}

// dropValidators forgets how to ask whether a page has changed that stood in
// the place of its source: "not modified" would be taken for the source.
func (c *Capture) dropValidators() {
	switch c.Verdict {
	case Soft404, Blocked, Restricted, Unknown:
		for i := range c.Exchanges {
			c.Exchanges[i].ETag, c.Exchanges[i].LastModified = "", ""
		}
	}
}

// fillIn undoes what Encode left out.
func (c *Capture) fillIn() {
	if c.Key == "" {
		c.Key = c.URL
	}
	for i := range c.Exchanges {
		x := &c.Exchanges[i]
		if x.Role == "" {
			x.Role = RoleSource
		}
		if x.URL == "" {
			x.URL = c.URL
		}
		if x.Date.IsZero() {
			x.Date = c.StartedAt
		}
	}
}

// DecodeCapture reads the JSON of a capture record. An unknown version is an error.
func DecodeCapture(r io.Reader) (*Capture, error) {
	var c Capture
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return nil, fmt.Errorf("decode capture record: %w", err)
	}
	if c.Version != CaptureVersion {
		return nil, fmt.Errorf("decode capture record: version %d, this program reads %d", c.Version, CaptureVersion)
	}
	if err := c.Verdict.Validate(); err != nil {
		return nil, fmt.Errorf("decode capture record: %w", err)
	}
	c.fillIn()
	return &c, nil
}
