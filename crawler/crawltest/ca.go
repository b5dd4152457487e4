package crawltest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// certKind is what is wrong with a host's certificate.
type certKind string

const (
	certGood       certKind = ""
	certExpired    certKind = "expired"
	certFuture     certKind = "not yet valid"
	certSelfSigned certKind = "self-signed"
	certWrongName  certKind = "wrong name"
	certStranger   certKind = "unknown authority"
)

// authority signs the hosts' certificates. Its keys live in memory and die
// with it.
type authority struct {
	start    time.Time
	key      *ecdsa.PrivateKey // of the authority
	leafKey  *ecdsa.PrivateKey // of every host: making keys is what costs
	cert     *x509.Certificate
	pem      []byte
	stranger *x509.Certificate

	mu     sync.Mutex
	serial int64
	leaves map[string]*tls.Certificate
}

func newAuthority(start time.Time) (*authority, error) {
	a := &authority{start: start, leaves: make(map[string]*tls.Certificate)}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, fmt.Errorf("make authority key: %w", err)
	}
	if a.leafKey, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, fmt.Errorf("make host key: %w", err)
	}
	if a.cert, err = a.root("Rotting Web Authority", a.key); err != nil {
		return nil, err
	}
	if a.stranger, err = a.root("Authority Nobody Knows", a.key); err != nil {
		return nil, err
	}
	a.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
	return a, nil
}

func (a *authority) root(name string, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	t := a.template(name)
	t.NotAfter = a.start.AddDate(1, 0, 0)
	t.IsCA, t.BasicConstraintsValid = true, true
	t.KeyUsage, t.ExtKeyUsage = x509.KeyUsageCertSign, nil
	// Without a name of its own the stranger would pass for the authority,
	// whose key it shares.
	t.SubjectKeyId = []byte(name)
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign authority: %w", err)
	}
	return x509.ParseCertificate(der)
}

func (a *authority) template(name string) *x509.Certificate {
	a.serial++
	return &x509.Certificate{
		SerialNumber: big.NewInt(a.serial),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    a.start.AddDate(0, 0, -60),
		NotAfter:     a.start.AddDate(0, 0, 30),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

// leaf is the certificate of a host, made when first wanted.
func (a *authority) leaf(host string, kind certKind) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	id := string(kind) + " " + host
	if c := a.leaves[id]; c != nil {
		return c, nil
	}
	t := a.template(host)
	t.DNSNames = []string{host}
	parent, key := a.cert, a.key
	switch kind {
	case certExpired:
		t.NotAfter = a.start.AddDate(0, 0, -20)
	case certFuture:
		t.NotBefore = a.start.AddDate(0, 0, 20)
	case certWrongName:
		t.DNSNames = []string{"someone-else.test"}
	case certSelfSigned:
		parent, key = t, a.leafKey
	case certStranger:
		parent = a.stranger
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, a.leafKey.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate of %s: %w", host, err)
	}
	c := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.leafKey}
	a.leaves[id] = c
	return c, nil
}

// tlsConfig is how a site speaks TLS.
func (w *Web) tlsConfig(s *site) *tls.Config {
	cfg := &tls.Config{
		NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			kind := s.cert
			if s.lapses && w.Phase() > 0 {
				kind = certExpired
			}
			return w.ca.leaf(s.name, kind)
		},
		// A resumed session shows no certificate, and the certificate is
		// what a visit keeps.
		SessionTicketsDisabled: true,
	}
	if s.tls10 {
		cfg.MinVersion, cfg.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	}
	return cfg
}
