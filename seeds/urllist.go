package seeds

import "strings"

// comments are the comments of a text that is nothing but a list of addresses, one a line: lines that begin with "#", and
// what stands behind " #". Such a text is commented as programs read it, so an address behind the sign is not cited.
// Of any other text there are none.
func (s *source) comments() []span {
	var all []span
	listed := false
	for i, l := range s.lines {
		text := s.lineText(i)
		if s.blank(i) {
			continue
		}
		at := blanks(text)
		if !strings.HasPrefix(text[at:], "#") {
			if !addressStart(text[at:]) {
				return nil
			}
			listed = true
			word, rest, _ := strings.Cut(text[at:], " ")
			at += len(word)
			if rest = strings.TrimLeft(rest, " \t"); rest != "" && rest[0] != '#' {
				return nil
			}
		}
		if strings.TrimSpace(text[at:]) != "" {
			all = append(all, span{l.start() + at, l.end()})
		}
	}
	if !listed {
		return nil
	}
	return all
}
