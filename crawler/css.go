package crawler

import (
	"strings"
	"unicode/utf8"
)

// cssScanner finds the URLs of a style sheet (CSS Syntax 3, CSS Values 4): the
// url() of any property, @import in both forms and the strings of image-set().
type cssScanner struct {
	s     string
	pos   int
	yield func(ref, kind string)

	depth, parens int
	fontFace      int  // depth of the block of an @font-face, 0 outside
	fontFaceNext  bool // the next block is one
	imageSet      int  // depth of parentheses in image-set(), 0 outside
}

// scan reads the whole sheet. It accepts any bytes.
func (c *cssScanner) scan() {
	if strings.IndexByte(c.s, '(') < 0 && strings.IndexByte(c.s, '@') < 0 {
		return
	}
	for c.pos < len(c.s) {
		switch b := c.s[c.pos]; {
		case cssName[b]:
			if b >= '0' && b <= '9' {
				c.ident() // a number with its unit, no function
				continue
			}
			c.function(c.ident())
		case b == '\\':
			c.function(c.ident())
		case b == '/' && strings.HasPrefix(c.s[c.pos:], "/*"):
			c.comment()
		case b == '"' || b == '\'':
			if v, ok := c.string(); ok && c.imageSet > 0 && c.imageSet == c.parens {
				c.yield(v, RequisiteImage)
			}
		case b == '@':
			c.pos++
			c.atRule(c.ident())
		case b == '#':
			c.pos++
			c.ident()
		default:
			c.pos++
			c.count(b)
		}
	}
}

// count keeps the depth of blocks and parentheses.
func (c *cssScanner) count(b byte) {
	switch b {
	case '{':
		c.depth++
		if c.fontFaceNext {
			c.fontFace, c.fontFaceNext = c.depth, false
		}
	case '}':
		c.depth = max(0, c.depth-1)
		if c.depth < c.fontFace {
			c.fontFace = 0
		}
		c.parens, c.imageSet = 0, 0
	case ';':
		c.fontFaceNext = false
	case '(':
		c.parens++
	case ')':
		c.parens = max(0, c.parens-1)
		if c.parens < c.imageSet {
			c.imageSet = 0
		}
	}
}

// function acts on an identifier that a parenthesis follows.
func (c *cssScanner) function(name string) {
	if c.pos >= len(c.s) || c.s[c.pos] != '(' {
		return
	}
	switch {
	case len(name) == 3 && strings.EqualFold(name, "url"):
		if v, ok := c.url(); ok {
			c.yield(v, c.kind(v))
		}
	case strings.EqualFold(name, "image-set"), strings.EqualFold(name, "-webkit-image-set"):
		c.pos++
		c.parens++
		c.imageSet = c.parens
	}
}

func (c *cssScanner) atRule(name string) {
	switch {
	case strings.EqualFold(name, "import"):
		c.space()
		if c.pos >= len(c.s) {
			return
		}
		if b := c.s[c.pos]; b == '"' || b == '\'' {
			if v, ok := c.string(); ok {
				c.yield(v, RequisiteStyle)
			}
		} else if c.nameStart() && strings.EqualFold(c.ident(), "url") && c.pos < len(c.s) && c.s[c.pos] == '(' {
			if v, ok := c.url(); ok {
				c.yield(v, RequisiteStyle)
			}
		}
	case strings.EqualFold(name, "namespace"), strings.EqualFold(name, "document"), strings.EqualFold(name, "-moz-document"):
		c.prelude() // their URLs are names
	case strings.EqualFold(name, "font-face"):
		c.fontFaceNext = true
	}
}

// prelude passes over what stands between an at-rule's name and its block or semicolon.
func (c *cssScanner) prelude() {
	yield := c.yield
	c.yield = func(string, string) {}
	defer func() { c.yield = yield }()
	for c.pos < len(c.s) {
		switch b := c.s[c.pos]; {
		case b == ';' || b == '{':
			return
		case b == '"' || b == '\'':
			c.string()
		case b == '/' && strings.HasPrefix(c.s[c.pos:], "/*"):
			c.comment()
		case c.nameStart():
			c.function(c.ident())
		default:
			c.pos++
		}
	}
}

// kind guesses what a url() brings: within @font-face a font, else by its ending.
func (c *cssScanner) kind(ref string) string {
	if c.fontFace > 0 {
		return RequisiteFont
	}
	path := ref
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		switch strings.ToLower(path[i+1:]) {
		case "woff", "woff2", "ttf", "otf", "eot":
			return RequisiteFont
		case "css":
			return RequisiteStyle
		}
	}
	return RequisiteImage
}

