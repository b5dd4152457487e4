package tsatest

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"

	"github.com/digitorus/pkcs7"
)

// Answer is what an authority is about to sign and send.
type Answer struct {
	Status  int      // PKIStatus; 0 and 1 are successes
	Text    []string // the status in words
	Failure int      // the bit of PKIFailureInfo; -1 for none
	NoToken bool

	// The statement.
	Version  int
	Policy   asn1.ObjectIdentifier
	Hash     asn1.ObjectIdentifier // of the imprint
	Imprint  []byte
	Serial   *big.Int
	Time     string // genTime as it is written
	Seconds  int64  // of the accuracy
	Millis   int64
	Nonce    *big.Int // nil leaves it out
	TSA      []byte   // the content of a directoryName; nil leaves it out
	Critical bool     // adds a critical extension that nobody knows

	// The signature.
	Digest      asn1.ObjectIdentifier // of the statement
	Named       *x509.Certificate     // in ESSCertIDv2; nil leaves it out
	NamedHash   crypto.Hash           // of that
	NamedSerial *big.Int              // in ESSCertIDv2's IssuerSerial; nil leaves that out
	NamedSHA1   *x509.Certificate     // in ESSCertID; nil leaves it out
	ContentType asn1.ObjectIdentifier // as it is sent
	SignedType  asn1.ObjectIdentifier // as it is signed
	Signatures  int
	Sent        []*x509.Certificate

	// Signed changes the statement's DER after it was signed, DER the whole
	// answer; nil leaves it.
	Signed, DER func([]byte) []byte
}

type imprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Hash      []byte
}

type query struct {
	Version int
	Imprint imprint
	Policy  asn1.ObjectIdentifier `asn1:"optional"`
	Nonce   *big.Int              `asn1:"optional"`
	CertReq bool                  `asn1:"optional"`
}

type accuracy struct {
	Seconds int64 `asn1:"optional"`
	Millis  int64 `asn1:"optional,tag:0"`
}

type statement struct {
	Version    int
	Policy     asn1.ObjectIdentifier
	Imprint    imprint
	Serial     *big.Int
	Time       asn1.RawValue
	Accuracy   accuracy         `asn1:"optional"`
	Nonce      *big.Int         `asn1:"optional"`
	TSA        asn1.RawValue    `asn1:"optional"`
	Extensions []pkix.Extension `asn1:"optional,tag:1"`
}

type status struct {
	Status  int
	Text    []asn1.RawValue `asn1:"optional,omitempty"`
	Failure asn1.BitString  `asn1:"optional"`
}

type response struct {
	Status status
	Token  asn1.RawValue `asn1:"optional"`
}

// Reply answers a TimeStampReq with a TimeStampResp, both in DER.
func (a *Authority) Reply(request []byte) ([]byte, error) {
	var q query
	if rest, err := asn1.Unmarshal(request, &q); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("not a request: %d bytes left over: %w", len(rest), err)
	}
	if q.Policy == nil {
		q.Policy = asn1.ObjectIdentifier{1, 2, 3, 4, 1}
	}
	n := &Answer{
		Failure: -1, Version: 1, Policy: q.Policy,
		Hash: q.Imprint.Algorithm.Algorithm, Imprint: q.Imprint.Hash,
		Serial: big.NewInt(0x1b1d), Time: a.config.Now().UTC().Format("20060102150405Z"),
		Seconds: 1, Millis: 500, Nonce: q.Nonce, TSA: a.Certificate.RawSubject,
		Digest: pkcs7.OIDDigestAlgorithmSHA256, Named: a.Certificate, NamedHash: crypto.SHA256,
		NamedSerial: a.Certificate.SerialNumber,
		ContentType: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4},
		SignedType:  asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4},
		Signatures:  1, Sent: []*x509.Certificate{a.Certificate, a.Issuer},
	}
	if a.config.Answer != nil {
		a.config.Answer(n)
	}
	return a.encode(n)
}

func (a *Authority) encode(n *Answer) ([]byte, error) {
	resp := response{Status: status{Status: n.Status}}
	for _, line := range n.Text {
		resp.Status.Text = append(resp.Status.Text, asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: []byte(line)})
	}
	if n.Failure >= 0 {
		bits := make([]byte, n.Failure/8+1)
		bits[n.Failure/8] = 0x80 >> (n.Failure % 8)
		resp.Status.Failure = asn1.BitString{Bytes: bits, BitLength: n.Failure + 1}
	}
	if !n.NoToken {
		token, err := a.sign(n)
		if err != nil {
			return nil, err
		}
		resp.Token = asn1.RawValue{FullBytes: token}
	}
	der, err := asn1.Marshal(resp)
	if err == nil && n.DER != nil {
		der = n.DER(der)
	}
	return der, err
}

func (n *Answer) statement() ([]byte, error) {
	s := statement{
		Version: n.Version, Policy: n.Policy,
		Imprint: imprint{pkix.AlgorithmIdentifier{Algorithm: n.Hash, Parameters: asn1.NullRawValue}, n.Imprint},
		Serial:  n.Serial, Time: asn1.RawValue{Tag: asn1.TagGeneralizedTime, Bytes: []byte(n.Time)},
		Accuracy: accuracy{n.Seconds, n.Millis}, Nonce: n.Nonce,
	}
	if n.TSA != nil {
		directory, err := asn1.Marshal(asn1.RawValue{Class: 2, Tag: 4, IsCompound: true, Bytes: n.TSA})
		if err != nil {
			return nil, err
		}
		s.TSA = asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: directory}
	}
	if n.Critical {
		s.Extensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4, 9}, Critical: true, Value: []byte{5, 0}}}
	}
	return asn1.Marshal(s)
}

// sign makes a TimeStampToken.
func (a *Authority) sign(n *Answer) ([]byte, error) {
	content, err := n.statement()
	if err != nil {
		return nil, err
	}
	sd, err := pkcs7.NewSignedData(content)
	if err != nil {
		return nil, err
	}
	sd.SetDigestAlgorithm(n.Digest)
	sd.SetContentType(n.SignedType)
	sd.GetSignedData().Version = 3
	attrs, err := n.attributes()
	if err != nil {
		return nil, err
	}
	for range n.Signatures {
		err := sd.AddSigner(a.Certificate, a.key, pkcs7.SignerInfoConfig{ExtraSignedAttributes: attrs, SkipCertificates: true})
		if err != nil {
			return nil, err
		}
	}
	sd.SetContentType(n.ContentType)
	for _, c := range n.Sent {
		sd.AddCertificate(c)
	}
	if n.Signed != nil {
		octets, err := asn1.Marshal(n.Signed(content))
		if err != nil {
			return nil, err
		}
		sd.GetSignedData().ContentInfo.Content = asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: octets}
	}
	return sd.Finish()
}
