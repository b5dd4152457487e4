package seeds

import (
	"fmt"
	"sort"
	"strings"
)

// maxGroups bounds the braces and brackets of a report in LaTeX or wikitext.
const maxGroups = 5_000_000

// texPair is a brace or bracket and the one that closes it, -1 if there is none.
type texPair struct{ open, close int32 }

// texScan is what one look over the whole source tells before anything is read.
type texScan struct {
	all   string    // the source
	pairs []texPair // in the order of the text
	stack []int32   // those that are open

	none                map[string]bool // what does not come any more
	bodyStart, bodyEnd  int             // the body, within \begin{document} and \end{document}
	bibitems            []int           // where \bibitem stands
	others              []int           // where other files are named
	footnotes, endnotes bool
}

// scanTeX pairs braces and brackets, past comments, if there are any, escapes and verbatim text. It looks at every byte
// once.
func scanTeX(src *source, comments bool) (*texScan, error) { return scanTeXFrom(src, 0, comments) }

// scanTeXFrom looks at what stands from a place on.
func scanTeXFrom(src *source, from int, comments bool) (*texScan, error) {
	t := src.text
	s := &texScan{all: t, none: make(map[string]bool), bodyStart: -1, bodyEnd: len(t)}
	raw := -1 // index into pairs of the group of \url, in which % is no comment
	for i := from; i < len(t); {
		switch t[i] {
		case '\\':
			i = s.command(i, &raw)
			continue
		case '%':
			if raw < 0 && comments {
				i = lineEnd(t, i)
				continue
			}
		case '{', '[':
			if len(s.pairs) == maxGroups {
				return nil, fmt.Errorf("line %d: more than %d braces and brackets: split the report", src.lineAt(i)+1, maxGroups)
			}
			if raw == -2 {
				raw = len(s.pairs)
			}
			s.stack = append(s.stack, int32(len(s.pairs)))
			s.pairs = append(s.pairs, texPair{int32(i), -1})
		case '}':
			for len(s.stack) > 0 {
				top := s.pop(i, '{')
				if raw >= top {
					raw = -1
				}
				if t[s.pairs[top].open] == '{' {
					break
				}
			}
		case ']':
			if n := len(s.stack); n > 0 && t[s.pairs[s.stack[n-1]].open] == '[' {
				s.pop(i, '[')
			}
		case '\n':
			if rest := strings.TrimPrefix(t[i+1:min(len(t), i+3)], "\r"); strings.HasPrefix(rest, "\n") {
				raw = -1
			}
		}
		i++
	}
	return s, nil
}

// pop closes the innermost group at i, if it was opened by opener.
func (s *texScan) pop(i int, opener byte) int {
	n := len(s.stack) - 1
	top := s.stack[n]
	s.stack = s.stack[:n]
	if s.all[s.pairs[top].open] == opener {
		s.pairs[top].close = int32(i)
	}
	return int(top)
}

// command looks at the control sequence at i and returns where the scan goes on. raw becomes -2 if the next brace is that
// of an address.
func (s *texScan) command(i int, raw *int) int {
	name, end := texName(s.all, i)
	switch name {
	case "url", "nolinkurl", "path", "href":
		if open := skipBlanks(s.all, end); open < len(s.all) && s.all[open] == '{' && *raw < 0 {
			*raw = -2
			return open
		}
	case "verb", "verb*", "lstinline":
		return verbEnd(s.all, end)
	case "begin":
		env, after := texWord(s.all, end)
		switch {
		case env == "document" && s.bodyStart < 0:
			s.bodyStart = after
		case verbatimEnvironment(env):
			if n := s.find(`\end{`+env+`}`, after); n >= 0 {
				return n
			}
		}
		return after
	case "end":
		env, after := texWord(s.all, end)
		if env == "document" && s.bodyStart >= 0 {
			s.bodyEnd = min(s.bodyEnd, i)
		}
		return after
	case "bibliography", "addbibresource", "input", "include", "subfile":
		s.others = append(s.others, i)
	case "bibitem":
		s.bibitems = append(s.bibitems, i)
	case "footnote", "footnotemark", "footcite":
		s.footnotes = true
	case "endnote", "endnotemark":
		s.endnotes = true
	}
	return end
}

// find returns where what comes next at or behind from, or -1. What was not found is not looked for again.
func (s *texScan) find(what string, from int) int {
	if s.none[what] {
		return -1
	}
	n := strings.Index(s.all[from:], what)
	if n < 0 {
		s.none[what] = true
		return -1
	}
	return from + n
}

// closes returns where the brace or bracket at open is closed, or -1.
func (s *texScan) closes(open int) int {
	i := sort.Search(len(s.pairs), func(i int) bool { return int(s.pairs[i].open) >= open })
	if i == len(s.pairs) || int(s.pairs[i].open) != open {
		return -1
	}
	return int(s.pairs[i].close)
}

// texName reads the control sequence at i: its name, with a star, and where it ends. That of "\%" is "%".
func texName(t string, i int) (name string, end int) {
	end = i + 1
	for end < len(t) && (t[end]|0x20 >= 'a' && t[end]|0x20 <= 'z' || t[end] == '@') {
		end++
	}
	if end == i+1 {
		end = min(len(t), i+2)
		return t[i+1 : end], end
	}
	if end < len(t) && t[end] == '*' {
		end++
	}
	return t[i+1 : end], end
}

// texWord reads a short argument such as the name of an environment; without one it ends where it began.
func texWord(t string, i int) (word string, end int) {
	const longest = 200 // bytes
	open := skipBlanks(t, i)
	if open >= len(t) || t[open] != '{' {
		return "", i
	}
	n := strings.IndexAny(t[open:min(len(t), open+longest)], "}\n\\")
	if n < 0 || t[open+n] != '}' {
		return "", i
	}
	return strings.TrimSpace(t[open+1 : open+n]), open + n + 1
}

// verbEnd is where the text of \verb ends, which has the delimiters at its ends and stands in one line.
func verbEnd(t string, i int) int {
	if i >= len(t) || t[i] == '\n' {
		return i
	}
	closer := t[i]
	if closer == '{' {
		closer = '}'
	}
	const longest = 2000 // bytes
	within := t[i+1 : min(len(t), i+1+longest)]
	if n := strings.IndexByte(within, closer); n >= 0 && strings.IndexByte(within[:n], '\n') < 0 {
		return i + n + 2
	}
	return i
}

// verbatimEnvironment tells the environments whose text is taken as it is.
func verbatimEnvironment(env string) bool {
	switch strings.TrimSuffix(env, "*") {
	case "verbatim", "Verbatim", "BVerbatim", "LVerbatim", "lstlisting", "minted", "comment", "filecontents":
		return true
	}
	return false
}

// skipBlanks passes over blanks and one line end.
func skipBlanks(t string, i int) int {
	lines := 0
	for i < len(t) {
		switch t[i] {
		case ' ', '\t', '\r':
		case '\n':
			if lines++; lines > 1 {
				return i
			}
		default:
			return i
		}
		i++
	}
	return i
}

// lineEnd is where the line that goes on at i ends.
func lineEnd(t string, i int) int {
	if n := strings.IndexByte(t[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(t)
}
