package tsatest

import (
	"crypto"
	_ "crypto/sha1" // for ESSCertID, which has no other hash
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"

	"github.com/digitorus/pkcs7"
)

type issuerSerial struct {
	Names  []asn1.RawValue
	Serial *big.Int
}

type certID struct {
	Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
	Hash      []byte
	Issuer    issuerSerial `asn1:"optional"`
}

type signingCertificate struct {
	Certs []certID
}

// attributes are the signed attributes that name the certificate (RFC 5035).
func (n *Answer) attributes() ([]pkcs7.Attribute, error) {
	var attrs []pkcs7.Attribute
	add := func(oid asn1.ObjectIdentifier, id certID) error {
		der, err := asn1.Marshal(signingCertificate{[]certID{id}})
		attrs = append(attrs, pkcs7.Attribute{Type: oid, Value: asn1.RawValue{FullBytes: der}})
		return err
	}
	if c := n.NamedSHA1; c != nil {
		id := certID{Hash: sum(crypto.SHA1, c)}
		if err := add(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}, id); err != nil {
			return nil, err
		}
	}
	if c := n.Named; c != nil {
		id := certID{Hash: sum(n.NamedHash, c)}
		switch n.NamedHash {
		case crypto.SHA384:
			id.Algorithm.Algorithm = pkcs7.OIDDigestAlgorithmSHA384
		case crypto.SHA512:
			id.Algorithm.Algorithm = pkcs7.OIDDigestAlgorithmSHA512
		}
		if n.NamedSerial != nil {
			directory := asn1.RawValue{Class: 2, Tag: 4, IsCompound: true, Bytes: c.RawIssuer}
			id.Issuer = issuerSerial{[]asn1.RawValue{directory}, n.NamedSerial}
		}
		if err := add(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}, id); err != nil {
			return nil, err
		}
	}
	return attrs, nil
}

func sum(h crypto.Hash, c *x509.Certificate) []byte {
	w := h.New()
	w.Write(c.Raw)
	return w.Sum(nil)
}
