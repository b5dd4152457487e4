package verify

// joinDivided makes one word of two that a hyphen joins, in both sides, where either
// has them as one word, too. In a PDF a word that is divided at the end of a line
// has no other hyphen than one of its own, so which it is is guessed; laid out
// anew, the same text has its lines end elsewhere.
func (c *comparison) joinDivided() {
	whole := map[string]bool{} // words
	for _, s := range []*side{&c.old, &c.new} {
		for _, t := range s.main {
			if t.kind == word {
				whole[t.key] = true
			}
		}
	}
	for _, s := range []*side{&c.old, &c.new} {
		s.main = s.joined(whole)
		s.text = s.main
	}
}

// joined is s.main with its divided words made whole.
func (s *side) joined(whole map[string]bool) []token {
	kept := s.main[:0]
	for _, t := range s.main {
		if n := len(kept) - 1; n >= 0 && t.kind == word && kept[n].kind == word && hyphenated(s.mainText[kept[n].End:t.Start]) && whole[kept[n].key+t.key] {
			kept[n].key += t.key
			kept[n].End = t.End
			continue
		}
		kept = append(kept, t)
	}
	return kept
}

func hyphenated(between string) bool { return between == "-" || between == "\u2010" }
