package verify

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// followers finds out what became of sentences.
type followers struct {
	c     *comparison
	known map[string]bool // keys of the claims and the quotes
	ids   map[string]int32
	lists map[bool][2][]int32 // by CitedSpan.Main: the old and the new tokens
}

const (
	sameish   = 0.8 // of a sentence, from which on another one is the same one altered
	somewhat  = 0.4 // the same when nothing else is left of it
	exactMost = 256 // places of equal sentences that are looked at
)

// numbers returns the tokens of both sides as numbers that are equal where their
// keys are.
func (f *followers) numbers(main bool) (old, new []int32) {
	if f.ids == nil {
		f.ids, f.lists = map[string]int32{}, map[bool][2][]int32{}
	}
	l, ok := f.lists[main]
	if !ok {
		was, is := f.tokens(main)
		l = [2][]int32{f.numbered(was), f.numbered(is)}
		f.lists[main] = l
	}
	return l[0], l[1]
}

func (f *followers) numbered(tokens []token) []int32 {
	all := make([]int32, len(tokens))
	for i, t := range tokens {
		id, ok := f.ids[t.key]
		if !ok {
			id = int32(len(f.ids)) + 1
			f.ids[t.key] = id
		}
		all[i] = id
	}
	return all
}

func (f *followers) tokens(main bool) (old, new []token) {
	if main {
		return f.c.old.main, f.c.new.main
	}
	return f.c.old.text, f.c.new.text
}

func (f *followers) text(main bool) (old, new string) {
	if main {
		return f.c.old.mainText, f.c.new.mainText
	}
	return f.c.old.allText, f.c.new.allText
}

// follow says what became of s.
//
// A sentence stands when it is in the new text as often as in the old one: were
// one place enough, an altered sentence would hide behind a teaser that repeats
// it. When it is there less often, one much like it is the same one, altered.
func (f *followers) follow(s *CitedSpan) {
	was, is := f.tokens(s.Main)
	old, new := f.numbers(s.Main)
	own := tokensIn(was, s.Old)
	if own.Start == own.End {
		s.Fate = Stands // no words
		return
	}
	own, left, right := widen(was, own)
	pattern := old[own.Start:own.End]
	places := f.standing(was, own, is, new, pattern, left, right)
	before := f.standing(was, own, was, old, pattern, left, right)
	if len(places) > 0 && len(places) >= len(before) {
		f.stands(s, is, places[0])
		return
	}
	rest := slices.Clone(new)
	for _, p := range places {
		for i := p.Start; i < p.End; i++ {
			rest[i] = -1
		}
	}
	least := somewhat
	if len(places) > 0 {
		least = sameish
	}
	at, edits, found := nearest(pattern, rest, int((1-least)*float64(len(pattern))))
	if found {
		at = f.widened(is, at, left, right)
		if !f.differ(was[own.Start:own.End], is[at.Start:at.End]) {
			f.stands(s, is, at)
			return
		}
	}
	close := found && float64(edits) <= (1-sameish)*float64(len(pattern))
	switch {
	case len(places) > 0 && !close:
		f.stands(s, is, places[0]) // one copy of several is gone
	case s.Main && !close && f.visible(s, pattern, was, own, left, right):
	case found:
		f.altered(s, was[own.Start:own.End], is[at.Start:at.End])
	default:
		s.Fate = Missing
	}
}

// visible looks for a sentence of the main text in all of the new page: what an
// extractor takes for the main text may change with something else.
func (f *followers) visible(s *CitedSpan, pattern []int32, was []token, own Span, left, right bool) bool {
	_, is := f.tokens(false)
	_, new := f.numbers(false)
	places := f.standing(was, own, is, new, pattern, left, right)
	if len(places) == 0 {
		return false
	}
	s.Fate = Stands
	_, text := f.text(false)
	span := textSpan(is, places[0])
	s.Is = text[span.Start:span.End] // New stays empty: it is not in the main text
	return true
}

func (f *followers) stands(s *CitedSpan, is []token, at Span) {
	_, text := f.text(s.Main)
	s.Fate, s.New = Stands, closed(text, textSpan(is, at))
	s.Is = text[s.New.Start:s.New.End]
}

