package seeds

import (
	"fmt"
	"sort"
	"strings"
)

// wikiScan is what one look over the whole source tells before anything is written: what closes what, and the notes.
type wikiScan struct {
	all   string     // the source
	pairs []wikiPair // in the order of the text
	pipes []wikiPipe
	stack []int32 // of pairs that are open
	refs  []wikiRef
	none  map[string]bool // what does not come any more
}

// wikiPair is [, [[, {{ or {{{ at open, as long as its size, and what closes it, or -1. Its pipes are a list.
type wikiPair struct {
	open, close int32
	first, last int32 // of its pipes, -1 if there are none
	size        int8
	bracket     bool
}

type wikiPipe struct{ at, next int32 }

// wikiRef is <ref …>all[from:to]</ref> from open to end. One without text has from equal to to, and empty set.
type wikiRef struct {
	open, from, to, end int
	group, name         string
	empty               bool
}

// scanWiki pairs brackets and finds the notes, past comments and what is taken as it is. It looks at every byte once.
func scanWiki(src *source) (*wikiScan, error) {
	t := src.text
	s := &wikiScan{all: t, none: make(map[string]bool)}
	for i := 0; i < len(t); {
		if len(s.pairs) >= maxGroups {
			return nil, fmt.Errorf("line %d: more than %d brackets: split the report", src.lineAt(i)+1, maxGroups)
		}
		switch t[i] {
		case '<':
			i = s.tag(i)
		case '[', '{':
			n := runLength(t, i)
			switch {
			case t[i] == '{' && n == 1:
			case t[i] == '{' && n != 2 && n != 4:
				n = 3
			default:
				n = min(n, 2)
			}
			if t[i] == '[' || n > 1 {
				s.stack = append(s.stack, int32(len(s.pairs)))
				s.pairs = append(s.pairs, wikiPair{open: int32(i), close: -1, first: -1, last: -1, size: int8(n), bracket: t[i] == '['})
			}
			i += n
		case ']', '}':
			i += s.closing(i)
		case '|':
			s.pipe(i)
			i++
		case '\n':
			s.line()
			i++
		default:
			i++
		}
	}
	return s, nil
}

// runLength counts how often the byte at i is repeated.
func runLength(t string, i int) int {
	n := 1
	for i+n < len(t) && n < 8 && t[i+n] == t[i] {
		n++
	}
	return n
}

// closing closes the innermost pair at i, if what stands there closes it, and returns how long that is.
func (s *wikiScan) closing(i int) int {
	n := runLength(s.all, i)
	bracket := s.all[i] == ']'
	for k := len(s.stack) - 1; k >= 0 && k >= len(s.stack)-4; k-- {
		p := &s.pairs[s.stack[k]]
		if p.bracket != bracket {
			if bracket {
				return n // within a template
			}
			continue // a bracket that is not closed within its template
		}
		if int(p.size) > n {
			if bracket {
				return n
			}
			if n < 2 {
				return n
			}
			p.size = int8(n) // {{{ that is closed by }} is { and {{
			p.open++
		}
		p.close = int32(i)
		s.stack = s.stack[:k]
		return int(p.size)
	}
	return n
}

// pipe gives the pipe at i to the innermost link or template.
func (s *wikiScan) pipe(i int) {
	n := len(s.stack)
	if n == 0 {
		return
	}
	p := &s.pairs[s.stack[n-1]]
	if p.size < 2 {
		return
	}
	if r := len(s.refs) - 1; r >= 0 && s.refs[r].open > int(p.open) && i < s.refs[r].to {
		return // within a note
	}
	k := int32(len(s.pipes))
	s.pipes = append(s.pipes, wikiPipe{int32(i), -1})
	if p.first < 0 {
		p.first = k
	} else {
		s.pipes[p.last].next = k
	}
	p.last = k
}

