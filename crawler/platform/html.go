package platform

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// document parses a page; any bytes are some page.
func document(body []byte) *html.Node {
	n, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return &html.Node{Type: html.DocumentNode}
	}
	return n
}

// find returns the first element within n that is wanted, nil for none.
func find(n *html.Node, wanted func(*html.Node) bool) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && wanted(d) {
			return d
		}
	}
	return nil
}

// findAll returns every such element, at most maxMedia of them.
func findAll(n *html.Node, wanted func(*html.Node) bool) []*html.Node {
	var all []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && wanted(d) {
			if all = append(all, d); len(all) == maxMedia {
				break
			}
		}
	}
	return all
}

// class wants elements that have this class.
func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for c := range strings.FieldsSeq(attr(n, "class")) {
			if c == name {
				return true
			}
		}
		return false
	}
}

func tag(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what a reader sees of n; <br> and the ends of paragraphs end lines.
func text(n *html.Node) string {
	var b strings.Builder
	var closes []*html.Node // paragraphs whose text is being written
	for d := range n.Descendants() {
		for len(closes) > 0 && !within(d, closes[len(closes)-1]) {
			closes = closes[:len(closes)-1]
			b.WriteString("\n\n")
		}
		switch {
		case b.Len() > maxText:
			return tidy(b.String())
		case d.Type == html.TextNode && d.Parent != nil && d.Parent.Data != "script" && d.Parent.Data != "style":
			b.WriteString(d.Data)
		case d.Type == html.ElementNode && d.Data == "br":
			b.WriteByte('\n')
		case d.Type == html.ElementNode && d.Data == "p":
			closes = append(closes, d)
		}
	}
	return tidy(b.String())
}

// within reports a node below another; paragraphs hold no deep trees, and
// beyond a depth it is not looked for.
func within(n, above *html.Node) bool {
	for depth := 0; n != nil && depth < 64; depth++ {
		if n.Parent == above {
			return true
		}
		n = n.Parent
	}
	return false
}

// tidy trims what a writer of HTML adds: spaces around lines, runs of empty
// lines.
func tidy(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r", ""), "\n")
	out := lines[:0]
	empty := true
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if l == "" && empty {
			continue
		}
		empty = l == ""
		out = append(out, l)
	}
	return cut(strings.TrimSpace(strings.Join(out, "\n")), maxText)
}

// textOf is the text of a piece of HTML.
func textOf(fragment string) string {
	if len(fragment) > maxText*4 {
		fragment = fragment[:maxText*4]
	}
	return text(document([]byte(fragment)))
}
