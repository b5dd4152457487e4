package seeds

import (
	"mime"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// MediaType is what a Content-Type header says that matters to [ReadTyped]: type, subtype and a charset that is known, such as
// "text/html; charset=windows-1251"; empty if it says nothing.
func MediaType(header string) string {
	const longest = 200
	if len(header) > longest {
		return ""
	}
	kind, parameters, err := mime.ParseMediaType(header)
	if err != nil && kind == "" || !strings.Contains(kind, "/") || kind == BundleType {
		return ""
	}
	if label := parameters["charset"]; label != "" {
		if e, err := htmlindex.Get(label); err == nil {
			if name, err := htmlindex.Name(e); err == nil {
				return kind + "; charset=" + name
			}
		}
	}
	return kind
}

// typeOf is a media type without its parameters.
func typeOf(mediaType string) string {
	kind, _, _ := strings.Cut(mediaType, ";")
	return kind
}

// charsetOf is the encoding that a media type names; empty if it names none.
func charsetOf(mediaType string) string {
	_, charset, _ := strings.Cut(mediaType, "; charset=")
	return charset
}

// formatOfType is the format of a media type. It is empty for those that servers send for whatever they do not know, text/plain
// among them.
func formatOfType(mediaType string) string {
	switch typeOf(mediaType) {
	case "text/html", "application/xhtml+xml":
		return "html"
	case "text/markdown", "text/x-markdown":
		return "markdown"
	case "text/csv", "text/tab-separated-values":
		return "csv"
	case "application/json", "application/x-ndjson", "application/jsonl":
		return "json"
	case "application/vnd.citationstyles.csl+json":
		return "csl-json"
	case "application/x-tex", "text/x-tex", "application/x-latex":
		return "latex"
	case "application/x-bibtex", "text/x-bibtex":
		return "bibtex"
	case "application/x-research-info-systems":
		return "ris"
	case "text/x-opml", "text/x-opml+xml":
		return "opml"
	}
	return ""
}
