package evidence

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/wacz"
)

// file is a small file of the package.
type file struct {
	name string
	data []byte
}

// proofBatch is how many proofs are made, and kept in memory, at once.
const proofBatch = 1000

// proofs are what the log says of the package's WARCs.
type proofs struct {
	files   []file
	items   []*item // those that are entered
	entries map[string][]byte
}

// proofs finds the entries of all WARCs, and time-stamps of trees that have them.
func (c *collection) proofs() (*proofs, error) {
	if c.Log == nil {
		return nil, nil
	}
	point := c.Log.Checkpoint()
	p := &proofs{files: []file{{CheckpointFile, point.Note}}, entries: map[string][]byte{}}
	chain := c.Log.Keychain()
	for _, k := range chain.Keys() {
		p.files = append(p.files, file{KeyDir + k.ID(), []byte(k.String() + "\n")})
	}
	for _, in := range chain.Introductions() {
		p.files = append(p.files, file{IntroductionDir + in.New.ID(), in.Note})
	}
	if err := c.find(p, point.Size); err != nil {
		return nil, err
	}
	c.doc.Log = &Log{Origin: point.Origin, Size: point.Size, Root: base64.StdEncoding.EncodeToString(point.Root[:]), Key: point.Key.String(), Timestamps: []Timestamp{}}
	stamps, err := c.stamps(point)
	if err != nil {
		return nil, err
	}
	return p, c.addStamps(p, point, stamps)
}

// find reads the log for the entries of the package's WARCs. What is entered
// twice counts where it came first.
func (c *collection) find(p *proofs, size int64) error {
	if size == 0 {
		return nil
	}
	index := int64(-1)
	for b, err := range c.Log.Entries(c.ctx, 0, size) {
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		index++
		e, err := archive.DecodeEntry(b)
		if err != nil {
			continue // of another kind, and so of no object in the package
		}
		it := c.items[e.Object]
		if it == nil || it.Kind != e.Kind || it.Entry != nil {
			continue
		}
		at := index
		it.Entry = &at
		p.entries[it.SHA256] = bytes.Clone(b)
		if p.items = append(p.items, it); len(p.items) == len(c.items) {
			return nil
		}
	}
	return nil
}

// write adds entries and proofs to the package.
func (p *proofs) write(c *collection, w *wacz.Writer) error {
	add := func(name string, data []byte) error { return w.AddFile(name, wacz.Bytes(data)) }
	for _, f := range p.files {
		if err := add(f.name, f.data); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(p.items, proofBatch) {
		indexes := make([]int64, len(part))
		for i, it := range part {
			indexes[i] = *it.Entry
		}
		made, err := c.Log.ProveInclusion(c.ctx, indexes...)
		if err != nil {
			return fmt.Errorf("prove what the log has: %w", err)
		}
		for i, it := range part {
			if !bytes.Equal(made[i].Checkpoint, p.files[0].data) {
				return fmt.Errorf("prove what the log has: %w", log.ErrProof)
			}
			if err := add(EntryDir+it.SHA256+entrySuffix, p.entries[it.SHA256]); err != nil {
				return err
			}
			if err := add(ProofDir+it.SHA256+proofSuffix, []byte(made[i].String())); err != nil {
				return err
			}
		}
	}
	return nil
}
