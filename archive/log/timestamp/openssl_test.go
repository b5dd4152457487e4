package timestamp_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
)

// exchanged is what was said last.
type exchanged struct{ query, reply []byte }

// exchange asks a for a token without checking it.
func exchange(t testing.TB, a *tsatest.Authority) (query, reply []byte) {
	t.Helper()
	var kept exchanged
	c := client(t, a)
	c.Transport = keeping{a, &kept}
	// Whether the client takes the answer doesn't matter here.
	_, _, _ = c.Request(t.Context(), a.URL, checkpoint)
	if kept.reply == nil {
		t.Fatal("no answer")
	}
	return kept.query, kept.reply
}

// inner returns the token of an answer.
func inner(t testing.TB, reply []byte) []byte {
	t.Helper()
	var parts []asn1.RawValue
	if _, err := asn1.Unmarshal(reply, &parts); err != nil || len(parts) != 2 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	return parts[1].FullBytes
}

// TestOpenSSL asks an authority made with openssl.
func TestOpenSSL(t *testing.T) {
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		config tsatest.Config
		digest string
	}{
		"ECDSA with SHA-256": {tsatest.Config{}, "sha256"},
		"RSA with SHA-512":   {tsatest.Config{Keys: [3]crypto.Signer{key, key, key}}, "sha512"},
	} {
		t.Run(name, func(t *testing.T) {
			a := tsatest.StartOpenSSL(t, c.config, c.digest)
			cl := client(t, a)
			cl.Now = nil
			cl.Policy = "1.2.3.4.2"
			before := time.Now()
			token, info, err := cl.Request(t.Context(), a.URL, checkpoint)
			if err != nil {
				t.Fatal(err)
			}
			if !info.Trusted || !info.Ordering || info.Policy != cl.Policy || info.Accuracy != 1500100*time.Microsecond ||
				info.Time.Before(before.Truncate(time.Millisecond)) || info.Time.After(time.Now()) {
				t.Errorf("%+v", info)
			}
			again, err := timestamp.Parse(token.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if _, findings := timestamp.Verify(again, checkpoint, timestamp.Options{Roots: roots(t, a)}); len(findings) > 0 {
				t.Error(findings)
			}
			if said, err := opensslVerify(t, a, token, checkpoint); err != nil {
				t.Errorf("%v: %s", err, said)
			}
			cl.Policy = "1.2.3.4.9"
			_, _, err = cl.Request(t.Context(), a.URL, checkpoint)
			refused(t, err, timestamp.CodeStatus, "unacceptedPolicy")
		})
	}
}

// opensslVerify checks a token with openssl, its certificates taken from the
// stored form as a stranger would.
func opensslVerify(t *testing.T, a *tsatest.Authority, token *timestamp.Token, data []byte) (string, error) {
	t.Helper()
	program, dir := tsatest.OpenSSL(t), t.TempDir()
	for name, content := range map[string][]byte{
		"query": token.Query, "reply": token.Response, "data": data, "roots": a.Roots, "token": token.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, about := range [][]string{{"-data", at("data")}, {"-queryfile", at("query")}} {
		args := append([]string{"ts", "-verify", "-in", at("reply"), "-CAfile", at("roots"), "-untrusted", at("token")}, about...)
		if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
			return string(out), err
		}
	}
	return "", nil
}

// TestOpenSSLAgrees checks the good tokens of the other authority with
// openssl, so that the two sides of our tests aren't wrong in the same way,
// and sees that it refuses other bytes.
func TestOpenSSLAgrees(t *testing.T) {
	tsatest.OpenSSL(t)
	for _, c := range cases(t) {
		if c.code != "" || c.name == "Ed25519" { // which openssl ts doesn't take
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			a := start(t, c.config)
			token, _, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
			if err != nil {
				t.Fatal(err)
			}
			if said, err := opensslVerify(t, a, token, checkpoint); err != nil {
				t.Errorf("%v: %s", err, said)
			}
			if _, err := opensslVerify(t, a, token, []byte("other bytes")); err == nil {
				t.Error("openssl takes other bytes")
			}
		})
	}
}

// TestOpenSSLCMS checks forms of signatures that neither authority makes: a
// signer named by the identifier of its key, and RSASSA-PSS.
func TestOpenSSLCMS(t *testing.T) {
	program := tsatest.OpenSSL(t)
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, extra := range map[string][]string{
		"key identifier": {"-md", "sha384", "-keyid"},
		"PSS":            {"-md", "sha256", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"},
		"PSS and SHA512": {"-md", "sha512", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"},
	} {
		t.Run(name, func(t *testing.T) {
			var statement []byte
			a := start(t, tsatest.Config{
				Keys:        [3]crypto.Signer{nil, nil, key},
				Certificate: func(c *x509.Certificate) { c.SubjectKeyId = []byte{1, 2, 3, 4} },
				Answer: func(a *tsatest.Answer) {
					a.Signed = func(der []byte) []byte { statement = der; return der }
				},
			})
			query, _ := exchange(t, a)
			dir := t.TempDir()
			pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
			if err != nil {
				t.Fatal(err)
			}
			for name, content := range map[string][]byte{
				"in":  statement,
				"key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
				"tsa": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate.Raw}),
				"ca":  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Issuer.Raw}),
			} {
				if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			args := []string{
				"cms", "-sign", "-binary", "-nodetach", "-cades", "-econtent_type", "1.2.840.113549.1.9.16.1.4",
				"-in", "in", "-signer", "tsa", "-inkey", "key", "-certfile", "ca", "-outform", "DER", "-out", "token",
			}
			cmd := exec.CommandContext(t.Context(), program, append(args, extra...)...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			der, err := os.ReadFile(filepath.Join(dir, "token"))
			if err != nil {
				t.Fatal(err)
			}
			o := timestamp.Options{Roots: roots(t, a)}
			info, findings := timestamp.Verify(&timestamp.Token{Query: query, Response: der}, checkpoint, o)
			if len(findings) > 0 || !info.Trusted || !info.Time.Equal(noon) {
				t.Fatal(info.Trusted, info.Time, findings)
			}
			// The signature stands at the end.
			der[len(der)-1] ^= 1
			_, findings = timestamp.Verify(&timestamp.Token{Query: query, Response: der}, checkpoint, o)
			refused(t, timestamp.Err(findings), timestamp.CodeSignature, "does not verify")
		})
	}
}

// keeping answers like a, without a network, and keeps what was said.
type keeping struct {
	a    *tsatest.Authority
	kept *exchanged
}

func (k keeping) RoundTrip(r *http.Request) (*http.Response, error) {
	var query bytes.Buffer
	if _, err := query.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	reply, err := k.a.Reply(query.Bytes())
	if err != nil {
		return nil, err
	}
	*k.kept = exchanged{query.Bytes(), reply}
	return &http.Response{StatusCode: http.StatusNotImplemented, Body: http.NoBody, Request: r}, nil
}

// TestStoredCertificates checks that the chain can be read from the stored
// form as PEM, the one that signed first.
func TestStoredCertificates(t *testing.T) {
	a := start(t, tsatest.Config{})
	token, _, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	want := []*x509.Certificate{a.Certificate, a.Issuer, a.Root}
	rest := token.Bytes()
	for len(want) > 0 {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			t.Fatalf("%d certificates are missing", len(want))
		}
		if b.Type == "CERTIFICATE" {
			if !bytes.Equal(b.Bytes, want[0].Raw) {
				t.Errorf("not that of %s", want[0].Subject)
			}
			want = want[1:]
		}
	}
}
