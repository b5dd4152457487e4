package timestamp

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func der(t *testing.T, v any) []byte {
	t.Helper()
	b, err := asn1.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func oid(t *testing.T, s string) pkix.AlgorithmIdentifier {
	t.Helper()
	o, err := readOID(s)
	if err != nil {
		t.Fatal(err)
	}
	return pkix.AlgorithmIdentifier{Algorithm: o}
}

func TestHasName(t *testing.T) {
	// One attribute of a name, in a string type of choice.
	rdn := func(tag int, cn string) []byte {
		type attr struct {
			Type  asn1.ObjectIdentifier
			Value asn1.RawValue
		}
		v := []struct {
			A attr
		}{{attr{asn1.ObjectIdentifier{2, 5, 4, 3}, asn1.RawValue{Tag: tag, Bytes: []byte(cn)}}}}
		b := der(t, v)
		// The inner SEQUENCE of asn1.Marshal is the SET of a relative name.
		b[2] = asn1.TagSet | 0x20
		return b
	}
	general := func(tag int, compound bool, content []byte) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: compound, Bytes: content}
	}
	dns, mail := general(2, false, []byte("tsa.example")), general(1, false, []byte("tsa@example.org"))
	c := &x509.Certificate{
		RawSubject: rdn(asn1.TagUTF8String, "Authority"),
		Extensions: []pkix.Extension{{Id: oidSubjectAltName, Value: der(t, []asn1.RawValue{dns, mail})}},
	}
	for _, test := range []struct {
		name string
		der  []byte
		want bool
	}{
		{"the subject", der(t, general(4, true, rdn(asn1.TagUTF8String, "Authority"))), true},
		{"the subject in another string type", der(t, general(4, true, rdn(asn1.TagPrintableString, "Authority"))), true},
		{"another subject", der(t, general(4, true, rdn(asn1.TagUTF8String, "Author"))), false},
		{"a domain", der(t, dns), true},
		{"an address", der(t, mail), true},
		{"another domain", der(t, general(2, false, []byte("other.example"))), false},
		{"a domain as an address", der(t, general(1, false, []byte("tsa.example"))), false},
		{"nothing", nil, false},
		{"cut", []byte{0xa4, 5, 0}, false},
		{"no name", der(t, general(4, true, []byte{1})), false},
	} {
		if got := hasName(test.der, c); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
	c.Extensions[0].Value = []byte{0x30, 9}
	if hasName(der(t, dns), c) {
		t.Error("alternative names that cannot be read")
	}
	c.Extensions = nil
	if hasName(der(t, dns), c) {
		t.Error("no alternative names")
	}
}

func TestSignatureAlgorithm(t *testing.T) {
	const sha1, sha256, sha384, sha512 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"
	for _, c := range []struct {
		signature, digest string
		want              x509.SignatureAlgorithm
	}{
		{"1.2.840.113549.1.1.1", sha256, x509.SHA256WithRSA},
		{"1.2.840.113549.1.1.1", sha384, x509.SHA384WithRSA},
		{"1.2.840.113549.1.1.1", sha512, x509.SHA512WithRSA},
		{"1.2.840.113549.1.1.1", sha1, x509.SHA1WithRSA},
		{"1.2.840.113549.1.1.10", sha384, x509.SHA384WithRSAPSS},
		{"1.2.840.113549.1.1.4", sha256, x509.MD5WithRSA},
		{"1.2.840.113549.1.1.5", sha256, x509.SHA1WithRSA},
		{"1.2.840.113549.1.1.11", sha512, x509.SHA256WithRSA},
		{"1.2.840.113549.1.1.12", sha512, x509.SHA384WithRSA},
		{"1.2.840.113549.1.1.13", sha512, x509.SHA512WithRSA},
		{"1.2.840.10045.4.1", sha256, x509.ECDSAWithSHA1},
		{"1.2.840.10045.4.3.2", sha256, x509.ECDSAWithSHA256},
		{"1.2.840.10045.4.3.3", sha256, x509.ECDSAWithSHA384},
		{"1.2.840.10045.4.3.4", sha256, x509.ECDSAWithSHA512},
		{"1.3.101.112", sha512, x509.PureEd25519},
		{"1.2.840.113549.1.1.10", sha1, 0},
		{"1.2.840.113549.1.1.1", "1.2.840.113549.2.5", 0},
		{"1.2.840.10040.4.3", sha1, 0}, // DSA
		{"1.2.3", sha256, 0},
	} {
		got, err := signatureAlgorithm(oid(t, c.signature), oid(t, c.digest))
		if got != c.want || (err == nil) != (c.want != 0) {
			t.Errorf("%s with %s: %v, %v", c.signature, c.digest, got, err)
		}
	}
}

