// Package tsatest runs time-stamp authorities (RFC 3161) on loopback for
// tests: one in Go that can be made to answer wrongly in every way, and one
// around openssl.
//
// It guarantees that an authority ends with its test. Its certificates and
// tokens are made without the code that is tested, and its keys are worth
// nothing: it is for tests alone.
package tsatest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Config says how an authority differs from a good one. The zero value is a
// good one.
type Config struct {
	// Now is its clock; nil is time.Now.
	Now func() time.Time
	// Keys are those of the root, the issuer and the authority itself; where
	// one is nil it is a new ECDSA key on P-256.
	Keys [3]crypto.Signer
	// Root, Issuer and Certificate change the template of a certificate before
	// it is made; nil leaves it.
	Root, Issuer, Certificate func(template *x509.Certificate)
	// Answer changes what is signed and sent; nil leaves it.
	Answer func(*Answer)
}

// Authority is a running one.
type Authority struct {
	URL   string // where to ask
	Roots []byte // the root's certificate in PEM
	// The chain.
	Root, Issuer, Certificate *x509.Certificate

	config Config
	key    crypto.Signer
	t      testing.TB
}

// Start runs an authority until the test ends.
func Start(t testing.TB, c Config) *Authority {
	t.Helper()
	a := newAuthority(t, c)
	a.serve(a)
	return a
}

func (a *Authority) serve(h http.Handler) {
	server := httptest.NewServer(h)
	a.t.Cleanup(server.Close)
	a.URL = server.URL
}

func newAuthority(t testing.TB, c Config) *Authority {
	t.Helper()
	if c.Now == nil {
		c.Now = time.Now
	}
	for i, k := range c.Keys {
		if k == nil {
			made, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			c.Keys[i] = made
		}
	}
	a := &Authority{config: c, key: c.Keys[2], t: t}
	root := template(1, "Test Root")
	root.IsCA, root.BasicConstraintsValid, root.KeyUsage = true, true, x509.KeyUsageCertSign
	a.Root = a.certify(root, nil, c.Keys[0], c.Keys[0], c.Root)

	issuer := template(2, "Test Issuer")
	issuer.IsCA, issuer.BasicConstraintsValid, issuer.KeyUsage = true, true, x509.KeyUsageCertSign
	a.Issuer = a.certify(issuer, a.Root, c.Keys[1], c.Keys[0], c.Issuer)

	own := template(3, "Test Time-Stamp Authority")
	own.KeyUsage = x509.KeyUsageDigitalSignature
	own.ExtraExtensions = []pkix.Extension{TimeStamping(true)}
	a.Certificate = a.certify(own, a.Issuer, c.Keys[2], c.Keys[1], c.Certificate)

	a.Roots = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw})
	return a
}

func template(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{Organization: []string{"ibid test"}, CommonName: name},
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// certify makes a certificate; the parent nil is itself.
func (a *Authority) certify(c, parent *x509.Certificate, key, by crypto.Signer, change func(*x509.Certificate)) *x509.Certificate {
	if change != nil {
		change(c)
	}
	if parent == nil {
		parent = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
	if err != nil {
		a.t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return made
}

// TimeStamping is the extended key usage of an authority's certificate with
// further purposes, as an extension for a template (RFC 3161 §2.3).
func TimeStamping(critical bool, more ...asn1.ObjectIdentifier) pkix.Extension {
	purposes := append([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}}, more...)
	der, err := asn1.Marshal(purposes)
	if err != nil {
		panic(err) // only a test's own mistake comes here
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: critical, Value: der}
}

// ServeHTTP answers a request of a client.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "not a time-stamp request", http.StatusBadRequest)
		return
	}
	answer, err := a.Reply(query)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(answer)
}