// line ends the links to other sites, which stand in one line.
func (s *wikiScan) line() {
	for n := len(s.stack); n > 0 && s.pairs[s.stack[n-1]].size == 1; n-- {
		s.stack = s.stack[:n-1]
	}
}

// tag looks at the tag or comment at i and returns where the scan goes on.
func (s *wikiScan) tag(i int) int {
	if strings.HasPrefix(s.all[i:], "<!--") {
		return s.comment(i)
	}
	name, end, empty := htmlTag(s.all, i)
	switch {
	case end == i:
		return i + 1
	case name == "ref":
		r := wikiRef{open: i, from: end, to: end, end: end, empty: empty}
		r.name, r.group = tagValue(s.all[i:end], "name"), tagValue(s.all[i:end], "group")
		if !empty {
			to := s.find("</ref", end)
			if to < 0 {
				return end
			}
			r.to, r.end = to, to+len("</ref>")
			if n := strings.IndexByte(s.all[to:min(len(s.all), to+20)], '>'); n >= 0 {
				r.end = to + n + 1
			}
		}
		s.refs = append(s.refs, r)
	case wikiVerbatim(name) && !empty:
		if to := s.find("</"+name, end); to >= 0 {
			return to
		}
	}
	return end
}

// comment returns where the comment at i ends: with the source, if it is not closed.
func (s *wikiScan) comment(i int) int {
	if end := s.find("-->", i+4); end >= 0 {
		return end + 3
	}
	return len(s.all)
}

// find returns where what, in lower case, comes next at or behind from, or -1. What was not found is not looked for again.
func (s *wikiScan) find(what string, from int) int {
	if s.none[what] || from > len(s.all) {
		return -1
	}
	if n := strings.Index(s.all[from:], what); n >= 0 {
		return from + n
	}
	s.none[what] = true
	return -1
}

// pair returns the pair that opens at i, or nil.
func (s *wikiScan) pair(i int) *wikiPair {
	k := sort.Search(len(s.pairs), func(k int) bool { return int(s.pairs[k].open) >= i })
	if k == len(s.pairs) || int(s.pairs[k].open) != i || s.pairs[k].close < 0 {
		return nil
	}
	return &s.pairs[k]
}

// within returns the notes that begin in all[from:to].
func (s *wikiScan) within(from, to int) []wikiRef {
	first := sort.Search(len(s.refs), func(k int) bool { return s.refs[k].open >= from })
	last := sort.Search(len(s.refs), func(k int) bool { return s.refs[k].open >= to })
	return s.refs[first:max(first, last)]
}

// wikiVerbatim tells the elements whose text is not read as wikitext.
func wikiVerbatim(name string) bool {
	switch name {
	case "nowiki", "pre", "syntaxhighlight", "source", "math", "chem", "score", "timeline", "graph", "templatedata", "hiero", "imagemap":
		return true
	}
	return false
}

// htmlTag reads the tag at i; without one, end is i. The name is in lower case and that of an end tag begins with a slash.
func htmlTag(t string, i int) (name string, end int, empty bool) {
	const longest = 1000 // bytes
	t = t[i:min(len(t), i+longest)]
	n := 1
	if n < len(t) && t[n] == '/' {
		n++
	}
	first := n
	for n < len(t) && (t[n]|0x20 >= 'a' && t[n]|0x20 <= 'z' || n > first && t[n] >= '0' && t[n] <= '9') {
		n++
	}
	if n == first {
		return "", i, false
	}
	name = strings.ToLower(t[1:n])
	for ; n < len(t); n++ {
		switch t[n] {
		case '>':
			return name, i + n + 1, t[n-1] == '/'
		case '<':
			return "", i, false
		}
	}
	return "", i, false
}

// tagValue is the value of an attribute of a tag; empty if there is none.
func tagValue(tag, name string) string {
	start, end, ok := attribute(tag, name)
	if !ok {
		return ""
	}
	return strings.TrimSpace(strings.TrimSuffix(tag[start:end], "/"))
}
