package warc

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

func TestDigest(t *testing.T) {
	s256, s1, m5 := sha256.Sum256(nil), sha1.Sum(nil), md5.Sum(nil)
	b32 := base32.StdEncoding.EncodeToString
	for _, c := range []struct {
		text string
		alg  string
		sum  []byte
	}{
		{FormatDigest(s256), "sha256", s256[:]},
		{"sha256:" + strings.ToUpper(hex.EncodeToString(s256[:])), "sha256", s256[:]},
		{"SHA-256:" + hex.EncodeToString(s256[:]), "sha256", s256[:]},
		{"sha-256:" + b32(s256[:]), "sha256", s256[:]},
		{"sha256:" + strings.TrimRight(b32(s256[:]), "="), "sha256", s256[:]},
		{"sha256:" + base64.StdEncoding.EncodeToString(s256[:]), "sha256", s256[:]},
		{"sha1:" + b32(s1[:]), "sha1", s1[:]},
		{"sha1:" + strings.ToLower(b32(s1[:])), "sha1", s1[:]},
		{"sha-1:" + hex.EncodeToString(s1[:]), "sha1", s1[:]},
		{"sha1:" + base64.StdEncoding.EncodeToString(s1[:]), "sha1", s1[:]},
		{"sha1:" + base64.RawURLEncoding.EncodeToString(s1[:]), "sha1", s1[:]},
		// 32 characters of MD5 either way.
		{"md5:" + hex.EncodeToString(m5[:]), "md5", m5[:]},
		{"md5:" + b32(m5[:]), "md5", m5[:]},
	} {
		got, err := ParseDigest(c.text)
		if err != nil || got.Alg != c.alg || !bytes.Equal(got.Sum, c.sum) {
			t.Errorf("ParseDigest(%q) = %v, %v", c.text, got, err)
			continue
		}
		again, err := ParseDigest(got.String())
		if err != nil || !again.Equal(got) {
			t.Errorf("%q does not come back from %q", c.text, got)
		}
		h := got.New()
		if !bytes.Equal(h.Sum(nil), c.sum) {
			t.Errorf("%s: New is another algorithm", c.text)
		}
	}
	if got := FormatDigest(s256); got != "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Error(got)
	}
	if d := (Digest{Alg: "sha1", Sum: s1[:]}); d.String() != "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ" {
		t.Error(d)
	}
	if (Digest{Alg: "sha256", Sum: s256[:]}).Equal(Digest{Alg: "sha1", Sum: s256[:]}) {
		t.Error("digests of two algorithms are equal")
	}
}

func TestDigestErrors(t *testing.T) {
	for _, s := range []string{"", "sha256", "sha256:", ":abc", "sha256:abc", "sha256:" + strings.Repeat("x", 64),
		"sha1:" + strings.Repeat("1", 32), "sha256:" + strings.Repeat("=", 64), "md5:" + strings.Repeat("0", 31) + "="} {
		if d, err := ParseDigest(s); err == nil || errors.Is(err, ErrDigestAlgorithm) {
			t.Errorf("ParseDigest(%q) = %v, %v", s, d, err)
		}
	}
	if _, err := ParseDigest("blake3:00"); !errors.Is(err, ErrDigestAlgorithm) {
		t.Errorf("unknown algorithm: %v", err)
	}
	if (Digest{Alg: "blake3"}).New() != nil {
		t.Error("New of an unknown algorithm is not nil")
	}
}
