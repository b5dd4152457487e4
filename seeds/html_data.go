package seeds

import (
	"encoding/json"
	"strings"
)

// linkedData is what the JSON-LD of a page says of it (schema.org).
type linkedData struct {
	headline, published, language string
	authors                       []string

	article bool // what is known comes from an article, not from the page that holds it
	bytes   int  // read so far
}

// maxLinkedData bounds the JSON-LD of a page that is read, in bytes.
const maxLinkedData = 1 << 20

// read reads one block of JSON-LD. What is broken or too long says nothing.
func (d *linkedData) read(text string) {
	if d.bytes += len(text); d.bytes > maxLinkedData {
		return
	}
	text = strings.TrimSpace(text)
	text = strings.TrimSuffix(strings.TrimPrefix(text, "<!--"), "-->")
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return
	}
	left := 1000
	d.walk(value, 0, &left)
}

// walk looks for the articles and pages of a value, up to left values and 8 levels.
func (d *linkedData) walk(value any, depth int, left *int) {
	if *left--; *left < 0 || depth > 8 {
		return
	}
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			d.walk(one, depth+1, left)
		}
	case map[string]any:
		article, page := typed(v["@type"])
		if article && !d.article || page && !d.article && d.headline+d.published == "" {
			d.take(v, article)
		}
		d.walk(v["@graph"], depth+1, left)
		d.walk(v["mainEntity"], depth+1, left)
	}
}

// typed tells what kind of thing something is.
func typed(kind any) (article, page bool) {
	if all, ok := kind.([]any); ok {
		for _, one := range all[:min(len(all), 16)] {
			a, p := typed(one)
			article, page = article || a, page || p
		}
		return article, page
	}
	name, _ := kind.(string)
	name = name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case strings.HasSuffix(name, "Article"), strings.HasSuffix(name, "Posting"), name == "Report", name == "Thesis", name == "Book", name == "Chapter":
		return true, false
	}
	return false, name == "WebPage" || name == "CreativeWork" || name == "Dataset"
}

// take keeps what an article says of itself.
func (d *linkedData) take(v map[string]any, article bool) {
	d.article = article
	d.headline, d.published, d.language, d.authors = "", "", "", nil
	if s, ok := v["headline"].(string); ok && article {
		d.headline = short(s)
	}
	if s, ok := v["datePublished"].(string); ok {
		d.published = metaDay(s)
	}
	if s, ok := v["inLanguage"].(string); ok {
		d.language = short(s)
	}
	d.credit(v["author"], 0)
}

// credit reads a name, a person, or a list of them.
func (d *linkedData) credit(value any, depth int) {
	if depth > 2 || len(d.authors) >= maxAuthors {
		return
	}
	switch v := value.(type) {
	case string:
		if name := short(v); name != "" {
			d.authors = append(d.authors, name)
		}
	case []any:
		for _, one := range v[:min(len(v), maxAuthors)] {
			d.credit(one, depth+1)
		}
	case map[string]any:
		d.credit(v["name"], depth+1)
	}
}
