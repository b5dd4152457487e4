package timestamp

import (
	"crypto"
	_ "crypto/sha256" // for crypto.Hash.New
	_ "crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"time"
)

// Object identifiers: RFC 3161, 5035, 5280, 5652, 5754, 8419.
var (
	oidSignedData           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo              = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertificate   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidExtKeyUsage          = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidSubjectAltName       = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidSHA1                 = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidMD5                  = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}
	oidSHA256               = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384               = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512               = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
)

// query is TimeStampReq (RFC 3161 §2.4.1).
type query struct {
	Version    int
	Imprint    imprint
	Policy     asn1.ObjectIdentifier `asn1:"optional"`
	Nonce      *big.Int              `asn1:"optional"`
	CertReq    bool                  `asn1:"optional"`
	Extensions []pkix.Extension      `asn1:"optional,tag:0"`
}

// imprint is MessageImprint.
type imprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Hash      []byte
}

// statusInfo is PKIStatusInfo (§2.4.2).
type statusInfo struct {
	Status  int
	Text    []string // at most eight
	Failure asn1.BitString
}

// contentInfo is the outermost part of CMS (RFC 5652 §3).
type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"tag:0"` // explicit: its bytes are a SignedData
}

// signedData is SignedData (RFC 5652 §5.1).
type signedData struct {
	Version          int
	DigestAlgorithms asn1.RawValue
	Content          struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"optional,tag:0"` // explicit: its bytes are an OCTET STRING
	}
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      asn1.RawValue
}

// signerInfo is SignerInfo (RFC 5652 §5.3).
type signerInfo struct {
	Version    int
	ID         asn1.RawValue
	Digest     pkix.AlgorithmIdentifier
	Attributes asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm  pkix.AlgorithmIdentifier
	Signature  []byte
	Unsigned   asn1.RawValue `asn1:"optional,tag:1"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue
}

// tstInfo is TSTInfo (RFC 3161 §2.4.2).
type tstInfo struct {
	Version  int
	Policy   asn1.ObjectIdentifier
	Imprint  imprint
	Serial   *big.Int
	Time     asn1.RawValue
	Accuracy struct {
		Seconds int64 `asn1:"optional"`
		Millis  int64 `asn1:"optional,tag:0"`
		Micros  int64 `asn1:"optional,tag:1"`
	} `asn1:"optional"`
	Ordering   bool             `asn1:"optional"`
	Nonce      *big.Int         `asn1:"optional"`
	TSA        asn1.RawValue    `asn1:"optional,tag:0"` // explicit: its bytes are a GeneralName
	Extensions []pkix.Extension `asn1:"optional,tag:1"`
}

// unmarshal reads one value and nothing after it.
func unmarshal(der []byte, v any) error {
	rest, err := asn1.Unmarshal(der, v)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("%d bytes follow the end", len(rest))
	}
	return nil
}

// elements splits the content of a SET or SEQUENCE into at most limit values.
func elements(der []byte, limit int) ([]asn1.RawValue, error) {
	var list []asn1.RawValue
	for len(der) > 0 {
		if len(list) == limit {
			return nil, fmt.Errorf("more than %d elements", limit)
		}
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return nil, err
		}
		list, der = append(list, v), rest
	}
	return list, nil
}

// is reports whether v has a universal tag.
func is(v asn1.RawValue, tag int) bool {
	return v.Class == asn1.ClassUniversal && v.Tag == tag
}

// digest returns the hash function of an algorithm that may make a digest or
// an imprint, and what it is called; 0 for one that mustn't.
func digest(a pkix.AlgorithmIdentifier) (crypto.Hash, string) {
	switch oid := a.Algorithm; {
	case oid.Equal(oidSHA256):
		return crypto.SHA256, "SHA-256"
	case oid.Equal(oidSHA384):
		return crypto.SHA384, "SHA-384"
	case oid.Equal(oidSHA512):
		return crypto.SHA512, "SHA-512"
	case oid.Equal(oidSHA1):
		return 0, "SHA-1"
	case oid.Equal(oidMD5):
		return 0, "MD5"
	default:
		return 0, oid.String()
	}
}

// sum hashes data.
func sum(h crypto.Hash, data []byte) []byte {
	w := h.New()
	w.Write(data)
	return w.Sum(nil)
}

var generalizedTime = regexp.MustCompile(`^[0-9]{14}(\.[0-9]{0,8}[1-9])?Z$`)

// readTime reads genTime: seconds and "Z" are there, a fraction has no zeros
// at its end (RFC 3161 §2.4.2).
func readTime(v asn1.RawValue) (time.Time, error) {
	if !is(v, asn1.TagGeneralizedTime) || !generalizedTime.Match(v.Bytes) {
		return time.Time{}, errors.New("its time is not in the form YYYYMMDDhhmmss[.f]Z")
	}
	t, err := time.Parse("20060102150405Z", string(v.Bytes)) // takes a fraction, too
	if err != nil {
		return time.Time{}, errors.New("its time does not exist")
	}
	return t.UTC(), nil
}

// accuracy adds up the parts of Accuracy.
func (t *tstInfo) accuracy() (time.Duration, error) {
	a := t.Accuracy
	const year = 366 * 24 * 3600
	if a.Seconds < 0 || a.Seconds > year || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999 {
		return 0, errors.New("its accuracy is out of range")
	}
	return time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond +
		time.Duration(a.Micros)*time.Microsecond, nil
}
