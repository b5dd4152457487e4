package crawler

import "strings"

// srcsetURLs gives the image candidates of a srcset attribute to yield, in
// order (HTML standard §4.8.4.2.1). Descriptors are passed over, good or bad.
func srcsetURLs(s string, yield func(string)) {
	for {
		s = strings.TrimLeft(s, " \t\n\f\r,")
		if s == "" {
			return
		}
		end := strings.IndexAny(s, " \t\n\f\r")
		if end < 0 {
			end = len(s)
		}
		url := s[:end]
		s = s[end:]
		if trimmed := strings.TrimRight(url, ","); trimmed != url {
			if trimmed != "" {
				yield(trimmed)
			}
			continue
		}
		yield(url)
		// The descriptors end at a comma outside parentheses.
		parens, i := 0, 0
		for ; i < len(s); i++ {
			if s[i] == '(' {
				parens++
			} else if s[i] == ')' && parens > 0 {
				parens--
			} else if s[i] == ',' && parens == 0 {
				break
			}
		}
		s = s[i:]
	}
}
