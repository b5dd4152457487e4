package verify

import (
	"testing"

	"pgregory.net/rapid"
)

// distances is the matrix of edit distances by the definition: the smallest distance
// of pattern from a stretch of text that ends at each place.
func distances(pattern, text []int32) []int {
	column := make([]int, len(pattern)+1)
	for i := range column {
		column[i] = i
	}
	last := make([]int, 0, len(text))
	for _, c := range text {
		above := column[0]
		for i := 1; i <= len(pattern); i++ {
			cost := above
			if pattern[i-1] != c {
				cost++
			}
			above = column[i]
			column[i] = min(cost, above+1, column[i-1]+1)
		}
		last = append(last, column[len(pattern)])
	}
	return last
}

func distance(a, b []int32) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, before+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// TestNearest compares the bits with the definition.
func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		symbol := rapid.Int32Range(1, 4)
		pattern := rapid.SliceOfN(symbol, 1, 150).Draw(t, "pattern")
		text := rapid.SliceOfN(symbol, 0, 250).Draw(t, "text")
		best := len(pattern)
		for _, n := range distances(pattern, text) {
			best = min(best, n)
		}
		at, edits, ok := nearest(pattern, text, len(pattern))
		if ok != (best < len(pattern)) {
			t.Fatalf("found %v, the best takes %d edits of %d", ok, best, len(pattern))
		}
		if !ok {
			return
		}
		if got := distance(pattern, text[at.Start:at.End]); edits != best || got != best {
			t.Fatalf("%v takes %d edits and is said to take %d, the best takes %d", at, got, edits, best)
		}
		if _, _, ok := nearest(pattern, text, best-1); ok {
			t.Fatalf("found with fewer than %d edits", best)
		}
	})
}

func TestOccurrences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		symbol := rapid.Int32Range(1, 2)
		pattern := rapid.SliceOfN(symbol, 1, 5).Draw(t, "pattern")
		text := rapid.SliceOfN(symbol, 0, 60).Draw(t, "text")
		var want []int
		for i := 0; i+len(pattern) <= len(text); {
			same := true
			for j := range pattern {
				same = same && text[i+j] == pattern[j]
			}
			if same {
				want = append(want, i)
				i += len(pattern)
			} else {
				i++
			}
		}
		got := occurrences(pattern, text, 1000)
		if len(got) != len(want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	})
}
