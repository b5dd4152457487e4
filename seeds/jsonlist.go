package seeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readJSON reads one value of JSON or several, such as JSON Lines: every address in every string is cited. The place
// beside line and column is the path that leads there: .items[3].url.
func readJSON(data []byte, _ string) (*document, error) {
	src, p, err := parseJSON(data)
	if err != nil {
		return nil, err
	}
	w := jsonWriter(src)
	claims := 0
	next := 0 // of p.objects
	for i := 0; i < len(p.data); {
		end := i
		for ; next < len(p.objects) && p.objects[next].first <= i; next++ {
			if o := p.objects[next]; o.claim && o.first == i && end == i {
				end = o.last
			}
		}
		if end > i {
			claims++
			w.record(p.data[i:end], strconv.Itoa(claims))
			i = end
			continue
		}
		d := p.data[i]
		if claimName(d.name) {
			d.name = "" // of a claim within a claim, or of none
		}
		w.record([]datum{d}, "")
		i++
	}
	if p.values == 1 {
		w.doc.meta = p.meta
	}
	return w.document(), nil
}

// guessJSON tells an object, or an array of objects.
func guessJSON(head []byte) bool {
	const blank = " \t\r\n"
	rest := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), blank)
	if inner, ok := bytes.CutPrefix(rest, []byte("[")); ok {
		rest = bytes.TrimLeft(inner, blank)
	}
	rest, ok := bytes.CutPrefix(rest, []byte("{"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, blank), []byte(`"`))
}

// jsonWriter writes strings of JSON.
func jsonWriter(src *source) *listWriter {
	w := newListWriter(src)
	w.value = func(from, to int) {
		for from < to {
			n := strings.IndexByte(src.text[from:to], '\\')
			if n < 0 {
				break
			}
			w.copy(from, from+n)
			from += n
			size := min(jsonEscape(src.text[from:to]), to-from)
			var meant string
			if err := json.Unmarshal([]byte(`"`+src.text[from:from+size]+`"`), &meant); err == nil {
				w.write(meant, from, from+size)
			}
			from += size
		}
		w.copy(from, to)
	}
	return w
}

// jsonEscape measures the escape at the beginning of t; two that make one character together are one.
func jsonEscape(t string) int {
	const unicode = len(`\u0000`)
	if len(t) < unicode || t[1] != 'u' {
		return 2
	}
	if high, err := strconv.ParseUint(t[2:unicode], 16, 16); err == nil && high >= 0xd800 && high < 0xdc00 && strings.HasPrefix(t[unicode:], `\u`) {
		return 2 * unicode
	}
	return unicode
}

// jsonParser collects the strings of a text of JSON with their places.
type jsonParser struct {
	src     *source
	data    []datum
	objects []jsonObject // in the order in which they begin
	owner   []int32      // of data: index of the innermost object
	stack   []jsonFrame
	values  int // at the top
	meta    metadata
	names   map[string]string // plain names of keys, which come again and again
}

// jsonObject is an object that holds data[first:last].
type jsonObject struct {
	first, last int
	parent      int32 // -1 for none
	claim       bool  // one of its own strings is a claim
	seen        string
}

// jsonFrame is an object or an array that is open.
type jsonFrame struct {
	object int32 // index of the innermost object, -1 for none
	array  bool
	keyed  bool   // the key of the next value was read
	key    string // of the next value, or that of the array
	index  int    // of the next value
}

func parseJSON(data []byte) (*source, *jsonParser, error) {
	src, err := decode(data, "") // it has no other (RFC 8259 §8.1)
	if err != nil {
		return nil, nil, err
	}
	p := &jsonParser{src: src, names: make(map[string]string)}
	dec := json.NewDecoder(strings.NewReader(src.text))
	dec.UseNumber()
	for {
		before := int(dec.InputOffset())
		token, err := dec.Token()
		after := int(dec.InputOffset())
		switch {
		case errors.Is(err, io.EOF) && len(p.stack) == 0:
			p.inherit()
			return src, p, nil
		case err != nil:
			at := src.position(min(after, len(src.text)), min(after, len(src.text)))
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, nil, fmt.Errorf("line %d, column %d: this is no JSON: %w", at.Line, at.Column, err)
		}
		if err := p.token(token, before, after); err != nil {
			return nil, nil, err
		}
	}
}

