package seeds

import (
	"strings"
)

// roleOf tells what a parameter says by its name, in the large Wikipedias.
func roleOf(name string) sourceRole {
	switch name {
	case "url", "chapterurl", "contributionurl", "articleurl", "sectionurl", "entryurl", "mapurl", "conferenceurl", "transcripturl", "lien", "lireenligne", "urltexte",
		"online", "ссылка", "urllivro", "urlcapitulo", "url1", "link":
		return roleURL
	case "archiveurl", "archivurl", "archivourl", "urlarchivo", "urlarchivio", "arquivourl", "archiv", "archivebot":
		return roleArchive
	case "archivedate", "archivdatum", "fechaarchivo", "dataarchivio", "arquivodata", "датаархива", "archivedatum":
		return roleArchived
	case "accessdate", "abruf", "zugriff", "fechaacceso", "consultéle", "consulté", "accesso", "acessodata", "датаобращения", "bezochtdatum", "datadostępu", "dataaccesso":
		return roleAccess
	case "title", "titel", "titre", "título", "titulo", "titolo", "заглавие", "название", "заголовок", "tytuł", "chapter", "kapitel":
		return roleTitle
	case "author", "authors", "last", "first", "surname", "given", "vauthors", "auteur", "nom", "prénom", "apellido", "apellidos", "nombre", "autore", "автор",
		"autor": //nolint:misspell // in Spanish
		return roleAuthor
	case "doi":
		return roleDOI
	case "arxiv", "eprint":
		return roleArxiv
	case "urlstatus", "deadurl", "deadlink", "urlmorta", "ref", "mode", "language", "lang", "langue", "sprache", "lingua", "язык", "authorlink", "editorlink", "isbn", "issn", "oclc",
		"pmid", "pmc", "jstor", "bibcode", "scid", "format", "urlaccess", "doiaccess", "access", "df", "cs", "via", "id", "lccn", "asin", "hdl", "quotepage", "displayauthors", "archivbot",
		"nopp", "subscription", "registration", "deadurl ", "lienauteur", "authormask", "offset", "kommentar", "authorlinks":
		return roleHidden
	}
	return roleOther
}

// wikiCites tells the templates that cite a source: by their name, or since they name an address.
func wikiCites(name string, all []wikiParam) bool {
	for _, prefix := range [...]string{"cite", "citation", "cita ", "citar ", "lien web", "internetquelle", "literatur", "ouvrage", "article", "книга", "статья", "публикация", "webarchive", "cytuj"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	for _, a := range all {
		if a.name == "url" || a.name == "archiveurl" {
			return len(all) < 40 // a box of facts has more
		}
	}
	return false
}

// reference writes a source as a sentence: authors, the title, which is the link, what else is said, the day on which it was
// seen, and the copies in archives.
func (w *wiki) reference(all []wikiParam) {
	by := make(map[sourceRole][]wikiParam)
	for _, a := range all {
		if a.from < a.to {
			role := roleOf(a.name)
			by[role] = append(by[role], a)
		}
	}
	w.ensure()
	start := w.at()
	for i, a := range by[roleAuthor] {
		if i > 0 {
			w.put(", ")
		}
		w.value(a)
	}
	urls := by[roleURL]
	w.sentence(start)
	w.titled(by[roleTitle], urls)
	for _, a := range urls[min(1, len(urls)):] {
		w.sentence(start)
		w.linkValue(a, "")
	}
	for _, a := range by[roleOther] {
		w.sentence(start)
		w.value(a)
	}
	for _, a := range by[roleAccess] {
		w.sentence(start)
		w.put("Retrieved ")
		w.value(a)
	}
	for _, a := range by[roleArchive] {
		w.sentence(start)
		w.linkValue(a, "Archived")
		if days := by[roleArchived]; len(days) > 0 {
			w.put(" on ")
			w.value(days[0])
		}
	}
	w.identifiers(by, start)
	w.sentence(start)
}

// titled writes the title of a source, which is linked to the first of its addresses.
func (w *wiki) titled(titles, urls []wikiParam) {
	if len(titles) == 0 {
		if len(urls) > 0 {
			w.linkValue(urls[0], "")
		}
		return
	}
	w.ensure()
	start, blocks, linked := w.at(), len(w.doc.blocks), w.linked
	w.linked = true
	w.value(titles[0])
	w.linked = linked
	if len(urls) > 0 && !linked {
		w.gap = textGap{}
		w.ensure()
		if blocks != len(w.doc.blocks) {
			start = w.at()
		}
		w.link(start, w.linkOf(urls[0].from, urls[0].to))
	}
	for _, a := range titles[1:] {
		w.put(". ")
		w.value(a)
	}
}

// linkValue writes a link to an address, which is shown itself if no text is given.
func (w *wiki) linkValue(a wikiParam, text string) {
	if strings.ContainsAny(w.src.text[a.from:a.to], "{[<") {
		w.value(a)
		return
	}
	if text == "" {
		w.writeLink(a.from, a.to, w.linkOf(a.from, a.to))
		return
	}
	w.ensure()
	start := w.at()
	w.write(text, a.from, a.to)
	if !w.linked {
		w.link(start, w.linkOf(a.from, a.to))
	}
}

// identifiers writes the DOI and the number at arXiv as links, unless the address leads there.
func (w *wiki) identifiers(by map[sourceRole][]wikiParam, start int) {
	for _, role := range [...]sourceRole{roleDOI, roleArxiv} {
		for _, a := range by[role] {
			value := w.src.text[a.from:a.to]
			target := doiURL(value)
			if role == roleArxiv {
				target = arxivURL(value)
			}
			known := target == "" || w.linked
			for _, u := range by[roleURL] {
				known = known || leadsToDOI(w.src.text[u.from:u.to], target)
			}
			if known {
				continue
			}
			w.sentence(start)
			w.ensure()
			at := w.at()
			w.write(value, a.from, a.to)
			w.link(at, link{target: target, raw: value, from: int32(a.from), to: int32(a.to)})
		}
	}
}
