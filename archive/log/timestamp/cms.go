package timestamp

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
)

// openResponse returns the status and the token of an answer. A bare token,
// which begins with an object identifier, has the status 0.
func openResponse(der []byte) (*statusInfo, []byte, error) {
	var outer asn1.RawValue
	if err := unmarshal(der, &outer); err != nil {
		return nil, nil, err
	}
	if !is(outer, asn1.TagSequence) {
		return nil, nil, errors.New("no sequence")
	}
	parts, err := elements(outer.Bytes, 2)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case len(parts) == 0:
		return nil, nil, errors.New("empty")
	case is(parts[0], asn1.TagOID):
		return &statusInfo{}, der, nil
	case !is(parts[0], asn1.TagSequence):
		return nil, nil, errors.New("no status")
	}
	status, err := readStatus(parts[0].Bytes)
	if err != nil {
		return nil, nil, err
	}
	if len(parts) == 1 {
		return status, nil, nil
	}
	return status, parts[1].FullBytes, nil
}

func readStatus(der []byte) (*statusInfo, error) {
	parts, err := elements(der, 3)
	if err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, errors.New("no status")
	}
	s := &statusInfo{}
	if err := unmarshal(parts[0].FullBytes, &s.Status); err != nil {
		return nil, err
	}
	parts = parts[1:]
	if len(parts) > 0 && is(parts[0], asn1.TagSequence) {
		texts, err := elements(parts[0].Bytes, 8)
		if err != nil {
			return nil, err
		}
		for _, t := range texts {
			if !is(t, asn1.TagUTF8String) {
				return nil, errors.New("a status text that is not UTF8String")
			}
			s.Text = append(s.Text, string(t.Bytes[:min(len(t.Bytes), 2*maxText)]))
		}
		parts = parts[1:]
	}
	if len(parts) > 0 {
		if err := unmarshal(parts[0].FullBytes, &s.Failure); err != nil {
			return nil, err
		}
		parts = parts[1:]
	}
	if len(parts) > 0 {
		return nil, errors.New("a status with more parts than it can have")
	}
	return s, nil
}

// openToken returns the outer parts of a TimeStampToken and the bytes of its
// TSTInfo.
func openToken(der []byte) (*signedData, []byte, error) {
	var outer contentInfo
	if err := unmarshal(der, &outer); err != nil {
		return nil, nil, err
	}
	if !outer.Type.Equal(oidSignedData) {
		return nil, nil, fmt.Errorf("content of type %s instead of SignedData", outer.Type)
	}
	sd := &signedData{}
	if err := unmarshal(outer.Content.Bytes, sd); err != nil {
		return nil, nil, err
	}
	if !sd.Content.Type.Equal(oidTSTInfo) {
		return nil, nil, fmt.Errorf("signed content of type %s instead of TSTInfo", sd.Content.Type)
	}
	var content asn1.RawValue
	if err := unmarshal(sd.Content.Content.Bytes, &content); err != nil {
		return nil, nil, err
	}
	if !is(content, asn1.TagOctetString) || content.IsCompound {
		return nil, nil, errors.New("signed content that is no octet string")
	}
	if !is(sd.Signers, asn1.TagSet) {
		return nil, nil, errors.New("no set of signers")
	}
	return sd, content.Bytes, nil
}

// certificates returns those of the answer, then those that are kept beside
// it, each once. What crypto/x509 can't read is left out: it could sign
// nothing.
func (v *verification) certificates() []*x509.Certificate {
	var list []*x509.Certificate
	add := func(der []byte) {
		if len(der) > maxCertificate || len(list) == MaxCertificates {
			return
		}
		for _, c := range list {
			if bytes.Equal(c.Raw, der) {
				return
			}
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return
		}
		if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxRSA {
			return
		}
		list = append(list, c)
	}
	own, err := elements(v.signed.Certificates.Bytes, MaxCertificates)
	if err != nil {
		v.fail(CodeMalformed, "the token's certificates: %v", err)
	}
	for _, c := range own {
		if is(c, asn1.TagSequence) { // others are attribute certificates (RFC 5652 §10.2.2)
			add(c.FullBytes)
		}
	}
	for _, c := range v.token.Certificates[:min(len(v.token.Certificates), MaxCertificates)] {
		add(c)
	}
	return list
}

// find returns the certificate that a SignerIdentifier names, or nil.
func find(id asn1.RawValue, list []*x509.Certificate) *x509.Certificate {
	if id.Class == asn1.ClassContextSpecific && id.Tag == 0 {
		for _, c := range list {
			if len(id.Bytes) > 0 && bytes.Equal(c.SubjectKeyId, id.Bytes) {
				return c
			}
		}
		return nil
	}
	var named issuerAndSerial
	if unmarshal(id.FullBytes, &named) != nil {
		return nil
	}
	for _, c := range list {
		if bytes.Equal(c.RawIssuer, named.Issuer.FullBytes) && c.SerialNumber.Cmp(named.Serial) == 0 {
			return c
		}
	}
	return nil
}

// attributes are the signed attributes of a signer, each of which may be there
// once and with one value (RFC 5652 §11).
type attributes []attribute

func readAttributes(set asn1.RawValue) (attributes, error) {
	list, err := elements(set.Bytes, 64)
	if err != nil {
		return nil, err
	}
	var attrs attributes
	for _, e := range list {
		var a attribute
		if err := unmarshal(e.FullBytes, &a); err != nil {
			return nil, err
		}
		if !is(a.Values, asn1.TagSet) {
			return nil, fmt.Errorf("attribute %s has no set of values", a.Type)
		}
		for _, before := range attrs {
			if before.Type.Equal(a.Type) {
				return nil, fmt.Errorf("attribute %s is there twice", a.Type)
			}
		}
		attrs = append(attrs, a)
	}
	return attrs, nil
}

// value reads the single value of an attribute into out and reports whether
// there is such an attribute.
func (attrs attributes) value(oid asn1.ObjectIdentifier, out any) (bool, error) {
	for _, a := range attrs {
		if a.Type.Equal(oid) {
			return true, unmarshal(a.Values.Bytes, out)
		}
	}
	return false, nil
}
