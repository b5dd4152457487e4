package verify

import (
	"context"
	"iter"
	"maps"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
)

// growing hides some objects from the first listing, as a store does into
// which a run puts them meanwhile.
type growing struct {
	memory
	hidden map[string]bool
	lists  int
}

func (g *growing) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	if prefix != "" {
		return g.memory.List(ctx, prefix)
	}
	g.lists++
	m := maps.Clone(g.memory)
	if g.lists == 1 {
		maps.DeleteFunc(m, func(key string, _ []byte) bool { return g.hidden[key] })
	}
	return m.List(ctx, prefix)
}

// TestAuditWhileArchiving finds nothing missing that was only put late.
func TestAuditWhileArchiving(t *testing.T) {
	m, first, _, report := sound(t)
	for name, hidden := range map[string]string{"capture": first, "report": report} {
		g := &growing{memory: m, hidden: map[string]bool{hidden: true}}
		if r := audit(t, g); len(r.Findings) != 0 || r.Objects != int64(len(m)) {
			t.Errorf("%s put late: %d objects, %+v", name, r.Objects, r.Findings)
		}
	}
	gone := maps.Clone(m)
	delete(gone, first)
	g := &growing{memory: gone, hidden: map[string]bool{}}
	if r := audit(t, g); len(r.Findings) == 0 || g.lists != 1+listAgain {
		t.Errorf("a capture that is missing for good: listed %d times, %+v", g.lists, r.Findings)
	}
}
