package log

import (
	"fmt"
	"strings"
)

// Trust says why a checkpoint's signature is believed.
type Trust string

const (
	// Pinned means that a trusted key signed it.
	Pinned Trust = "pinned"
	// Chained means that the key that signed it and a trusted one vouch for each
	// other, by an introduction that both signed.
	Chained Trust = "chained"
	// SelfAsserted means that no trusted keys were given, so that the archive's
	// own were believed. Who could write the archive could make both.
	SelfAsserted Trust = "self-asserted"
)

// Checkpoint is a verified signed tree head (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   int64 // entries
	Root   Hash
	// Note is the signed note as it was read.
	Note []byte
	// Key is the public key that signed it.
	Key   *Verifier
	Trust Trust
}

func (c Checkpoint) tree() tree { return tree{c.Size, c.Root} }

// checkpointText is what is signed.
func checkpointText(origin string, t tree) string {
	return origin + "\n" + treeLines(t, "\n") + "\n"
}

// parseCheckpointText reads the text of a checkpoint. Extension lines are
// passed over, as the standard says.
func parseCheckpointText(text string) (origin string, t tree, err error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 {
		return "", tree{}, fmt.Errorf("a checkpoint of %d lines: %w", len(lines)-1, ErrDamaged)
	}
	if err := ValidOrigin(lines[0]); err != nil {
		return "", tree{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if t, err = parseTree(lines[1]+"\n"+lines[2], "\n"); err != nil {
		return "", tree{}, err
	}
	if rest := lines[3]; rest != "" && (strings.HasPrefix(rest, "\n") || strings.Contains(rest, "\n\n") || !strings.HasSuffix(rest, "\n")) {
		return "", tree{}, fmt.Errorf("an empty line within a checkpoint: %w", ErrDamaged)
	}
	return lines[0], t, nil
}
