package timestamp

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
)

// signature checks the one signature of the token (RFC 5652 §5.4, §5.6).
func (v *verification) signature() {
	signers, err := elements(v.signed.Signers.Bytes, 16)
	if err != nil {
		v.fail(CodeSigner, "the token's signatures: %v", err)
		return
	}
	if len(signers) != 1 {
		v.fail(CodeSigner, "the token has %d signatures instead of one", len(signers))
		return
	}
	if err := unmarshal(signers[0].FullBytes, &v.signer); err != nil {
		v.fail(CodeSigner, "the token's signature: %v", err)
		return
	}
	v.certs = v.certificates()
	if len(v.certs) == 0 {
		v.fail(CodeNoCertificate, "the token brings no certificate")
		return
	}
	cert := find(v.signer.ID, v.certs)
	if cert == nil {
		v.fail(CodeNoCertificate, "none of the token's %d certificates is the one that signed", len(v.certs))
		return
	}
	v.cert = cert
	v.info.Authority = name(cert)
	v.attributes()
	v.check()
}

// attributes checks that the signed attributes belong to the statement.
func (v *verification) attributes() {
	attrs, err := readAttributes(v.signer.Attributes)
	if err != nil {
		v.fail(CodeAttributes, "the signed attributes: %v", err)
		return
	}
	var kind asn1.ObjectIdentifier
	if ok, err := attrs.value(oidContentType, &kind); err != nil || !ok || !kind.Equal(oidTSTInfo) {
		v.fail(CodeAttributes, "the signed attributes do not say that a time-stamp is signed")
	}
	hash, called := digest(v.signer.Digest)
	if hash == 0 {
		if called == "SHA-1" || called == "MD5" {
			v.fail(CodeWeak, "the token is signed over its %s, which can be forged", called)
		} else {
			v.fail(CodeAttributes, "the token is signed over an unknown hash, %s", called)
		}
		return
	}
	var signed []byte
	if ok, err := attrs.value(oidMessageDigest, &signed); err != nil || !ok {
		v.fail(CodeAttributes, "the signed attributes have no digest of the statement")
	} else if !bytes.Equal(signed, sum(hash, v.content)) {
		v.fail(CodeAttributes, "the signed digest is not that of the statement: the statement was changed")
	}
}

// check verifies the signature over the attributes, which are signed as a SET
// while they are sent under a tag of their own (RFC 5652 §5.4).
func (v *verification) check() {
	if len(v.signer.Attributes.FullBytes) == 0 {
		return // attributes has said it
	}
	algorithm, err := signatureAlgorithm(v.signer.Algorithm, v.signer.Digest)
	if err != nil {
		v.fail(CodeSignature, "%v", err)
		return
	}
	if algorithm == x509.SHA1WithRSA || algorithm == x509.ECDSAWithSHA1 || algorithm == x509.MD5WithRSA {
		v.fail(CodeWeak, "the token is signed by %s, which can be forged", algorithm)
		return
	}
	set := bytes.Clone(v.signer.Attributes.FullBytes)
	set[0] = asn1.TagSet | 0x20
	if err := v.cert.CheckSignature(algorithm, set, v.signer.Signature); err != nil {
		v.fail(CodeSignature, "the signature does not verify with the key of %s: %v", name(v.cert), err)
	}
}

// algorithms that name their hash themselves (RFC 5754, 8419) and those that
// take it from the digest.
func signatureAlgorithm(a, digestOf pkix.AlgorithmIdentifier) (x509.SignatureAlgorithm, error) {
	switch a.Algorithm.String() {
	case "1.2.840.113549.1.1.4":
		return x509.MD5WithRSA, nil
	case "1.2.840.113549.1.1.5":
		return x509.SHA1WithRSA, nil
	case "1.2.840.113549.1.1.11":
		return x509.SHA256WithRSA, nil
	case "1.2.840.113549.1.1.12":
		return x509.SHA384WithRSA, nil
	case "1.2.840.113549.1.1.13":
		return x509.SHA512WithRSA, nil
	case "1.2.840.10045.4.1":
		return x509.ECDSAWithSHA1, nil
	case "1.2.840.10045.4.3.2":
		return x509.ECDSAWithSHA256, nil
	case "1.2.840.10045.4.3.3":
		return x509.ECDSAWithSHA384, nil
	case "1.2.840.10045.4.3.4":
		return x509.ECDSAWithSHA512, nil
	case "1.3.101.112":
		return x509.PureEd25519, nil
	}
	hash, called := digest(digestOf)
	switch a.Algorithm.String() {
	case "1.2.840.113549.1.1.1": // rsaEncryption (RFC 3370 §3.2)
		switch hash {
		case crypto.SHA256:
			return x509.SHA256WithRSA, nil
		case crypto.SHA384:
			return x509.SHA384WithRSA, nil
		case crypto.SHA512:
			return x509.SHA512WithRSA, nil
		}
		if called == "SHA-1" {
			return x509.SHA1WithRSA, nil
		}
	case "1.2.840.113549.1.1.10": // RSASSA-PSS; its hash must be that of the digest (RFC 4056 §3)
		switch hash {
		case crypto.SHA256:
			return x509.SHA256WithRSAPSS, nil
		case crypto.SHA384:
			return x509.SHA384WithRSAPSS, nil
		case crypto.SHA512:
			return x509.SHA512WithRSAPSS, nil
		}
	}
	return 0, fmt.Errorf("a signature of an unknown kind: %s with %s", a.Algorithm, called)
}

