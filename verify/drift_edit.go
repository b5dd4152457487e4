package verify

import (
	"github.com/sergi/go-diff/diffmatchpatch"
)

// Op is what became of a stretch of text.
type Op string

// What an Edit can be.
const (
	Kept     Op = "kept"
	Inserted Op = "inserted"
	Deleted  Op = "deleted"
)

// Edit is a stretch of two texts that are compared. What was kept stands in both;
// it is the same but for case, punctuation and white space. What was inserted
// stands in the new text, and Old is empty at its place in the old one; with what
// was deleted it is the other way round.
type Edit struct {
	Op       Op
	Old, New Span
}

const (
	// diffWork bounds the work of one comparison, in pairs of tokens. What is
	// left when it is used up counts as replaced.
	diffWork = 400_000_000
	// diffBlock is how many tokens are compared one by one at a time.
	diffBlock = 8_000
)

// Edits compares two texts token by token and returns what makes new out of old,
// in order. Together the edits cover all tokens of both; where much is different
// it is told sentence by sentence, and in the worst case as one deletion and one
// insertion.
func Edits(old, new string) []Edit {
	return editsOf(tokenize(old), tokenize(new))
}

func editsOf(old, new []token) []Edit {
	d := differ{old: old, new: new, work: diffWork}
	d.compare(Span{0, len(old)}, Span{0, len(new)})
	return d.edits
}

// differ makes edits of two lists of tokens.
type differ struct {
	old, new []token
	ids      map[string]int32 // of the alignment at hand
	work     int              // that may still be spent
	edits    []Edit
}

// compare adds the edits of a range of the old tokens against one of the new.
func (d *differ) compare(old, new Span) {
	head := 0
	for head < min(old.End-old.Start, new.End-new.Start) && d.old[old.Start+head].key == d.new[new.Start+head].key {
		head++
	}
	d.add(Kept, Span{old.Start, old.Start + head}, Span{new.Start, new.Start + head})
	old.Start, new.Start = old.Start+head, new.Start+head
	tail := 0
	for tail < min(old.End-old.Start, new.End-new.Start) && d.old[old.End-1-tail].key == d.new[new.End-1-tail].key {
		tail++
	}
	old.End, new.End = old.End-tail, new.End-tail
	d.middle(old, new)
	d.add(Kept, Span{old.End, old.End + tail}, Span{new.End, new.End + tail})
}

// middle compares what has different tokens at both ends.
func (d *differ) middle(old, new Span) {
	a, b := old.End-old.Start, new.End-new.Start
	switch {
	case a == 0 || b == 0:
		d.replace(old, new)
	case a+b <= diffBlock && d.spend(a, b):
		d.ids = map[string]int32{}
		d.align(d.keys(d.old, old), d.keys(d.new, new), func(op Op, i, j Span) {
			d.add(op, Span{old.Start + i.Start, old.Start + i.End}, Span{new.Start + j.Start, new.Start + j.End})
		})
	default:
		d.sentences(old, new)
	}
}

// sentences compares sentence by sentence, and inside those that differ token by
// token.
func (d *differ) sentences(old, new Span) {
	was, is := sentenceStarts(d.old, old), sentenceStarts(d.new, new)
	if len(was) == 2 || len(is) == 2 || !d.spend(len(was), len(is)) {
		d.replace(old, new)
		return
	}
	var gone, came Span // of sentences that differ, until the next that is kept
	inside := func() {
		before, after := Span{was[gone.Start], was[gone.End]}, Span{is[came.Start], is[came.End]}
		a, b := before.End-before.Start, after.End-after.Start
		if a+b <= diffBlock {
			d.compare(before, after)
		} else {
			d.replace(before, after)
		}
	}
	d.ids = map[string]int32{}
	d.align(d.sentenceKeys(d.old, was), d.sentenceKeys(d.new, is), func(op Op, i, j Span) {
		if op != Kept {
			gone.End, came.End = i.End, j.End
			return
		}
		inside()
		d.add(Kept, Span{was[i.Start], was[i.End]}, Span{is[j.Start], is[j.End]})
		gone, came = Span{i.End, i.End}, Span{j.End, j.End}
	})
	inside()
}

