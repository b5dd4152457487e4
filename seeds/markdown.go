package seeds

import (
	"bytes"
	"strconv"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// readMarkdown reads CommonMark with tables, strikethrough and bare addresses of GFM, footnotes, inline notes ^[…] of
// Pandoc, and front matter in YAML, TOML or as a title block.
func readMarkdown(data []byte, charset string) (*document, error) {
	src, err := decode(data, charset)
	if err != nil {
		return nil, err
	}
	w := newWriter(src)
	var size int
	if w.doc.meta, size, err = frontMatter(src); err != nil {
		return nil, err
	}
	m := &markdown{writer: w, base: size, text: src.bytes(data)[size:]}
	if err := m.checkDepth(src.lineAt(size) + 1); err != nil {
		return nil, err
	}
	m.parseBlocks()
	m.inlineNotes()
	return w.document(), nil
}

// parseBlocks finds the blocks, notes and reference definitions of the text first, and then what is in each block, so that
// of that no more than one block is in memory.
func (m *markdown) parseBlocks() {
	m.labels = make(map[string]string)
	m.context = parser.NewContext()
	m.within = parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(append(parser.DefaultInlineParsers(),
			util.Prioritized(noteMarkParser{}, 101),
			util.Prioritized(&inlineNoteParser{}, 102),
			util.Prioritized(extension.NewStrikethroughParser(), 500),
			util.Prioritized(extension.NewLinkifyParser(), 999))...),
	)
	blocks := parser.NewParser(
		parser.WithBlockParsers(append(parser.DefaultBlockParsers(),
			util.Prioritized(extension.NewDefinitionListParser(), 101),
			util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
			util.Prioritized(&noteBlockParser{m.labels}, 999))...),
		parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
	)
	root := blocks.Parse(gtext.NewReader(m.text), parser.WithContext(m.context))
	for c := root.FirstChild(); c != nil; c = root.FirstChild() {
		root.RemoveChild(root, c) // what is written is not kept
		m.block(c, blockParagraph)
	}
}

// markdown writes the tree that goldmark made of a text down as a document. Offsets of goldmark count from base.
type markdown struct {
	*writer
	base    int
	text    []byte
	context parser.Context // with the reference definitions

	labels  map[string]string // of the notes: as written, by their folded form
	seen    map[string]bool   // notes that were referred to
	pending []*inlineNote     // of the block that is open
	tags    []openTag         // of HTML in the block that is open
	within  parser.Parser     // of what is in a block
	nested  bool              // an inline note is being written: it has none within
	first   bool              // the next block goes on with what is open: the first one of a note or an item
}

// block writes a block and what is in it. kind is what a paragraph is there.
func (m *markdown) block(n ast.Node, kind blockKind) {
	switch n := n.(type) {
	case *ast.Heading:
		m.inlineBlock(n, blockHeading, n.Level)
	case *ast.Paragraph, *ast.TextBlock:
		m.inlineBlock(n, kind, 0)
	case *extast.TableCell:
		if kind != blockNote {
			kind = blockCell
		}
		m.inlineBlock(n, kind, 0)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		m.start(blockCode, 0)
		for i := range n.Lines().Len() {
			m.segment(n.Lines().At(i))
		}
		m.finish()
	case *ast.HTMLBlock:
		m.htmlBlock(n, kind)
	case *ast.List:
		m.list(n, kind)
	case *extast.DefinitionTerm:
		m.inlineBlock(n, itemKind(kind), 0)
	case *extast.DefinitionDescription:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			m.block(c, itemKind(kind))
		}
	case *noteBlock:
		m.noteBlock(n)
	default:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			m.block(c, kind)
		}
	}
}

// start opens a block, unless the one that is open waits for it.
func (m *markdown) start(kind blockKind, level int) {
	if m.first {
		m.first = false
		return
	}
	m.begin(kind, level)
}

