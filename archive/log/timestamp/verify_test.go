package timestamp_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
)

var (
	checkpoint = []byte("example.org/log\n5\nq2Kx0cLYBvSsIjTMTv0aZ1mNcyMMpwNHZQ0FIHtzXBM=\n")
	noon       = time.Date(2016, 3, 14, 12, 0, 0, 0, time.UTC)
	sha1OID    = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	sha384OID  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
)

// rsaKey makes keys of RSA once: they take long.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
var shortKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 1024) })

// start runs an authority whose clock shows noon.
func start(t testing.TB, c tsatest.Config) *tsatest.Authority {
	t.Helper()
	if c.Now == nil {
		c.Now = func() time.Time { return noon }
	}
	return tsatest.Start(t, c)
}

// client trusts a and has its clock.
func client(t testing.TB, a *tsatest.Authority) *timestamp.Client {
	t.Helper()
	return &timestamp.Client{
		Transport: &closing{}, Roots: roots(t, a), Now: func() time.Time { return noon },
	}
}

func roots(t testing.TB, a *tsatest.Authority) *x509.CertPool {
	t.Helper()
	pool, err := timestamp.ParseRoots(a.Roots)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

// answered is a case of what an authority can answer.
type answered struct {
	name   string
	config tsatest.Config
	code   timestamp.Code // of the error; "" is a good answer
	says   string         // in the error
}

func answer(f func(*tsatest.Answer)) tsatest.Config { return tsatest.Config{Answer: f} }

func certificate(f func(*x509.Certificate)) tsatest.Config { return tsatest.Config{Certificate: f} }

func usage(e pkix.Extension) tsatest.Config {
	return certificate(func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{e} })
}

