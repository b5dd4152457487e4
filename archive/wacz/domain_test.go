package wacz

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// authority is a certificate with its key and those above it.
type authority struct {
	cert  *x509.Certificate
	key   *ecdsa.PrivateKey
	above []*x509.Certificate
}

func (a *authority) chain() string {
	var text []byte
	for _, c := range append([]*x509.Certificate{a.cert}, a.above...) {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
		text = append(text, '\n')
	}
	return string(text)
}

var serial atomic.Int64

// issue makes a certificate under by, or one that signs itself.
func issue(t *testing.T, by *authority, change func(c *x509.Certificate)) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial.Add(1)), Subject: pkix.Name{CommonName: "a test"},
		NotBefore: created.AddDate(0, 0, -1), NotAfter: created.AddDate(0, 0, 1), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	change(template)
	a := &authority{key: key}
	parent, signer := template, key
	if by != nil {
		parent, signer, a.above = by.cert, by.key, append([]*x509.Certificate{by.cert}, by.above...)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

func root(t *testing.T) *authority {
	return issue(t, nil, func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})
}

func (a *authority) fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	return hex.EncodeToString(sum[:])
}

// stamping makes a certificate critically for time-stamps alone, or not.
func stamping(critical bool) func(c *x509.Certificate) {
	return func(c *x509.Certificate) {
		usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
		if err != nil {
			panic(err)
		}
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: critical, Value: usage}}
	}
}

// stamp returns a time-stamp response over text.
func (a *authority) stamp(t *testing.T, text string, at time.Time) string {
	t.Helper()
	sum := sha256.Sum256([]byte(text))
	s := timestamp.Timestamp{
		HashAlgorithm: crypto.SHA256, HashedMessage: sum[:], Time: at, SerialNumber: big.NewInt(1),
		Policy: asn1.ObjectIdentifier{1, 2, 3}, Certificates: a.above, AddTSACertificate: true,
	}
	der, err := s.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return base64Text(der)
}

