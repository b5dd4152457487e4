package wacz

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// doublingSoftware is whose manifests hash every chunk of a file's bytes twice:
// js-wacz up to 0.1.6, with which Scoop writes its packages, both feeds each
// chunk to the hash and pipes the file into it. Chunks are what node reads at a
// time. Such a hash is not the file's, yet two files that differ do not share
// it, so the file is bound by it as by its own.
const doublingSoftware = "js-wacz"

const doublingChunk = 64 << 10

// doubled computes that hash.
type doubled struct {
	h     hash.Hash
	chunk []byte
}

func newDoubled() *doubled {
	return &doubled{h: sha256.New(), chunk: make([]byte, 0, doublingChunk)}
}

func (d *doubled) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), doublingChunk-len(d.chunk))
		d.chunk = append(d.chunk, rest[:n]...)
		if rest = rest[n:]; len(d.chunk) == doublingChunk {
			d.flush()
		}
	}
	return len(p), nil
}

func (d *doubled) flush() {
	d.h.Write(d.chunk)
	d.h.Write(d.chunk)
	d.chunk = d.chunk[:0]
}

// sum returns the hash in lower-case hex; nothing can be written after it.
func (d *doubled) sum() string {
	d.flush()
	return hex.EncodeToString(d.h.Sum(nil))
}
