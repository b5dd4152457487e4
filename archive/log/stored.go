package log

import (
	"context"
	"fmt"
	"strings"
)

// timestampPrefix is where timestamps of checkpoints stand. They aren't this
// package's.
const timestampPrefix = "log/timestamps/"

// A slot is the place of one tile: the full one and all partial ones.
type slot struct {
	l int
	n int64
}

// widths is the set of widths, 1 to full, in which a tile is stored.
type widths [full/64 + 1]uint64

func (w *widths) add(n int)     { w[n/64] |= 1 << (n % 64) }
func (w widths) has(n int) bool { return w[n/64]>>(n%64)&1 == 1 }

// stored lists what is under log/: which tiles there are, in about a hundred
// bytes for every 256 entries, and what has no place in a log.
func stored(ctx context.Context, o Objects) (map[slot]widths, []Problem, error) {
	slots := map[slot]widths{}
	var problems []Problem
	for info, err := range o.List(ctx, prefix) {
		if err != nil {
			return nil, nil, fmt.Errorf("list %s: %w", prefix, err)
		}
		if t, ok := parseTile(info.Key); ok {
			w := slots[slot{t.l, t.n}]
			w.add(t.w)
			slots[slot{t.l, t.n}] = w
			continue
		}
		known := info.Key == CheckpointKey || info.Key == HeadKey
		for _, p := range []string{keyPrefix, introductionPrefix, timestampPrefix} {
			known = known || strings.HasPrefix(info.Key, p)
		}
		if !known {
			problems = append(problems, Problem{Stray, info.Key, "nothing in a log has this name"})
		}
	}
	return slots, problems, nil
}
