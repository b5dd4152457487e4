package timestamp_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/digitorus/pkcs7"
	digitorus "github.com/digitorus/timestamp"

	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
)

// same reports whether two statements, both accepted, say the same.
func same(a, b timestamp.Info) bool {
	return a.Time.Equal(b.Time) && a.Accuracy == b.Accuracy && a.Serial == b.Serial && a.Policy == b.Policy &&
		a.Hash == b.Hash && bytes.Equal(a.Imprint, b.Imprint) && a.Nonce == b.Nonce && a.Ordering == b.Ordering &&
		a.Authority == b.Authority
}

// TestFlips changes every bit of a token, and of one with the keys of RSA, whose
// checks take longer, one in every byte. None makes a panic, none is accepted
// with another statement, and in a stored token every one is seen.
func TestFlips(t *testing.T) {
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	every := 1
	if testing.Short() {
		every = 5
	}
	for name, c := range map[string]struct {
		config tsatest.Config
		step   int // bits
	}{
		"ECDSA": {answer(func(a *tsatest.Answer) { a.NamedSHA1 = a.Named }), every},
		"RSA":   {tsatest.Config{Keys: [3]crypto.Signer{key, key, key}}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, c.config)
			o := timestamp.Options{Roots: roots(t, a)}
			token, info, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
			if err != nil {
				t.Fatal(err)
			}
			token.Certificates = nil // what is flipped must not be there twice
			accepted := flip(t, token.Response, c.step, func(changed []byte) bool {
				got, findings := timestamp.Verify(&timestamp.Token{Query: token.Query, Response: changed}, checkpoint, o)
				if timestamp.Err(findings) != nil {
					return false
				}
				if !same(info, got) {
					t.Errorf("accepted with another statement: %+v", got)
				}
				if !got.Trusted && findings[0].Code != timestamp.CodeUntrusted {
					t.Errorf("no longer trusted, and not said: %v", findings)
				}
				return got.Trusted
			})
			t.Logf("%d changes of the answer are passed over", accepted)
			accepted = flip(t, token.Query, c.step, func(changed []byte) bool {
				got, findings := timestamp.Verify(&timestamp.Token{Query: changed, Response: token.Response}, checkpoint, o)
				return timestamp.Err(findings) == nil && same(info, got)
			})
			t.Logf("%d changes of the request are passed over", accepted)
			if n := flip(t, token.Bytes(), c.step, func(changed []byte) bool {
				_, err := timestamp.Parse(changed)
				return err == nil
			}); n > 0 {
				t.Errorf("%d changes of a stored token are not seen", n)
			}
		})
	}
}

// flip calls try with every step'th bit of data changed in turn and counts
// where it returns true.
func flip(t *testing.T, data []byte, step int, try func([]byte) bool) (accepted int) {
	t.Helper()
	changed := bytes.Clone(data)
	for bit := 0; bit < 8*len(data); bit += step {
		changed[bit/8] ^= 1 << (bit % 8)
		if try(changed) {
			accepted++
		}
		changed[bit/8] ^= 1 << (bit % 8)
		if t.Failed() {
			t.Fatalf("at byte %d of %d", bit/8, len(data))
		}
	}
	return accepted
}

// TestCut cuts an answer at every byte.
func TestCut(t *testing.T) {
	a := start(t, tsatest.Config{})
	token, _, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	for n := range token.Response {
		_, findings := timestamp.Verify(&timestamp.Token{Query: token.Query, Response: token.Response[:n]}, checkpoint, timestamp.Options{})
		if timestamp.Err(findings) == nil || findings[0].Code != timestamp.CodeMalformed {
			t.Fatalf("cut to %d bytes: %v", n, findings)
		}
	}
}

// TestAgreement holds our reading of good tokens against that of a library
// which shares no code with it.
func TestAgreement(t *testing.T) {
	for _, c := range cases(t) {
		if c.code != "" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			a := start(t, c.config)
			query, reply := exchange(t, a)
			info, findings := timestamp.Verify(&timestamp.Token{Query: query, Response: reply}, checkpoint, timestamp.Options{Roots: roots(t, a)})
			if err := timestamp.Err(findings); err != nil {
				t.Fatal(err)
			}
			der := inner(t, reply)
			theirs, err := digitorus.Parse(der)
			if err != nil {
				t.Fatal(err)
			}
			if !theirs.Time.Equal(info.Time) || theirs.Accuracy != info.Accuracy || theirs.SerialNumber.Text(16) != info.Serial ||
				theirs.Policy.String() != info.Policy || !bytes.Equal(theirs.HashedMessage, info.Imprint) || theirs.Nonce.Text(16) != info.Nonce {
				t.Errorf("theirs is %+v, ours %+v", theirs, info)
			}
			p7, err := pkcs7.Parse(der)
			if err != nil {
				t.Fatal(err)
			}
			between := x509.NewCertPool()
			between.AddCert(a.Issuer)
			if err := p7.VerifyWithOpts(x509.VerifyOptions{
				Roots: roots(t, a), Intermediates: between, CurrentTime: info.Time,
				KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// FuzzVerify looks for panics, and for a changed answer that is accepted with
// another statement.
func FuzzVerify(f *testing.F) {
	a := start(f, tsatest.Config{})
	o := timestamp.Options{Roots: roots(f, a)}
	token, info, err := client(f, a).Request(f.Context(), a.URL, checkpoint)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token.Query, token.Response, a.Issuer.Raw)
	f.Add([]byte{}, inner(f, token.Response), []byte{})
	for _, bad := range [][]byte{{0x30}, {0x30, 0}, {0x1f, 0x81}, {0x30, 0x84}, {0x30, 0x80, 0, 0}, {0x30, 3, 2, 1, 0}, {0x30, 5, 0x30, 3, 2, 1, 2}} {
		f.Add(token.Query, bad, bad)
	}
	f.Fuzz(func(t *testing.T, query, response, cert []byte) {
		got, findings := timestamp.Verify(&timestamp.Token{Query: query, Response: response, Certificates: [][]byte{cert}}, checkpoint, o)
		if timestamp.Err(findings) == nil && got.Trusted {
			info.Nonce, got.Nonce = "", ""
			if !same(info, got) {
				t.Errorf("accepted: %+v", got)
			}
		}
		got.Statement()
	})
}

// FuzzParse checks that a file has one spelling.
func FuzzParse(f *testing.F) {
	f.Add((&timestamp.Token{Response: []byte("x")}).Bytes())
	f.Add((&timestamp.Token{Query: []byte("q"), Response: []byte("x"), Certificates: [][]byte{[]byte("y")}}).Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		// Few inputs have their own checksum: what follows it is tried with one.
		for _, file := range [][]byte{data, sealed(string(data))} {
			token, err := timestamp.Parse(file)
			if err == nil && !bytes.Equal(token.Bytes(), file) {
				t.Errorf("%q is read as %q", file, token.Bytes())
			}
		}
	})
}

// FuzzParseRoots looks for panics and for empty pools.
func FuzzParseRoots(f *testing.F) {
	a := start(f, tsatest.Config{})
	f.Add(a.Roots)
	f.Fuzz(func(t *testing.T, data []byte) {
		pool, err := timestamp.ParseRoots(data)
		if b, _ := pem.Decode(data); (err == nil) != (pool != nil) || err == nil && b == nil {
			t.Errorf("pool %v, %v", pool, err)
		}
	})
}
