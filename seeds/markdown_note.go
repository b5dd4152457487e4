package seeds

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// This file teaches goldmark notes: "[^1]: text" with indented lines, [^1], and ^[text]. The extension that comes with it
// moves the notes to the end, drops those without a mark, and takes quadratic time.

// foldLabel is what two spellings of one label have in common.
func foldLabel(label string) string { return strings.ToLower(label) }

// noteLabel reads the label of "[^label]" at the beginning of t, which ends in size.
func noteLabel(t []byte) (label string, size int) {
	const longest = 200 // bytes
	if len(t) < 4 || t[0] != '[' || t[1] != '^' {
		return "", 0
	}
	end := bytes.IndexByte(t[:min(len(t), longest)], ']')
	if end < 3 {
		return "", 0
	}
	label = string(t[2:end])
	if strings.IndexFunc(label, func(r rune) bool { return unicode.IsSpace(r) || r == '[' || r == '^' }) >= 0 {
		return "", 0
	}
	return label, end + 1
}

// noteBlock is a note; its label is at text[from:to], colon included.
type noteBlock struct {
	ast.BaseBlock
	label    string
	from, to int
}

var kindNoteBlock = ast.NewNodeKind("NoteBlock")

func (n *noteBlock) Kind() ast.NodeKind       { return kindNoteBlock }
func (n *noteBlock) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// noteBlockParser keeps the labels of the notes as first written, by their folded form.
type noteBlockParser struct{ labels map[string]string }

func (p *noteBlockParser) Trigger() []byte { return []byte{'['} }

func (p *noteBlockParser) Open(parent ast.Node, reader gtext.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	label, size := noteLabel(line[pos:])
	if size == 0 || pos+size >= len(line) || line[pos+size] != ':' {
		return nil, parser.NoChildren
	}
	for up := parent; up != nil; up = up.Parent() {
		if up.Kind() == kindNoteBlock {
			return nil, parser.NoChildren
		}
	}
	from := segment.Start + pos - segment.Padding
	n := &noteBlock{label: label, from: from, to: from + size + 1}
	if _, ok := p.labels[foldLabel(label)]; !ok {
		p.labels[foldLabel(label)] = label
	}
	reader.Advance(pos + size + 1)
	if rest, _ := reader.PeekLine(); util.IsBlank(rest) {
		return n, parser.NoChildren
	}
	return n, parser.HasChildren
}

// Continue goes on over empty lines and lines that are indented.
func (p *noteBlockParser) Continue(_ ast.Node, reader gtext.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	at, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if at < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(at, padding)
	return parser.Continue | parser.HasChildren
}

func (p *noteBlockParser) Close(ast.Node, gtext.Reader, parser.Context) {}
func (p *noteBlockParser) CanInterruptParagraph() bool                  { return true }
func (p *noteBlockParser) CanAcceptIndentedLine() bool                  { return false }

// noteMark is [^1] at text[from:to].
type noteMark struct {
	ast.BaseInline
	label    string
	from, to int
}

var kindNoteMark = ast.NewNodeKind("NoteMark")

func (n *noteMark) Kind() ast.NodeKind       { return kindNoteMark }
func (n *noteMark) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

type noteMarkParser struct{}

// Trigger has the exclamation mark, for "Oh![^1]" is no image.
func (noteMarkParser) Trigger() []byte { return []byte{'[', '!'} }

func (noteMarkParser) Parse(parent ast.Node, block gtext.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	at := 0
	if line[0] == '!' {
		at = 1
	}
	label, size := noteLabel(line[at:])
	if size == 0 || at+size < len(line) && line[at+size] == '(' {
		return nil
	}
	if at > 0 {
		ast.MergeOrAppendTextSegment(parent, gtext.NewSegment(segment.Start, segment.Start+1))
	}
	block.Advance(at + size)
	return &noteMark{label: label, from: segment.Start + at, to: segment.Start + at + size}
}

// inlineNote is ^[…] at text[from:to]; lines are what is in the brackets.
type inlineNote struct {
	ast.BaseInline
	from, to int
	lines    *gtext.Segments
	label    string
}

var kindInlineNote = ast.NewNodeKind("InlineNote")

func (n *inlineNote) Kind() ast.NodeKind       { return kindInlineNote }
func (n *inlineNote) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// inlineNoteParser knows where the brackets of a block close, so that it looks at each byte of it once.
type inlineNoteParser struct {
	block  ast.Node
	closes map[int]int
}

func (p *inlineNoteParser) Trigger() []byte { return []byte{'^'} }

func (p *inlineNoteParser) Parse(parent ast.Node, block gtext.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if len(line) < 2 || line[1] != '[' || parent.Type() != ast.TypeBlock {
		return nil
	}
	if p.block != parent {
		p.block, p.closes = parent, closings(block.Source(), parent.Lines())
	}
	end, ok := p.closes[segment.Start+1]
	if !ok {
		return nil
	}
	n := &inlineNote{from: segment.Start, to: end + 1, lines: gtext.NewSegments()}
	start := segment.Start + 2
	for i := range parent.Lines().Len() {
		s := parent.Lines().At(i)
		s.Start, s.Stop = max(s.Start, start), min(s.Stop, end)
		if s.Start < s.Stop {
			n.lines.Append(s)
		}
	}
	for {
		l, s := block.PeekLine()
		if l == nil {
			return nil
		}
		if end < s.Stop {
			block.Advance(end + 1 - s.Start)
			return n
		}
		block.AdvanceLine()
	}
}

// closings pairs the brackets of a block: the offset of each opening one leads to that of its closing one.
func closings(source []byte, lines *gtext.Segments) map[int]int {
	pairs := make(map[int]int)
	var open []int
	for i := range lines.Len() {
		s := lines.At(i)
		for at := s.Start; at < s.Stop; at++ {
			switch source[at] {
			case '\\':
				at++
			case '[':
				open = append(open, at)
			case ']':
				if n := len(open); n > 0 {
					pairs[open[n-1]] = at
					open = open[:n-1]
				}
			}
		}
	}
	return pairs
}
