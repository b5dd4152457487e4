package verify

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"
)

// wice is one claim of Wikipedia with the sentences of a page that it cites.
type wice struct {
	Claim      string   `json:"claim"`
	Evidence   []string `json:"evidence"`
	Supporting [][]int  `json:"supporting_sentences"` // sets of sentences, any of which is enough
	Label      string   `json:"label"`
	Meta       struct {
		Title string `json:"claim_title"`
	} `json:"meta"`
}

// readWiCE reads $IBID_DATA_DIR/wice/dev.jsonl, of the data set WiCE (Kamoi
// and others 2023).
func readWiCE(t *testing.T) []wice {
	dir := os.Getenv("IBID_DATA_DIR")
	if dir == "" {
		t.Skip("IBID_DATA_DIR is not set: no claims and sources to measure with")
	}
	f, err := os.Open(filepath.Join(dir, "wice", "dev.jsonl"))
	if err != nil {
		t.Skip("no wice/dev.jsonl in IBID_DATA_DIR")
	}
	defer f.Close()
	var all []wice
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var w wice
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		all = append(all, w)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// source is the page of a claim, and where each of its sentences begins in it.
func (w wice) source() (Doc, []int) {
	var l lines
	starts := make([]int, len(w.Evidence))
	for _, s := range w.Evidence {
		l.separate(line)
		l.write(s, false)
	}
	text := l.String()
	at := 0
	for i, s := range w.Evidence {
		starts[i] = at
		if n := len(oneLine(s, 1<<20)); n > 0 {
			at += n + 1
		}
	}
	return Doc{Text: text}, starts
}

// gold is the evidence sentences that support a claim.
func (w wice) gold() map[int]bool {
	gold := map[int]bool{}
	for _, set := range w.Supporting {
		for _, i := range set {
			gold[i] = true
		}
	}
	return gold
}

// touches reports that [start, end) of a source has part of a gold sentence.
func touches(start, end int, starts []int, gold map[int]bool) bool {
	for i := sort.SearchInts(starts, start+1) - 1; i < len(starts) && starts[i] < end; i++ {
		if gold[i] {
			return true
		}
	}
	return false
}

// TestPassagesWiCE measures on claims of Wikipedia how often what people marked
// as evidence is among the best sentences and among the first passages, and
// how often a page that another article cites has any passage. The limits are
// a little under what was measured.
func TestPassagesWiCE(t *testing.T) {
	all := readWiCE(t)
	var sentences, passages hits
	var none, supported, found, foreign, shown, bytes int
	for i, w := range all {
		doc, starts := w.source()
		gold := w.gold()
		best := Passages(doc, w.Claim, 3)
		if w.Label != "not_supported" {
			supported++
			if len(best) == 0 || best[0].Weak {
				none++
			}
		}
		if len(gold) > 0 {
			passages.add(slices.IndexFunc(best, func(p Passage) bool { return touches(p.Start, p.End, starts, gold) }))
			ix := indexClaim(doc.Text, readClaim(w.Claim))
			sentences.add(slices.IndexFunc(ix.rank(), func(r ranked) bool {
				s := ix.sentences[r.sentence]
				return touches(s.Start, s.End, starts, gold)
			}))
		}
		for _, p := range best {
			shown++
			bytes += len(p.Text)
		}
		for _, step := range []int{37, 174} {
			other := all[(i+step)%len(all)]
			if other.Meta.Title == w.Meta.Title {
				continue
			}
			foreign++
			if doc, _ := other.source(); len(StrongPassages(doc, w.Claim, 3)) > 0 {
				found++
			}
		}
	}
	lost, wrong := float64(none)/float64(supported), float64(found)/float64(foreign)
	t.Logf("sentences, no floor: %s", sentences)
	t.Logf("passages: %s; mean %d bytes, %.1f a claim", passages, bytes/max(1, shown), float64(shown)/float64(len(all)-none))
	t.Logf("no passage in %.3f of the cited sources, some passage in %.3f of foreign ones", lost, wrong)
	if sentences.at(3) < 0.96 || passages.at(3) < 0.96 || lost > 0.04 || wrong > 0.06 {
		t.Error("passages are worse than they were")
	}
}

// hits counts at which rank something was found.
type hits struct {
	all int
	top [5]int
}

// add counts a rank from 0; below 0 nothing was found.
func (h *hits) add(rank int) {
	h.all++
	for i := range h.top {
		if rank >= 0 && rank <= i {
			h.top[i]++
		}
	}
}

func (h hits) at(k int) float64 { return float64(h.top[k-1]) / float64(max(1, h.all)) }

func (h hits) String() string {
	return fmt.Sprintf("hit@1 %.3f, @3 %.3f, @5 %.3f of %d claims", h.at(1), h.at(3), h.at(5), h.all)
}
