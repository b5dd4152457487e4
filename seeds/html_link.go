package seeds

import (
	"path"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/html/atom"
)

// target returns the link of an <a>, and whether it shows an image. It is none if it leads to another place of the page,
// to an image that it shows in small, or within a wiki: to a page that explains a word and is no source.
func (w *htmlWriter) target(i int32) (l link, image, ok bool) {
	t := w.tree
	from, to, ok := t.attrAt(i, "href")
	if !ok || w.pre > 0 && !w.main.code {
		return link{}, false, false
	}
	raw := strings.TrimFunc(t.src.text[from:to], invisible)
	if raw == "" || len(raw) > maxLink {
		return link{}, false, false
	}
	from += strings.Index(t.src.text[from:to], raw)
	href := w.info.resolve(attributeText(raw))
	page, _, _ := strings.Cut(href, "#")
	if href == "" || href[0] == '#' || w.info.within(page) {
		return link{}, false, false
	}
	for rel := range strings.FieldsSeq(strings.ToLower(t.attr(i, "rel"))) {
		if rel == "tag" || rel == "author" || rel == "prev" || rel == "next" || rel == "bookmark" {
			return link{}, false, false
		}
	}
	if w.info.wiki && !classHas(t.attr(i, "class"), "external") {
		return link{}, false, false
	}
	for k := i + 1; k < t.nodes[i].last; k++ {
		image = image || t.nodes[k].tag == atom.Img || t.nodes[k].tag == atom.Picture
	}
	if image && imageFile(page) {
		return link{}, false, false
	}
	return link{target: href, raw: raw, from: int32(from), to: int32(from + len(raw))}, image, true
}

// maxLink is the longest target of a link in bytes.
const maxLink = 8 << 10

// classHas tells whether a class attribute holds a name.
func classHas(class, name string) bool {
	for have := range strings.FieldsSeq(class) {
		if have == name {
			return true
		}
	}
	return false
}

// imageFile tells an address of an image by its extension.
func imageFile(address string) bool {
	address, _, _ = strings.Cut(address, "?")
	switch strings.ToLower(path.Ext(address)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif", ".bmp":
		return true
	}
	return false
}

// resolve makes an address that is relative to the page a whole one. It stays as it is if the page does not say where it
// stands, or if it is none.
func (p *htmlPage) resolve(href string) string {
	href = strings.TrimFunc(href, invisible)
	if p.base == nil || strings.HasPrefix(href, "#") || strings.HasPrefix(href, "//") || hasScheme(href) {
		return href
	}
	u, err := p.base.Parse(href)
	if err != nil {
		return href
	}
	return u.Href(false)
}

// hasScheme tells an address with a scheme, or with what an author makes of one.
func hasScheme(href string) bool {
	for i := range len(href) {
		switch c := href[i]; {
		case c == ':' || c == '[' || c == '(':
			return true
		case !isWordByte(c) && c != '+' && c != '-' && c != '.' && c != '*' && c != '_':
			return false
		}
	}
	return false
}

// within tells whether an address, without its fragment, is that of the page itself.
func (p *htmlPage) within(address string) bool {
	for _, self := range p.selves {
		if address == self {
			return true
		}
	}
	return false
}

// parseBase parses an absolute address.
func parseBase(address string) *whatwg.Url {
	address = strings.TrimSpace(address)
	if address == "" || len(address) > maxMeta {
		return nil
	}
	u, err := whatwg.Parse(address)
	if err != nil || u.Scheme() != "http" && u.Scheme() != "https" {
		return nil
	}
	return u
}
