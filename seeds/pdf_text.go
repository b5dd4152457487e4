package seeds

import (
	"errors"

	"github.com/ibid-archive/ibid/seeds/pdf"
)

// PDFText is what a PDF file says to a person, without the way in which its pages show it.
type PDFText struct {
	Title    string // as the file says, "" if it does not or if a program made it up
	Language string // BCP 47 tag as the file says, "" if it does not
	// Paragraphs are in reading order, over the ends of columns and pages, headings and rows of tables among them; notes
	// at the feet of pages follow all others. Lines within one end in "\n", words that were divided there are whole.
	// Running headers and footers and numbers of pages are left out.
	Paragraphs []string
	Cut        bool // the bounds were reached: what is behind the pages that were read is missing
}

// PDFBounds are how much of a file is read.
type PDFBounds struct {
	Pages    int
	Unpacked int // bytes that are unpacked and interpreted
	Text     int // bytes; each stretch of text that is drawn in one go counts as 16 more
}

// ReadPDFText reads the text of a PDF file, of a report or of a source. It lays pages out as [Read] does and, within the
// bounds, in time and memory in proportion to what it unpacks. Equal arguments give equal results.
//
// The error says, up to its first colon, why there is no text: it is no PDF, it asks for a password, its pages are
// images, its fonts do not say which characters they show, or the bounds do not reach to the end of its first page.
func ReadPDFText(data []byte, bounds PDFBounds) (*PDFText, error) {
	file, err := pdf.OpenWithin(data, bounds.Unpacked)
	if err != nil {
		return nil, err
	}
	info := pdfMetadata(file.Info())
	text := &PDFText{Title: info.title, Language: info.language}
	p := &pdfReader{links: []pdfLink{{}}, plain: true, bound: bounds.Text}
	for number := 1; number <= file.Pages(); number++ {
		if text.Cut = number > bounds.Pages || p.cut || p.spent >= p.bound; text.Cut {
			break
		}
		if err := p.read(file, number); err != nil {
			if number == 1 {
				return nil, errors.New("its first page holds more than is read")
			}
			text.Cut = true
			break
		}
	}
	if err := p.unreadable(); err != nil {
		return nil, err
	}
	text.Cut = text.Cut || p.cut
	d := p.document()
	for _, b := range d.blocks {
		text.Paragraphs = append(text.Paragraphs, d.text[b.start:b.end])
	}
	return text, nil
}
