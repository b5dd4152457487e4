package seeds

import (
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/html/atom"
)

// htmlPage is what a page says of itself.
type htmlPage struct {
	meta   metadata
	base   *whatwg.Url // what relative addresses are relative to; nil if it is not known
	selves []string    // the addresses of the page, without fragments
	wiki   bool        // made by MediaWiki
}

// pageOf reads the head of a page, and what its body says of its day and its authors.
func pageOf(t *htmlTree) *htmlPage {
	p := &htmlPage{}
	names := make(map[string]string) // the first content of each <meta>
	var authors []string
	var base, canonical, heading, day, shown string
	var data linkedData
	silent := int32(0)
	for i := range t.nodes {
		at := int32(i)
		n := t.nodes[i]
		if !n.element || n.count == 0 && n.tag != atom.Title && n.tag != atom.H1 {
			continue
		}
		switch n.tag {
		case atom.Html:
			if p.meta.language = t.attr(at, "lang"); p.meta.language == "" {
				p.meta.language = t.attr(at, "xml:lang")
			}
		case atom.Meta:
			name := strings.ToLower(t.metaName(at))
			content := collapse(t.attr(at, "content"))
			if name == "" || content == "" || len(content) > maxMeta {
				continue
			}
			if _, ok := names[name]; !ok && len(names) < maxAuthors {
				names[name] = content
			}
			if authorName(name) && len(authors) < maxAuthors {
				authors = append(authors, content)
			}
		case atom.Body:
			p.wiki = p.wiki || classHas(t.attr(at, "class"), "mediawiki")
		case atom.Title:
			if p.meta.title == "" && at >= silent {
				p.meta.title = t.longText(at)
			}
		case atom.Svg:
			silent = n.last
		case atom.H1:
			if heading == "" {
				heading = t.longText(at)
			}
		case atom.Base:
			if base == "" {
				base = t.attr(at, "href")
			}
		case atom.Link:
			if canonical == "" && strings.EqualFold(strings.TrimSpace(t.attr(at, "rel")), "canonical") {
				canonical = t.attr(at, "href")
			}
		case atom.Script:
			if strings.EqualFold(strings.TrimSpace(t.attr(at, "type")), "application/ld+json") && n.last > at+1 {
				text := t.nodes[at+1]
				data.read(t.src.text[text.from:text.to])
			}
		case atom.Time:
			if written := metaDay(t.attr(at, "datetime")); written != "" {
				if day == "" && (t.has(at, "pubdate") || strings.Contains(t.attr(at, "itemprop"), "datePublished")) {
					day = written
				}
				if shown == "" {
					shown = written
				}
			}
		}
	}
	p.wiki = p.wiki || strings.HasPrefix(names["generator"], "MediaWiki")
	p.describe(names, &data, heading)
	p.credit(authors, &data)
	for _, name := range [...]string{"article:published_time", "citation_publication_date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "date", "pubdate", "datepublished", "parsely-pub-date", "citation_date"} {
		if d := metaDay(names[name]); d != "" && p.meta.published.Value == "" {
			p.meta.published = Date{Value: d, From: "metadata"}
		}
	}
	for _, d := range [...]string{data.published, day, shown} {
		if p.meta.published.Value == "" && d != "" && d != shown || p.meta.published.Value == "" && d != "" && !p.wiki {
			p.meta.published = Date{Value: d, From: "metadata"}
		}
	}
	p.locate(base, canonical, names["og:url"], savedFrom(t.src.text))
	return p
}

// describe picks title and language.
func (p *htmlPage) describe(names map[string]string, data *linkedData, heading string) {
	switch {
	case names["og:title"] != "":
		p.meta.title = names["og:title"]
	case names["citation_title"] != "":
		p.meta.title = names["citation_title"]
	case p.meta.title == "" && heading == "":
		p.meta.title = data.headline
	}
	// "The heading - The site"
	if heading != "" && strings.HasPrefix(p.meta.title, heading) && len(p.meta.title) > len(heading) {
		if rest := strings.TrimSpace(p.meta.title[len(heading):]); rest != "" && strings.ContainsRune("-–—|·:«•", []rune(rest)[0]) {
			p.meta.title = heading
		}
	}
	for _, name := range [...]string{data.language, names["content-language"], names["dc.language"]} {
		if p.meta.language == "" {
			p.meta.language = name
		}
	}
}

// credit picks the authors: those of the first kind of statement that names any.
func (p *htmlPage) credit(named []string, data *linkedData) {
	all := named
	if len(all) == 0 {
		all = data.authors
	}
	for _, a := range all {
		if a != "" && !strings.Contains(a, "://") && !slices.Contains(p.meta.authors, a) {
			p.meta.authors = append(p.meta.authors, a)
		}
	}
}

func authorName(name string) bool {
	switch name {
	case "author", "article:author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author":
		return true
	}
	return false
}

// locate finds out where the page stands.
func (p *htmlPage) locate(base, canonical, og, saved string) {
	for _, address := range [...]string{canonical, og, saved} {
		u := parseBase(address)
		if u == nil {
			continue
		}
		if p.base == nil {
			p.base = u
			p.meta.canonical = strings.TrimSpace(address)
		}
		page, _, _ := strings.Cut(u.Href(true), "#")
		p.selves = append(p.selves, page)
	}
	if base == "" {
		return
	}
	if u := parseBase(base); u != nil {
		p.base = u
	} else if p.base != nil {
		if u, err := p.base.Parse(base); err == nil {
			p.base = u
		}
	}
}

// savedFrom reads the address in the comment that browsers put into a page which they save.
func savedFrom(text string) string {
	_, rest, ok := strings.Cut(text[:min(len(text), 4*sniffed)], "<!-- saved from url=(")
	if !ok {
		return ""
	}
	_, rest, _ = strings.Cut(rest, ")")
	address, _, ok := strings.Cut(rest, "-->")
	if !ok {
		return ""
	}
	return strings.TrimSpace(address)
}

// metaName is what a <meta> is about.
func (t *htmlTree) metaName(i int32) string {
	for _, attr := range [...]string{"property", "name", "itemprop", "http-equiv"} {
		if name := t.attr(i, attr); name != "" {
			return name
		}
	}
	return ""
}

// longText returns the text of an element, up to maxMeta bytes, with white space collapsed.
func (t *htmlTree) longText(i int32) string {
	var b strings.Builder
	for k := i + 1; k < t.nodes[i].last && b.Len() < maxMeta; k++ {
		n := t.nodes[k]
		if n.element && (htmlSilent(n.tag) || t.unseen(k)) {
			k = n.last - 1
			continue
		}
		if !n.element {
			b.WriteString(attributeText(t.src.text[n.from:min(n.to, n.from+2*maxMeta)]))
		}
	}
	return short(strings.ToValidUTF8(b.String(), ""))
}

// metaDay reads the day of a date and time (ISO 8601), or a day that is written out; it is empty if there is none.
func metaDay(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 100 {
		return ""
	}
	iso := strings.ReplaceAll(text[:min(len(text), len("2022-05-03"))], "/", "-")
	if day, _ := readDay(iso); day != "" {
		return day
	}
	if _, rest, ok := strings.Cut(text, ", "); ok { // Tue, 03 May 2022 10:00:00 GMT
		if day, _ := readDay(rest); day != "" {
			return day
		}
	}
	day, _ := readDay(text)
	return day
}
