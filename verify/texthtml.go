package verify

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// depthLimit is how many elements may be open at once. Deeper ones are read,
// but as if they had no tags.
const depthLimit = 512

// walker walks over the tags of an HTML page in their order and keeps only which
// elements are open. No tree is built on purpose: the tree of the standard
// repeats every open formatting element in each new paragraph, so that a few
// hundred kilobytes of tags make gigabytes of nodes, and the parser refuses
// pages that are deeper than a limit. This walk is linear and refuses nothing.
//
// Style sheets and scripts are not run: what only they hide is seen, what only
// they show is not. <body hidden> is, for pages are hidden so until their
// script has run.
type walker struct {
	text     lines
	title    string
	language string

	stack  []element
	open   map[string]int // how often a name is on the stack
	beyond map[string]int // open elements that the stack had no room for
	hiding int            // elements of the stack that hide their content
	pre    int            // elements of the stack that are preformatted
	note   bool           // just inside <sup>
}

// element is an open element.
type element struct {
	name   string
	kind   tagKind
	hidden bool
}

func newWalker() *walker {
	return &walker{open: map[string]int{}, beyond: map[string]int{}}
}

// walk reads the whole page.
func (p *walker) walk(source string) {
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			p.words(string(z.Text()))
		case html.StartTagToken:
			p.start(z, false)
		case html.SelfClosingTagToken:
			p.start(z, true)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(tagName(name))
		}
	}
}

// tagName bounds the length of a name: what is longer is no element of HTML.
func tagName(name []byte) string { return string(name[:min(len(name), 64)]) }

// words adds a run of text, unless it is hidden.
func (p *walker) words(s string) {
	if n := len(p.stack); n > 0 && p.stack[n-1].name == "title" && p.open["svg"] == 0 && p.title == "" {
		p.title = oneLine(s, titleLimit)
	}
	if p.hiding > 0 || s == "" {
		return
	}
	if p.note {
		// 2015<sup>3</sup> is a year and a footnote, not a number of five digits.
		p.note = false
		if first := s[0]; first >= '0' && first <= '9' || first == '[' || first == '*' {
			p.text.separate(space)
		}
	}
	p.text.write(s, p.pre > 0)
}

// start reads a start tag.
func (p *walker) start(z *html.Tokenizer, selfClosing bool) {
	raw, more := z.TagName()
	e := element{name: tagName(raw)}
	e.kind = kinds[e.name]
	if p.open["svg"] > 0 {
		switch {
		case p.open["foreignobject"] > 0:
		case e.kind&(block|breaksOut) != 0:
			p.close("svg", 0)
		case selfClosing:
			z.NextIsNotRawText() // <style/> and <title/> are empty there
			return
		}
	}
	p.attributes(z, more, &e)
	switch {
	case e.name == "html" || e.name == "body" || e.name == "head":
		return
	case e.kind&void != 0:
		p.single(e)
		return
	}
	p.implied(e)
	if e.kind&hides != 0 {
		e.hidden = true
	}
	p.push(e)
}

// attributes reads the attributes that matter here: of two with one name the
// first holds (HTML standard, "attribute name state").
func (p *walker) attributes(z *html.Tokenizer, more bool, e *element) {
	var seenStyle, seenLang, equiv bool
	var content string
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "hidden":
			e.hidden = true
		case "style":
			e.hidden = e.hidden || !seenStyle && hidingStyle(string(value))
			seenStyle = true
		case "open":
			if e.name == "dialog" {
				e.kind &^= hides
			}
		case "lang", "xml:lang":
			if e.name == "html" && !seenLang && isLanguage(string(value)) {
				p.language, seenLang = string(value), true
			}
		case "http-equiv":
			equiv = equiv || strings.EqualFold(string(value), "content-language")
		case "content":
			if content == "" {
				content = string(value)
			}
		}
	}
	if e.name == "meta" && equiv && p.language == "" && isLanguage(content) {
		p.language = content
	}
}

