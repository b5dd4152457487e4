package crawler

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// cssScanner finds the URLs of a style sheet (CSS Syntax 3, CSS Values 4): the
// url() of any property, @import in both forms and the strings of image-set().
type cssScanner struct {
	s     []byte
	pos   int
	yield func(ref, kind string)

	font   int // -1 outside @font-face, 0 before its block, else the depth of blocks in it
	parens int // open parentheses since image-set(, 0 outside it
}

// cssStop holds the bytes that matter anywhere, cssStopNested those that matter
// within @font-face and image-set() as well; most of a sheet is neither.
var (
	cssStop       = [256]bool{'(': true, '@': true, '\\': true, '"': true, '\'': true, '/': true}
	cssStopNested = [256]bool{'(': true, '@': true, '\\': true, '"': true, '\'': true, '/': true,
		')': true, '{': true, '}': true, ';': true}
)

// scan reads the whole sheet. It accepts any bytes.
func (c *cssScanner) scan() {
	if bytes.IndexByte(c.s, '(') < 0 && bytes.IndexByte(c.s, '@') < 0 {
		return
	}
	c.font = -1
	for {
		stop := &cssStop
		if c.font >= 0 || c.parens > 0 {
			stop = &cssStopNested
		}
		start := c.pos
		for c.pos < len(c.s) && !stop[c.s[c.pos]] {
			c.pos++
		}
		if c.pos >= len(c.s) {
			return
		}
		switch b := c.s[c.pos]; b {
		case '(', '\\':
			// The name before it: what a "#" or a digit leads is no function.
			end := c.pos
			for c.pos > start && cssName[c.s[c.pos-1]] {
				c.pos--
			}
			hash := c.pos > 0 && c.s[c.pos-1] == '#' || c.pos < end && c.s[c.pos] >= '0' && c.s[c.pos] <= '9'
			if b == '\\' || !hash {
				name := c.ident()
				if hash || !c.function(name) {
					c.open()
				}
			} else {
				c.pos = end
				c.open()
			}
		case '/':
			if bytes.HasPrefix(c.s[c.pos:], []byte("/*")) {
				c.comment()
			} else {
				c.pos++
			}
		case '"', '\'':
			if v, ok := c.string(); ok && c.parens == 1 {
				c.yield(v, RequisiteImage)
			}
		case '@':
			c.pos++
			c.atRule(c.ident())
		default:
			c.pos++
			c.nest(b)
		}
	}
}

// open steps over a parenthesis, if there is one.
func (c *cssScanner) open() {
	if c.pos < len(c.s) && c.s[c.pos] == '(' {
		c.pos++
		if c.parens > 0 {
			c.parens++
		}
	}
}

// nest keeps the depth of blocks in @font-face and of parentheses in image-set().
func (c *cssScanner) nest(b byte) {
	switch b {
	case ')':
		c.parens = max(0, c.parens-1)
		return
	case '{':
		if c.font >= 0 {
			c.font++
		}
	case '}':
		if c.font--; c.font <= 0 {
			c.font = -1
		}
	case ';':
		if c.font == 0 {
			c.font = -1
		}
	}
	c.parens = 0 // none of these stands within parentheses of a value
}

// function acts on the parenthesis that follows a name, and reports whether it did.
func (c *cssScanner) function(name []byte) bool {
	if c.pos >= len(c.s) || c.s[c.pos] != '(' {
		return false
	}
	switch {
	case cssIs(name, "url"):
		if v, ok := c.url(); ok {
			c.yield(v, c.kind(v))
		}
	case cssIs(name, "image-set"), cssIs(name, "-webkit-image-set"):
		c.pos++
		c.parens = 1
	default:
		return false
	}
	return true
}

func (c *cssScanner) atRule(name []byte) {
	switch {
	case cssIs(name, "import"):
		c.space()
		if c.pos >= len(c.s) {
			return
		}
		if b := c.s[c.pos]; b == '"' || b == '\'' {
			if v, ok := c.string(); ok {
				c.yield(v, RequisiteStyle)
			}
		} else if c.nameStart() && cssIs(c.ident(), "url") && c.pos < len(c.s) && c.s[c.pos] == '(' {
			if v, ok := c.url(); ok {
				c.yield(v, RequisiteStyle)
			}
		}
	case cssIs(name, "namespace"), cssIs(name, "document"), cssIs(name, "-moz-document"):
		c.prelude() // their URLs are names
	case cssIs(name, "font-face"):
		c.font = 0
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
		case b == '/' && bytes.HasPrefix(c.s[c.pos:], []byte("/*")):
			c.comment()
		case c.nameStart():
			if !c.function(c.ident()) {
				c.open()
			}
		default:
			c.pos++
		}
	}
}

// kind guesses what a url() brings: within @font-face a font, else by its ending.
func (c *cssScanner) kind(ref string) string {
	if c.font > 0 {
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
		if c.parens > 0 {
			c.parens++ // closed by the scan
		}
		return c.string()
	}
	start, escaped, bad := c.pos, false, false
	end := -1
	for ; c.pos < len(c.s) && c.s[c.pos] != ')'; c.pos++ {
		switch b := c.s[c.pos]; {
		case b == '\\':
			escaped = true
			c.escape()
			c.pos--
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
	return cssText(c.s[start:end], escaped), !bad
}

// string reads a string token at its quote (§4.3.5). A line end breaks it off.
func (c *cssScanner) string() (string, bool) {
	quote := c.s[c.pos]
	c.pos++
	start, escaped := c.pos, false
	for ; c.pos < len(c.s); c.pos++ {
		switch b := c.s[c.pos]; b {
		case quote:
			c.pos++
			return cssText(c.s[start:c.pos-1], escaped), true
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
	return cssText(c.s[start:], escaped), true
}

// ident reads a run of name characters and escapes; it may be empty only where
// pos is at none.
func (c *cssScanner) ident() []byte {
	start, escaped := c.pos, false
	for c.pos < len(c.s) {
		if cssName[c.s[c.pos]] {
			c.pos++
		} else if c.s[c.pos] == '\\' {
			escaped = true
			c.escape()
		} else {
			break
		}
	}
	if escaped {
		return []byte(cssUnescape(string(c.s[start:c.pos])))
	}
	return c.s[start:c.pos]
}

// escape passes over an escape (§4.3.7): the backslash with one character, or
// with up to six hexadecimal digits and the blank that ends them.
func (c *cssScanner) escape() {
	c.pos++
	digits := 0
	for digits < 6 && c.pos < len(c.s) && robotsHex(c.s[c.pos]) >= 0 {
		c.pos++
		digits++
	}
	if c.pos < len(c.s) && (digits == 0 || pageSpace[c.s[c.pos]]) {
		c.pos++
	}
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
		} else if bytes.HasPrefix(c.s[c.pos:], []byte("/*")) {
			c.comment()
		} else {
			return
		}
	}
}

func (c *cssScanner) comment() {
	if i := bytes.Index(c.s[c.pos+2:], []byte("*/")); i >= 0 {
		c.pos += i + 4
	} else {
		c.pos = len(c.s)
	}
}

// cssIs compares a name with one in lower case.
func cssIs(name []byte, lower string) bool { return pageEqualFold(name, lower) }

// cssText is the text of a token. A data: URL, which may be megabytes, is not
// worth decoding and comes back short.
func cssText(token []byte, escaped bool) string {
	if pageIsData(token) {
		token = token[:min(len(token), 32)]
	}
	if escaped {
		return cssUnescape(string(token))
	}
	return string(token)
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
