package archive

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Exchange is one request and what came back for it, byte for byte as both
// crossed the connection.
type Exchange struct {
	Role    Role
	URL     string // as requested, without a fragment
	Method  string
	Started time.Time
	Remote  netip.AddrPort // zero when nothing was connected
	Tried   []string       // other addresses of the host that did not take the connection: "address: reason"
	TLS     *TLS           // of the connection that carried this exchange
	Timing  Timing

	Request  *Spool // request line, header, body
	Response *Spool // status line, header, body with its transfer coding; informational (1xx) answers are in Informational

	Informational [][]byte // each 1xx answer, raw

	// HeaderSize is the number of bytes of Response up to and including the
	// empty line; 0 when no whole header arrived. Then Status is 0 too.
	HeaderSize int64
	Proto      string // "HTTP/1.1"
	Status     int
	Header     http.Header // parsed leniently; Response holds the truth
	Chunked    bool        // the body in Response carries chunked framing

	BlockSHA256   [32]byte // of Response; zero when it was not to be kept
	PayloadSHA256 [32]byte // of the body without transfer coding
	PayloadSize   int64    // bytes of it

	Truncated Truncation // "" when the answer is whole
	Failure   *Failure   // why it is not, or why there is none

	Prior *Prior // the earlier answer that this request was conditional on
}

// TLS is the session of one connection.
type TLS struct {
	Version, Cipher string
	Chain           []*x509.Certificate // as sent, leaf first
}

// Prior is an earlier answer that the archive holds for a URL.
type Prior struct {
	URL           string
	Record        string    // WARC-Record-ID of the response that holds the bytes, without <>
	Date          time.Time // its WARC-Date
	PayloadSHA256 string    // lower-case hex
	ETag          string
	LastModified  string
	VerifiedAt    time.Time // when these bytes were last received, not only said to be unchanged
	Capture       string    // SHA-256 of the WARC that holds them
	Chain         []string  // fingerprints of the certificates that WARC holds for this host
}

// Complete reports a whole HTTP answer.
func (x *Exchange) Complete() bool {
	return x.Status != 0 && x.Truncated == "" && x.Failure == nil
}

// Revisit reports whether the answer repeats the prior one: the server says so
// (304), or the payload has the same digest.
func (x *Exchange) Revisit() bool {
	if x.Prior == nil || !x.Complete() {
		return false
	}
	return x.NotModified() || (x.Status == http.StatusOK && x.PayloadSize > 0 && hexString(x.PayloadSHA256) == x.Prior.PayloadSHA256)
}

// NotModified reports a 304 for a conditional request.
func (x *Exchange) NotModified() bool {
	return x.Prior != nil && x.Status == http.StatusNotModified
}

// Payload reads the body without its transfer coding, content coding kept.
func (x *Exchange) Payload() io.Reader {
	if x.Response == nil || x.HeaderSize == 0 {
		return http.NoBody
	}
	body := io.NewSectionReader(x.Response, x.HeaderSize, x.Response.Size()-x.HeaderSize)
	if x.Chunked {
		return newDechunker(body)
	}
	return body
}

// Content reads the body without transfer and content coding, within limits;
// see Decode for how it ends.
func (x *Exchange) Content(lim DecodeLimits) io.Reader {
	return Decode(x.Payload(), strings.Join(x.Header.Values("Content-Encoding"), ","), lim)
}

// Close releases the spooled bytes.
func (x *Exchange) Close() {
	x.Request.Close()
	x.Response.Close()
}

// Visit is everything that one visit to a source saw, before it is judged and kept.
type Visit struct {
	Key, URL  string
	Citations []CitationRef
	StartedAt time.Time
	// Exchanges in the order in which they began. Those with RoleSource are
	// the redirect hops, retries and second looks at the cited URL.
	Exchanges []*Exchange
	Policy    Policy
	Outcome   // of the last look

	// Posts is what the source's platform said of it, once for each look at it;
	// empty when it is of no platform that was asked.
	Posts []*Post

	Memory
}

// Memory is what is known of a source beyond one visit. Each func may be nil, and
// is called only when something about the visit asks for it, for it may be dear.
type Memory struct {
	// Earlier finds what the archive holds of this source as it was cited: from
	// the visit that found it, nearest to when a report that cites it was first
	// kept. nil for nothing.
	Earlier func() *Earlier
	// Differs reports whether a visit that found the source may have got another
	// payload than that with this SHA-256. false: there is nothing to compare.
	Differs func(payloadSHA256 string) bool
	// Claims are the sentences of the reports that the source is cited for.
	Claims func() []string
	// Held reads the answer that a 304 stands for, nil when it cannot be had.
	Held func(*Prior) *Content
	// Landed counts the other sources cited from the same host whose visits ended
	// at this URL.
	Landed func(url string) int
}

// Earlier is what an earlier visit found at a source when it was there.
type Earlier struct {
	Date          time.Time
	Capture       string          // SHA-256 of its WARC
	FinalURL      string          // where its last answer came from
	Title         string          // as in Outcome
	PayloadSHA256 string          // as in Outcome
	Content       func() *Content // what was answered; may be nil, and nil when it cannot be had
}

// Content is the body of an answer without transfer and content coding.
type Content struct {
	URL       string
	MediaType string // value of its Content-Type, parameters included
	Body      []byte
	Post      bool // no answer, but what a platform said of a post: Post.Said of a summary
}

// Last returns the last exchange with the source itself, nil when there was none.
func (v *Visit) Last() *Exchange {
	for i := len(v.Exchanges) - 1; i >= 0; i-- {
		if v.Exchanges[i].Role == RoleSource {
			return v.Exchanges[i]
		}
	}
	return nil
}

// BestPost is the post that says most: one that was shown or is registered,
// else the last; nil when there is none.
func (v *Visit) BestPost() *Post {
	var best *Post
	for _, p := range v.Posts {
		if best == nil || best.Standing != PostShown && best.Standing != PostRegistered {
			best = p
		}
	}
	return best
}

// Judge gives a visit its verdict. It must not keep v.
type Judge func(v *Visit) Judgement
