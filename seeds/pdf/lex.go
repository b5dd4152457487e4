package pdf

import (
	"bytes"
	"strconv"
)

// The objects of a file: nil, bool, int, float64, string, and these.
type (
	name    string
	keyword string // an operator, or a delimiter such as "["
	dict    map[name]any
	array   []any
	ref     int // the number of an object; generations play no part
)

// stream is a dictionary with bytes, not yet decoded; num and gen are those of its object, which the cipher wants.
type stream struct {
	dict     dict
	raw      []byte
	num, gen int
}

// end is the token behind the last one.
const end = keyword("")

// maxDepth bounds how deep arrays and dictionaries lie within each other.
const maxDepth = 100

// lexer reads tokens and objects from bytes. Whatever the bytes are, it moves on and comes to an end.
type lexer struct {
	data  []byte
	pos   int
	refs  bool // "1 0 R" is a reference; not so in the content of a page
	count *int // objects that may still be read; nil for as many as there are
}

func space(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// skip passes white space and comments over.
func (l *lexer) skip() {
	for l.pos < len(l.data) {
		switch c := l.data[l.pos]; {
		case space(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// token reads a number, string, name or keyword.
func (l *lexer) token() any {
	l.skip()
	if l.pos >= len(l.data) {
		return end
	}
	c := l.data[l.pos]
	switch c {
	case '(':
		return l.literal()
	case '/':
		return l.name()
	case '<':
		if bytes.HasPrefix(l.data[l.pos:], []byte("<<")) {
			l.pos += 2
			return keyword("<<")
		}
		return l.hex()
	case '>':
		if bytes.HasPrefix(l.data[l.pos:], []byte(">>")) {
			l.pos += 2
			return keyword(">>")
		}
		fallthrough
	case '[', ']', '{', '}', ')':
		l.pos++
		return keyword(c)
	}
	start := l.pos
	for l.pos < len(l.data) && !space(l.data[l.pos]) && !delimiter(l.data[l.pos]) {
		l.pos++
	}
	word := l.data[start:l.pos]
	if c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' {
		return number(word)
	}
	switch string(word) {
	case "true":
		return true
	case "false":
		return false
	}
	return keyword(word)
}

// number reads a number as leniently as viewers do: "--1", "1.-2" and "4." occur.
func number(word []byte) any {
	if len(word) > 40 {
		return 0
	}
	if n, err := strconv.Atoi(string(word)); err == nil {
		return n
	}
	negative := word[0] == '-'
	for len(word) > 0 && (word[0] == '-' || word[0] == '+') {
		word = word[1:]
	}
	if i := bytes.IndexFunc(word, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); i >= 0 {
		word = word[:i]
	}
	x, err := strconv.ParseFloat(string(word), 64)
	if err != nil {
		return 0
	}
	if negative {
		x = -x
	}
	return x
}

func (l *lexer) name() name {
	l.pos++
	start := l.pos
	escaped := false
	for l.pos < len(l.data) && !space(l.data[l.pos]) && !delimiter(l.data[l.pos]) {
		escaped = escaped || l.data[l.pos] == '#'
		l.pos++
	}
	word := l.data[start:l.pos]
	if !escaped {
		return name(word)
	}
	var out []byte
	for i := 0; i < len(word); i++ {
		if word[i] == '#' && i+2 < len(word) {
			if high, low := unhex(word[i+1]), unhex(word[i+2]); high >= 0 && low >= 0 {
				out = append(out, byte(high<<4|low))
				i += 2
				continue
			}
		}
		out = append(out, word[i])
	}
	return name(out)
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (l *lexer) hex() string {
	l.pos++
	var out []byte
	half := -1
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		l.pos++
		if c == '>' {
			break
		}
		n := unhex(c)
		switch {
		case n < 0:
		case half < 0:
			half = n
		default:
			out = append(out, byte(half<<4|n))
			half = -1
		}
	}
	if half >= 0 {
		out = append(out, byte(half<<4))
	}
	return string(out)
}

func (l *lexer) literal() string {
	l.pos++
	var out []byte
	depth := 1
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		l.pos++
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return string(out)
			}
		case '\\':
			out = l.escape(out)
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

// escape reads what follows a backslash in a string.
func (l *lexer) escape(out []byte) []byte {
	if l.pos >= len(l.data) {
		return out
	}
	c := l.data[l.pos]
	l.pos++
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\r':
		if l.pos < len(l.data) && l.data[l.pos] == '\n' {
			l.pos++
		}
		return out
	case '\n':
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	n := int(c - '0')
	for range 2 {
		if l.pos >= len(l.data) || l.data[l.pos] < '0' || l.data[l.pos] > '7' {
			break
		}
		n = n<<3 | int(l.data[l.pos]-'0')
		l.pos++
	}
	return append(out, byte(n))
}

// object reads one object. A keyword that begins none is returned as it is.
func (l *lexer) object(depth int) any {
	if l.count != nil {
		if *l.count--; *l.count < 0 {
			l.pos = len(l.data)
			return end
		}
	}
	switch t := l.token().(type) {
	case int:
		if l.refs {
			return l.reference(t)
		}
		return t
	case keyword:
		switch t {
		case "null":
			return nil
		case "[":
			return l.array(depth + 1)
		case "<<":
			return l.dict(depth + 1)
		}
		return t
	default:
		return t
	}
}

// reference reads "n 0 R" behind its first number, or only that.
func (l *lexer) reference(n int) any {
	back := l.pos
	if _, ok := l.token().(int); ok && l.token() == keyword("R") {
		return ref(n)
	}
	l.pos = back
	return n
}

func (l *lexer) array(depth int) array {
	var a array
	for depth < maxDepth {
		o := l.object(depth)
		if k, ok := o.(keyword); ok {
			if k == "]" || k == end || k == ">>" || k == "endobj" {
				break
			}
			continue
		}
		a = append(a, o)
	}
	return a
}

func (l *lexer) dict(depth int) dict {
	d := dict{}
	for depth < maxDepth {
		key := l.token()
		k, ok := key.(name)
		if !ok {
			if key == keyword(">>") || key == end {
				break
			}
			if key == keyword("endobj") || key == keyword("stream") {
				l.pos -= len(key.(keyword))
				break
			}
			continue
		}
		value := l.object(depth)
		if value == keyword(">>") || value == end {
			break
		}
		d[k] = value
	}
	return d
}