// finish closes a block; the inline notes of it follow.
func (m *markdown) finish() {
	m.closeTags(0)
	if len(m.pending) == 0 || m.inNote() {
		return
	}
	m.inlineNotes()
}

// inNote tells whether the block that is open is one of a note: its inline notes have to wait for the end of it.
func (m *markdown) inNote() bool {
	n := len(m.doc.blocks)
	return n > 0 && m.doc.blocks[n-1].kind == blockNote
}

func (m *markdown) inlineBlock(n ast.Node, kind blockKind, level int) {
	m.start(kind, level)
	m.lines(n.Lines())
	m.finish()
}

// lines parses the lines of one block and writes what is in them.
func (m *markdown) lines(lines *gtext.Segments) {
	for _, piece := range m.pieces(lines) {
		root := m.within.Parse(gtext.NewBlockReader(m.text, piece), parser.WithContext(m.context))
		for c := root.FirstChild(); c != nil; c = c.NextSibling() {
			m.inlines(c)
		}
	}
}

// list writes the items of a list. The number of an item is text, for a list may be that of the notes; it is the
// number that is shown, whatever is written.
func (m *markdown) list(n *ast.List, kind blockKind) {
	kind = itemKind(kind)
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if n.IsOrdered() && item.FirstChild() != nil {
			m.start(kind, 0)
			m.number(item, strconv.Itoa(number)+string(n.Marker)+" ")
			m.first = true
		}
		number++
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			m.block(c, kind)
		}
		m.first = false
	}
}

// itemKind is what a paragraph is in a list that stands where paragraphs are of some kind.
func itemKind(kind blockKind) blockKind {
	if kind == blockParagraph {
		return blockItem
	}
	return kind
}

// number writes the number of an item, which stands before its first line.
func (m *markdown) number(item ast.Node, shown string) {
	lines := item.FirstChild()
	for lines.Type() == ast.TypeBlock && lines.Lines().Len() == 0 && lines.FirstChild() != nil && lines.FirstChild().Type() == ast.TypeBlock {
		lines = lines.FirstChild()
	}
	if lines.Type() != ast.TypeBlock || lines.Lines().Len() == 0 {
		m.put(shown)
		return
	}
	to := lines.Lines().At(0).Start
	end := to
	for end > 0 && (m.text[end-1] == ' ' || m.text[end-1] == '\t') {
		end--
	}
	from := end
	for from > 0 && from > end-11 && bytes.IndexByte([]byte("0123456789.)"), m.text[from-1]) >= 0 {
		from--
	}
	if from == end {
		m.put(shown)
		return
	}
	m.write(shown[:len(shown)-1], m.base+from, m.base+end)
	m.put(" ")
}

// noteBlock writes a note with its label.
func (m *markdown) noteBlock(n *noteBlock) {
	m.begin(blockNote, 0)
	start := m.at()
	m.copy(m.base+n.from, m.base+n.to)
	m.put(" ")
	textStart := m.at()
	m.first = true
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		m.block(c, blockNote)
	}
	m.first = false
	m.note(start, textStart, m.labels[foldLabel(n.label)])
	m.inlineNotes()
}

// inlineNotes writes the notes that stand within the block before.
func (m *markdown) inlineNotes() {
	waiting := m.pending
	m.pending = nil
	for _, n := range waiting {
		m.begin(blockNote, 0)
		start := m.at()
		m.nested = true
		m.lines(n.lines)
		m.nested = false
		m.closeTags(0)
		m.note(start, start, n.label)
	}
}

// offset returns where a part of the text begins in the source, by the memory that both share. ok is false if part
// is a copy, as that of a line with tabs may be.
func (m *markdown) offset(part []byte) (from int, ok bool) {
	from = cap(m.text) - cap(part)
	if len(part) == 0 || from < 0 || from+len(part) > len(m.text) || &m.text[from] != &part[0] {
		return 0, false
	}
	return m.base + from, true
}