// url reads the rest of a url token or function at its parenthesis (CSS Syntax
// 3 §4.3.6). A bad one is passed over.
func (c *cssScanner) url() (string, bool) {
	c.pos++
	for c.pos < len(c.s) && pageSpace[c.s[c.pos]] {
		c.pos++
	}
	if c.pos < len(c.s) && (c.s[c.pos] == '"' || c.s[c.pos] == '\'') {
		c.parens++
		return c.string()
	}
	start, escaped, bad := c.pos, false, false
	end := -1
	for ; c.pos < len(c.s) && c.s[c.pos] != ')'; c.pos++ {
		switch b := c.s[c.pos]; {
		case b == '\\':
			escaped = true
			c.pos++ // whatever it is, it does not end the token
		case pageSpace[b]:
			if end < 0 {
				end = c.pos
			}
		case end >= 0 || b == '"' || b == '\'' || b == '(' || b < 0x20 || b == 0x7f:
			bad = true
		}
	}
	c.pos = min(c.pos, len(c.s))
	if end < 0 {
		end = c.pos
	}
	if c.pos < len(c.s) {
		c.pos++
	}
	v := c.s[start:end]
	if escaped {
		v = cssUnescape(v)
	}
	return v, !bad
}

// string reads a string token at its quote (§4.3.5). A line end breaks it off.
func (c *cssScanner) string() (string, bool) {
	quote := c.s[c.pos]
	c.pos++
	start, escaped := c.pos, false
	for ; c.pos < len(c.s); c.pos++ {
		switch b := c.s[c.pos]; b {
		case quote:
			v := c.s[start:c.pos]
			c.pos++
			if escaped {
				v = cssUnescape(v)
			}
			return v, true
		case '\\':
			escaped = true
			if c.pos++; c.pos+1 < len(c.s) && c.s[c.pos] == '\r' && c.s[c.pos+1] == '\n' {
				c.pos++
			}
		case '\n', '\r', '\f':
			return "", false
		}
	}
	c.pos = len(c.s)
	v := c.s[start:]
	if escaped {
		v = cssUnescape(v)
	}
	return v, true
}

// ident reads a run of name characters and escapes; it may be empty only where
// pos is at none.
func (c *cssScanner) ident() string {
	start, escaped := c.pos, false
	for c.pos < len(c.s) {
		if cssName[c.s[c.pos]] {
			c.pos++
		} else if c.s[c.pos] == '\\' {
			escaped = true
			c.pos = min(c.pos+2, len(c.s))
			for n := 1; n < 6 && c.pos < len(c.s) && robotsHex(c.s[c.pos-1]) >= 0 && robotsHex(c.s[c.pos]) >= 0; n++ {
				c.pos++
			}
			if c.pos < len(c.s) && robotsHex(c.s[c.pos-1]) >= 0 && pageSpace[c.s[c.pos]] {
				c.pos++ // the blank that ends a hexadecimal escape
			}
		} else {
			break
		}
	}
	if v := c.s[start:c.pos]; !escaped {
		return v
	}
	return cssUnescape(c.s[start:c.pos])
}

func (c *cssScanner) nameStart() bool {
	b := c.s[c.pos]
	return cssName[b] || b == '\\'
}

// space passes over white space and comments.
func (c *cssScanner) space() {
	for c.pos < len(c.s) {
		if pageSpace[c.s[c.pos]] {
			c.pos++
		} else if strings.HasPrefix(c.s[c.pos:], "/*") {
			c.comment()
		} else {
			return
		}
	}
}

func (c *cssScanner) comment() {
	if i := strings.Index(c.s[c.pos+2:], "*/"); i >= 0 {
		c.pos += i + 4
	} else {
		c.pos = len(c.s)
	}
}

// cssUnescape decodes the escapes of §4.3.7; an escaped line end vanishes.
func cssUnescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 >= len(s) {
			if s[i] != '\\' {
				b.WriteByte(s[i])
			}
			continue
		}
		i++
		switch h := robotsHex(s[i]); {
		case h >= 0:
			r := rune(0)
			n := 0
			for ; n < 6 && i+n < len(s) && robotsHex(s[i+n]) >= 0; n++ {
				r = r<<4 | rune(robotsHex(s[i+n]))
			}
			i += n - 1
			if i+1 < len(s) && pageSpace[s[i+1]] {
				i++
				if s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
					i++
				}
			}
			if r == 0 || !utf8.ValidRune(r) {
				r = utf8.RuneError
			}
			b.WriteRune(r)
		case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
			i++
		case s[i] == '\n' || s[i] == '\r' || s[i] == '\f':
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// cssName holds the bytes of names: letters, digits, "-", "_" and all that is not ASCII.
var cssName = func() (t [256]bool) {
	for i := range t {
		b := byte(i)
		t[i] = b|0x20 >= 'a' && b|0x20 <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b >= 0x80
	}
	return t
}()
