package timestamp

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"math/big"
)

// Options say what a check is held against.
type Options struct {
	// Roots are the certificates of those who are trusted to vouch for an
	// authority. Nil takes the system's; an empty pool trusts nobody.
	Roots *x509.CertPool
}

// verification is one run of Verify.
type verification struct {
	token    *Token
	opts     Options
	info     Info
	findings []Finding

	signed  *signedData
	content []byte // the TSTInfo in DER, what the signature is about
	tst     tstInfo
	signer  signerInfo
	cert    *x509.Certificate   // that signed
	certs   []*x509.Certificate // all that the token brings
}

func (v *verification) add(code Code, level Level, format string, args ...any) {
	v.findings = append(v.findings, Finding{code, level, fmt.Sprintf(format, args...)})
}

func (v *verification) fail(code Code, format string, args ...any) {
	v.add(code, Error, format, args...)
}

// failed reports whether there is an error already.
func (v *verification) failed() bool { return Err(v.findings) != nil }

// Verify checks that t is a time-stamp of data (RFC 3161 §2.4.2, RFC 5816),
// and returns what t states and what is wrong with it: [Err] of the findings
// is nil when t proves what [Info.Statement] says. It takes a few milliseconds
// and depends on nothing but its arguments and, with nil Roots, the system's
// roots. It reports as much as it can; after a fault that hides the rest it
// stops.
func Verify(t *Token, data []byte, o Options) (Info, []Finding) {
	v := &verification{token: t, opts: o}
	for _, step := range []func(){
		v.open,
		v.statement,
		func() { v.imprint(data) },
		v.query,
		v.signature,
		v.signingCertificate,
		v.purpose,
		v.chain,
	} {
		step()
		if v.signed == nil || v.tst.Serial == nil && v.failed() {
			break
		}
	}
	return v.info, v.findings
}

// open takes the answer apart.
func (v *verification) open() {
	if len(v.token.Response) > MaxResponse {
		v.fail(CodeMalformed, "the answer is longer than %d bytes", MaxResponse)
		return
	}
	status, token, err := openResponse(v.token.Response)
	if err != nil {
		v.fail(CodeMalformed, "the answer is not a TimeStampResp: %v", err)
		return
	}
	if status.Status != 0 && status.Status != 1 {
		v.fail(CodeStatus, "%s", status.describe())
		return
	}
	if token == nil {
		v.fail(CodeMalformed, "the authority granted the request and sent no token")
		return
	}
	signed, content, err := openToken(token)
	if err != nil {
		v.fail(CodeMalformed, "the token is not a TimeStampToken: %v", err)
		return
	}
	v.signed, v.content = signed, content
}

// statement reads what is signed.
func (v *verification) statement() {
	var t tstInfo
	if err := unmarshal(v.content, &t); err != nil {
		v.fail(CodeMalformed, "the token's statement is not a TSTInfo: %v", err)
		return
	}
	if t.Version != 1 {
		v.fail(CodeMalformed, "the token's statement has version %d instead of 1", t.Version)
		return
	}
	when, err := readTime(t.Time)
	if err != nil {
		v.fail(CodeMalformed, "the token's statement: %v", err)
		return
	}
	accuracy, err := t.accuracy()
	if err != nil {
		v.fail(CodeMalformed, "the token's statement: %v", err)
		return
	}
	for _, e := range t.Extensions {
		if e.Critical {
			v.fail(CodeExtension, "the token's statement has a critical extension, %s, that is not known", e.Id)
		}
	}
	v.tst = t
	_, hash := digest(t.Imprint.Algorithm)
	v.info = Info{
		Time: when, Accuracy: accuracy, Ordering: t.Ordering, Policy: t.Policy.String(),
		Serial: hexadecimal(t.Serial), Nonce: hexadecimal(t.Nonce), Hash: hash, Imprint: t.Imprint.Hash,
	}
}

// hexadecimal writes a number of a token. RFC 3161 has serial numbers of up to
// 160 bits; longer ones are cut.
func hexadecimal(n *big.Int) string {
	switch {
	case n == nil:
		return ""
	case n.BitLen() > 1024:
		return "longer than 1024 bits"
	}
	return n.Text(16)
}

// imprint checks that the token is about data.
func (v *verification) imprint(data []byte) {
	hash, called := digest(v.tst.Imprint.Algorithm)
	if hash == 0 {
		v.fail(CodeHash, "the token is about a hash by %s; SHA-256, SHA-384 or SHA-512 is needed", called)
		return
	}
	if ours := sum(hash, data); !bytes.Equal(ours, v.tst.Imprint.Hash) {
		v.fail(CodeImprint, "the token is about other bytes: their %s is %s, that of these is %x",
			called, clean(fmt.Sprintf("%x", v.tst.Imprint.Hash[:min(len(v.tst.Imprint.Hash), 64)])), ours)
	}
}

// query checks that the token answers the request.
func (v *verification) query() {
	if len(v.token.Query) == 0 {
		v.add(CodeNoRequest, Note, "the request was not kept, so its nonce cannot be compared")
		return
	}
	var q query
	if len(v.token.Query) > maxQuery {
		v.fail(CodeMalformed, "the request is longer than %d bytes", maxQuery)
		return
	}
	if err := unmarshal(v.token.Query, &q); err != nil {
		v.fail(CodeMalformed, "the request is not a TimeStampReq: %v", err)
		return
	}
	if q.Version != 1 {
		v.fail(CodeMalformed, "the request has version %d instead of 1", q.Version)
	}
	if !q.Imprint.Algorithm.Algorithm.Equal(v.tst.Imprint.Algorithm.Algorithm) ||
		!bytes.Equal(q.Imprint.Hash, v.tst.Imprint.Hash) {
		v.fail(CodeImprint, "the token is about another hash than the request")
	}
	switch {
	case q.Nonce == nil && v.tst.Nonce == nil:
		v.add(CodeNoRequest, Note, "the request has no nonce")
	case q.Nonce == nil:
		v.fail(CodeNonce, "the token has a nonce, and the request has none")
	case v.tst.Nonce == nil:
		v.fail(CodeNonce, "the token does not repeat the nonce of the request: it could be an old one")
	case q.Nonce.Cmp(v.tst.Nonce) != 0:
		v.fail(CodeNonce, "the token has the nonce %s, the request %s: it answers another request",
			hexadecimal(v.tst.Nonce), hexadecimal(q.Nonce))
	}
	if q.Policy != nil && !q.Policy.Equal(v.tst.Policy) {
		v.fail(CodePolicy, "the policy %s was asked for, the token is of %s", q.Policy, v.tst.Policy)
	}
}
