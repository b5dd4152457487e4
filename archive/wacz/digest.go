package wacz

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive/cdxj/strict"
)

// Form is a form of signature of wacz-auth 0.1.0.
type Form string

// The two forms; a package has one, or none.
const (
	FormNone      Form = ""
	FormAnonymous Form = "anonymous"
	FormDomain    Form = "domain"
)

// Signature is what a package's signature says, as far as it was checked: it
// means something only when the step [StepSignature] has passed.
type Signature struct {
	Form     Form
	Hash     string // what was signed, "sha256:…"
	Created  string // as written; not signed in the anonymous form
	Software string // as written; not signed
	Key      string // SHA-256 of the SubjectPublicKeyInfo in DER, lower-case hex
	Domain   string // of the domain form

	StampedAt     time.Time // of the time-stamp, zero when there is none
	DomainRoot    string    // SHA-256 of the last certificate of domainCert
	TimestampRoot string    // the same of timestampCert
	Trusted       bool      // the key, or both roots, are among those that Options lists

	Proves string // in a sentence
	Limits string
}

// checkDigest checks datapackage-digest.json and the signature in it.
func (v *validator) checkDigest() error {
	if v.dir.byName[DigestFile] == nil {
		if v.ours {
			v.ps.add(CodeMissing, DigestFile, "packages of ours have a digest")
		}
		return nil
	}
	v.digests = true
	text, err := v.readText(DigestFile)
	if err != nil || text == nil {
		return err
	}
	o, err := strict.Object(text)
	if err != nil {
		v.ps.add(CodeDigest, DigestFile, "%v", err)
		return nil
	}
	f := &fields{o: o, ps: &v.ps, file: DigestFile, code: CodeDigest}
	if path := f.text("path"); path != DatapackageFile {
		v.ps.add(CodeDigest, DigestFile, "path is %.100q, not %s", path, DatapackageFile)
	}
	hash := f.text("hash")
	algorithm, sum, _ := strings.Cut(hash, ":")
	switch b, err := hex.DecodeString(sum); {
	case algorithm != "sha256" || err != nil || len(b) != sha256.Size:
		v.ps.add(CodeDigest, DigestFile, "hash is no SHA-256: %.100q", hash)
	case sum != v.sums[DatapackageFile]:
		v.ps.add(CodeDigestMismatch, DatapackageFile, "its SHA-256 is %s, the digest says %.64s", v.sums[DatapackageFile], sum)
	}
	for name := range o {
		if name != "path" && name != "hash" && name != "signedData" {
			v.ps.note(CodeSuperfluous, DigestFile, "%.100q is not known and covered by nothing", name)
		}
	}
	v.ps.step = StepSignature
	if signed, has := o["signedData"]; has {
		v.signed = true
		data, ok := signed.(map[string]any)
		if !ok {
			v.ps.add(CodeSignatureForm, DigestFile, "signedData is no object")
			return nil
		}
		v.checkSigned(data, hash)
	}
	if v.ours {
		v.checkDigestBytes(text, o)
	}
	return nil
}

// properties of signedData, sorted (wacz-auth 0.1.0, "Signature Data Format").
var (
	anonymousForm = []string{"created", "hash", "publicKey", "signature", "software", "version"}
	domainForm    = []string{"created", "domain", "domainCert", "hash", "signature", "software", "timeSignature", "timestampCert", "version"}
)

// optional are properties that a form may lack: authsign wrote no version at
// first, and its cross-signed certificate is null more often than not.
var optional = []string{"crossSignedCert", "version"}

func (v *validator) checkSigned(data map[string]any, hash string) {
	s := &v.sum.Signature
	form := anonymousForm
	_, anonymous := data["publicKey"]
	_, domain := data["domain"]
	_, cert := data["domainCert"]
	switch {
	case anonymous && (domain || cert):
		v.ps.add(CodeSignatureForm, DigestFile, "signedData has both forms, the anonymous and the domain's")
		return
	case anonymous:
		s.Form = FormAnonymous
	case domain || cert:
		s.Form, form = FormDomain, domainForm
	default:
		v.ps.add(CodeSignatureForm, DigestFile, "signedData has neither a public key nor a domain")
		return
	}
	bad := false
	for name, value := range data {
		if !slices.Contains(form, name) && (s.Form != FormDomain || name != "crossSignedCert") {
			v.ps.add(CodeSignatureForm, DigestFile, "signedData has %.100q, which the %s form has not", name, s.Form)
			bad = true
		}
		if _, ok := value.(string); !ok && !(value == nil && slices.Contains(optional, name)) {
			v.ps.add(CodeSignatureForm, DigestFile, "%.100s of signedData is no text", name)
			bad = true
		}
	}
	for _, name := range form {
		if _, has := data[name]; !has && (s.Form == FormAnonymous || !slices.Contains(optional, name)) {
			v.ps.add(CodeSignatureForm, DigestFile, "signedData has no %s", name)
			bad = true
		}
	}
	if bad {
		return
	}
	f := &fields{o: data, ps: &v.ps, file: DigestFile, code: CodeSignatureForm}
	s.Hash, s.Created, s.Software = f.text("hash"), f.time("created"), f.text("software")
	if s.Hash != hash {
		v.ps.add(CodeSignature, DigestFile, "what is signed is %.100q, and not the hash of the manifest", s.Hash)
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(f.text("signature"))
	if err != nil {
		v.ps.add(CodeSignature, DigestFile, "signature is no base64")
		return
	}
	if s.Form == FormDomain {
		v.checkDomain(f, signature)
		return
	}
	v.checkAnonymous(f, signature)
}

func (v *validator) checkAnonymous(f *fields, signature []byte) {
	s := &v.sum.Signature
	der, err := base64.StdEncoding.Strict().DecodeString(f.text("publicKey"))
	if err != nil {
		v.ps.add(CodeSignatureKey, DigestFile, "publicKey is no base64")
		return
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	key, ok := parsed.(*ecdsa.PublicKey)
	if err != nil || !ok {
		v.ps.add(CodeSignatureKey, DigestFile, "publicKey is no ECDSA key")
		return
	}
	sum := sha256.Sum256(der)
	s.Key = hex.EncodeToString(sum[:])
	if err := verifyECDSA(key, s.Hash, signature); err != nil {
		v.ps.add(CodeSignature, DigestFile, "%v", err)
		return
	}
	s.Proves = "Whoever holds the private key to " + s.Key + " signed this manifest."
	s.Limits = "When that was: created and software are not signed."
	switch {
	case len(v.opts.Keys) == 0:
		s.Limits += " Who that is: the key must be known from elsewhere."
	case !slices.Contains(v.opts.Keys, s.Key):
		v.ps.add(CodeTrust, DigestFile, "the key is not a trusted one: %s", s.Key)
	default:
		s.Trusted = true
	}
}

// checkDigestBytes holds the file to what we write of the same signature: what
// it says beside hash and signature is not signed.
func (v *validator) checkDigestBytes(text []byte, o map[string]any) {
	d := digest{Path: DatapackageFile, Hash: "sha256:" + v.sums[DatapackageFile]}
	if data, ok := o["signedData"].(map[string]any); ok {
		signature, _ := data["signature"].(string)
		key, _ := data["publicKey"].(string)
		d.Signed = &signedData{
			Hash: d.Hash, Created: v.info.Created, Software: v.info.Software, Version: SignatureVersion,
			Signature: signature, PublicKey: key,
		}
	}
	if want, err := encode(d); err != nil || !bytes.Equal(text, want) {
		v.ps.add(CodeCanonical, DigestFile, "it differs from what we write of this manifest")
	}
}