// certID is ESSCertID (RFC 2634 §5.4.1) and ESSCertIDv2 (RFC 5035 §4) in one.
type certID struct {
	hash   crypto.Hash
	digest []byte
	issuer asn1.RawValue // IssuerSerial; absent when empty
}

// signingCertificate checks that what is signed names the certificate, so that
// nobody can put another one of the same key in its place (RFC 5816 §2.2.1).
func (v *verification) signingCertificate() {
	if v.cert == nil {
		return
	}
	attrs, err := readAttributes(v.signer.Attributes)
	if err != nil {
		return // attributes has said it
	}
	var one, two asn1.RawValue
	hasOne, err1 := attrs.value(oidSigningCertificate, &one)
	hasTwo, err2 := attrs.value(oidSigningCertificateV2, &two)
	switch {
	case err1 != nil || err2 != nil:
		v.fail(CodeSigningCertificate, "the name of the signing certificate cannot be read: %v", errors.Join(err1, err2))
		return
	case !hasOne && !hasTwo:
		v.fail(CodeSigningCertificate, "what is signed does not name the certificate that signed")
		return
	case !hasTwo:
		v.add(CodeWeak, Warning, "what is signed names its certificate by SHA-1 alone")
	}
	if hasTwo {
		v.named(two, crypto.SHA256)
	}
	if hasOne {
		v.named(one, crypto.SHA1)
	}
}

// named checks one of the two attributes. Its first entry is the certificate
// that signed; the rest would restrict attribute certificates.
func (v *verification) named(attr asn1.RawValue, hash crypto.Hash) {
	id, err := readCertID(attr, hash)
	if err != nil {
		v.fail(CodeSigningCertificate, "the name of the signing certificate cannot be read: %v", err)
		return
	}
	if !bytes.Equal(id.digest, sum(id.hash, v.cert.Raw)) {
		v.fail(CodeSigningCertificate, "what is signed names another certificate than the one that signed")
		return
	}
	if len(id.issuer.FullBytes) > 0 && !issued(id.issuer, v.cert) {
		v.fail(CodeSigningCertificate, "what is signed names another issuer or serial number than the certificate has")
	}
}

func readCertID(attr asn1.RawValue, hash crypto.Hash) (*certID, error) {
	parts, err := elements(attr.Bytes, 2) // certs, policies
	if err != nil {
		return nil, err
	}
	if !is(attr, asn1.TagSequence) || len(parts) == 0 || !is(parts[0], asn1.TagSequence) {
		return nil, errors.New("no sequence of names")
	}
	ids, err := elements(parts[0].Bytes, MaxCertificates)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, errors.New("no name")
	}
	fields, err := elements(ids[0].Bytes, 3)
	if err != nil {
		return nil, err
	}
	id := &certID{hash: hash}
	if len(fields) > 0 && hash != crypto.SHA1 && is(fields[0], asn1.TagSequence) {
		var a pkix.AlgorithmIdentifier
		if err := unmarshal(fields[0].FullBytes, &a); err != nil {
			return nil, err
		}
		var called string
		if id.hash, called = digest(a); id.hash == 0 {
			return nil, fmt.Errorf("it is a hash by %s", called)
		}
		fields = fields[1:]
	}
	if len(fields) == 0 || !is(fields[0], asn1.TagOctetString) {
		return nil, errors.New("no hash")
	}
	id.digest = fields[0].Bytes
	if len(fields) > 1 {
		id.issuer = fields[1]
	}
	if len(fields) > 2 {
		return nil, errors.New("too many parts")
	}
	return id, nil
}

// issued reports whether an IssuerSerial is that of c. Its GeneralNames have a
// single directoryName, [4] EXPLICIT Name.
func issued(der asn1.RawValue, c *x509.Certificate) bool {
	var s struct {
		Names  asn1.RawValue
		Serial asn1.RawValue
	}
	if unmarshal(der.FullBytes, &s) != nil {
		return false
	}
	var n asn1.RawValue
	if unmarshal(s.Names.Bytes, &n) != nil || n.Class != asn1.ClassContextSpecific || n.Tag != 4 {
		return false
	}
	serial, err := asn1.Marshal(c.SerialNumber)
	return err == nil && bytes.Equal(serial, s.Serial.FullBytes) && bytes.Equal(n.Bytes, c.RawIssuer)
}
