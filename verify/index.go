package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
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

// facts are what one object gives to the index.
type facts struct {
	held    []holding
	refs    []reference
	cited   [][32]byte // reports, each once
	reports [][32]byte
}

type holding struct {
	record  recordKey
	payload digestKey
}

func (f *facts) holds(id, digest string) {
	f.held = append(f.held, holding{keyOf(id), digestKeyOf(digest)})
}

func (f *facts) refers(target, digest string, offset int64) {
	f.refs = append(f.refs, reference{target: keyOf(target), payload: digestKeyOf(digest), offset: offset})
}

func (f *facts) cites(report string) {
	if key := rawSum(report); len(f.cited) == 0 || f.cited[len(f.cited)-1] != key && !slices.Contains(f.cited, key) {
		f.cited = append(f.cited, key)
	}
}

func (f *facts) report(sum string) { f.reports = append(f.reports, rawSum(sum)) }

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

func rawSum(sum string) (b [32]byte) {
	raw, _ := hex.DecodeString(sum) // other text gives a key that nothing has
	copy(b[:], raw)
	return b
}

// add enters what one object holds and refers to.
func (x *index) add(o *object) {
	x.mu.Lock()
	defer x.mu.Unlock()
	by := rawSum(o.sum)
	for _, h := range o.facts.held {
		x.held[h.record] = h.payload
	}
	for _, r := range o.facts.refs {
		r.object = by
		if payload, ok := x.held[r.target]; !ok || payload != r.payload {
			x.pending = append(x.pending, r)
		}
	}
	for _, report := range o.facts.cited {
		if first, ok := x.cited[report]; !ok || string(by[:]) < string(first[:]) {
			x.cited[report] = by
		}
	}
	for _, report := range o.facts.reports {
		x.have[report] = true
	}
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
