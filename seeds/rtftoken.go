package seeds

import (
	"bytes"
	"strconv"
)

// rtfToken is a piece of Rich Text Format 1.9.1: a brace, a control word or symbol, a byte in hexadecimal, or text.
type rtfToken struct {
	kind  rtfKind
	word  string // of a control word or symbol
	value int    // its parameter, 1 if there is none; the byte
	given bool   // there is a parameter
	text  []byte
}

type rtfKind int

const (
	rtfEnd rtfKind = iota
	rtfOpen
	rtfClose
	rtfWord
	rtfSymbol
	rtfHex
	rtfPlain
)

// rtfTokens cuts a report into tokens.
type rtfTokens struct {
	data []byte
	at   int
}

func (t *rtfTokens) next() rtfToken {
	for t.at < len(t.data) && (t.data[t.at] == '\r' || t.data[t.at] == '\n') {
		t.at++
	}
	if t.at >= len(t.data) {
		return rtfToken{}
	}
	switch t.data[t.at] {
	case '{':
		t.at++
		return rtfToken{kind: rtfOpen}
	case '}':
		t.at++
		return rtfToken{kind: rtfClose}
	case '\\':
		return t.control()
	}
	start := t.at
	if n := bytes.IndexAny(t.data[start:], "\\{}\r\n"); n >= 0 {
		t.at += n
	} else {
		t.at = len(t.data)
	}
	return rtfToken{kind: rtfPlain, text: t.data[start:t.at]}
}

// control reads what begins with a backslash.
func (t *rtfTokens) control() rtfToken {
	const longest = 40 // a control word, in bytes
	t.at++
	if t.at >= len(t.data) {
		return rtfToken{}
	}
	start := t.at
	for t.at < len(t.data) && t.at-start < longest && letter(t.data[t.at]) {
		t.at++
	}
	if t.at == start {
		t.at++
		if t.data[start] != '\'' {
			return rtfToken{kind: rtfSymbol, word: string(t.data[start:t.at])}
		}
		digits := t.data[t.at:min(len(t.data), t.at+2)]
		n, err := strconv.ParseUint(string(digits), 16, 8)
		if err != nil || len(digits) < 2 {
			return rtfToken{kind: rtfSymbol, word: ":"} // no escape, and nothing to be seen
		}
		t.at += len(digits)
		return rtfToken{kind: rtfHex, value: int(n)}
	}
	token := rtfToken{kind: rtfWord, word: string(t.data[start:t.at]), value: 1}
	start = t.at
	if t.at < len(t.data) && t.data[t.at] == '-' {
		t.at++
	}
	for t.at < len(t.data) && t.at-start < longest && t.data[t.at] >= '0' && t.data[t.at] <= '9' {
		t.at++
	}
	if n, err := strconv.ParseInt(string(t.data[start:t.at]), 10, 32); err == nil {
		token.value, token.given = int(n), true
	}
	if t.at < len(t.data) && t.data[t.at] == ' ' {
		t.at++
	}
	if token.word == "bin" && token.given && token.value > 0 {
		t.at = min(len(t.data), t.at+token.value)
	}
	return token
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