// spend takes the work of a comparison from what is left, and reports whether it
// was enough.
func (d *differ) spend(a, b int) bool {
	d.work -= (a + b) * (a + b)
	return d.work >= 0
}

// align hands over the edits between two lists of symbols, as ranges of them.
func (d *differ) align(old, new []rune, f func(op Op, old, new Span)) {
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // no clock: equal texts have equal edits, and spend bounds the work
	i, j := 0, 0
	for _, e := range dmp.DiffMainRunes(old, new, false) {
		n := len([]rune(e.Text))
		switch e.Type {
		case diffmatchpatch.DiffEqual:
			f(Kept, Span{i, i + n}, Span{j, j + n})
			i, j = i+n, j+n
		case diffmatchpatch.DiffDelete:
			f(Deleted, Span{i, i + n}, Span{j, j})
			i += n
		case diffmatchpatch.DiffInsert:
			f(Inserted, Span{i, i}, Span{j, j + n})
			j += n
		}
	}
}

// symbol is a character that stands for a key. The library keeps texts as
// strings, so it must be one that UTF-8 has: no surrogate, no U+FFFD.
func (d *differ) symbol(key string) rune {
	id, ok := d.ids[key]
	if !ok {
		id = int32(len(d.ids)) + 1
		d.ids[key] = id
	}
	const surrogates, end = 0xd800, 0xe000
	if id >= surrogates {
		id += end - surrogates
	}
	if id >= '\ufffd' {
		id++
	}
	return id
}

func (d *differ) keys(tokens []token, s Span) []rune {
	all := make([]rune, 0, s.End-s.Start)
	for _, t := range tokens[s.Start:s.End] {
		all = append(all, d.symbol(t.key))
	}
	return all
}

// sentenceKeys has a symbol for each sentence.
func (d *differ) sentenceKeys(tokens []token, starts []int) []rune {
	all := make([]rune, 0, len(starts))
	for i := range len(starts) - 1 {
		var key []byte
		for _, t := range tokens[starts[i]:starts[i+1]] {
			key = append(append(key, t.key...), '\n')
		}
		all = append(all, d.symbol(string(key)))
	}
	return all
}

// sentenceStarts is where sentences begin in a range of tokens, and its end.
func sentenceStarts(tokens []token, s Span) []int {
	starts := []int{s.Start}
	for i := s.Start + 1; i < s.End; i++ {
		if tokens[i].stop {
			starts = append(starts, i)
		}
	}
	return append(starts, s.End)
}

func (d *differ) replace(old, new Span) {
	d.add(Deleted, old, Span{new.Start, new.Start})
	d.add(Inserted, Span{old.End, old.End}, new)
}

// add adds an edit, given as ranges of tokens, to the one before it when both are
// of a kind.
func (d *differ) add(op Op, old, new Span) {
	if old.Start == old.End && new.Start == new.End {
		return
	}
	e := Edit{op, textSpan(d.old, old), textSpan(d.new, new)}
	if n := len(d.edits); n > 0 && d.edits[n-1].Op == op {
		d.edits[n-1].Old.End, d.edits[n-1].New.End = e.Old.End, e.New.End
		return
	}
	d.edits = append(d.edits, e)
}

// textSpan is the stretch of text that a range of tokens covers; of an empty one
// the place behind the token before it.
func textSpan(tokens []token, s Span) Span {
	if s.Start < s.End {
		return Span{tokens[s.Start].Start, tokens[s.End-1].End}
	}
	if s.Start == 0 {
		return Span{}
	}
	end := tokens[s.Start-1].End
	return Span{end, end}
}
