package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// TextVersion is the version of the extraction and of its normal form. Two
// hashes of text are comparable only within one version: a new extraction is
// no change of the source. That of a PDF has a version of its own, see
// PDFExtractor.
const TextVersion = 1

// pageLimit is how much of a decoded body becomes text, in bytes. The walk
// over it needs time and memory in proportion to it and to nothing else.
const pageLimit = 16 << 20

// titleLimit bounds a title, in bytes.
const titleLimit = 1 << 10

// ErrNoText says that a media type holds no text that is read here, such as
// an image, a video or a PDF. The error that wraps it names the type.
var ErrNoText = errors.New("no text is read from this media type")

// Doc is what a reader of a source sees of it as text.
//
// Text is its normal form: lines separated by LF, one for every block, list
// item, table row and forced line break of the page; the cells of a row
// separated by TAB; every other run of white space is one space, none stands
// at the ends of a line, and no line is empty. Controls, soft hyphens,
// bidirectional controls and zero-width characters are left out, except the
// joiners U+200C and U+200D, which shape words. All of it is valid UTF-8 in
// Unicode Normalization Form C.
type Doc struct {
	URL       string // as given to Text
	MediaType string // without parameters, lower case; found by sniffing when none was declared
	Charset   string // label of the Encoding standard that the body was decoded from, "" of a PDF
	Title     string // one line, "" when there is none
	Language  string // BCP 47 tag as the page declares it, "" when it does not
	Text      string // normal form
	Truncated bool   // the source is longer than what is read: 16 MiB, of a PDF see pdfBounds
}

// SHA256 is the lower case hexadecimal SHA-256 of d.Text: the text_sha256 of
// a source. Neither title nor language is in it.
func (d Doc) SHA256() string {
	sum := sha256.Sum256([]byte(d.Text))
	return hex.EncodeToString(sum[:])
}

// Text reads the visible text of a source. The body is without transfer and
// content coding; mediaType is the value of its Content-Type, parameters
// included, and may be empty; url is where it came from.
//
// HTML, XHTML, plain text and PDF are read, anything else is ErrNoText; so is a
// PDF without text, as a *NoTextError. A body without a media type, or with one
// that says only "bytes", is sniffed as a browser would, helped by the name in
// the URL. Whatever is malformed is read as far as it goes; the only other errors
// are those of body.
func Text(body io.Reader, mediaType, url string) (Doc, error) {
	raw, err := io.ReadAll(io.LimitReader(body, bodyLimit(mediaType)+1))
	if err != nil {
		return Doc{}, fmt.Errorf("read text of %s: %w", url, err)
	}
	kind := textType(raw, mediaType, url)
	if kind == pdfType {
		return pdfText(raw, url)
	}
	return visibleText(raw, kind, mediaType, url)
}

// visibleText reads the visible text of a page, of whose kind its media type says
// that it is.
func visibleText(raw []byte, kind, mediaType, url string) (Doc, error) {
	d := Doc{URL: url, MediaType: kind, Truncated: len(raw) > pageLimit}
	if d.Truncated {
		raw = trimCut(raw[:pageLimit])
	}
	switch kind {
	case "text/html", "application/xhtml+xml":
		var decoded string
		decoded, d.Charset = decodeText(raw, mediaType)
		w := newWalker()
		w.walk(decoded)
		d.Text, d.Title, d.Language = w.text.String(), w.title, w.language
	case "text/plain", "text/markdown":
		var decoded string
		decoded, d.Charset = decodeText(raw, mediaType)
		d.Text = plainText(decoded)
	default:
		return Doc{}, fmt.Errorf("read text of %s: %w: %s", url, ErrNoText, kind)
	}
	return d, nil
}

// textType is the media type that a body is read as. A declared type holds,
// even when the bytes look otherwise (WHATWG MIME Sniffing §7, no-sniff):
// what readers were shown follows from it.
func textType(raw []byte, declared, url string) string {
	kind := declaredType(declared)
	switch {
	case kind == "application/x-pdf":
		return pdfType
	case !saysBytes(kind):
		return strings.ToValidUTF8(kind, "\ufffd")
	}
	sniffed, _, _ := strings.Cut(http.DetectContentType(raw), ";")
	if sniffed == "text/plain" {
		switch path.Ext(addressOf(url).path) {
		case ".html", ".htm", ".xhtml", ".shtml":
			return "text/html"
		}
	}
	return sniffed
}

// declaredType is a media type without parameters, in lower case.
func declaredType(declared string) string {
	if parsed, _, err := mime.ParseMediaType(declared); err == nil {
		return parsed
	}
	kind, _, _ := strings.Cut(declared, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// saysBytes reports a media type that says only that there is something.
func saysBytes(kind string) bool {
	switch kind {
	case "", "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown", "*/*":
		return true
	}
	return false
}

// bodyLimit is how much of a decoded body is read, in bytes, by its declared type:
// nothing of what has no text that is read.
func bodyLimit(mediaType string) int64 {
	switch kind := declaredType(mediaType); kind {
	case "text/html", "application/xhtml+xml", "text/plain", "text/markdown":
		return pageLimit
	case pdfType, "application/x-pdf":
		return pdfLimit
	default:
		if saysBytes(kind) {
			return pdfLimit
		}
		return 0
	}
}

// charsetPrescan is how far into a page its declared encoding is looked for
// (HTML standard, "prescan a byte stream": 1024 bytes).
const charsetPrescan = 1024

// decodeText turns a body into UTF-8 and names its encoding. A byte order mark
// decides, then the Content-Type, then a <meta> element; without any of them
// it is UTF-8 when it is valid as that, else windows-1252. What the encoding
// does not have becomes U+FFFD.
func decodeText(raw []byte, contentType string) (text, encoding string) {
	if bom := []byte("\xef\xbb\xbf"); bytes.HasPrefix(raw, bom) {
		return strings.ToValidUTF8(string(raw[len(bom):]), "\ufffd"), "utf-8"
	}
	enc, name, certain := charset.DetermineEncoding(raw[:min(len(raw), charsetPrescan)], contentType)
	if name == "utf-8" || !certain && utf8.Valid(raw) {
		return strings.ToValidUTF8(string(raw), "\ufffd"), "utf-8"
	}
	decoded, err := enc.NewDecoder().Bytes(raw)
	if err != nil { // the decoder "replacement" refuses everything
		decoded = raw
	}
	return strings.ToValidUTF8(strings.TrimPrefix(string(decoded), "\ufeff"), "\ufffd"), name
}

// trimCut takes off the start of a character at the end of raw, where the
// limit may have cut it.
func trimCut(raw []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(raw); n++ {
		if tail := raw[len(raw)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return raw[:len(raw)-n]
			}
			break
		}
	}
	return raw
}