// hidingStyle reports a style attribute that hides its element.
func hidingStyle(style string) bool {
	for declaration := range strings.SplitSeq(style, ";") {
		name, value, _ := strings.Cut(strings.ToLower(declaration), ":")
		value, _, _ = strings.Cut(value, "!")
		switch strings.TrimSpace(name) + ":" + strings.TrimSpace(value) {
		case "display:none", "visibility:hidden":
			return true
		}
	}
	return false
}

// isLanguage reports what may be a language tag (BCP 47 §2.1).
func isLanguage(s string) bool {
	if len(s) < 2 || len(s) > 35 {
		return false
	}
	for _, c := range []byte(s) {
		if c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

// single reads an element that has no content.
func (p *walker) single(e element) {
	if e.name == "input" {
		p.close("select", 0)
	}
	if p.hiding > 0 || e.hidden {
		return
	}
	switch e.name {
	case "br", "hr":
		p.text.separate(line)
	case "img", "input", "embed":
		p.text.separate(space)
	}
}

// implied closes the elements whose end tag may be left out before e (HTML
// standard, "optional tags").
func (p *walker) implied(e element) {
	if e.kind&endsParagraph != 0 {
		p.close("p", barrier)
	}
	switch e.name {
	case "li":
		p.close("li", barrier|list)
	case "dt", "dd":
		p.close("dt", barrier|list)
		p.close("dd", barrier|list)
	case "td", "th":
		p.close("td", table)
		p.close("th", table)
	case "tr":
		p.close("tr", table)
	case "thead", "tbody", "tfoot":
		p.close("thead", table)
		p.close("tbody", table)
		p.close("tfoot", table)
	case "a", "button":
		p.close(e.name, barrier)
	}
}

// end reads an end tag.
func (p *walker) end(name string) {
	switch {
	case p.beyond[name] > 0:
		p.beyond[name]--
	case kinds[name]&barrier != 0 || name == "svg":
		p.close(name, table)
	case kinds[name]&(block|formatting|hides) != 0:
		p.close(name, barrier)
	case name == "br":
		p.single(element{name: name})
	default:
		p.close(name, barrier|block)
	}
}

// close closes the innermost open element of a name and what is open inside
// it, unless an element of the kind that stops stands between. A formatting
// element is closed alone: <b><p>a</b>b is one paragraph.
func (p *walker) close(name string, stop tagKind) {
	if p.open[name] == 0 {
		return
	}
	for i := len(p.stack) - 1; i >= 0; i-- {
		switch e := p.stack[i]; {
		case e.name == name && e.kind&formatting != 0:
			p.left(e)
			p.stack = slices.Delete(p.stack, i, i+1)
			return
		case e.name == name:
			for len(p.stack) > i {
				p.left(p.stack[len(p.stack)-1])
				p.stack = p.stack[:len(p.stack)-1]
			}
			return
		case e.kind&stop != 0:
			return
		}
	}
}

// push opens an element.
func (p *walker) push(e element) {
	if len(p.stack) >= depthLimit {
		if len(p.beyond) < depthLimit || p.beyond[e.name] > 0 {
			p.beyond[e.name]++
		}
		return
	}
	p.stack = append(p.stack, e)
	p.open[e.name]++
	if e.hidden {
		p.hiding++
	}
	if e.kind&preformatted != 0 {
		p.pre++
	}
	p.note = p.note || e.name == "sup"
	p.boundary(e)
}

// left takes an element that leaves the stack out of the counts.
func (p *walker) left(e element) {
	p.boundary(e)
	if p.open[e.name]--; p.open[e.name] == 0 {
		delete(p.open, e.name)
	}
	if e.hidden {
		p.hiding--
	}
	if e.kind&preformatted != 0 {
		p.pre--
	}
}

// boundary separates what stands inside an element from what is around it.
func (p *walker) boundary(e element) {
	switch {
	case p.hiding > 0:
	case e.kind&cells != 0:
		p.text.separate(cell)
	case e.kind&block != 0:
		p.text.separate(line)
	}
}
