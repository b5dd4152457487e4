package verify

import (
	_ "embed" // for the table
	"math"
	"strconv"
	"strings"
	"sync"
)

// commonTable has the English words that many pages have, by their stems: a line
// for each class of commonness, which begins with how many of 181 pages of news a
// word of the class stands in at least. It is counted, not made up: one page one
// count, words of fewer than 8 pages and names of months left out.
//
//go:embed commonness.txt
var commonTable string

const commonPages = 181 // that the table was counted on

// commonness is how many of the pages have a word, by its key. It is read once and
// not changed.
var commonness = sync.OnceValue(func() map[string]float64 {
	pages := map[string]float64{}
	for line := range strings.Lines(commonTable) {
		first, words, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(first)
		if err != nil {
			continue
		}
		for word := range strings.FieldsSeq(words) {
			pages[word] = float64(n)
		}
	}
	return pages
})

// rareness is the inverse document frequency of a term: how much it says that a
// text has it. What the table does not have is rare, whatever its language; of
// numbers and months any one is as common as all of its kind are on average.
func rareness(key string) float64 {
	n, common := commonness()[key]
	switch {
	case common:
	case strings.HasPrefix(key, "month "):
		n = 40
	case strings.Trim(key, "0123456789") != "":
		n = 2
	case len(key) == 1:
		n = 80
	case len(key) == 2:
		n = 40
	case len(key) == 4:
		n = 20
	default:
		n = 5
	}
	return math.Log((commonPages + 1) / (n + 0.5))
}
