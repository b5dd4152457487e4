package seeds

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/ibid-archive/ibid/seeds/pdf"
)

// readPDF reads the pages of a PDF: characters become lines, lines columns and paragraphs in reading order. Running
// headers are left out, notes at the foot of pages become notes, and link annotations links.
func readPDF(data []byte, _ string) (*document, error) {
	file, err := pdf.Open(data)
	if err != nil {
		return nil, err
	}
	p := &pdfReader{links: []pdfLink{{}}}
	for number := 1; number <= file.Pages(); number++ {
		if err := p.read(file, number); err != nil {
			return nil, err
		}
	}
	switch err := p.unreadable(); err {
	case nil:
	case errPDFImages:
		return nil, fmt.Errorf("%w without text, as a scanner makes them: recognise the text first, "+
			"for example with ocrmypdf in.pdf out.pdf, and read that", err)
	default:
		return nil, fmt.Errorf("%w: recognise the text first, "+
			"for example with ocrmypdf --force-ocr in.pdf out.pdf, and read that", err)
	}
	d := p.document()
	d.findings = append(
		unreadPages(p.scanned, "an image without text", "ocrmypdf --skip-text adds their text"),
		unreadPages(p.unknown, "in fonts that do not say what they show", "ocrmypdf --force-ocr makes text of them")...)
	d.meta = pdfMetadata(file.Info())
	return d, nil
}

// Why a PDF has no text that can be read.
var (
	errPDFImages = errors.New("its pages are images")
	errPDFFonts  = errors.New("its fonts do not say which characters they show")
)

// runCost is what a run counts for beside its text, in bytes: text that is drawn letter by letter takes more memory than
// it says.
const runCost = 16

// read reads one page.
func (p *pdfReader) read(file *pdf.File, number int) error {
	page, err := file.Page(number)
	if err != nil {
		return err
	}
	s := p.sheet(page)
	switch {
	case s.garbled:
		p.unknown = append(p.unknown, number)
	case len(s.runs) == 0 && page.Images:
		p.scanned = append(p.scanned, number)
	}
	for i, r := range s.runs {
		if p.bound > 0 && p.spent >= p.bound {
			s.runs, p.cut = slices.Clip(s.runs[:i]), true
			break
		}
		p.size += len(r.text)
		p.spent += len(r.text) + runCost
	}
	p.sheets = append(p.sheets, s)
	return nil
}

// unreadable says why the pages that were read have hardly any text, nil if they have some or are just empty.
func (p *pdfReader) unreadable() error {
	const hardly = 20 // bytes
	switch {
	case p.size >= hardly:
	case len(p.scanned) > 0:
		return errPDFImages
	case len(p.unknown) > 0:
		return errPDFFonts
	}
	return nil
}

// document lays out the pages that were read.
func (p *pdfReader) document() *document {
	p.dropRunning()
	for _, s := range p.sheets {
		p.layOut(s)
	}
	p.findFeet()
	return p.write()
}

// unreadPages names pages, what they are, and the way out.
func unreadPages(pages []int, what, instead string) []Finding {
	var all []Finding
	for i := 0; i < len(pages); {
		j := i
		for j+1 < len(pages) && pages[j+1] == pages[j]+1 {
			j++
		}
		f := Finding{Rule: RulePageUnread, Level: LevelWarning, Position: Position{Page: pages[i]}}
		f.Message = fmt.Sprintf("page %d is %s and is not read: %s", pages[i], what, instead)
		if j > i {
			f.Message = fmt.Sprintf("each of the pages %d to %d is %s and is not read: %s", pages[i], pages[j], what, instead)
		}
		all = append(all, f)
		i = j + 1
	}
	return all
}

// isPDF tells a PDF file; some begin with a few bytes of something else.
func isPDF(head []byte) bool {
	return bytes.Contains(head, []byte("%PDF-1.")) || bytes.HasPrefix(head, []byte("%PDF-"))
}

// pdfReader is the report on its way from glyphs to a document.
type pdfReader struct {
	sheets []*pdfSheet
	size   int  // bytes of their text
	plain  bool // only the text is asked for
	bound  int  // of spent; 0 for none
	spent  int  // size, and what the runs cost
	cut    bool // the bound was reached within a page

	scanned, unknown []int // pages that are images, and those in fonts that do not say what they show

	links  []pdfLink // from 1 on
	cells  int       // of the grid in which links are looked up, so far
	body   float64   // size of the font of most of the text
	spaced map[int]float64
	words  map[string]bool // that end no line; filled if there are hyphens at line ends
	hyphen bool            // the report is hyphenated
	notes  []*pdfNote
	marked map[pageLabel]bool // a mark stands behind a word or a sentence, and so is no exponent
}

// pdfSheet is one page.
type pdfSheet struct {
	number        int
	width, height float64
	runs          []pdfRun
	rules         []pdf.Rule
	regions       []*pdfRegion // in reading order
	lines         int
	unshown       []int // links that show no text
	garbled       bool  // most of the characters are unknown
}

// pdfRun is text that is drawn in one go: of one font, on one baseline, without a wide gap.
type pdfRun struct {
	text         string
	x0, x1, y    float64
	size         float64
	bold, raised bool
	link         int32 // index of links; 0 for none, below 0 for one within the report
}

// pdfLink is a link annotation that leads out of the report.
type pdfLink struct {
	target string
	y      float64
}

