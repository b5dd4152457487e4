package evidence

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
)

// stamped is a checkpoint with the time-stamps over it.
type stamped struct {
	log.Checkpoint
	dir    string // in the package, with a slash at the end
	tokens []file
	said   []Stamped
}

// stamps reads the archive's stamped checkpoints, those of the smallest trees
// first. What is no checkpoint of this log, or no token that holds for one, is
// left out: to tell of it is the work of an audit.
func (c *collection) stamps(point log.Checkpoint) ([]stamped, error) {
	// Which roots are to be trusted is for the reader of the package to say.
	nobody := timestamp.Options{Roots: x509.NewCertPool()}
	var list []stamped
	for s, err := range c.Log.Stamps(c.ctx) {
		if errors.Is(err, log.ErrDamaged) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read time-stamps: %w", err)
		}
		info, findings := timestamp.Verify(s.Token, s.Checkpoint, nobody)
		if timestamp.Err(findings) != nil {
			continue
		}
		dir := packaged(path.Dir(s.Key)) + "/"
		if len(list) == 0 || list[len(list)-1].dir != dir {
			p, err := c.Log.Keychain().Open(s.Checkpoint)
			if err != nil || p.Origin != point.Origin || p.Size > point.Size {
				continue
			}
			list = append(list, stamped{Checkpoint: p, dir: dir})
		}
		last := &list[len(list)-1]
		name := packaged(s.Key)
		last.tokens = append(last.tokens, file{name, s.Token.Bytes()})
		last.said = append(last.said, Stamped{File: name, Time: info.Time.UTC(), Authority: info.Authority})
	}
	slices.SortStableFunc(list, func(a, b stamped) int { return int(a.Size - b.Size) })
	return list, nil
}

// packaged is where an object of the log is in the package.
func packaged(key string) string { return "ibid/" + key }

// addStamps adds, for each WARC, the first stamped tree that has its entry, and
// whatever was stamped of the package's own tree.
func (c *collection) addStamps(p *proofs, point log.Checkpoint, list []stamped) error {
	from := int64(0)
	for _, s := range list {
		first := slices.ContainsFunc(p.items, func(it *item) bool { return from <= *it.Entry && *it.Entry < s.Size })
		from = s.Size
		if !first && s.Size != point.Size {
			continue
		}
		p.files = append(p.files, file{s.dir + "checkpoint", s.Note})
		if !bytes.Equal(s.Note, point.Note) {
			proof, err := c.Log.ProveConsistency(c.ctx, s.Size, point.Size)
			if err != nil {
				return fmt.Errorf("prove that the log begins with what was stamped: %w", err)
			}
			p.files = append(p.files, file{s.dir + "consistency", []byte(proof.String())})
		}
		p.files = append(p.files, s.tokens...)
		c.doc.Log.Timestamps = append(c.doc.Log.Timestamps, Timestamp{Directory: s.dir, Size: s.Size, Times: s.said})
	}
	return nil
}
