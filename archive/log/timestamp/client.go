package timestamp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

var (
	// ErrAddress says that an authority's address can't be asked.
	ErrAddress = errors.New("not the address of a time-stamp authority")
	// ErrRedirect says that the authority sent us elsewhere. We don't go: the
	// address in the configuration is the one that was chosen.
	ErrRedirect = errors.New("the authority redirects")
	// ErrHTTP says that the answer has another status than 200.
	ErrHTTP = errors.New("the authority's server refused")
	// ErrContentType says that the answer isn't a time-stamp.
	ErrContentType = errors.New("the answer is not of type " + replyType)
	// ErrTooLarge says that an answer has more than MaxResponse bytes.
	ErrTooLarge = errors.New("the answer is too large")
	// ErrClock says that the authority's clock and ours are far apart.
	ErrClock = errors.New("the clocks differ")
)

// Media types of RFC 3161 §3.4.
const (
	queryType = "application/timestamp-query"
	replyType = "application/timestamp-reply"
)

// Client asks authorities for tokens over HTTP (RFC 3161 §3.4). Its methods
// may be called by several goroutines.
type Client struct {
	// Transport makes the requests, and decides where they may go. Needed.
	Transport http.RoundTripper
	// Timeout bounds one Request, the reading of the answer included; 0 is 30 s.
	Timeout time.Duration
	// Policy is asked of the authority: an object identifier as 1.2.3; "" is
	// any. A token under another one is refused.
	Policy string
	// Roots are as in [Options]. A token without a known root is accepted; see
	// [Info.Trusted].
	Roots *x509.CertPool
	// MaxSkew is how far the token's time may be from Now; 0 is one hour.
	MaxSkew time.Duration
	// Now is our clock; nil is time.Now.
	Now func() time.Time
	// UserAgent is sent when it isn't empty.
	UserAgent string
}

// Request asks the authority at address, an http or https URL, for a
// time-stamp over the SHA-256 of data, and returns it once [Verify] found no
// error in it. The token has its request, answer and whole chain, a known root
// included.
//
// A user name and password in address are sent as basic authentication, over
// https alone, and don't appear in errors. Errors wrap one of the errors above,
// an [*InvalidError], or that of ctx or of the transport.
func (c *Client) Request(ctx context.Context, address string, data []byte) (*Token, Info, error) {
	u, err := readAddress(address)
	if err != nil {
		return nil, Info{}, fmt.Errorf("ask for a time-stamp: %w", err)
	}
	token, info, err := c.request(ctx, u, data)
	if err != nil {
		return nil, Info{}, fmt.Errorf("ask %s for a time-stamp: %w", u.Redacted(), err)
	}
	return token, info, nil
}

func readAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, ErrAddress // the error of url.Parse quotes passwords
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("%w: %q is no http or https URL", ErrAddress, u.Redacted())
	case u.User != nil && u.Scheme != "https":
		return nil, fmt.Errorf("%w: %q would send a password in clear; use https", ErrAddress, u.Redacted())
	}
	return u, nil
}

func (c *Client) request(ctx context.Context, u *url.URL, data []byte) (*Token, Info, error) {
	if c.Transport == nil {
		return nil, Info{}, errors.New("the client has no transport")
	}
	query, err := c.query(data)
	if err != nil {
		return nil, Info{}, err
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	response, err := c.post(ctx, u, query)
	if err != nil {
		return nil, Info{}, err
	}
	token := &Token{Query: query, Response: response}
	info, findings := Verify(token, data, Options{Roots: c.Roots})
	if err := Err(findings); err != nil {
		return nil, Info{}, err
	}
	if err := c.clock(info.Time); err != nil {
		return nil, Info{}, err
	}
	for _, cert := range info.Chain {
		token.Certificates = append(token.Certificates, cert.Raw)
	}
	return token, info, nil
}

// query makes a TimeStampReq with a fresh nonce that asks for certificates.
func (c *Client) query(data []byte) ([]byte, error) {
	policy, err := readOID(c.Policy)
	if err != nil {
		return nil, err
	}
	var nonce [8]byte // the size that RFC 3161 §2.4.1 suggests; some authorities take no more
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, fmt.Errorf("make a nonce: %w", err)
	}
	nonce[0] |= 1 // a nonce has eight bytes, never fewer
	return asn1.Marshal(query{
		Version: 1,
		Imprint: imprint{
			Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidSHA256, Parameters: asn1.NullRawValue},
			Hash:      sum(crypto.SHA256, data),
		},
		Policy: policy, Nonce: new(big.Int).SetBytes(nonce[:]), CertReq: true,
	})
}

func readOID(s string) (asn1.ObjectIdentifier, error) {
	if s == "" {
		return nil, nil
	}
	var oid asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(s, ".") {
		n, err := strconv.ParseUint(arc, 10, 31)
		if err != nil {
			return nil, fmt.Errorf("policy %q: not an object identifier as 1.2.3", s)
		}
		oid = append(oid, int(n))
	}
	if _, err := asn1.Marshal(oid); err != nil {
		return nil, fmt.Errorf("policy %q: not an object identifier as 1.2.3", s)
	}
	return oid, nil
}

func (c *Client) post(ctx context.Context, u *url.URL, query []byte) ([]byte, error) {
	plain := *u
	plain.User, plain.Fragment = nil, ""
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, plain.String(), bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", queryType)
	req.Header.Set("Accept", replyType)
	req.Header.Set("Accept-Encoding", "identity")
	if c.UserAgent != "" {
		req.Header.Set("User-Agent", c.UserAgent)
	}
	if u.User != nil {
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	resp, err := c.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if err := checkHead(resp); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxResponse+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if len(body) > MaxResponse {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, MaxResponse)
	}
	return body, nil
}

func checkHead(resp *http.Response) error {
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400 && resp.Header.Get("Location") != "":
		return fmt.Errorf("%w to %s: if you trust that address, configure it instead", ErrRedirect, clean(resp.Header.Get("Location")))
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("%w: status %d", ErrHTTP, resp.StatusCode)
	case resp.ContentLength > MaxResponse:
		return fmt.Errorf("%w: %d bytes of at most %d", ErrTooLarge, resp.ContentLength, MaxResponse)
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || kind != replyType {
		return fmt.Errorf("%w but %q", ErrContentType, clean(resp.Header.Get("Content-Type")))
	}
	return nil
}

// clock compares the stated time with ours. A nonce proves the token fresh, so
// a large difference is a wrong clock, and a wrong time must not be kept as
// evidence.
func (c *Client) clock(stated time.Time) error {
	now, skew := time.Now, c.MaxSkew
	if c.Now != nil {
		now = c.Now
	}
	if skew == 0 {
		skew = time.Hour
	}
	here := now()
	if d := here.Sub(stated); d.Abs() > skew {
		return fmt.Errorf("%w: the authority says %s, this machine %s", ErrClock, day(stated), day(here))
	}
	return nil
}