// altered tells how s was altered.
func (f *followers) altered(s *CitedSpan, was, is []token) {
	old, new := f.text(s.Main)
	s.Fate = Altered
	s.Old, s.New = closed(old, textSpan(was, Span{0, len(was)})), closed(new, textSpan(is, Span{0, len(is)}))
	s.Was, s.Is = old[s.Old.Start:s.Old.End], new[s.New.Start:s.New.End]
	s.Edits = Edits(s.Was, s.Is)
	s.Kinds = kindsOf(s.Was, s.Is, s.Edits)
}

// closed takes in the punctuation behind a stretch of text.
func closed(text string, s Span) Span {
	for s.End < len(text) {
		r, n := utf8.DecodeRuneInString(text[s.End:])
		if !unicode.IsPunct(r) {
			break
		}
		s.End += n
	}
	return s
}

// standing returns the places, as ranges of the tokens in, at which the sentence
// stands with nothing before or behind it that could change it.
func (f *followers) standing(was []token, own Span, in []token, ids, pattern []int32, left, right bool) []Span {
	var places []Span
	for _, i := range occurrences(pattern, ids, exactMost) {
		at := Span{i, i + len(pattern)}
		wide := f.widened(in, at, left, right)
		if wide == at || !f.differ(was[own.Start:own.End], in[wide.Start:wide.End]) {
			places = append(places, at)
		}
	}
	return places
}

// differ reports a difference between two runs of tokens that counts.
func (f *followers) differ(was, is []token) bool {
	volatileOld, volatileNew := volatile(was, f.known), volatile(is, f.known)
	old, new := make([]string, 0, len(was)), make([]string, 0, len(is))
	for i, t := range was {
		if !volatileOld[i] {
			old = append(old, t.key)
		}
	}
	for i, t := range is {
		if !volatileNew[i] {
			new = append(new, t.key)
		}
	}
	return !slices.Equal(old, new)
}

// tokensIn is the range of tokens that a stretch of text covers.
func tokensIn(tokens []token, s Span) Span {
	from, _ := slices.BinarySearchFunc(tokens, s.Start, func(t token, at int) int { return t.Start - at })
	to, _ := slices.BinarySearchFunc(tokens, s.End, func(t token, at int) int { return t.Start - at })
	return Span{from, max(from, to)}
}

// widen takes in what stands before and behind a range of tokens up to the next
// full stop or end of a line. A side on which there is none nearby is left as it
// is, and reported as false.
func widen(tokens []token, s Span) (wide Span, left, right bool) {
	wide = s
	for i := s.Start; i >= max(0, s.Start-edgeLimit); i-- {
		if i == 0 || tokens[i].stop {
			wide.Start, left = i, true
			break
		}
	}
	for i := s.End; i <= min(len(tokens), s.End+edgeLimit); i++ {
		if i == len(tokens) || tokens[i].stop {
			wide.End, right = i, true
			break
		}
	}
	return wide, left, right
}

// widened takes in what stands around a place in the new text, on the sides on
// which the old sentence has an end.
func (f *followers) widened(tokens []token, at Span, left, right bool) Span {
	wide, _, _ := widen(tokens, at)
	if left && wide.Start == at.Start && at.Start > 0 && !tokens[at.Start].stop {
		wide.Start = max(0, at.Start-edgeLimit)
	}
	if right && wide.End == at.End && at.End < len(tokens) && !tokens[at.End].stop {
		wide.End = min(len(tokens), at.End+edgeLimit)
	}
	if !left {
		wide.Start = at.Start
	}
	if !right {
		wide.End = at.End
	}
	return wide
}

// occurrences returns where pattern stands in text, without overlaps, at most the
// given number of places (Knuth, Morris and Pratt 1977).
func occurrences(pattern, text []int32, most int) []int {
	if len(pattern) == 0 || len(pattern) > len(text) {
		return nil
	}
	border := make([]int, len(pattern)+1)
	border[0] = -1
	for i, k := 0, -1; i < len(pattern); {
		for k >= 0 && pattern[i] != pattern[k] {
			k = border[k]
		}
		i, k = i+1, k+1
		border[i] = k
	}
	var found []int
	k := 0
	for i, c := range text {
		for k >= 0 && (k == len(pattern) || c != pattern[k]) {
			k = border[k]
		}
		if k++; k == len(pattern) {
			if found = append(found, i+1-k); len(found) == most {
				break
			}
			k = 0
		}
	}
	return found
}
