package seeds

import (
	"strconv"
	"strings"
)

// odtStyle is a style, or what is set at one place, which the file writes as a style without a name for people.
type odtStyle struct {
	parent         string
	hidden, raised bool
	code, title    bool
	list           string
	whole          bool // what it takes over was taken over
}

// odtListStyle says how the items of a list are numbered.
type odtListStyle struct{ levels [odtLevels]odtListLevel }

const odtLevels = 10

type odtListLevel struct {
	format, prefix, suffix string // format as numberFormat has it; empty for a bullet
	start                  int
}

func (d *odt) readStyle(p *part, e element) error {
	name := e.attr("style", "name")
	switch {
	case e.space == "text" && e.name == "list-style":
		l := &odtListStyle{}
		d.lists[name] = l
		return p.each(func(e element) error {
			level, err := strconv.Atoi(e.attr("text", "level"))
			if e.name == "list-level-style-number" && err == nil && level > 0 && level <= odtLevels {
				start, err := strconv.Atoi(e.attr("text", "start-value"))
				if err != nil {
					start = 1
				}
				l.levels[level-1] = odtListLevel{odfFormat(e.attr("style", "num-format")), around(e.attr("style", "num-prefix")), around(e.attr("style", "num-suffix")), start}
			}
			return nil
		}, nil)
	case e.space == "style" && (e.name == "style" || e.name == "default-style"):
		s := &odtStyle{parent: e.attr("style", "parent-style-name"), list: e.attr("style", "list-style-name")}
		switch name {
		case "Title":
			s.title = true
		case "Source_20_Text", "Source_Text", "Preformatted_20_Text":
			s.code = true
		}
		if e.name == "style" {
			d.styles[name] = s
		}
		paragraphs := e.name == "default-style" && e.attr("style", "family") == "paragraph"
		return p.each(func(e element) error {
			if e.name == "text-properties" {
				s.hidden = e.attr("text", "display") == "none"
				s.raised = strings.HasPrefix(e.attr("style", "text-position"), "super") || raisedBy(e.attr("style", "text-position"))
				if language := e.attr("fo", "language"); paragraphs && d.meta.language == "" && language != "" && language != "none" {
					d.meta.language = language
					if country := e.attr("fo", "country"); country != "" && country != "none" {
						d.meta.language += "-" + country
					}
				}
			}
			return nil
		}, nil)
	}
	return nil
}

// raisedBy tells a position such as "33% 58%" above the line.
func raisedBy(position string) bool {
	percent, _, _ := strings.Cut(position, "%")
	n, err := strconv.Atoi(percent)
	return err == nil && n > 0 && n < 100
}

// odfFormat reads a format of numbers, OpenDocument 1.3 part 3 section 19.500.
func odfFormat(format string) string {
	switch format {
	case "i":
		return "lowerRoman"
	case "I":
		return "upperRoman"
	case "a":
		return "lowerLetter"
	case "A":
		return "upperLetter"
	case "":
		return ""
	}
	return "decimal"
}

// style returns a style with what it takes over; an unknown one is as good as none.
func (d *odt) style(name string) odtStyle {
	const longest = 20 // chain of styles
	s := d.styles[name]
	if s == nil {
		return odtStyle{title: name == "Title"}
	}
	for base, n := d.styles[s.parent], 0; !s.whole && base != nil && n < longest; base, n = d.styles[base.parent], n+1 {
		s.hidden, s.raised, s.code, s.title = s.hidden || base.hidden, s.raised || base.raised, s.code || base.code, s.title || base.title
		if s.list == "" {
			s.list = base.list
		}
	}
	s.title = s.title || s.parent == "Title"
	s.whole = true
	return *s
}