func TestDescribe(t *testing.T) {
	for bit, want := range map[int]string{
		0: "badAlg", 2: "badRequest", 5: "badDataFormat", 14: "timeNotAvailable", 15: "unacceptedPolicy",
		16: "unacceptedExtension", 17: "addInfoNotAvailable", 25: "systemFailure",
	} {
		bits := make([]byte, 4)
		bits[bit/8] = 0x80 >> (bit % 8)
		got := (&statusInfo{Status: 2, Failure: asn1.BitString{Bytes: bits, BitLength: 32}}).describe()
		if !strings.HasPrefix(got, "the authority rejected the request, "+want) {
			t.Errorf("bit %d: %s", bit, got)
		}
	}
	for status, want := range map[int]string{
		2: "rejected", 3: "wait", 4: "about to be revoked", 5: "is revoked", 6: "does not exist", -7: "does not exist",
	} {
		if got := (&statusInfo{Status: status}).describe(); !strings.Contains(got, want) {
			t.Errorf("status %d: %s", status, got)
		}
	}
}

func TestReadStatus(t *testing.T) {
	number, text, bits := der(t, 2), der(t, []string{"no"}), der(t, asn1.BitString{Bytes: []byte{0x80}, BitLength: 1})
	text[2] = asn1.TagUTF8String
	join := func(parts ...[]byte) (all []byte) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	for name, good := range map[string][]byte{
		"alone": number, "with a text": join(number, text), "with a failure": join(number, bits), "with both": join(number, text, bits),
	} {
		if s, err := readStatus(good); err != nil || s.Status != 2 {
			t.Errorf("%s: %v", name, err)
		}
	}
	many := der(t, make([]asn1.RawValue, 0))
	many = append(many[:0], 0x30, 18)
	for range 9 {
		many = append(many, asn1.TagUTF8String, 0)
	}
	for name, bad := range map[string][]byte{
		"empty": nil, "no number": text, "not text": join(number, der(t, []int{1})), "no bits": join(number, text, number),
		"too many": join(number, text, bits, bits), "bits twice": join(number, bits, bits), "cut": join(number, text[:3]),
		"too many texts": join(number, many),
	} {
		if s, err := readStatus(bad); err == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Zürich": "Zürich", "a\x1b]8;;x\x07b\r\nc": "a.]8;;x.b..c", "\u202egnp.exe": ".gnp.exe", "\xff": ".",
		strings.Repeat("x", 256): strings.Repeat("x", 256), strings.Repeat("x", 9999): strings.Repeat("x", 256) + "…",
		strings.Repeat("x", 255) + "ü": strings.Repeat("x", 255) + "…",
	} {
		if got := clean(in); got != want || !utf8.ValidString(got) {
			t.Errorf("%q: %q", in, got)
		}
	}
	if got := name(&x509.Certificate{}); got != "a certificate without a name" {
		t.Error(got)
	}
	if got := hexadecimal(new(big.Int).Lsh(big.NewInt(1), 1024)); got != "longer than 1024 bits" {
		t.Error(got)
	}
}

func TestReadTime(t *testing.T) {
	for in, want := range map[string]time.Time{
		"20260314120000Z":           time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC),
		"20260314120000.1Z":         time.Date(2026, 3, 14, 12, 0, 0, 1e8, time.UTC),
		"20260314120000.123456789Z": time.Date(2026, 3, 14, 12, 0, 0, 123456789, time.UTC),
		"20240229235959Z":           time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC),
	} {
		if got, err := readTime(asn1.RawValue{Tag: asn1.TagGeneralizedTime, Bytes: []byte(in)}); err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"", "Z", "20260314120000", "202603141200Z", "20260314120000.Z", "20260314120000.0Z", "20260314120000.1234567891Z",
		"20260314120000,1Z", "20260314126000Z", "20260230120000Z", "20261314120000Z", "20260314240000Z", "20260314120000+0000", " 20260314120000Z",
	} {
		if got, err := readTime(asn1.RawValue{Tag: asn1.TagGeneralizedTime, Bytes: []byte(in)}); err == nil {
			t.Errorf("%q: %s", in, got)
		}
	}
	if _, err := readTime(asn1.RawValue{Tag: asn1.TagUTCTime, Bytes: []byte("20260314120000Z")}); err == nil {
		t.Error("another type of time")
	}
}

