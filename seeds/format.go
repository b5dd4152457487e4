package seeds

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// format is a kind of report.
type format struct {
	name       string
	extensions []string // in lower case, with the dot
	// sniff tells the format by the first bytes, whatever the name says; nil if only the name can tell.
	sniff func(head []byte) bool
	// guess tells the format by the first bytes of a report whose name says nothing; nil if they cannot tell.
	guess func(head []byte) bool
	// read reads a report. charset is the encoding that the header of its answer declared, empty for none: [charsetOf].
	read func(data []byte, charset string) (*document, error)
}

// formats are the formats that are read. A report that is none of the others is plain text.
var formats = [...]format{
	{name: "text", extensions: []string{".txt", ".text"}, read: readText},
	{name: "markdown", extensions: []string{".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".qmd", ".rmd"}, read: readMarkdown},
	{name: "docx", extensions: []string{".docx", ".docm", ".dotx", ".dotm"}, sniff: sniffDOCX, read: readDOCX},
	{name: "odt", extensions: []string{".odt", ".ott", ".fodt"}, sniff: sniffODT, read: readODT},
	{name: "rtf", extensions: []string{".rtf"}, sniff: sniffRTF, read: readRTF},
	{name: "html", extensions: []string{".html", ".htm", ".xhtml"}, sniff: sniffHTML, read: readHTML},
	{name: "pdf", extensions: []string{".pdf"}, sniff: isPDF, read: readPDF},
	{name: "latex", extensions: []string{".tex", ".ltx", ".latex"}, sniff: latexHead, read: readLatex},
	{name: "wikitext", extensions: []string{".wiki", ".mediawiki", ".wikitext"}, read: readWiki},
	{name: "bibtex", extensions: []string{".bib", ".bibtex"}, read: readBibtex},
	{name: "csl-json", extensions: []string{".csljson"}, sniff: cslHead, read: readCSL},
	{name: "ris", extensions: []string{".ris"}, sniff: risHead, read: readRIS},
	{name: "cff", extensions: []string{".cff"}, read: readCFF},
	{name: "bookmarks", sniff: sniffBookmarks, read: readBookmarks},
	{name: "opml", extensions: []string{".opml"}, sniff: sniffOPML, read: readOPML},
	{name: "csv", extensions: []string{".csv", ".tsv", ".tab"}, read: readCSV},
	{name: "json", extensions: []string{".json", ".jsonl", ".ndjson"}, guess: guessJSON, read: readJSON},
}

// sniffed is how many bytes are looked at to tell a format.
const sniffed = 1024

// formatOf picks the format by the first bytes, by the media type, and then by the extension of the name. The error names a
// format that is known, and not read, with the way out.
func formatOf(name, mediaType string, data []byte) (format, error) {
	head := data[:min(len(data), sniffed)]
	if _, wanted, ok := cutAs(name); ok {
		if i := slices.IndexFunc(formats[:], func(f format) bool { return f.name == wanted }); i >= 0 {
			return formats[i], nil
		}
	}
	for _, f := range formats {
		if f.sniff != nil && f.sniff(head) {
			return f, nil
		}
	}
	if named := formatOfType(mediaType); named != "" {
		if i := slices.IndexFunc(formats[:], func(f format) bool { return f.name == named }); i >= 0 {
			return formats[i], nil
		}
	}
	name, web := webName(name)
	ext := strings.ToLower(filepath.Ext(name))
	if err := refuse(ext, head); err != nil {
		return format{}, err
	}
	for _, f := range formats {
		if slices.Contains(f.extensions, ext) {
			return f, nil
		}
	}
	for _, f := range formats {
		if web && typeOf(mediaType) != "text/plain" && f.name == "html" && bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<")) {
			return f, nil // what a page begins with
		}
	}
	for _, f := range formats {
		if f.guess != nil && f.guess(head) {
			return f, nil
		}
	}
	return formats[0], nil
}

// Formats returns the names of the formats that are read.
func Formats() []string {
	names := make([]string, 0, len(formats))
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// As returns a name under which [Read] reads a report in one of [Formats], whatever its own name and its bytes say. The
// format is part of the name, so that whoever keeps the name reads the report alike later on.
func As(name, format string) (string, error) {
	if !slices.Contains(Formats(), format) {
		return "", fmt.Errorf("there is no format %q: want one of %s", format, strings.Join(Formats(), ", "))
	}
	return name + " (as " + format + ")", nil
}

// cutAs cuts what [As] added to a name.
func cutAs(name string) (rest, format string, ok bool) {
	i := strings.LastIndex(name, " (as ")
	if i < 0 || !strings.HasSuffix(name, ")") {
		return name, "", false
	}
	return name[:i], name[i+len(" (as ") : len(name)-1], true
}

// Known tells whether a file's name is that of a report: its extension belongs to a format that is read, or to one of
// texts that is known and not read, which [Read] says. Data in JSON is no report until somebody says so.
func Known(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	if ext == "" || ext == ".json" {
		return false
	}
	for _, f := range formats {
		if slices.Contains(f.extensions, ext) {
			return true
		}
	}
	for _, u := range unread {
		if u.extension == ext {
			return true
		}
	}
	return false
}

// webName returns the path of a report that is named by its address.
func webName(name string) (path string, web bool) {
	scheme, rest, ok := strings.Cut(name, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return name, false
	}
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end]
	}
	_, path, _ = strings.Cut(rest, "/")
	return path, true
}

// unread are the formats that are known and not read.
var unread = [...]struct{ extension, magic, name, instead string }{
	{".doc", "\xd0\xcf\x11\xe0", "the old Word format", "save it as .docx"},
	{".pages", "", "Pages", "export it as plain text"},
	{".epub", "", "EPUB", "convert it with pandoc to plain text"},
	{".pptx", "", "PPTX", "save it as plain text"},
	{".xlsx", "", "XLSX", "save each of its sheets as CSV"},
	{".mhtml", "", "MHTML", "save it as plain text"},
	{"", "PK\x03\x04", "a zip archive or office document", "save it as plain text"},
	{"", "\x1f\x8b", "gzip", "unpack it"},
	{"", "\x89PNG", "a PNG image", "give the text that it shows"},
	{"", "\xff\xd8\xff", "a JPEG image", "give the text that it shows"},
}

// refuse returns an error for a format that is known and not read.
func refuse(ext string, head []byte) error {
	for _, u := range unread {
		if u.extension != "" && u.extension == ext || u.magic != "" && bytes.HasPrefix(head, []byte(u.magic)) {
			return fmt.Errorf("%s is not read: %s", u.name, u.instead)
		}
	}
	return nil
}
