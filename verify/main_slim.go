package verify

import (
	"errors"
	"strings"

	"golang.org/x/net/html"
)

// Limits of a page of which a tree is made. Beyond one of them it has no main
// text. Of 181 real pages of news the largest has 1.5 MB and 1,500 elements.
const (
	slimBytes    = 4 << 20 // of the page
	slimElements = 20_000
)

var (
	errTooLarge = errors.New("it is too large to look for the main text")
	errUnclosed = errors.New("it leaves an element open that hides the rest")
)

// slimPage returns a page without what costs much in a tree and says nothing
// about where its main text is: scripts, styles, comments, formatting, and all
// attributes but those that the extractor reads. Without formatting elements the
// parser of the standard opens none again in each new paragraph, so that its tree
// has a few nodes for a tag, not thousands. How deep a tree may be the parser
// itself limits, to 512 open elements.
func slimPage(source string) (string, error) {
	if len(source) > slimBytes {
		return "", errTooLarge
	}
	s := slimmer{elements: slimElements}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if s.skip != "" {
				return "", errUnclosed
			}
			return s.b.String(), nil
		case html.TextToken:
			if s.skip == "" {
				s.b.Write(z.Raw())
			}
		case html.DoctypeToken:
			s.b.WriteString("<!doctype html>")
		case html.StartTagToken, html.SelfClosingTagToken:
			if !s.start(z.Token()) {
				return "", errTooLarge
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			s.end(tagName(name))
		}
	}
}

type slimmer struct {
	b        strings.Builder
	skip     string // name of the element that is left out
	elements int    // that may still come
}

// start adds a start tag, and reports whether there was room for it.
func (s *slimmer) start(t html.Token) bool {
	name := tagName([]byte(t.Data))
	if s.skip != "" || dissolved(name) {
		return true
	}
	if leftOut(name) {
		// Only in foreign content an element can be closed in its start tag.
		if t.Type == html.StartTagToken || name != "svg" && name != "math" {
			s.skip = name
		}
		return true
	}
	if s.elements--; s.elements < 0 {
		return false
	}
	s.b.WriteString("<" + name)
	for _, a := range t.Attr {
		if keptAttribute(a.Key) && len(a.Val) <= 512 {
			s.b.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
		}
	}
	s.b.WriteByte('>')
	return true
}

func (s *slimmer) end(name string) {
	switch {
	case s.skip != "":
		if name == s.skip {
			s.skip = ""
		}
	case dissolved(name), leftOut(name):
	default:
		s.b.WriteString("</" + name + ">")
	}
}

// dissolved tells the elements that are taken off their content: those that the
// standard's parser opens again ("reconstruct the active formatting elements").
// Links stay, for the extractor counts them; of them it opens one at most.
func dissolved(name string) bool {
	switch name {
	case "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u":
		return true
	}
	return false
}

// leftOut tells the elements that are left out with their content.
func leftOut(name string) bool {
	switch name {
	case "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea", "noframes", "noembed", "xmp", "plaintext":
		return true
	}
	return false
}

// keptAttribute tells the attributes by which an extractor knows the parts of a
// page.
func keptAttribute(key string) bool {
	switch key {
	case "class", "id", "href", "role", "rel", "itemprop", "style", "hidden", "aria-hidden", "name", "property", "content", "lang", "dir":
		return true
	}
	return false
}