func cases(t testing.TB) []answered {
	other := start(t, tsatest.Config{})
	big2048, err1 := rsaKey()
	short, err2 := shortKey()
	_, ed, err3 := ed25519.GenerateKey(rand.Reader)
	p521, err4 := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	var replayed []byte
	sha1Signed := func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA }

	return []answered{
		{name: "good"},
		{name: "granted with modifications", config: answer(func(a *tsatest.Answer) { a.Status = 1 })},
		{name: "RSA", config: tsatest.Config{Keys: [3]crypto.Signer{big2048, big2048, big2048}}},
		{name: "Ed25519", config: tsatest.Config{Keys: [3]crypto.Signer{nil, nil, ed}, Answer: func(a *tsatest.Answer) {
			a.Digest = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
		}}},
		{name: "P-521", config: tsatest.Config{Keys: [3]crypto.Signer{p521, nil, p521}, Answer: func(a *tsatest.Answer) {
			a.Digest, a.NamedHash = sha384OID, crypto.SHA512
		}}},
		{name: "no accuracy", config: answer(func(a *tsatest.Answer) { a.Seconds, a.Millis = 0, 0 })},
		{name: "no TSA name", config: answer(func(a *tsatest.Answer) { a.TSA = nil })},
		{name: "a fraction of a second", config: answer(func(a *tsatest.Answer) { a.Time = "20160314120000.125Z" })},
		{name: "named by SHA-1 as well", config: answer(func(a *tsatest.Answer) { a.NamedSHA1 = a.Named })},
		{name: "without issuer and serial", config: answer(func(a *tsatest.Answer) { a.NamedSerial = nil })},
		{name: "the root is sent", config: answer(func(a *tsatest.Answer) {
			a.Sent = append(a.Sent, other.Root, other.Issuer)
		})},
		{name: "no key usage", config: certificate(func(c *x509.Certificate) { c.KeyUsage = 0 })},
		{
			name:   "a root signed by SHA-1",
			config: tsatest.Config{Keys: [3]crypto.Signer{big2048, nil, nil}, Root: sha1Signed},
		},

		{
			name: "rejected", code: timestamp.CodeStatus, says: "rejected the request, badAlg: it does not know the hash, saying: no.[31m",
			config: answer(func(a *tsatest.Answer) {
				a.Status, a.Failure, a.NoToken, a.Text = 2, 0, true, []string{"no\x1b[31m"}
			}),
		},
		{
			name: "rejected with a token", code: timestamp.CodeStatus, says: "unacceptedPolicy",
			config: answer(func(a *tsatest.Answer) { a.Status, a.Failure = 2, 15 }),
		},
		{
			name: "waiting", code: timestamp.CodeStatus, says: "asks to wait",
			config: answer(func(a *tsatest.Answer) { a.Status, a.NoToken = 3, true }),
		},
		{
			name: "an unknown status", code: timestamp.CodeStatus, says: "does not exist",
			config: answer(func(a *tsatest.Answer) { a.Status = -1 }),
		},
		{
			name: "granted without a token", code: timestamp.CodeMalformed, says: "sent no token",
			config: answer(func(a *tsatest.Answer) { a.NoToken = true }),
		},
		{
			name: "truncated", code: timestamp.CodeMalformed, says: "not a TimeStampResp",
			config: answer(func(a *tsatest.Answer) { a.DER = func(der []byte) []byte { return der[:len(der)-1] } }),
		},
		{
			name: "trailing bytes", code: timestamp.CodeMalformed, says: "1 bytes follow",
			config: answer(func(a *tsatest.Answer) { a.DER = func(der []byte) []byte { return append(der, 0) } }),
		},
		{
			name: "empty", code: timestamp.CodeMalformed,
			config: answer(func(a *tsatest.Answer) { a.DER = func([]byte) []byte { return nil } }),
		},
		{
			name: "other content", code: timestamp.CodeMalformed, says: "instead of TSTInfo",
			config: answer(func(a *tsatest.Answer) { a.ContentType = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1} }),
		},
		{
			name: "version 2", code: timestamp.CodeMalformed, says: "version 2",
			config: answer(func(a *tsatest.Answer) { a.Version = 2 }),
		},
		{
			name: "no Z", code: timestamp.CodeMalformed, says: "its time",
			config: answer(func(a *tsatest.Answer) { a.Time = "20160314120000+0100" }),
		},
		{
			name: "zeros at the end of the fraction", code: timestamp.CodeMalformed, says: "its time",
			config: answer(func(a *tsatest.Answer) { a.Time = "20160314120000.10Z" }),
		},
		{
			name: "the 30th of February", code: timestamp.CodeMalformed, says: "does not exist",
			config: answer(func(a *tsatest.Answer) { a.Time = "20160230120000Z" }),
		},
		{
			name: "negative accuracy", code: timestamp.CodeMalformed, says: "accuracy",
			config: answer(func(a *tsatest.Answer) { a.Seconds = -1 }),
		},
		{
			name: "a critical extension", code: timestamp.CodeExtension, says: "1.2.3.4.9",
			config: answer(func(a *tsatest.Answer) { a.Critical = true }),
		},
		{
			name: "SHA-1 imprint", code: timestamp.CodeHash, says: "SHA-1",
			config: answer(func(a *tsatest.Answer) { a.Hash, a.Imprint = sha1OID, a.Imprint[:20] }),
		},
		{
			name: "wrong imprint", code: timestamp.CodeImprint, says: "other bytes",
			config: answer(func(a *tsatest.Answer) { a.Imprint = make([]byte, 32) }),
		},
		{
			name: "short imprint", code: timestamp.CodeImprint, says: "other bytes",
			config: answer(func(a *tsatest.Answer) { a.Imprint = a.Imprint[:31] }),
		},
		{
			name: "wrong nonce", code: timestamp.CodeNonce, says: "answers another request",
			config: answer(func(a *tsatest.Answer) { a.Nonce = big.NewInt(7) }),
		},
		{
			name: "missing nonce", code: timestamp.CodeNonce, says: "could be an old one",
			config: answer(func(a *tsatest.Answer) { a.Nonce = nil }),
		},
		{
			name: "two signatures", code: timestamp.CodeSigner, says: "2 signatures",
			config: answer(func(a *tsatest.Answer) { a.Signatures = 2 }),
		},
		{
			name: "no signature", code: timestamp.CodeSigner, says: "0 signatures",
			config: answer(func(a *tsatest.Answer) { a.Signatures = 0 }),
		},
		{
			name: "no certificate", code: timestamp.CodeNoCertificate, says: "brings no certificate",
			config: answer(func(a *tsatest.Answer) { a.Sent = nil }),
		},
		{
			name: "another's certificates", code: timestamp.CodeNoCertificate, says: "none of the token's 2 certificates",
			config: answer(func(a *tsatest.Answer) {
				a.Sent = []*x509.Certificate{other.Root, a.Sent[1]}
			}),
		},
		{
			name: "another's certificate of the same name", code: timestamp.CodeSignature, says: "does not verify",
			config: answer(func(a *tsatest.Answer) {
				a.Sent[0], a.Named = other.Certificate, other.Certificate
			}),
		},
		{
			name: "a changed statement", code: timestamp.CodeAttributes, says: "the statement was changed",
			config: answer(func(a *tsatest.Answer) {
				a.Signed = func(der []byte) []byte {
					return []byte(strings.Replace(string(der), "20160314120000Z", "20160314120001Z", 1))
				}
			}),
		},
		{
			name: "signed as something else", code: timestamp.CodeAttributes, says: "do not say that a time-stamp is signed",
			config: answer(func(a *tsatest.Answer) { a.SignedType = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1} }),
		},
		{
			name: "signed over SHA-1", code: timestamp.CodeWeak, says: "SHA-1",
			config: answer(func(a *tsatest.Answer) { a.Digest = sha1OID }),
		},
		{
			name: "ESSCertID missing", code: timestamp.CodeSigningCertificate, says: "does not name",
			config: answer(func(a *tsatest.Answer) { a.Named = nil }),
		},
		{
			name: "ESSCertIDv2 of another", code: timestamp.CodeSigningCertificate, says: "another certificate",
			config: answer(func(a *tsatest.Answer) { a.Named = other.Certificate }),
		},
		{
			name: "ESSCertIDv2 with another serial number", code: timestamp.CodeSigningCertificate, says: "serial number",
			config: answer(func(a *tsatest.Answer) { a.NamedSerial = big.NewInt(4) }),
		},
		{
			name: "ESSCertID of another beside a right v2", code: timestamp.CodeSigningCertificate, says: "another certificate",
			config: answer(func(a *tsatest.Answer) { a.NamedSHA1 = other.Certificate }),
		},
		{
			name: "EKU not critical", code: timestamp.CodeKeyUsage, says: "does not call that critical",
			config: usage(tsatest.TimeStamping(false)),
		},
		{
			name: "EKU with another purpose", code: timestamp.CodeKeyUsage, says: "not for time-stamps alone",
			config: usage(tsatest.TimeStamping(true, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1})),
		},
		{
			name: "EKU with an unknown purpose", code: timestamp.CodeKeyUsage, says: "not for time-stamps alone",
			config: usage(tsatest.TimeStamping(true, asn1.ObjectIdentifier{1, 2, 3, 4, 5})),
		},
		{
			name: "EKU missing", code: timestamp.CodeKeyUsage, says: "does not say",
			config: certificate(func(c *x509.Certificate) { c.ExtraExtensions = nil }),
		},
		{
			name: "a key for encryption", code: timestamp.CodeKeyUsage, says: "not for signatures",
			config: certificate(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }),
		},
		{
			name: "an issuer for servers", code: timestamp.CodeKeyUsage, says: "between",
			config: tsatest.Config{Issuer: func(c *x509.Certificate) {
				c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
			}},
		},
		{
			name: "another authority's name", code: timestamp.CodeAuthority, says: "another authority",
			config: answer(func(a *tsatest.Answer) { a.TSA = other.Root.RawSubject }),
		},
		{
			name: "not yet valid", code: timestamp.CodeNotYetValid, says: "begins at 2016-03-14T12:00:01Z",
			config: certificate(func(c *x509.Certificate) { c.NotBefore = noon.Add(time.Second) }),
		},
		{
			name: "expired at genTime", code: timestamp.CodeExpired, says: "ended at 2016-03-14T11:59:59Z",
			config: certificate(func(c *x509.Certificate) { c.NotAfter = noon.Add(-time.Second) }),
		},
		{
			name: "issuer expired at genTime", code: timestamp.CodeExpired, says: "Test Issuer",
			config: tsatest.Config{Issuer: func(c *x509.Certificate) { c.NotAfter = noon.Add(-time.Second) }},
		},
		{
			name: "issuer not yet valid", code: timestamp.CodeNotYetValid, says: "Test Issuer",
			config: tsatest.Config{Issuer: func(c *x509.Certificate) { c.NotBefore = noon.Add(time.Second) }},
		},
		{
			name: "an issuer that must not issue", code: timestamp.CodeChain,
			config: tsatest.Config{Issuer: func(c *x509.Certificate) { c.IsCA = false }},
		},
		{
			name: "a critical extension of the certificate", code: timestamp.CodeChain, says: "critical extension",
			config: certificate(func(c *x509.Certificate) {
				c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4, 9}, Critical: true, Value: []byte{5, 0}})
			}),
		},
		{
			name: "the issuer is not sent and another one is", code: timestamp.CodeChain, says: "do not lead to a root",
			config: answer(func(a *tsatest.Answer) { a.Sent[1] = other.Issuer }),
		},
		{
			name: "short key of the authority", code: timestamp.CodeWeak, says: "1024 bits",
			config: tsatest.Config{Keys: [3]crypto.Signer{nil, nil, short}},
		},
		{
			name: "short key of the issuer", code: timestamp.CodeWeak, says: "1024 bits",
			config: tsatest.Config{Keys: [3]crypto.Signer{nil, short, nil}},
		},
		{
			name: "certificate signed over SHA-1", code: timestamp.CodeWeak, says: "SHA1-RSA",
			config: tsatest.Config{Keys: [3]crypto.Signer{nil, big2048, nil}, Certificate: sha1Signed},
		},
		{
			name: "replayed", code: timestamp.CodeNonce, says: "answers another request",
			config: answer(func(a *tsatest.Answer) {
				a.DER = func(der []byte) []byte {
					if replayed == nil {
						replayed = der
					}
					return replayed
				}
			}),
		},
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.name, func(t *testing.T) {
			a := start(t, c.config)
			cl := client(t, a)
			if c.name == "replayed" {
				if _, _, err := cl.Request(t.Context(), a.URL, checkpoint); err != nil {
					t.Fatal(err)
				}
			}
			token, info, err := cl.Request(t.Context(), a.URL, checkpoint)
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				if !info.Trusted || len(info.Chain) != 3 || !info.Chain[2].Equal(a.Root) || len(token.Certificates) != 3 {
					t.Errorf("trusted %v, %d certificates, %d kept", info.Trusted, len(info.Chain), len(token.Certificates))
				}
				return
			}
			refused(t, err, c.code, c.says)
		})
	}
}