// token takes the token that ends at offset after.
func (p *jsonParser) token(token json.Token, before, after int) error {
	switch t := token.(type) {
	case json.Delim:
		switch t {
		case '{', '[':
			return p.open(t == '[', after)
		}
		f := p.stack[len(p.stack)-1]
		p.stack = p.stack[:len(p.stack)-1]
		if !f.array {
			p.objects[f.object].last = len(p.data)
		}
		p.valueEnd()
	case string:
		top := len(p.stack) - 1
		if top >= 0 && !p.stack[top].array && !p.stack[top].keyed {
			p.stack[top].keyed, p.stack[top].key = true, t
			return nil
		}
		p.text(t, before+strings.IndexByte(p.src.text[before:after], '"')+1, after-1)
		p.valueEnd()
	default:
		p.valueEnd()
	}
	return nil
}

func (p *jsonParser) open(array bool, at int) error {
	if len(p.stack) >= maxNesting {
		where := p.src.position(at-1, at)
		return fmt.Errorf("line %d, column %d: values lie more than %d deep", where.Line, where.Column, maxNesting)
	}
	f := jsonFrame{object: -1, array: array}
	if n := len(p.stack); n > 0 {
		f.object = p.stack[n-1].object
		if array {
			f.key = p.stack[n-1].key
		}
	}
	if !array {
		p.objects = append(p.objects, jsonObject{first: len(p.data), parent: f.object})
		f.object = int32(len(p.objects) - 1)
	}
	p.stack = append(p.stack, f)
	return nil
}

// valueEnd goes on to the next value of what is open.
func (p *jsonParser) valueEnd() {
	if len(p.stack) == 0 {
		p.values++
		return
	}
	f := &p.stack[len(p.stack)-1]
	f.keyed = false
	f.index++
}

// text takes a string that is a value; it stands at source.text[from:to] without its quotes.
func (p *jsonParser) text(value string, from, to int) {
	d, owner := datum{from: from, to: to}, int32(-1)
	if n := len(p.stack); n > 0 {
		f := p.stack[n-1]
		owner = f.object
		d.name = p.plain(f.key)
		if owner >= 0 {
			o := &p.objects[owner]
			o.claim = o.claim || claimName(d.name) && strings.TrimFunc(value, invisible) != ""
			if o.seen == "" && seenName(d.name) {
				o.seen = seenDay(value)
			}
		}
		if owner == 0 && (n == 1 || n == 2 && f.array) {
			p.meta.says(d.name, value)
		}
	}
	if strings.Contains(value, ".") || claimName(d.name) {
		d.place = p.path()
	}
	p.data = append(p.data, d)
	p.owner = append(p.owner, owner)
}

// plain is [plainName] of a key.
func (p *jsonParser) plain(key string) string {
	const kept = 1000
	name, ok := p.names[key]
	if !ok {
		if name = plainName(key); len(p.names) < kept {
			p.names[key] = name
		}
	}
	return name
}

// inherit gives every string the day that its object says, or one around that.
func (p *jsonParser) inherit() {
	for i := range p.objects {
		if o := &p.objects[i]; o.seen == "" && o.parent >= 0 {
			o.seen = p.objects[o.parent].seen
		}
	}
	for i, o := range p.owner {
		if o >= 0 {
			p.data[i].seen = p.objects[o].seen
		}
	}
	p.owner = nil
}

// path leads to the value that is read.
func (p *jsonParser) path() string {
	const longestKey, longest = 40, 200 // bytes
	var b strings.Builder
	for i, f := range p.stack {
		switch {
		case f.array:
			fmt.Fprintf(&b, "[%d]", f.index)
		case plainKey(f.key) && len(f.key) <= longestKey:
			b.WriteString("." + f.key)
		default:
			key := f.key[:min(len(f.key), longestKey)]
			fmt.Fprintf(&b, "[%q]", strings.ToValidUTF8(key, "…"))
		}
		if b.Len() > longest && i+1 < len(p.stack) {
			b.WriteString("…")
			break
		}
	}
	return b.String()
}

func plainKey(key string) bool {
	return key != "" && strings.IndexFunc(key, func(r rune) bool { return r >= utf8.RuneSelf || r != '_' && !isWordByte(byte(r)) }) < 0
}

// says takes what a value of JSON says of the report as a whole.
func (m *metadata) says(name, value string) {
	switch name {
	case "title":
		m.title = value
	case "author", "authors":
		if len(m.authors) < maxAuthors {
			m.authors = append(m.authors, value)
		}
	case "date", "published", "date published", "datepublished":
		m.setDate(value)
	case "lang", "language", "inlanguage":
		m.language = value
	}
}
