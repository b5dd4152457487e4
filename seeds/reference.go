package seeds

import (
	"strings"
)

// This file has what the entries of bibliographies have in common, in whatever format they are written.

// sourceRole is what a field of an entry, or a parameter of a template, says of a source.
type sourceRole int

const (
	roleOther sourceRole = iota
	roleHidden
	roleURL
	roleArchive
	roleArchived // the day of that
	roleAccess
	roleAuthor
	roleTitle
	roleDOI
	roleArxiv
	roleRemark
)

// sourceField is source.text[from:to], which says text; write writes it, if it is more than that.
type sourceField struct {
	role     sourceRole
	from, to int
	text     string
	write    func()
}

// entry writes the entry of a bibliography as a note: authors, title, what else is said, the address, and the day on
// which it was seen. A DOI is another citation, unless the address leads to it. source.text[from:to] has the label.
func (f *fluent) entry(label string, from, to int, fields []sourceField) {
	f.paragraph()
	f.state = fluentBlock{kind: blockNote}
	f.begin(blockNote, 0)
	start := f.at()
	f.write("["+label+"]", from, to)
	f.put(" ")
	text := f.at()
	var urls []string
	for _, role := range sourceOrder(fields) {
		for _, a := range fields {
			if a.role != role || a.from >= a.to {
				continue
			}
			f.sentence(text)
			a.text = unbroken(a.text)
			switch {
			case a.write != nil:
				a.write()
			case role == roleURL || role == roleArchive:
				urls = append(urls, a.text)
				f.address(a, a.text)
			case role == roleAccess:
				f.put("Accessed ")
				f.symbol(a.text, a.from, a.to)
			case role == roleDOI || role == roleArxiv:
				f.identifier(a, urls)
			default:
				f.symbol(a.text, a.from, a.to)
			}
		}
	}
	f.end()
	f.note(start, text, label)
}

// sourceOrder is the order in which the fields of an entry are written: the day on which the source was seen behind its
// address, which is that of the DOI, or one in a remark, if it is not given otherwise.
func sourceOrder(fields []sourceField) []sourceRole {
	has := make(map[sourceRole]bool)
	for _, f := range fields {
		has[f.role] = true
	}
	order := []sourceRole{roleAuthor, roleTitle, roleOther}
	switch {
	case has[roleURL]:
		order = append(order, roleURL, roleAccess, roleRemark, roleArchive, roleDOI)
	case has[roleDOI]:
		order = append(order, roleDOI, roleAccess, roleRemark, roleArchive)
	default:
		order = append(order, roleRemark, roleAccess, roleArchive)
	}
	return append(order, roleArxiv)
}

// unbroken is a text in one line.
func unbroken(text string) string {
	if strings.ContainsAny(text, "\r\n") {
		return collapse(text)
	}
	return text
}

// address writes a link to target, which the field says.
func (f *fluent) address(a sourceField, target string) {
	f.ensure()
	start := f.at()
	f.write(a.text, a.from, a.to)
	f.link(start, link{target: target, raw: f.source.text[a.from:a.to], from: int32(a.from), to: int32(a.to)})
}

// identifier writes a DOI or a number at arXiv, which is a link unless one of the addresses leads there.
func (f *fluent) identifier(a sourceField, urls []string) {
	target := doiURL(a.text)
	if a.role == roleArxiv {
		target = arxivURL(a.text)
	}
	if target == "" && addressStart(a.text) {
		target = a.text
	}
	known := target == ""
	for _, u := range urls {
		known = known || leadsToDOI(u, target)
	}
	if known {
		f.verbatim(a.from, a.to)
		return
	}
	f.address(a, target)
}

// sentence ends what was written since start with a full stop.
func (f *fluent) sentence(start int) {
	f.gap = textGap{}
	t := f.writer.text.String()
	switch {
	case !f.open || len(t) <= start || strings.HasSuffix(t, " ") || strings.HasSuffix(t, "\n"):
	case strings.HasSuffix(t, "."):
		f.put(" ")
	default:
		f.put(". ")
	}
}

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
	paper, version, versioned := strings.Cut(number, "v")
	if archive, n, ok := strings.Cut(number, "/"); ok {
		paper, version, versioned = strings.Cut(n, "v")
		if strings.Trim(strings.ToLower(archive), "abcdefghijklmnopqrstuvwxyz-.") != "" || !isDigits(paper, 7) || len(paper) != 7 {
			return ""
		}
	} else if month, n, ok := strings.Cut(paper, "."); !ok || len(month) != 4 || !isDigits(month, 4) || len(n) < 4 || !isDigits(n, 5) {
		return ""
	}
	if versioned && !isDigits(version, 3) {
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