// refused checks that err has the code as its first finding: a fault must not
// be called by the name of what follows from it.
func refused(t *testing.T, err error, code timestamp.Code, says string) {
	t.Helper()
	var invalid *timestamp.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v instead of %s", err, code)
	}
	if invalid.Findings[0].Code != code || !invalid.Has(code) || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v instead of %s: … %s …", err, code, says)
	}
	if strings.ContainsAny(err.Error(), "\x1b\n") {
		t.Errorf("%q has control characters", err)
	}
}

func TestInfo(t *testing.T) {
	a := start(t, tsatest.Config{Answer: func(a *tsatest.Answer) { a.Time = "20160314120000.25Z" }})
	token, info, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	again, findings := timestamp.Verify(token, checkpoint, timestamp.Options{Roots: roots(t, a)})
	if len(findings) > 0 {
		t.Error(findings)
	}
	chain := cmp.Comparer(func(a, b *x509.Certificate) bool { return a.Equal(b) })
	if d := cmp.Diff(info, again, chain); d != "" {
		t.Errorf("a second check differs: %s", d)
	}
	got := info
	got.Chain, got.Nonce, got.Imprint = nil, "", nil
	want := timestamp.Info{
		Time: noon.Add(250 * time.Millisecond), Accuracy: 1500 * time.Millisecond, Policy: "1.2.3.4.1",
		Serial: "1b1d", Hash: "SHA-256", Authority: "CN=Test Time-Stamp Authority,O=ibid test", Trusted: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	const says = "CN=Test Time-Stamp Authority,O=ibid test, vouched for by CN=Test Root,O=ibid test, " +
		"states that these bytes existed at 2016-03-14T12:00:00.25Z (± 1.5s)"
	if info.Statement() != says {
		t.Error(info.Statement())
	}
}

// TestLater checks tokens long after their certificates ended, when a root is
// known no more, and against other roots and other bytes.
func TestLater(t *testing.T) {
	end := noon.Add(24 * time.Hour) // long before the clock of any machine that runs this
	a := start(t, tsatest.Config{
		Root:        func(c *x509.Certificate) { c.NotAfter = end },
		Issuer:      func(c *x509.Certificate) { c.NotAfter = end },
		Certificate: func(c *x509.Certificate) { c.NotAfter = end },
	})
	token, _, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	info, findings := timestamp.Verify(token, checkpoint, timestamp.Options{Roots: roots(t, a)})
	if len(findings) > 0 || !info.Trusted {
		t.Errorf("with its root: %v", findings)
	}

	stranger := start(t, tsatest.Config{})
	for name, pool := range map[string]*x509.CertPool{
		"no roots": x509.NewCertPool(), "a stranger's of the same name": roots(t, stranger), "the system's": nil,
	} {
		info, findings := timestamp.Verify(token, checkpoint, timestamp.Options{Roots: pool})
		if err := timestamp.Err(findings); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info.Trusted || len(findings) != 1 || findings[0].Code != timestamp.CodeUntrusted || findings[0].Level != timestamp.Note {
			t.Errorf("%s: trusted %v, %v", name, info.Trusted, findings)
		}
		if len(info.Chain) != 3 || !strings.Contains(info.Statement(), "no known root says who that is") {
			t.Errorf("%s: %d certificates, %s", name, len(info.Chain), info.Statement())
		}
	}

	_, findings = timestamp.Verify(token, append([]byte("x"), checkpoint...), timestamp.Options{Roots: roots(t, a)})
	refused(t, timestamp.Err(findings), timestamp.CodeImprint, "other bytes")
}

// TestParts checks what may be missing from a token, and what may not be put
// in the place of something else.
func TestParts(t *testing.T) {
	a := start(t, tsatest.Config{})
	pool := timestamp.Options{Roots: roots(t, a)}
	whole, info, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := bytes.Replace(whole.Query, info.Imprint, make([]byte, len(info.Imprint)), 1)
	var parts []asn1.RawValue
	if _, err := asn1.Unmarshal(whole.Response, &parts); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		token timestamp.Token
		note  timestamp.Code
		code  timestamp.Code
	}{
		{name: "whole", token: *whole},
		{name: "its certificates are in the answer", token: timestamp.Token{Query: whole.Query, Response: whole.Response}},
		{name: "without its request", token: timestamp.Token{Response: whole.Response}, note: timestamp.CodeNoRequest},
		{name: "a bare token", token: timestamp.Token{Query: whole.Query, Response: parts[1].FullBytes}},
		{name: "another request", token: timestamp.Token{Query: other.Query, Response: whole.Response}, code: timestamp.CodeNonce},
		{name: "no request", token: timestamp.Token{Query: []byte{0x30, 0}, Response: whole.Response}, code: timestamp.CodeMalformed},
		{name: "nothing", code: timestamp.CodeMalformed},
		{name: "too long", token: timestamp.Token{Response: make([]byte, timestamp.MaxResponse+1)}, code: timestamp.CodeMalformed},
		{name: "a request for other bytes", token: timestamp.Token{Query: elsewhere, Response: whole.Response}, code: timestamp.CodeImprint},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, findings := timestamp.Verify(&c.token, checkpoint, pool)
			if c.code != "" {
				refused(t, timestamp.Err(findings), c.code, "")
				return
			}
			if err := timestamp.Err(findings); err != nil {
				t.Error(err)
			}
			if c.note != "" && (len(findings) != 1 || findings[0].Code != c.note) || c.note == "" && len(findings) > 0 {
				t.Errorf("%v instead of %s", findings, c.note)
			}
		})
	}

	t.Run("SHA-1 alone names the certificate", func(t *testing.T) {
		a := start(t, answer(func(a *tsatest.Answer) { a.NamedSHA1, a.Named = a.Named, nil }))
		token, _, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
		if err != nil {
			t.Fatal(err)
		}
		_, findings := timestamp.Verify(token, checkpoint, timestamp.Options{Roots: roots(t, a)})
		if len(findings) != 1 || findings[0].Code != timestamp.CodeWeak || findings[0].Level != timestamp.Warning {
			t.Error(findings)
		}
	})

	t.Run("SHA-1 signs the way to a root that is not there", func(t *testing.T) {
		key, err := rsaKey()
		if err != nil {
			t.Fatal(err)
		}
		a := start(t, tsatest.Config{
			Keys:   [3]crypto.Signer{key, nil, nil},
			Issuer: func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA },
		})
		token, info, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
		if err != nil || info.Trusted {
			t.Fatal(info.Trusted, err)
		}
		_, findings := timestamp.Verify(token, checkpoint, timestamp.Options{Roots: roots(t, a)})
		if len(findings) != 2 || findings[0].Code != timestamp.CodeUntrusted || findings[1].Code != timestamp.CodeWeak {
			t.Error(findings)
		}
	})

	t.Run("the certificates are beside the answer", func(t *testing.T) {
		a := start(t, answer(func(a *tsatest.Answer) { a.Sent = nil }))
		reply, err := a.Reply(whole.Query)
		if err != nil {
			t.Fatal(err)
		}
		token := &timestamp.Token{Query: whole.Query, Response: reply, Certificates: [][]byte{a.Certificate.Raw, a.Issuer.Raw}}
		info, findings := timestamp.Verify(token, checkpoint, timestamp.Options{Roots: roots(t, a)})
		if len(findings) > 0 || !info.Trusted {
			t.Error(findings)
		}
		// An authority without issuer or root vouches for itself alone.
		token.Certificates = token.Certificates[:1]
		info, findings = timestamp.Verify(token, checkpoint, timestamp.Options{Roots: roots(t, a)})
		if timestamp.Err(findings) != nil || info.Trusted || len(info.Chain) != 1 {
			t.Error(info.Trusted, len(info.Chain), findings)
		}
		// A key whose check would take long is not looked at.
		huge := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 20000, 1), E: 65537}
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(9)},
			&x509.Certificate{SerialNumber: big.NewInt(8)}, huge, key)
		if err != nil {
			t.Fatal(err)
		}
		token.Certificates[0] = der
		_, findings = timestamp.Verify(token, checkpoint, timestamp.Options{Roots: roots(t, a)})
		refused(t, timestamp.Err(findings), timestamp.CodeNoCertificate, "brings no certificate")
	})
}
