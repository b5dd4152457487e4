package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
)

// index collects what objects hold and what they refer to, so that references
// from any object to any other can be checked once all are read. Identifiers
// are kept as the first half of their SHA-256, digests as their first quarter:
// enough against chance; against design there is the hash of each file.
type index struct {
	mu      sync.Mutex
	held    map[recordKey]digestKey // records with a payload
	pending []reference             // to records not seen yet
	have    map[[32]byte]bool       // reports, by the SHA-256 of their bytes
	cited   map[[32]byte][32]byte   // reports that captures were made for, and one such capture
}

type (
	recordKey [16]byte
	digestKey [8]byte // zero when the record gives no SHA-256
)

type reference struct {
	target  recordKey
	payload digestKey
	object  [32]byte // the capture that refers
	offset  int64    // of the revisit in it
}

func newIndex() *index {
	return &index{held: map[recordKey]digestKey{}, have: map[[32]byte]bool{}, cited: map[[32]byte][32]byte{}}
}

func keyOf(id string) recordKey {
	sum := sha256.Sum256([]byte(id))
	return recordKey(sum[:16])
}

func digestKeyOf(digest string) (d digestKey) {
	if sum, err := hex.DecodeString(digest); err == nil {
		copy(d[:], sum)
	}
	return d
}

func binary(sum string) (b [32]byte) {
	raw, _ := hex.DecodeString(sum) // other text gives a key that nothing has
	copy(b[:], raw)
	return b
}

func (x *index) holds(id, digest string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.held[keyOf(id)] = digestKeyOf(digest)
}

func (x *index) refers(target, digest, object string, offset int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	r := reference{target: keyOf(target), payload: digestKeyOf(digest), object: binary(object), offset: offset}
	if payload, ok := x.held[r.target]; !ok || payload != r.payload {
		x.pending = append(x.pending, r)
	}
}

func (x *index) cites(report, object string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	key, by := binary(report), binary(object)
	if first, ok := x.cited[key]; !ok || string(by[:]) < string(first[:]) {
		x.cited[key] = by
	}
}

func (x *index) reports(sum string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.have[binary(sum)] = true
}

// unresolved reports whether something is referred to that was not read yet.
func (x *index) unresolved() bool {
	found := false
	x.missing(func(f Finding) { found = found || f.Rule == RuleMissing })
	return found
}

// missing tells of every reference that nothing in the archive answers.
func (x *index) missing(tell func(Finding)) {
	for _, r := range x.pending {
		f := Finding{Key: objectKey(captureKind, r.object), Offset: r.offset}
		payload, ok := x.held[r.target]
		switch {
		case !ok:
			f.Rule, f.Message = RuleMissing, "the record that this revisit repeats is not in the archive"
		case payload != r.payload:
			f.Rule, f.Message = RuleDigest, "the record that this revisit repeats has another payload"
		default:
			continue
		}
		tell(f)
	}
	for report, by := range x.cited {
		if !x.have[report] {
			tell(Finding{Rule: RuleMissing, Key: objectKey(captureKind, by),
				Message: fmt.Sprintf("the report that this capture was made for is not in the archive: SHA-256 %x", report)})
		}
	}
}

func objectKey(k kind, sum [32]byte) string {
	name := hex.EncodeToString(sum[:])
	return string(k) + "/" + name[:2] + "/" + name + ".warc.gz"
}
