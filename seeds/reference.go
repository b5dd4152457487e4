package seeds

import (
	"strings"
)

// This file has what the entries of bibliographies have in common, in whatever format they are written.

// doiURL is the address of a DOI, written alone, as doi:10.… or as an address already; empty if it is none.
func doiURL(doi string) string {
	doi = strings.TrimSpace(doi)
	for _, prefix := range [...]string{"https://", "http://", "dx.", "www.", "doi.org/", "doi:", " "} {
		if hasPrefixFold(doi, prefix) {
			doi = doi[len(prefix):]
		}
	}
	if !strings.HasPrefix(doi, "10.") || !strings.Contains(doi, "/") || strings.ContainsAny(doi, " \t\r\n") {
		return ""
	}
	return "https://doi.org/" + strings.NewReplacer("%", "%25", "#", "%23", "?", "%3F", "<", "%3C", ">", "%3E", `"`, "%22").Replace(doi)
}

// arxivURL is the address of a paper on arXiv by its number; empty if it is none.
func arxivURL(number string) string {
	number = strings.TrimSpace(number)
	if hasPrefixFold(number, "arxiv:") {
		number = number[len("arxiv:"):]
	}
	if number == "" || strings.Trim(number, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./-") != "" || !strings.ContainsAny(number, "0123456789") {
		return ""
	}
	return "https://arxiv.org/abs/" + number
}

// leadsToDOI tells whether an address is that of a DOI, or holds it: then the DOI is no other source.
func leadsToDOI(address, doi string) bool {
	doi = strings.TrimPrefix(doi, "https://doi.org/")
	address = strings.ToLower(strings.ReplaceAll(address, "%2F", "/"))
	return strings.Contains(address, strings.ToLower(doi))
}
