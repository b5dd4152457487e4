package wacz

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ibid-archive/ibid/archive/log/timestamp"
)

// stampWindow is how far the time of creation may be from that of the
// time-stamp (wacz-auth 0.1.0, "Verification", step 7).
const stampWindow = 10 * time.Minute

// maxChain is how many certificates a chain may have.
const maxChain = 10

// checkDomain checks the domain-name form as far as that goes without network:
// signature, certificates, their chains, domain, time-stamp and times. The last
// certificate of each chain is taken for its root, and compared with those that
// the caller trusts. Revocation is not looked up.
func (v *validator) checkDomain(f *fields, signature []byte) {
	s := &v.sum.Signature
	s.Domain = f.text("domain")
	chain := v.chain(f, "domainCert")
	stampChain := v.chain(f, "timestampCert")
	if chain == nil || stampChain == nil {
		return
	}
	s.DomainRoot, s.TimestampRoot = fingerprint(chain), fingerprint(stampChain)
	key, ok := chain[0].PublicKey.(*ecdsa.PublicKey)
	if !ok {
		v.ps.add(CodeSignatureKey, DigestFile, "the first certificate of domainCert has no ECDSA key")
		return
	}
	sum := sha256.Sum256(chain[0].RawSubjectPublicKeyInfo)
	s.Key = hex.EncodeToString(sum[:])
	if err := verifyECDSA(key, s.Hash, signature); err != nil {
		v.ps.add(CodeSignature, DigestFile, "%v", err)
	}
	if err := chain[0].VerifyHostname(s.Domain); err != nil {
		v.ps.add(CodeDomain, DigestFile, "the certificate is not that of %.200q: %v", s.Domain, err)
	}
	at, err := checkStamp(f.text("timeSignature"), f.text("signature"), stampChain)
	if err != nil {
		v.ps.add(CodeTimestamp, DigestFile, "%v", err)
		return
	}
	s.StampedAt = at
	created, err := parseTime(s.Created)
	if err == nil && at.Sub(created).Abs() > stampWindow {
		v.ps.add(CodeTimestamp, DigestFile, "created %s is more than %s from the time-stamp of %s", s.Created, stampWindow, at.Format(time.RFC3339))
	}
	if err := verifyChain(chain, at, x509.ExtKeyUsageServerAuth); err != nil {
		v.ps.add(CodeChain, DigestFile, "domainCert, at %s: %v", at.Format(time.RFC3339), err)
	}
	v.checkCross(f, key, at)
	v.checkTrust(s)
}

// checkCross checks the optional second chain for the same key.
func (v *validator) checkCross(f *fields, key *ecdsa.PublicKey, at time.Time) {
	if f.text("crossSignedCert") == "" {
		return
	}
	chain := v.chain(f, "crossSignedCert")
	if chain == nil {
		return
	}
	if cross, ok := chain[0].PublicKey.(*ecdsa.PublicKey); !ok || !cross.Equal(key) {
		v.ps.add(CodeSignatureKey, DigestFile, "crossSignedCert is of another key than domainCert")
	}
	if err := verifyChain(chain, at, x509.ExtKeyUsageAny); err != nil {
		v.ps.add(CodeChain, DigestFile, "crossSignedCert, at %s: %v", at.Format(time.RFC3339), err)
	}
}

func (v *validator) checkTrust(s *Signature) {
	unchecked := false
	for _, root := range []struct {
		what, sum string
		trusted   []string
	}{{"domainCert", s.DomainRoot, v.opts.DomainRoots}, {"timestampCert", s.TimestampRoot, v.opts.TimestampRoots}} {
		switch {
		case len(root.trusted) == 0:
			unchecked = true
			v.ps.note(CodeTrust, DigestFile, "whether the root of %s is to be trusted is not checked: %s", root.what, root.sum)
		case !slices.Contains(root.trusted, root.sum):
			v.ps.add(CodeTrust, DigestFile, "the root of %s is not a trusted one: %s", root.what, root.sum)
		}
	}
	if unchecked {
		s.Proves = "Manifest, signature, certificates and time-stamp belong together."
		s.Limits = "Whether " + s.Domain + " has to do with it: anybody can make such certificates, and whether their roots are to be trusted is not checked."
		return
	}
	s.Trusted = !v.ps.failed[StepSignature]
	s.Proves = fmt.Sprintf("Whoever held the key to the certificate of %s signed this manifest, not later than %s.", s.Domain, s.StampedAt.Format(time.RFC3339))
	s.Limits = "That the key was not stolen: revocation of the certificates is not looked up."
}

// chain reads the PEM certificates of a property, leaf first.
func (v *validator) chain(f *fields, name string) []*x509.Certificate {
	var chain []*x509.Certificate
	for rest := []byte(f.text(name)); ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			if len(bytes.TrimSpace(rest)) > 0 {
				v.ps.add(CodeSignatureKey, DigestFile, "%s has more than PEM certificates", name)
				return nil
			}
			break
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil || b.Type != "CERTIFICATE" || len(chain) == maxChain {
			v.ps.add(CodeSignatureKey, DigestFile, "%s is no chain of certificates (%d read): %v", name, len(chain), err)
			return nil
		}
		chain = append(chain, c)
	}
	if len(chain) == 0 {
		v.ps.add(CodeSignatureKey, DigestFile, "%s has no certificate", name)
	}
	return chain
}

// fingerprint names the last certificate of a chain.
func fingerprint(chain []*x509.Certificate) string {
	sum := sha256.Sum256(chain[len(chain)-1].Raw)
	return hex.EncodeToString(sum[:])
}

// pools gives the last certificate of a chain as root, those in between as such.
func pools(chain []*x509.Certificate) (roots, between *x509.CertPool) {
	roots, between = x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(chain[len(chain)-1])
	for _, c := range chain[:len(chain)-1] {
		between.AddCert(c)
	}
	return roots, between
}

func verifyChain(chain []*x509.Certificate, at time.Time, usage x509.ExtKeyUsage) error {
	roots, between := pools(chain)
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{usage}})
	return err
}

// checkStamp returns the time of a time-stamp response (RFC 3161 §2.4.2) over
// the text of a signature, made by the first certificate of chain.
func checkStamp(response, signature string, chain []*x509.Certificate) (time.Time, error) {
	der, err := base64.StdEncoding.DecodeString(response)
	if err != nil {
		return time.Time{}, errors.New("timeSignature is no base64")
	}
	// The token need not have the certificates: they stand beside it.
	token := &timestamp.Token{Response: der}
	roots := x509.NewCertPool()
	for _, c := range chain {
		token.Certificates = append(token.Certificates, c.Raw)
	}
	roots.AddCert(chain[len(chain)-1])
	info, findings := timestamp.Verify(token, []byte(signature), timestamp.Options{Roots: roots})
	if err := timestamp.Err(findings); err != nil {
		return time.Time{}, fmt.Errorf("timeSignature: %w", err)
	}
	if len(info.Chain) == 0 || !info.Chain[0].Equal(chain[0]) {
		return time.Time{}, errors.New("timeSignature was not made by the first certificate of timestampCert")
	}
	if !info.Trusted {
		return time.Time{}, errors.New("timeSignature does not lead to the last certificate of timestampCert")
	}
	return info.Time.UTC(), nil
}
