package seeds

import (
	"fmt"
	"strconv"
)

// lintGaps finds numbers that the notes leave out: 3, 4, 7. A number that a mark has is a missing note, and said to be
// one; notes that count anew, or are out of order, have no gap, and a leap of more than maxRange is none either.
func lintGaps(r *Report) []Finding {
	var all []Finding
	marked := make(map[string]bool, len(r.Marks))
	for _, m := range r.Marks {
		marked[m.Label] = true
	}
	noted := make(map[string]bool, len(r.Notes))
	for _, n := range r.Notes {
		noted[n.Label] = true
	}
	last := 0
	for _, n := range r.Notes {
		number, err := strconv.Atoi(n.Label)
		if err != nil || number < 1 {
			continue
		}
		if first := last + 1; last > 0 && number > first && number-first <= maxRange {
			from, to, elsewhere := 0, 0, false // the first and the last one that is missing
			for k := first; k < number; k++ {
				label := strconv.Itoa(k)
				elsewhere = elsewhere || noted[label]
				if !marked[label] {
					if from == 0 {
						from = k
					}
					to = k
				}
			}
			what := fmt.Sprintf("note %d follows note %d: where is note %d?", number, last, from)
			if to > from {
				what = fmt.Sprintf("note %d follows note %d: where are the notes %d to %d?", number, last, from, to)
			}
			if to > 0 && !elsewhere {
				all = append(all, Finding{Rule: RuleNoteGap, Level: LevelNote, Note: n.Label, Position: n.Position, Message: what})
			}
		}
		last = number
	}
	return all
}
