package blob

import (
	"bytes"
	"crypto/sha256"
)

// Bytes returns the object that b makes. The caller must not change b while
// the object is in use.
func Bytes(b []byte) Object {
	return Object{Body: bytes.NewReader(b), Size: int64(len(b)), SHA256: sha256.Sum256(b)}
}
