package schedule_test

import (
	"testing"

	"github.com/ibid-archive/ibid/crawler"
)

// Bounds of what an unchanged page costs. A leaf of the transparency log comes
// on top of each capture, so there has to be room for it.
const (
	unchangedShare = 5    // percent of what the first visit kept
	unchangedBytes = 1800 // bytes of a capture
	leafBytes      = 400
)

// TestUnchangedWeb: a second run over a web that did not change keeps next to
// nothing, with what pages need to be shown as by default and without it.
func TestUnchangedWeb(t *testing.T) {
	const pages, hosts = 60, 7
	n := newBench(t, pages, hosts)
	sources := n.sources(t)
	for _, tt := range []struct {
		name       string
		requisites crawler.RequisiteLimits
		share      float64 // percent; pages that are text alone cannot do better
	}{
		{"default", crawler.RequisiteLimits{}, unchangedShare},
		{"text alone", crawler.RequisiteLimits{Off: true}, 16},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := n.runner(t, t.TempDir())
			r.Crawler.Requisites = tt.requisites
			first, second := n.visit(t, r, sources), n.visit(t, r, sources)
			t.Logf("bytes a page: first %d, unchanged %d", first.Bytes/pages, second.Bytes/pages)
			if share := 100 * float64(second.Bytes+leafBytes*pages) / float64(first.Bytes+leafBytes*pages); share >= tt.share {
				t.Errorf("the second run keeps %.1f %% of what the first did, %d of %d bytes a page and %d more in the log; want under %g %%",
					share, second.Bytes/pages, first.Bytes/pages, leafBytes, tt.share)
			}
			if got := second.Bytes / pages; got > unchangedBytes {
				t.Errorf("an unchanged page takes %d bytes, want at most %d", got, unchangedBytes)
			}
		})
	}
}