// TestDomainSignature makes certificates and time-stamps of its own and has
// every fault in them found.
func TestDomainSignature(t *testing.T) {
	siteRoot, stampRoot := root(t), root(t)
	middle := issue(t, siteRoot, func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})
	server := func(c *x509.Certificate) {
		c.DNSNames, c.ExtKeyUsage = []string{"sign.test"}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	site := issue(t, middle, server)
	tsa := issue(t, stampRoot, stamping(true))
	trust := Options{DomainRoots: []string{siteRoot.fingerprint()}, TimestampRoots: []string{stampRoot.fingerprint()}}
	at := created.Truncate(time.Second)

	for _, c := range []struct {
		name   string
		opts   Options
		change func(m map[string]any)
		want   []Code
	}{
		{"good", trust, nil, nil},
		{"good, trust not checked", Options{}, nil, nil},
		{"good, one root not checked", Options{DomainRoots: trust.DomainRoots}, nil, nil},
		{"no version", trust, func(m map[string]any) { delete(m, "version") }, nil},
		{"no second chain", trust, func(m map[string]any) { m["crossSignedCert"] = nil }, nil},
		{"roots of others", Options{DomainRoots: trust.TimestampRoots, TimestampRoots: trust.DomainRoots}, nil, []Code{CodeTrust, CodeTrust}},
		{"another domain", trust, func(m map[string]any) { m["domain"] = "bank.test" }, []Code{CodeDomain}},
		{"another certificate", trust, func(m map[string]any) { m["domainCert"] = issue(t, middle, server).chain() }, []Code{CodeSignature}},
		{"chain with a gap", trust, func(m map[string]any) {
			gap := &authority{cert: site.cert, above: []*x509.Certificate{siteRoot.cert}}
			m["domainCert"] = gap.chain()
		}, []Code{CodeChain}},
		{"certificate of another root", trust, func(m map[string]any) {
			m["domainCert"] = (&authority{cert: site.cert, above: []*x509.Certificate{middle.cert, stampRoot.cert}}).chain()
		}, []Code{CodeChain, CodeTrust}},
		{"more than certificates", trust, func(m map[string]any) { m["domainCert"] = site.chain() + "and more" }, []Code{CodeSignatureKey}},
		{"no certificates", trust, func(m map[string]any) { m["timestampCert"] = "" }, []Code{CodeSignatureKey}},
		{"stamp over something else", trust, func(m map[string]any) { m["timeSignature"] = tsa.stamp(t, "else", at) }, []Code{CodeTimestamp}},
		{"stamp that is none", trust, func(m map[string]any) { m["timeSignature"] = "AAAA" }, []Code{CodeTimestamp}},
		{"stamp by another authority", trust, func(m map[string]any) {
			m["timeSignature"] = issue(t, stampRoot, stamping(true)).stamp(t, m["signature"].(string), at)
		}, []Code{CodeTimestamp}},
		{"stamp by a server's certificate", trust, func(m map[string]any) {
			m["timeSignature"], m["timestampCert"] = site.stamp(t, m["signature"].(string), at), site.chain()
		}, []Code{CodeTimestamp}},
		{"stamp by a certificate for it, not critically", trust, func(m map[string]any) {
			other := issue(t, stampRoot, stamping(false))
			m["timeSignature"], m["timestampCert"] = other.stamp(t, m["signature"].(string), at), other.chain()
		}, []Code{CodeTimestamp}},
		{"stamp after the authority's end", trust, func(m map[string]any) {
			m["timeSignature"] = tsa.stamp(t, m["signature"].(string), at.AddDate(0, 0, 2))
		}, []Code{CodeTimestamp}},
		{"stamp eleven minutes late", trust, func(m map[string]any) {
			m["timeSignature"] = tsa.stamp(t, m["signature"].(string), at.Add(11*time.Minute))
		}, []Code{CodeTimestamp}},
		{"certificate expired before the stamp", trust, func(m map[string]any) {
			old := issue(t, middle, func(c *x509.Certificate) { server(c); c.NotAfter = created.Add(-time.Hour) })
			m["domainCert"] = old.chain()
		}, []Code{CodeSignature, CodeChain}},
		{"second chain of another key", trust, func(m map[string]any) { m["crossSignedCert"] = issue(t, stampRoot, server).chain() }, []Code{CodeSignatureKey}},
		{"property of the other form", trust, func(m map[string]any) { m["publicKey"] = "AAAA" }, []Code{CodeSignatureForm}},
		{"property of neither form", trust, func(m map[string]any) { m["policy"] = "AAAA" }, []Code{CodeSignatureForm}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pkg := othersContent(t)
			pkg.signed(func(m map[string]any) {
				sum := sha256.Sum256([]byte(m["hash"].(string)))
				der, err := ecdsa.SignASN1(rand.Reader, site.key, sum[:])
				if err != nil {
					t.Fatal(err)
				}
				delete(m, "publicKey")
				m["signature"], m["domain"], m["domainCert"] = base64Text(der), "sign.test", site.chain()
				m["timeSignature"], m["timestampCert"] = tsa.stamp(t, m["signature"].(string), at), tsa.chain()
				if c.change != nil {
					c.change(m)
				}
			})
			b := pkg.build()
			list, s, err := Validate(t.Context(), newReaderAt(b), int64(len(b)), c.opts)
			if err != nil {
				t.Fatal(err)
			}
			var got []Code
			for _, p := range list {
				if !p.Note {
					got = append(got, p.Code)
				}
			}
			if !slices.Equal(got, c.want) || s.Valid() != (len(c.want) == 0) {
				t.Errorf("found %v, want %v", list, c.want)
			}
			want := Passed
			switch {
			case len(c.want) > 0:
				want = Failed
			case len(c.opts.DomainRoots) == 0 || len(c.opts.TimestampRoots) == 0:
				want = Consistent
			}
			if r := s.Results[3]; r.Outcome != want || (want != Failed) != (r.Proves != "") {
				t.Errorf("result %+v, want %s", r, want)
			}
		})
	}
}

// TestTrustedKeys compares an anonymous signature with the keys that are known.
func TestTrustedKeys(t *testing.T) {
	b := testPackage(t, testConfig(t))
	_, s := validate(t, b)
	for _, c := range []struct {
		keys []string
		want Outcome
	}{{nil, Consistent}, {[]string{"00", s.Signature.Key}, Passed}, {[]string{"00"}, Failed}} {
		_, s, err := Validate(t.Context(), newReaderAt(b), int64(len(b)), Options{Keys: c.keys})
		if err != nil || s.Results[3].Outcome != c.want || s.Valid() != (c.want != Failed) {
			t.Errorf("keys %q: %+v, %v", c.keys, s.Results[3], err)
		}
	}
}
