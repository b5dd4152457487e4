package timestamp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// Token is a statement of an authority with all that is needed to check it,
// except for the bytes that it is about and a reason to trust its root. What
// is in it is checked by [Verify] alone.
type Token struct {
	// Query is the request, a TimeStampReq (RFC 3161 §2.4.1) in DER. It has the
	// nonce. Nil when the token was made for somebody else.
	Query []byte
	// Response is the answer, a TimeStampResp (§2.4.2) in DER, byte for byte as
	// it came; or a bare TimeStampToken, which has no status.
	Response []byte
	// Certificates are DER, beginning with the one that signed and ending, when
	// it is known, with the root. Those of Response may be repeated here.
	Certificates [][]byte
}

// MaxFile is the greatest length of a stored token, in bytes.
const MaxFile = 5 << 20

// ErrFile says that bytes are no stored token, or a changed one.
var ErrFile = errors.New("not an unchanged time-stamp file")

const (
	firstLine = "ibid timestamp v1\n"
	pemQuery  = "TIME STAMP QUERY"
	pemAnswer = "TIME STAMP RESPONSE"
	pemCert   = "CERTIFICATE"
	sumLine   = len("sha256 ") + 2*sha256.Size + len("\n")
)

// Bytes returns the stored form of a token: a line that names the form and its
// version, a line with the SHA-256 of all that follows, and PEM blocks (RFC
// 7468) with the request, the answer and the certificates, so that base64 and
// openssl can take it apart. The checksum guards against damage alone; against
// forgery there are the signatures.
func (t *Token) Bytes() []byte {
	var body bytes.Buffer
	block := func(kind string, der []byte) {
		// Only a header with a colon or a failing writer makes an error.
		_ = pem.Encode(&body, &pem.Block{Type: kind, Bytes: der})
	}
	if len(t.Query) > 0 {
		block(pemQuery, t.Query)
	}
	block(pemAnswer, t.Response)
	for _, c := range t.Certificates {
		block(pemCert, c)
	}
	return append(head(body.Bytes()), body.Bytes()...)
}

func head(body []byte) []byte {
	sum := sha256.Sum256(body)
	return []byte(firstLine + "sha256 " + hex.EncodeToString(sum[:]) + "\n")
}

// Parse reads what [Token.Bytes] wrote, to the byte; anything else is an error
// that wraps [ErrFile]. It checks the form of the file, and nothing of what
// the token says.
func Parse(file []byte) (*Token, error) {
	if len(file) > MaxFile {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrFile, MaxFile)
	}
	if !bytes.HasPrefix(file, []byte(firstLine)) {
		return nil, fmt.Errorf("%w: it does not begin with %q", ErrFile, firstLine)
	}
	if len(file) < len(firstLine)+sumLine {
		return nil, fmt.Errorf("%w: it is cut", ErrFile)
	}
	body := file[len(firstLine)+sumLine:]
	if !bytes.Equal(head(body), file[:len(file)-len(body)]) {
		return nil, fmt.Errorf("%w: it does not have its SHA-256", ErrFile)
	}
	t, err := blocks(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if !bytes.Equal(t.Bytes(), file) {
		return nil, fmt.Errorf("%w: it is not spelled as it would be written", ErrFile)
	}
	return t, nil
}

// blocks reads the PEM part of a file.
func blocks(body []byte) (*Token, error) {
	t := &Token{}
	for len(body) > 0 {
		b, rest := pem.Decode(body)
		if b == nil {
			return nil, errors.New("text outside of PEM blocks")
		}
		body = rest
		switch {
		case b.Type == pemQuery && t.Query == nil && t.Response == nil && len(b.Bytes) > 0 && len(b.Bytes) <= maxQuery:
			t.Query = b.Bytes
		case b.Type == pemAnswer && t.Response == nil && len(b.Bytes) > 0 && len(b.Bytes) <= MaxResponse:
			t.Response = b.Bytes
		case b.Type == pemCert && t.Response != nil && len(t.Certificates) < MaxCertificates &&
			len(b.Bytes) > 0 && len(b.Bytes) <= maxCertificate:
			t.Certificates = append(t.Certificates, b.Bytes)
		default:
			return nil, fmt.Errorf("a PEM block %q of %d bytes where none belongs", clean(b.Type), len(b.Bytes))
		}
	}
	if t.Response == nil {
		return nil, errors.New("no answer of an authority")
	}
	return t, nil
}
