package timestamp

import (
	"bytes"
	"crypto/rsa"
	_ "crypto/sha1" // for ESSCertID of RFC 2634, which has no other hash
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"time"
)

// purpose checks that the certificate is for time-stamps alone (RFC 3161
// §2.3), and that the token calls its authority by a name of the certificate.
func (v *verification) purpose() {
	c := v.cert
	if c == nil {
		return
	}
	ext := extension(c, oidExtKeyUsage)
	switch {
	case ext == nil:
		v.fail(CodeKeyUsage, "the certificate of %s does not say that it is for time-stamps", name(c))
	case len(c.UnknownExtKeyUsage) > 0 || len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != x509.ExtKeyUsageTimeStamping:
		v.fail(CodeKeyUsage, "the certificate of %s is not for time-stamps alone", name(c))
	case !ext.Critical:
		v.fail(CodeKeyUsage, "the certificate of %s is for time-stamps, but does not call that critical", name(c))
	}
	if c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		v.fail(CodeKeyUsage, "the key of %s is not for signatures", name(c))
	}
	if tsa := v.tst.TSA; len(tsa.FullBytes) > 0 && !hasName(tsa.Bytes, c) {
		v.fail(CodeAuthority, "the token names another authority than the certificate of %s", name(c))
	}
}

func extension(c *x509.Certificate, oid asn1.ObjectIdentifier) *pkix.Extension {
	for i := range c.Extensions {
		if c.Extensions[i].Id.Equal(oid) {
			return &c.Extensions[i]
		}
	}
	return nil
}

// hasName reports whether a GeneralName is one of the names of c: its subject,
// in whatever string types, or one of its alternative names.
func hasName(der []byte, c *x509.Certificate) bool {
	var n asn1.RawValue
	if unmarshal(der, &n) != nil {
		return false
	}
	if n.Class == asn1.ClassContextSpecific && n.Tag == 4 {
		if bytes.Equal(n.Bytes, c.RawSubject) {
			return true
		}
		var said, has pkix.RDNSequence
		if unmarshal(n.Bytes, &said) == nil && unmarshal(c.RawSubject, &has) == nil && said.String() == has.String() {
			return true
		}
	}
	ext := extension(c, oidSubjectAltName)
	if ext == nil {
		return false
	}
	var names asn1.RawValue
	if unmarshal(ext.Value, &names) != nil {
		return false
	}
	list, err := elements(names.Bytes, 256)
	if err != nil {
		return false
	}
	for _, alt := range list {
		if bytes.Equal(alt.FullBytes, n.FullBytes) {
			return true
		}
	}
	return false
}

// chain leads from the certificate to a root, all valid at the time that the
// token states: whether they still are doesn't matter, and a certificate that
// begins later couldn't have signed then.
func (v *verification) chain() {
	c := v.cert
	if c == nil {
		return
	}
	roots := v.opts.Roots
	if roots == nil {
		var err error
		if roots, err = x509.SystemCertPool(); err != nil {
			roots = x509.NewCertPool()
		}
	}
	chain, err := v.build(roots, v.certs)
	if err == nil {
		v.info.Chain, v.info.Trusted = chain, true
		v.strength(chain)
		return
	}
	if unknown := (x509.UnknownAuthorityError{}); !errors.As(err, &unknown) {
		v.refuse(err)
		return
	}
	own, rest := v.ownRoots()
	chain, ownErr := v.build(own, rest)
	if ownErr != nil {
		v.refuse(ownErr)
		return
	}
	v.info.Chain = chain
	v.add(CodeUntrusted, Note, "no known root vouches for %s; the token agrees with the certificates that it brings, "+
		"and they end in %s (%s)", name(c), name(chain[len(chain)-1]), clean(err.Error()))
	v.strength(chain)
	if last := chain[len(chain)-1]; insecure(last.SignatureAlgorithm) && !bytes.Equal(last.RawIssuer, last.RawSubject) {
		v.add(CodeWeak, Warning, "the certificate of %s, which leads to a root that is not here, is signed by %s, which can be forged",
			name(last), last.SignatureAlgorithm)
	}
}

func (v *verification) build(roots *x509.CertPool, between []*x509.Certificate) ([]*x509.Certificate, error) {
	pool := x509.NewCertPool()
	for _, c := range between {
		pool.AddCert(c)
	}
	chains, err := v.cert.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: pool, CurrentTime: v.info.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return nil, err
	}
	return chains[0], nil
}

// ownRoots parts the token's certificates into those at which its own chain
// can end, because they issued themselves or nothing here issued them, and the
// rest.
func (v *verification) ownRoots() (*x509.CertPool, []*x509.Certificate) {
	roots := x509.NewCertPool()
	var rest []*x509.Certificate
	for _, c := range v.certs {
		issued := false
		for _, other := range v.certs {
			issued = issued || bytes.Equal(c.RawIssuer, other.RawSubject)
		}
		if !issued || bytes.Equal(c.RawIssuer, c.RawSubject) {
			roots.AddCert(c)
		} else {
			rest = append(rest, c)
		}
	}
	return roots, rest
}

// valid checks a certificate of the chain against the stated time.
func (v *verification) valid(c *x509.Certificate) bool {
	when := v.info.Time
	switch {
	case when.Before(c.NotBefore):
		v.fail(CodeNotYetValid, "the token is of %s, the certificate of %s begins at %s", day(when), name(c), day(c.NotBefore))
	case when.After(c.NotAfter):
		v.fail(CodeExpired, "the token is of %s, the certificate of %s ended at %s", day(when), name(c), day(c.NotAfter))
	default:
		return true
	}
	return false
}

func day(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// refuse says why there is no chain.
func (v *verification) refuse(err error) {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Cert != nil {
		switch invalid.Reason {
		case x509.Expired:
			if !v.valid(invalid.Cert) {
				return
			}
		case x509.IncompatibleUsage:
			v.fail(CodeKeyUsage, "a certificate between %s and its root is not for time-stamps", name(v.cert))
			return
		}
	}
	if weak := (x509.InsecureAlgorithmError(0)); errors.As(err, &weak) {
		v.fail(CodeWeak, "a certificate of the chain is signed by %s, which can be forged", x509.SignatureAlgorithm(weak))
		return
	}
	// An authority that is unknown because the signature of the one that is
	// known was refused carries its reason in its text alone.
	for _, c := range v.certs {
		if !bytes.Equal(c.RawIssuer, c.RawSubject) && insecure(c.SignatureAlgorithm) {
			v.fail(CodeWeak, "the certificate of %s is signed by %s, which can be forged", name(c), c.SignatureAlgorithm)
			return
		}
	}
	v.fail(CodeChain, "the certificates do not lead to a root: %s", clean(err.Error()))
}

func insecure(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}

// strength names keys that can be found out. Signatures over weak hashes need
// no look: crypto/x509 builds no chain with them, and the root's own proves
// nothing and may be of any kind.
func (v *verification) strength(chain []*x509.Certificate) {
	for _, c := range chain {
		if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < minRSA {
			v.fail(CodeWeak, "the key of %s has %d bits; %d are needed", name(c), key.N.BitLen(), minRSA)
		}
	}
}
