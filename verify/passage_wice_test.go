package verify

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// wice is one claim of Wikipedia with the sentences of a page that it cites.
type wice struct {
	Claim      string   `json:"claim"`
	Evidence   []string `json:"evidence"`
	Supporting [][]int  `json:"supporting_sentences"` // sets of sentences, any of which is enough
	Label      string   `json:"label"`
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
	for i, s := range w.Evidence {
		l.separate(line)
		l.write(s, false)
		_ = i
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

// TestPassagesWiCE measures how often the evidence that people marked is among
// the first passages, and how often a page of another article has a passage.
func TestPassagesWiCE(t *testing.T) {
	all := readWiCE(t)
	var claims, hit1, hit3, hit5, sentences, windows, none, right, wrong, bytes, shown float64
	for i, w := range all {
		doc, starts := w.source()
		other, _ := all[(i+len(all)/2)%len(all)].source()
		if len(Passages(other, w.Claim, 3)) > 0 {
			wrong++
		}
		gold := w.gold()
		passages := Passages(doc, w.Claim, 3)
		if w.Label != "not_supported" {
			right++
			if len(passages) == 0 {
				none++
			}
		}
		if len(gold) == 0 {
			continue
		}
		claims++
		ix := indexClaim(doc.Text, readClaim(w.Claim))
		at := len(ix.sentences)
		seen := map[int]bool{}
		for _, r := range ix.rank() {
			s := ix.sentences[r.sentence]
			seen[sort.SearchInts(starts, s.Start+1)] = true
			if touches(s.Start, s.End, starts, gold) {
				at = len(seen)
				break
			}
		}
		switch {
		case at == 1:
			hit1++
			fallthrough
		case at <= 3:
			hit3++
			fallthrough
		case at <= 5:
			hit5++
		}
		for n, p := range passages {
			if touches(p.Start, p.End, starts, gold) {
				windows++
				if n == 0 {
					sentences++
				}
				break
			}
		}
		for _, p := range passages {
			shown++
			bytes += float64(len(p.Text))
		}
	}
	t.Logf("sentences: hit@1 %.3f, @3 %.3f, @5 %.3f of %.0f claims", hit1/claims, hit3/claims, hit5/claims, claims)
	t.Logf("passages: hit@1 %.3f, @3 %.3f, mean %.0f bytes", sentences/claims, windows/claims, bytes/shown)
	t.Logf("no passage: %.3f of the sources of supported claims; a passage: %.3f of wrong sources", none/right, wrong/float64(len(all)))
	if strings.TrimSpace("") != "" {
		t.Fail()
	}
}
