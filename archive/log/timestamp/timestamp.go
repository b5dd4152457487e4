// Package timestamp has an authority of others' choosing state when some bytes
// existed, and checks such statements: the time-stamp protocol of RFC 3161, as
// updated by RFC 5816. The bytes are a checkpoint of the log, but nothing here
// knows that.
//
// It guarantees:
//
//   - [Client.Request] returns a token only after [Verify] found nothing wrong
//     with it: a status of success, our hash, our nonce, our policy, one
//     signature by a certificate that is for time-stamps alone and that the
//     signature itself names, and a chain that was valid at the stated time.
//   - [Verify] uses the time that the token states, never the clock, so its
//     answer is the same in thirty years. It needs no network.
//   - Everything may be hostile. What is read is bounded before it is kept, no
//     input makes a panic, and none takes more than a few signature checks.
//   - [Token.Bytes] has one spelling: the same token is the same bytes, and
//     [Parse] refuses every other. A changed bit is always seen.
//
// It doesn't guarantee that the authority's clock is right or that its key is
// still its own: revocation isn't asked for, and lists of revoked certificates
// in a token are kept but not read. Without a known root ([Info.Trusted] is
// false) a token proves nothing to someone who distrusts whoever kept it, for
// anybody can make an authority. A token says that bytes existed at a time,
// not who made them and not that they are true.
//
// Nothing is written here. A token is safe once its keeper stored its bytes.
//
// CMS (RFC 5652) is read here in its DER form alone, which RFC 3161 §3
// demands, and signatures are left to crypto/x509.
package timestamp

import (
	"crypto/x509"
	"fmt"
	"strings"
	"time"
)

const (
	// MaxResponse is the greatest length of an answer, in bytes. Real ones
	// have some six thousand.
	MaxResponse = 1 << 20
	// MaxCertificates is how many certificates a token may bring.
	MaxCertificates = 32

	maxCertificate = 64 << 10 // bytes of one certificate
	maxQuery       = 4 << 10  // bytes of a request
	maxRSA         = 16384    // bits; a check of a longer key takes long
	minRSA         = 2048     // bits; what is shorter can be broken
)

// Info is what a token states. All of it is a claim until [Verify] has
// returned no finding of level [Error]; a field whose part of the token
// couldn't be read is zero.
type Info struct {
	Time     time.Time     // genTime, UTC (§2.4.2)
	Accuracy time.Duration // the true time is within Time ± Accuracy; 0 when the token doesn't say
	Ordering bool          // tokens of this authority are in the order of their times
	Policy   string        // the authority's policy, an object identifier as 1.2.3
	Serial   string        // the token's number at this authority, hexadecimal
	Hash     string        // of the imprint: SHA-256, SHA-384 or SHA-512
	Imprint  []byte        // that hash of the bytes that were stamped
	Nonce    string        // of the request, hexadecimal; "" when there was none

	// Authority is the subject of the certificate that signed, in the form of
	// RFC 2253, cleaned for one line of text.
	Authority string
	// Chain leads from the certificate that signed to its root, or as far as
	// the token goes.
	Chain []*x509.Certificate
	// Trusted says that Chain ends in one of the roots of the check. When it is
	// false, the token agrees with its own certificates and no more.
	Trusted bool
}

// Statement says in one sentence what a token without errors proves.
func (i Info) Statement() string {
	when := i.Time.UTC().Format(time.RFC3339Nano)
	if i.Accuracy > 0 {
		when += " (± " + i.Accuracy.String() + ")"
	}
	if i.Trusted && len(i.Chain) > 0 {
		return fmt.Sprintf("%s, vouched for by %s, states that these bytes existed at %s",
			i.Authority, name(i.Chain[len(i.Chain)-1]), when)
	}
	return fmt.Sprintf("whoever holds the key of the certificate %q states that these bytes existed at %s; "+
		"no known root says who that is", i.Authority, when)
}

// Code names a kind of finding. Codes are stable.
type Code string

// What can be wrong with a token, in the order in which it is looked for.
const (
	CodeMalformed          Code = "malformed"           // not the DER that RFC 3161 asks for
	CodeStatus             Code = "status"              // the authority refused
	CodeHash               Code = "hash"                // the imprint is of a hash that isn't SHA-256, -384 or -512
	CodeImprint            Code = "imprint"             // the token is about other bytes
	CodeNonce              Code = "nonce"               // not the nonce of the request
	CodePolicy             Code = "policy"              // not the policy that was asked for
	CodeExtension          Code = "extension"           // critical and unknown
	CodeSigner             Code = "signer"              // not exactly one signature
	CodeNoCertificate      Code = "no-certificate"      // the certificate that signed isn't there
	CodeAttributes         Code = "attributes"          // the signed attributes are not about this token
	CodeSignature          Code = "signature"           // doesn't verify, or of an unknown kind
	CodeSigningCertificate Code = "signing-certificate" // ESSCertID names another certificate, or is missing
	CodeKeyUsage           Code = "key-usage"           // the certificate isn't for time-stamps alone (§2.3)
	CodeAuthority          Code = "authority"           // the token names another authority than its certificate
	CodeNotYetValid        Code = "not-yet-valid"       // a certificate began after the stated time
	CodeExpired            Code = "expired"             // a certificate ended before the stated time
	CodeChain              Code = "chain"               // the certificates don't lead to one another
	CodeWeak               Code = "weak"                // MD5, SHA-1 or a short key
	CodeUntrusted          Code = "untrusted"           // no known root
	CodeNoRequest          Code = "no-request"          // kept without its request, so the nonce can't be checked
)

// Level says how much a finding matters.
type Level string

// The levels.
const (
	Error   Level = "error"   // the token proves nothing
	Warning Level = "warning" // it proves what it should, by means that are ageing
	Note    Level = "note"    // it proves less than it could
)

// Finding is a check that a token failed.
type Finding struct {
	Code    Code   `json:"code"`
	Level   Level  `json:"level"`
	Message string `json:"message"` // a sentence for people; what it quotes of the token is cleaned
}

// InvalidError says that a token has findings of level [Error].
type InvalidError struct {
	Findings []Finding // those, at least one
}

func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		parts[i] = string(f.Code) + ": " + f.Message
	}
	return strings.Join(parts, "; ")
}

// Has reports whether there is a finding of that kind.
func (e *InvalidError) Has(code Code) bool {
	for _, f := range e.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// Err returns an [InvalidError] with the findings of level [Error], or nil
// when there is none.
func Err(findings []Finding) error {
	var errs []Finding
	for _, f := range findings {
		if f.Level == Error {
			errs = append(errs, f)
		}
	}
	if errs == nil {
		return nil
	}
	return &InvalidError{errs}
}
