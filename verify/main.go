package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// MainExtractor names what finds the main text of a page, and its version. Main
// texts are comparable only when one extractor made both: a new one is no change
// of the source.
const MainExtractor = "go-readability/2.1.3+1"

// VisibleExtractor stands for MainExtractor where the main text is all of the
// visible text.
const VisibleExtractor = "visible"

// mainFloor is how much text a page must have beyond its main text, as a share
// of all, for the extraction to be believed when it kept less than that: a main
// text of a few words beside a long page is a byline or a box for consent.
const mainFloor = 0.05

// Page is a source as it is compared with itself at another time.
type Page struct {
	Doc               // what a reader sees
	Main       string // the main text, in the normal form of Doc.Text: no menus, teasers, advertisements
	Extractor  string // MainExtractor, PDFExtractor or VisibleExtractor
	WhyVisible string // of VisibleExtractor: why no main text was found
}

// ReadPage reads the visible and the main text of a source; arguments and errors
// are those of Text.
//
// The main text is looked for in HTML alone; that of a PDF is all of its text.
// Where none is found, or where
// looking for it would take too much work (see slimPage), it is the visible text,
// and the Page says so. The work is bounded by counts, not by a clock, so that
// equal bytes always give equal pages.
func ReadPage(body io.Reader, mediaType, address string) (Page, error) {
	raw, err := io.ReadAll(io.LimitReader(body, bodyLimit(mediaType)+1))
	if err != nil {
		return Page{}, fmt.Errorf("read page %s: %w", address, err)
	}
	doc, err := Text(bytes.NewReader(raw), mediaType, address)
	if err != nil {
		return Page{}, err
	}
	return withMain(doc, raw, mediaType), nil
}

// withMain finds the main text of a body whose visible text is doc's.
func withMain(doc Doc, raw []byte, mediaType string) Page {
	p := Page{Doc: doc, Extractor: MainExtractor}
	var err error
	switch doc.MediaType {
	case "text/html", "application/xhtml+xml":
		source, _ := decodeText(raw, mediaType)
		p.Main, err = mainText(source, doc.URL)
		if err == nil && float64(len(p.Main)) < mainFloor*float64(len(doc.Text)) {
			err = errors.New("what was found is a small part of the page")
		}
	case pdfType:
		p.Main, p.Extractor = doc.Text, PDFExtractor
	default:
		err = errors.New("it is no HTML")
	}
	if err != nil {
		p.Main, p.Extractor, p.WhyVisible = doc.Text, VisibleExtractor, err.Error()
	}
	return p
}

// mainText extracts the main text of a page.
func mainText(source, address string) (text string, err error) {
	slim, err := slimPage(source)
	if err != nil {
		return "", err
	}
	root, err := html.Parse(strings.NewReader(slim))
	if err != nil {
		return "", fmt.Errorf("it makes no tree: %w", err)
	}
	base, err := url.Parse(address)
	if err != nil {
		base = nil
	}
	article, err := readable(root, base)
	if err != nil {
		return "", err
	}
	var kept strings.Builder
	if err := html.Render(&kept, article); err != nil {
		return "", fmt.Errorf("the main text cannot be written: %w", err)
	}
	w := newWalker()
	w.walk(kept.String())
	if text = w.text.String(); text == "" {
		return "", errNoMain
	}
	return text, nil
}

var errNoMain = errors.New("it has no main text")

// readable asks the library. It reads what strangers wrote, so a mistake of its
// own must not end the program.
func readable(root *html.Node, base *url.URL) (article *html.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			article, err = nil, fmt.Errorf("the extractor gave up: %v", p)
		}
	}()
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	parser.Logger = slog.New(slog.DiscardHandler)
	found, err := parser.ParseAndMutate(root, base)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the extractor gave up: %w", err)
	case found.Node == nil:
		return nil, errNoMain
	}
	return found.Node, nil
}
