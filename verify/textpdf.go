package verify

import (
	"fmt"
	"strings"

	"github.com/ibid-archive/ibid/seeds"
)

// PDFExtractor names what reads the text of a PDF, and its version. Texts of PDFs,
// and their hashes, are comparable only when one extractor made both: a new one is
// no change of the source. Main text is all of it: what runs along the edges of
// pages is no text of the source.
const PDFExtractor = "pdf/1"

const pdfType = "application/pdf"

// pdfLimit is how much of a decoded PDF is read, in bytes. Half a PDF is not read,
// for what leads to its pages stands at its end.
const pdfLimit = 32 << 20

// pdfBounds are counts, not a clock, so that equal bytes always give equal texts.
// 2,000 pages of a book have 4 MiB of text, and a page of text with charts unpacks
// to some ten kilobytes; images are not unpacked.
var pdfBounds = seeds.PDFBounds{Pages: 2000, Unpacked: 32 << 20, Text: 5 << 20}

// NoTextError says why a source of a kind that is read has no text. It is ErrNoText.
type NoTextError struct {
	URL, MediaType string
	Why            string // "its pages are images"
}

func (e *NoTextError) Error() string {
	return fmt.Sprintf("read text of %s: no text could be read (%s): %s", e.URL, e.MediaType, e.Why)
}

func (e *NoTextError) Unwrap() error { return ErrNoText }

// pdfText reads the text of a PDF: a line a paragraph, notes at the feet of pages
// at the end.
func pdfText(raw []byte, url string) (Doc, error) {
	none := func(why string) (Doc, error) {
		return Doc{}, &NoTextError{URL: url, MediaType: pdfType, Why: why}
	}
	if len(raw) > pdfLimit {
		return none(fmt.Sprintf("it is longer than the %d MiB that are read", pdfLimit>>20))
	}
	read, err := seeds.ReadPDFText(raw, pdfBounds)
	if err != nil {
		why, _, _ := strings.Cut(err.Error(), ": ") // then comes what to do about it
		return none(why)
	}
	var l lines
	for _, paragraph := range read.Paragraphs {
		l.separate(line)
		l.write(paragraph, false)
	}
	d := Doc{URL: url, MediaType: pdfType, Title: oneLine(read.Title, titleLimit), Text: l.String(), Truncated: read.Cut}
	if isLanguage(read.Language) {
		d.Language = read.Language
	}
	if d.Text == "" {
		return none("its pages show no text")
	}
	return d, nil
}
