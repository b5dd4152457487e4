package seeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// csl reads CSL-JSON, the form in which Zotero, citeproc and pandoc keep sources: a list of items, or one.
type csl struct {
	fluent
	src     *source
	decoder *json.Decoder
	from    int // where the last token begins
	to      int // and ends
}

// cslHead tells CSL-JSON from any other JSON by the names in its first item.
func cslHead(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(head) == 0 || head[0] != '[' && head[0] != '{' {
		return false
	}
	if head[0] == '[' {
		if head = bytes.TrimLeft(head[1:], " \t\r\n"); len(head) == 0 || head[0] != '{' {
			return false
		}
	}
	if !bytes.Contains(head, []byte(`"type"`)) {
		return false
	}
	for _, name := range [...]string{"container-title", "date-parts", "citation-key", "issued", "accessed", "DOI", "URL", "title-short", "publisher-place", "citation-label"} {
		if bytes.Contains(head, []byte(`"`+name+`"`)) {
			return true
		}
	}
	return false
}

// readCSL reads CSL-JSON.
func readCSL(data []byte, _ string) (*document, error) {
	src, err := decode(data, "")
	if err != nil {
		return nil, err
	}
	c := &csl{fluent: newFluent(src), src: src, decoder: json.NewDecoder(strings.NewReader(src.text))}
	c.decoder.UseNumber()
	if err := c.items(); err != nil {
		return nil, fmt.Errorf("line %d: this is no CSL-JSON: %w", src.lineAt(min(c.to, len(src.text)))+1, err)
	}
	return c.document(), nil
}

// token reads the next token and where it stands.
func (c *csl) token() (json.Token, error) {
	token, err := c.decoder.Token()
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it ends within an item")
		}
		return nil, err
	}
	from, to := c.to, min(int(c.decoder.InputOffset()), len(c.src.text))
	for from < to && strings.IndexByte(" \t\r\n,:", c.src.text[from]) >= 0 {
		from++
	}
	c.from, c.to = from, to
	return token, nil
}

func (c *csl) items() error {
	token, err := c.token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return c.item(1)
	case json.Delim('['):
	default:
		return errors.New("there is no list of items")
	}
	for n := 1; ; n++ {
		token, err := c.token()
		if err != nil || token == json.Delim(']') {
			return err
		}
		if token == json.Delim('{') {
			err = c.item(n)
		} else if token == json.Delim('[') {
			err = c.skip()
		}
		if err != nil {
			return err
		}
	}
}

// item reads the item whose brace was read, the nth one.
func (c *csl) item(n int) error {
	label, from := "", c.from
	var all []sourceField
	for {
		key, err := c.token()
		if err != nil {
			return err
		}
		if key == json.Delim('}') {
			break
		}
		name, _ := key.(string)
		f, err := c.field(name)
		if err != nil {
			return err
		}
		if name == "id" && label == "" || name == "citation-key" && f.text != "" {
			label = short(f.text)
		}
		if f.role != roleHidden && f.text != "" {
			all = append(all, f)
		}
	}
	if label == "" {
		label = fmt.Sprint(n)
	}
	c.entry(label, from, from+1, all)
	return nil
}

// field reads the value of a name.
func (c *csl) field(name string) (sourceField, error) {
	f := sourceField{role: cslRole(name)}
	token, err := c.token()
	if err != nil {
		return f, err
	}
	switch v := token.(type) {
	case string:
		f.from, f.to, f.text = c.from+1, c.to-1, v
		if f.role == roleURL || f.role == roleDOI {
			f.text = strings.TrimSpace(v)
			f.from, f.to = trimmedSpan(c.src.text, f.from, f.to)
		}
		if f.role == roleAccess {
			f.text = strings.ReplaceAll(v, "/", "-")
		}
	case json.Number:
		f.from, f.to, f.text = c.from, c.to, v.String()
	case json.Delim:
		from := c.from
		switch {
		case f.role == roleAuthor:
			f.text, err = c.names()
		case f.role == roleAccess || name == "issued":
			f.text, err = c.day()
		default:
			err = c.skip()
		}
		f.from, f.to = from, c.to
	}
	return f, err
}

// skip passes over the list or object whose bracket was read.
func (c *csl) skip() error { return c.strings(func(string, string) {}) }

// strings reads the list or object whose bracket was read: every text and number in it, with the name before it.
func (c *csl) strings(use func(name, value string)) error {
	depth, name := 1, ""
	for depth > 0 {
		token, err := c.token()
		if err != nil {
			return err
		}
		switch v := token.(type) {
		case json.Delim:
			if v == '}' || v == ']' {
				depth--
			} else if depth++; depth > maxNesting {
				return fmt.Errorf("more than %d lists and objects lie within each other", maxNesting)
			}
		case string:
			if c.name() {
				name = v
				continue
			}
			use(name, v)
		case json.Number:
			use(name, v.String())
		}
	}
	return nil
}

// name tells whether the last token is the name of a value: a colon follows.
func (c *csl) name() bool {
	t := c.src.text
	i := c.to
	for i < len(t) && i < c.to+100 && strings.IndexByte(" \t\r\n", t[i]) >= 0 {
		i++
	}
	return i < len(t) && t[i] == ':'
}

// names reads people: family and given names, or what they are called.
func (c *csl) names() (string, error) {
	var all []string
	err := c.strings(func(name, value string) {
		switch name {
		case "family", "literal":
			if len(all) < maxAuthors {
				all = append(all, value)
			}
		case "given":
			if len(all) > 0 {
				all[len(all)-1] += ", " + value
			}
		}
	})
	return collapse(strings.Join(all, "; ")), err
}

// day reads a date: {"date-parts": [[2022, 5, 3]]}, or one in words.
func (c *csl) day() (string, error) {
	var parts []string
	text := ""
	err := c.strings(func(name, value string) {
		switch name {
		case "date-parts":
			if len(value) == 1 {
				value = "0" + value
			}
			if len(parts) < 3 && isDigits(value, 4) {
				parts = append(parts, value)
			}
		case "raw", "literal":
			text = value
		}
	})
	if len(parts) > 0 {
		text = strings.Join(parts, "-")
	}
	return text, err
}

// cslRole tells what a name says.
func cslRole(name string) sourceRole {
	switch name {
	case "URL":
		return roleURL
	case "DOI":
		return roleDOI
	case "accessed":
		return roleAccess
	case "author", "editor":
		return roleAuthor
	case "title":
		return roleTitle
	case "note":
		return roleRemark
	case "container-title", "publisher", "issued", "publisher-place":
		return roleOther
	}
	return roleHidden
}
