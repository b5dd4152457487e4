package seeds

import (
	"errors"
	"fmt"
	"strings"
)

// frontMatter reads what a Markdown report says of itself above its text, and how many bytes of the text that takes:
// YAML between lines of ---, TOML between lines of +++, or Pandoc's title block of lines that begin with %. Only plain
// keys of the first level are read, and lists of authors; whatever else stands there is passed over.
func frontMatter(src *source) (metadata, int, error) {
	first := strings.TrimRight(src.lineText(0), " \t")
	switch {
	case first == "---" || first == "+++":
		for i := 1; i < len(src.lines); i++ {
			end := strings.TrimRight(src.lineText(i), " \t")
			if end != first && (first == "+++" || end != "...") {
				continue
			}
			m := &matter{src: src, last: i, toml: first == "+++"}
			size := len(src.text)
			if i+1 < len(src.lines) {
				size = src.lines[i+1].start()
			}
			if err := m.read(); err != nil {
				return metadata{}, 0, err
			}
			return m.metadata, size, nil
		}
	case strings.HasPrefix(first, "% "):
		m, lines := titleBlock(src)
		return m, src.lines[lines-1].end(), nil
	}
	return metadata{}, 0, nil
}

// titleBlock reads lines of % title, % authors, % date.
func titleBlock(src *source) (m metadata, lines int) {
	for ; lines < len(src.lines) && lines < 3; lines++ {
		value, ok := strings.CutPrefix(src.lineText(lines), "%")
		if !ok {
			break
		}
		value = strings.TrimSpace(value)
		switch lines {
		case 0:
			m.title = value
		case 1:
			for author := range strings.SplitSeq(value, ";") {
				m.authors = append(m.authors, strings.TrimSpace(author))
			}
		case 2:
			m.setDate(value)
		}
	}
	return m, lines
}

// matter reads front matter up to the line last.
type matter struct {
	metadata
	src  *source
	last int
	toml bool
}

// maxMatter bounds the lines of front matter.
const maxMatter = 10_000

func (m *matter) read() error {
	if m.last > maxMatter {
		return errors.New("line 1: the front matter has more than 10,000 lines: end it with a line of its first three characters")
	}
	for i := 1; i < m.last; i++ {
		line := m.src.lineText(i)
		if m.toml && strings.HasPrefix(line, "[") {
			return nil // a table: keys of the second level from here on
		}
		key, value, ok := strings.Cut(line, m.separator())
		if !ok || line == "" || line[0] == ' ' || line[0] == '\t' || line[0] == '#' || line[0] == '-' {
			continue
		}
		key = strings.ToLower(strings.Trim(strings.TrimSpace(key), `"'`))
		if err := m.set(key, strings.TrimSpace(value), i); err != nil {
			return err
		}
	}
	return nil
}

func (m *matter) separator() string {
	if m.toml {
		return "="
	}
	return ":"
}

// set takes the value of one key in line i.
func (m *matter) set(key, value string, i int) error {
	switch key {
	case "title", "date", "published", "lang", "language", "canonical", "canonical_url", "canonicalurl", "author", "authors":
	default:
		return nil
	}
	values, err := m.values(value, i)
	if err != nil {
		return fmt.Errorf("line %d: front matter: %s: %w", i+1, key, err)
	}
	if len(values) == 0 {
		return nil
	}
	switch key {
	case "title":
		m.title = values[0]
	case "date":
		m.setDate(values[0])
	case "published":
		if m.published.Value == "" {
			m.setDate(values[0])
		}
	case "lang", "language":
		m.language = values[0]
	case "author", "authors":
		m.authors = append(m.authors, values...)
	default:
		m.canonical = values[0]
	}
	return nil
}

// values reads a scalar, a list in brackets, or what the indented lines below a key hold: a text, or a list of names.
func (m *matter) values(value string, i int) ([]string, error) {
	switch {
	case value == "" || value[0] == '#':
		return m.below(i, false)
	case value[0] == '>' || value[0] == '|':
		lines, err := m.below(i, true)
		return []string{strings.Join(lines, " ")}, err
	case value[0] == '[':
		inner, ok := strings.CutSuffix(strings.TrimRight(uncomment(value), " \t"), "]")
		if !ok {
			return nil, errors.New("a list must end in its line: put it between [ and ]")
		}
		var all []string
		for item := range quotedFields(inner[1:]) {
			v, err := scalar(item)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		return all, nil
	}
	v, err := scalar(value)
	return []string{v}, err
}

// below reads the lines under line i that are indented or begin with "- ". Of a mapping its name counts.
func (m *matter) below(i int, text bool) ([]string, error) {
	var all []string
	for i++; i < m.last; i++ {
		line := m.src.lineText(i)
		value := strings.TrimSpace(line)
		item, listed := strings.CutPrefix(value, "- ")
		switch {
		case value == "":
			continue
		case line[0] != ' ' && line[0] != '\t' && !listed:
			return all, nil
		case text:
			all = append(all, value)
			continue
		}
		item = strings.TrimSpace(item)
		if name, ok := strings.CutPrefix(item, "name:"); ok {
			item = strings.TrimSpace(name)
		} else if !listed || strings.Contains(item, ": ") {
			continue // another key of a mapping
		}
		v, err := scalar(item)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// scalar reads a value that may be in quotes.
func scalar(value string) (string, error) {
	value = strings.TrimSpace(value)
	if value == "" || value[0] != '"' && value[0] != '\'' {
		return strings.TrimSpace(uncomment(value)), nil
	}
	quote := value[0]
	var b strings.Builder
	for i := 1; i < len(value); i++ {
		switch c := value[i]; {
		case c == quote && quote == '\'' && strings.HasPrefix(value[i+1:], "'"):
			b.WriteByte('\'')
			i++
		case c == quote:
			return b.String(), nil
		case c == '\\' && quote == '"' && i+1 < len(value) && (value[i+1] == '"' || value[i+1] == '\\'):
			i++
			b.WriteByte(value[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", fmt.Errorf("the quote %c is not closed", quote)
}

// uncomment drops a comment at the end of a line.
func uncomment(value string) string {
	if i := strings.Index(value, " #"); i >= 0 {
		return value[:i]
	}
	return value
}

// quotedFields cuts a list at its commas outside of quotes.
func quotedFields(list string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		var quote byte
		start := 0
		for i := range len(list) {
			switch c := list[i]; {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'' && strings.TrimSpace(list[start:i]) == "":
				quote = c
			case c == ',':
				if !yield(list[start:i]) {
					return
				}
				start = i + 1
			}
		}
		if strings.TrimSpace(list[start:]) != "" {
			yield(list[start:])
		}
	}
}