func TestReadCertID(t *testing.T) {
	hash := asn1.RawValue{Tag: asn1.TagOctetString, Bytes: make([]byte, 20)}
	algorithm := func(s string) asn1.RawValue { return asn1.RawValue{FullBytes: der(t, oid(t, s))} }
	attr := func(fields ...asn1.RawValue) asn1.RawValue {
		var v asn1.RawValue
		if err := unmarshal(der(t, []any{[]any{fields}}), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	sequence := asn1.RawValue{FullBytes: []byte{0x30, 0}}
	if id, err := readCertID(attr(hash), crypto.SHA1); err != nil || id.hash != crypto.SHA1 || len(id.digest) != 20 {
		t.Error(id, err)
	}
	if id, err := readCertID(attr(algorithm("2.16.840.1.101.3.4.2.3"), hash, sequence), crypto.SHA256); err != nil ||
		id.hash != crypto.SHA512 || len(id.issuer.FullBytes) != 2 {
		t.Error(id, err)
	}
	for name, bad := range map[string]asn1.RawValue{
		"empty": {}, "no names": {Tag: asn1.TagSequence, IsCompound: true, Bytes: []byte{0x30, 0}}, "no fields": attr(),
		"SHA-1 in v2": attr(algorithm("1.3.14.3.2.26"), hash), "no hash": attr(sequence, sequence),
		"too many fields": attr(hash, sequence, sequence), "far too many": attr(hash, sequence, sequence, sequence),
		"cut": {Tag: asn1.TagSequence, IsCompound: true, Bytes: []byte{0x30, 3, 0x30}},
	} {
		if id, err := readCertID(bad, crypto.SHA256); err == nil {
			t.Errorf("%s: %+v", name, id)
		}
	}
}

func TestIssued(t *testing.T) {
	type issuerSerial struct {
		Names  []asn1.RawValue
		Serial int
	}
	names := func(tag int, list ...[]byte) (values []asn1.RawValue) {
		for _, name := range list {
			values = append(values, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: true, Bytes: name})
		}
		return values
	}
	issuer, other := []byte{0x30, 0}, []byte{0x30, 2, 5, 0}
	c := &x509.Certificate{RawIssuer: issuer, SerialNumber: big.NewInt(7)}
	for _, test := range []struct {
		name string
		in   issuerSerial
		want bool
	}{
		{"good", issuerSerial{names(4, issuer), 7}, true},
		{"another issuer", issuerSerial{names(4, other), 7}, false},
		{"another serial number", issuerSerial{names(4, issuer), 8}, false},
		{"another kind of name", issuerSerial{names(5, issuer), 7}, false},
		{"two names", issuerSerial{names(4, issuer, issuer), 7}, false},
		{"no name", issuerSerial{nil, 7}, false},
	} {
		if got := issued(asn1.RawValue{FullBytes: der(t, test.in)}, c); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestReadAttributes(t *testing.T) {
	type attr struct {
		Type   asn1.ObjectIdentifier
		Values []int `asn1:"set"`
	}
	set := func(list ...any) asn1.RawValue { return asn1.RawValue{Bytes: der(t, list)[2:]} }
	one := attr{oidContentType, []int{1}}
	attrs, err := readAttributes(set(one, attr{oidMessageDigest, []int{1, 2}}))
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if ok, err := attrs.value(oidContentType, &n); !ok || err != nil || n != 1 {
		t.Error(ok, err, n)
	}
	if ok, err := attrs.value(oidMessageDigest, &n); !ok || err == nil {
		t.Error("two values are taken for one")
	}
	if ok, err := attrs.value(oidSigningCertificate, &n); ok || err != nil {
		t.Error(ok, err)
	}
	for name, bad := range map[string]asn1.RawValue{
		"twice": set(one, one), "no values": set(struct{ A asn1.ObjectIdentifier }{oidContentType}),
		"no set": set(struct {
			A asn1.ObjectIdentifier
			B int
		}{oidContentType, 1}), "cut": {Bytes: []byte{0x30, 9}},
	} {
		if _, err := readAttributes(bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