// sheet turns the glyphs of a page into runs.
func (p *pdfReader) sheet(page *pdf.Page) *pdfSheet {
	s := &pdfSheet{number: len(p.sheets) + 1, width: page.Width, height: page.Height, rules: page.Rules}
	grid := p.grid(page)
	shown := make(map[int32]bool)
	var turned [4][]pdfRun
	for turn := range turned {
		var b runBuilder
		for _, g := range page.Glyphs {
			if g.Turn != turn || g.Text == "" && g.Width == 0 {
				continue
			}
			link := int32(0)
			if turn == 0 {
				link = grid.at(g.X+g.Width/2, g.Y+g.Size/3)
			}
			if strings.TrimSpace(g.Text) != "" {
				shown[link] = true
			}
			g.Text = strings.Map(notArrow, g.Text)
			b.add(g, link)
		}
		turned[turn] = b.done()
	}
	s.runs = turned[0]
	if garbled(s.runs) {
		s.garbled, s.runs = true, nil
		clear(shown)
	}
	for turn := 1; turn < len(turned); turn++ {
		if len(turned[turn]) > 0 {
			s.regions = append(s.regions, regionsOf(turned[turn])...)
		}
	}
	for i := grid.first; i < len(p.links); i++ {
		if !shown[int32(i)] {
			s.unshown = append(s.unshown, i)
		}
	}
	return s
}

// notArrow drops the arrow that leads from a note back to its mark.
func notArrow(r rune) rune {
	if r == '↩' || r == '\ufe0e' {
		return -1
	}
	return r
}

// runBuilder collects the glyphs of one direction.
type runBuilder struct {
	runs []pdfRun
	text strings.Builder
	run  pdfRun
	open bool
}

// wordGap is how wide a gap is, in units of the size of the font, that stands for a space; cellGap is one that hardly
// any space is as wide as, and that may lie between the cells of a table.
const (
	wordGap = 0.14
	cellGap = 0.8
)

func (b *runBuilder) add(g pdf.Glyph, link int32) {
	r := &b.run
	gap := g.X - r.x1
	same := b.open && link == r.link && g.Bold == r.bold && abs(g.Y-r.y) < 0.1*r.size && abs(g.Size-r.size) < 0.04*r.size &&
		gap < cellGap*r.size && gap > -0.6*r.size
	if same && g.Text != "" && abs(gap+g.Width) < 0.05*r.size && strings.HasSuffix(b.text.String(), g.Text) && strings.TrimSpace(g.Text) != "" {
		return // drawn twice to look bold
	}
	if !same {
		if strings.TrimSpace(g.Text) == "" && !b.open {
			return
		}
		b.flush()
		b.open = true
		*r = pdfRun{x0: g.X, y: g.Y, size: g.Size, bold: g.Bold, link: link}
	} else if gap > wordGap*r.size && !strings.HasPrefix(g.Text, " ") {
		b.text.WriteByte(' ')
	} else if gap < -0.1*r.size && b.accented(g.Text) {
		r.x1 = max(r.x1, g.X+g.Width)
		return
	}
	b.text.WriteString(g.Text)
	r.x1 = g.X + g.Width
}

// accented puts a letter below the accent that was drawn before it in the same place, as TeX does.
func (b *runBuilder) accented(letter string) bool {
	const longest = 4 << 10 // bytes of a run: each letter copies it
	text := b.text.String()
	if len(text) > longest {
		return false
	}
	accent, n := utf8.DecodeLastRuneInString(text)
	mark := strings.IndexRune("´`ˆ¨˜ˇ¸˚˘¯˙˝", accent)
	first, size := utf8.DecodeRuneInString(letter)
	if mark < 0 || size != len(letter) || !unicode.IsLetter(first) {
		return false
	}
	switch first {
	case 'ı':
		first = 'i'
	case 'ȷ':
		first = 'j'
	}
	marks := []rune("\u0301\u0300\u0302\u0308\u0303\u030c\u0327\u030a\u0306\u0304\u0307\u030b")
	composed := norm.NFC.String(string([]rune{first, marks[utf8.RuneCountInString("´`ˆ¨˜ˇ¸˚˘¯˙˝"[:mark])]}))
	b.text.Reset()
	b.text.WriteString(text[:len(text)-n])
	b.text.WriteString(composed)
	return true
}

func (b *runBuilder) flush() {
	if b.open && strings.TrimSpace(b.text.String()) != "" {
		b.run.text = b.text.String()
		b.runs = append(b.runs, b.run)
	}
	b.text.Reset()
	b.open = false
}

func (b *runBuilder) done() []pdfRun {
	b.flush()
	return b.runs
}

func abs(x float64) float64 { return max(x, -x) }

// garbled tells whether most of the characters of some runs are unknown.
func garbled(runs []pdfRun) bool {
	bad, all := 0, 0
	for _, r := range runs {
		n := strings.Count(r.text, "\ufffd")
		bad += n
		all += len(r.text) - 2*n
	}
	return all > 20 && bad*2 > all
}

// pdfMetadata takes over what the file says of itself, without the titles that programs make up.
func pdfMetadata(i pdf.Info) metadata {
	m := metadata{title: i.Title, language: i.Language}
	lower := strings.ToLower(strings.TrimSpace(i.Title))
	for _, junk := range [...]string{"untitled", "microsoft word", "microsoft powerpoint", "()", "about:blank", "http://", "https://", "file://"} {
		if strings.HasPrefix(lower, junk) {
			m.title = ""
		}
	}
	for _, ending := range [...]string{".doc", ".docx", ".odt", ".dvi", ".tex", ".html", ".htm", ".pdf", ".indd", ".qxd", ".rtf"} {
		if strings.HasSuffix(lower, ending) {
			m.title = ""
		}
	}
	for _, a := range i.Authors {
		if a = collapse(a); a != "" && a != "()" {
			m.authors = append(m.authors, a)
		}
	}
	if i.Created != "" {
		m.published = Date{Value: i.Created, From: "metadata"}
	}
	return m
}

// place is the place of a line in the report.
func (l *pdfLine) place() Position {
	return Position{Page: l.page, Place: fmt.Sprintf("line %d", l.number)}
}
