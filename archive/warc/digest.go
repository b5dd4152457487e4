package warc

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
)

// ErrDigestAlgorithm is returned, wrapped, for a digest that is well formed but
// of an algorithm that this package cannot compute.
var ErrDigestAlgorithm = errors.New("warc: unsupported digest algorithm")

// Digest is the value of WARC-Block-Digest or WARC-Payload-Digest (clause 5.8).
type Digest struct {
	Alg string // "md5", "sha1", "sha256", "sha384" or "sha512"
	Sum []byte
}

// FormatDigest returns the digest text that ibid writes: "sha256:" and the sum
// in lower-case Base16.
func FormatDigest(sum [sha256.Size]byte) string {
	var b [7 + 2*sha256.Size]byte
	copy(b[:], "sha256:")
	hex.Encode(b[7:], sum[:])
	return string(b[:])
}

// ParseDigest reads digest text as found in files: the algorithm in any case,
// with or without a hyphen; the sum in Base16, Base32 or Base64, padded or not.
// The algorithm fixes the sum's size and the size tells the bases apart; the
// one clash, 32 characters of MD5, is Base16 unless it ends in padding.
func ParseDigest(s string) (Digest, error) {
	name, text, ok := strings.Cut(s, ":")
	if !ok || name == "" || text == "" {
		return Digest{}, fmt.Errorf("warc: %q is no digest", s)
	}
	d := Digest{Alg: strings.ReplaceAll(strings.ToLower(name), "-", "")}
	size := d.size()
	if size == 0 {
		return Digest{}, fmt.Errorf("digest %q: %w", s, ErrDigestAlgorithm)
	}
	rawBase32 := base32.StdEncoding.WithPadding(base32.NoPadding)
	var err error
	bare := strings.TrimRight(text, "=")
	switch {
	case len(text) == hex.EncodedLen(size) && len(bare) == len(text):
		d.Sum, err = hex.DecodeString(text)
	case len(bare) == rawBase32.EncodedLen(size):
		d.Sum, err = rawBase32.DecodeString(strings.ToUpper(bare))
	case len(bare) == base64.RawStdEncoding.EncodedLen(size):
		// Both alphabets are in use.
		d.Sum, err = base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(bare))
	default:
		err = fmt.Errorf("%d characters fit no base", len(text))
	}
	if err == nil && len(d.Sum) != size {
		err = fmt.Errorf("%d bytes, want %d", len(d.Sum), size)
	}
	if err != nil {
		return Digest{}, fmt.Errorf("warc: digest %q: %w", s, err)
	}
	return d, nil
}

// size is the length of the sum in bytes, 0 for an unknown algorithm.
func (d Digest) size() int {
	switch d.Alg {
	case "md5":
		return md5.Size
	case "sha1":
		return sha1.Size
	case "sha256":
		return sha256.Size
	case "sha384":
		return sha512.Size384
	case "sha512":
		return sha512.Size
	}
	return 0
}

// New returns a fresh hash of the digest's algorithm, nil when this package
// has none.
func (d Digest) New() hash.Hash {
	switch d.Alg {
	case "sha256":
		return sha256.New()
	case "sha1":
		return sha1.New()
	case "md5":
		return md5.New()
	case "sha384":
		return sha512.New384()
	case "sha512":
		return sha512.New()
	}
	return nil
}

// Equal reports whether both digests are of one algorithm and sum.
func (d Digest) Equal(e Digest) bool { return d.Alg == e.Alg && bytes.Equal(d.Sum, e.Sum) }

// String returns the customary text: SHA-1 in upper-case Base32, all others in
// lower-case Base16.
func (d Digest) String() string {
	if d.Alg == "sha1" {
		return d.Alg + ":" + base32.StdEncoding.EncodeToString(d.Sum)
	}
	return d.Alg + ":" + hex.EncodeToString(d.Sum)
}
