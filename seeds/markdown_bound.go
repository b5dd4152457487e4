package seeds

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	gtext "github.com/yuin/goldmark/text"
)

const (
	// maxDepth bounds how many block quotes and list items of Markdown lie within each other.
	maxDepth = 100
	// maxSteps bounds the lines of a report times that: every line is looked at by all blocks that it may belong to.
	maxSteps = 50_000_000
	// maxInline bounds what is parsed in one go within a block, in bytes, for some input takes quadratic time. What is
	// longer is cut at line ends or blanks.
	maxInline = 16 << 10
)

// checkDepth refuses a text whose blocks lie too deep within each other. first is the line that it begins with.
func (m *markdown) checkDepth(first int) error {
	deepest, lines, at := 0, 0, first
	for line := range bytes.Lines(m.text) {
		lines++
		if d := markers(line); d > deepest {
			deepest, at = d, first+lines-1
		}
	}
	if deepest > maxDepth || deepest*lines > maxSteps {
		return fmt.Errorf("line %d: quotes and lists lie %d deep within each other: take some levels out", at, deepest)
	}
	return nil
}

// markers counts the blocks that the beginning of a line may open or go on with.
func markers(line []byte) int {
	n, indent, found := 0, 0, 0
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ':
			indent++
			i++
		case c == '\t':
			indent += 4
			i++
		case c == '>':
			n++
			i++
			found = n + indent/2
		default:
			digits := 0
			for i+digits < len(line) && digits < 10 && line[i+digits] >= '0' && line[i+digits] <= '9' {
				digits++
			}
			after := i + digits
			if digits == 0 && c != '-' && c != '+' && c != '*' && c != ':' || after+1 >= len(line) ||
				digits > 0 && line[after] != '.' && line[after] != ')' || line[after+1] != ' ' && line[after+1] != '\t' {
				return found
			}
			n++
			i = after + 1
			found = n + indent/2
		}
	}
	return found
}

// pieces cuts the lines of a block into parts of at most maxInline bytes. There is one but for a hostile report.
func (m *markdown) pieces(lines *gtext.Segments) []*gtext.Segments {
	size := 0
	for i := range lines.Len() {
		size += lines.At(i).Stop - lines.At(i).Start
	}
	if size <= maxInline {
		return []*gtext.Segments{lines}
	}
	var all []*gtext.Segments
	size = maxInline
	for i := range lines.Len() {
		s := lines.At(i)
		for s.Start < s.Stop {
			part := s
			part.Stop = min(s.Stop, s.Start+maxInline)
			if part.Stop < s.Stop {
				if blank := bytes.LastIndexByte(m.text[part.Start:part.Stop], ' '); blank > 0 {
					part.Stop = part.Start + blank + 1
				}
				for !utf8.RuneStart(m.text[part.Stop]) && part.Stop > part.Start+1 {
					part.Stop--
				}
			}
			if n := part.Stop - part.Start; size+n > maxInline {
				all, size = append(all, gtext.NewSegments()), n
			} else {
				size += n
			}
			all[len(all)-1].Append(part)
			s.Start, s.Padding = part.Stop, 0
		}
	}
	return all
}
