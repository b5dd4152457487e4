package wacz

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
)

// SignatureVersion is the version of wacz-auth that is written.
const SignatureVersion = "0.1.0"

// Signer signs manifests anonymously: with a key that says nothing about who
// holds it.
type Signer interface {
	// Sign returns the signature over the text of hash, "sha256:" and hex, and
	// the public key as SubjectPublicKeyInfo in DER (RFC 5280 §4.1).
	Sign(hash string) (signature, publicKey []byte, err error)
}

// ECDSASigner signs with ECDSA over SHA-256, the only algorithm of wacz-auth
// 0.1.0. Signatures are r and s of fixed width one after the other, as Web
// Crypto and with it ArchiveWeb.page and ReplayWeb.page have them, and depend on
// key and hash alone (RFC 6979).
type ECDSASigner struct {
	key    *ecdsa.PrivateKey
	public []byte
}

// NewECDSASigner returns a signer with a key on the curve P-256 or P-384. Of
// anonymous signatures ReplayWeb.page checks those of P-384 alone.
func NewECDSASigner(key *ecdsa.PrivateKey) (*ECDSASigner, error) {
	if !isCurve(key.Curve) {
		return nil, fmt.Errorf("wacz: key on the curve %s, want P-256 or P-384", key.Params().Name)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("wacz: public key: %w", err)
	}
	return &ECDSASigner{key, public}, nil
}

func isCurve(c elliptic.Curve) bool { return c == elliptic.P256() || c == elliptic.P384() }

// Sign implements [Signer].
func (s *ECDSASigner) Sign(hash string) (signature, publicKey []byte, err error) {
	sum := sha256.Sum256([]byte(hash))
	der, err := s.key.Sign(nil, sum[:], crypto.SHA256) // without randomness: deterministic
	if err != nil {
		return nil, nil, fmt.Errorf("sign manifest: %w", err)
	}
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		return nil, nil, fmt.Errorf("sign manifest: %w", err)
	}
	width := curveBytes(s.key.Curve)
	signature = make([]byte, 2*width)
	rs.R.FillBytes(signature[:width])
	rs.S.FillBytes(signature[width:])
	return signature, s.public, nil
}

func curveBytes(c elliptic.Curve) int { return (c.Params().BitSize + 7) / 8 }

// verifyECDSA checks a signature over the text of hash, in either of the forms
// in use: r and s of fixed width, or in DER (RFC 3279 §2.2.3).
func verifyECDSA(key *ecdsa.PublicKey, hash string, signature []byte) error {
	if !isCurve(key.Curve) {
		return fmt.Errorf("the key's curve is %s, not P-256 or P-384", key.Params().Name)
	}
	sum := sha256.Sum256([]byte(hash))
	width := curveBytes(key.Curve)
	var ok bool
	if len(signature) == 2*width {
		r, s := new(big.Int).SetBytes(signature[:width]), new(big.Int).SetBytes(signature[width:])
		if der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s}); err == nil {
			ok = ecdsa.VerifyASN1(key, sum[:], der)
		}
	} else {
		ok = ecdsa.VerifyASN1(key, sum[:], signature)
	}
	if !ok {
		return errors.New("the signature does not belong to hash and key")
	}
	return nil
}
