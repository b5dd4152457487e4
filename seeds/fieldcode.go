package seeds

import "strings"

// fieldCode is the code of a field of a word processor: HYPERLINK "https://a.test/" \l "part".
type fieldCode struct {
	name     string // in upper case
	argument string // the first one
	anchor   string // of \l
}

// maxField bounds the code of one field, in bytes.
const maxField = 16 << 10

// readField reads a code. What is between quotes is an argument, and so is a word; a switch is a backslash with a letter.
func readField(code string) fieldCode {
	var f fieldCode
	pending := byte(0) // a switch that takes an argument
	for code = strings.TrimSpace(code); code != ""; code = strings.TrimLeft(code, " \t\r\n") {
		if code[0] == '\\' && len(code) > 1 && code[1] != '\\' {
			pending = 0
			switch c := code[1] | 0x20; c {
			case 'l', 'o', 't', '*' | 0x20:
				pending = c
			}
			code = code[2:]
			continue
		}
		word, rest := fieldWord(code)
		code = rest
		switch {
		case f.name == "":
			f.name = strings.ToUpper(word)
		case pending == 'l':
			f.anchor = word
		case pending != 0:
		case f.argument == "":
			f.argument = word
		}
		pending = 0
	}
	return f
}

// fieldWord cuts a word, or what is between quotes, off a code. In both a backslash stands before what is meant as it is.
func fieldWord(code string) (word, rest string) {
	closer := " \t\r\n"
	switch {
	case code[0] == '"':
		closer, code = `"`, code[1:]
	case strings.HasPrefix(code, "“"):
		closer, code = "”", code[len("“"):]
	}
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch {
		case code[i] == '\\' && i+1 < len(code) && (code[i+1] == '\\' || code[i+1] == '"'):
			i++
			b.WriteByte(code[i])
		case len(closer) == 4 && strings.IndexByte(closer, code[i]) >= 0:
			return b.String(), code[i:]
		case len(closer) < 4 && strings.HasPrefix(code[i:], closer):
			return b.String(), code[i+len(closer):]
		default:
			b.WriteByte(code[i])
		}
	}
	return b.String(), ""
}

// link returns the address that a field links, empty if it links none, or a place in the document itself.
func (f fieldCode) link() string {
	if f.name != "HYPERLINK" {
		return ""
	}
	return withAnchor(f.argument, f.anchor)
}

// withAnchor adds the fragment that word processors keep beside an address.
func withAnchor(target, anchor string) string {
	if target == "" || anchor == "" || strings.Contains(target, "#") {
		return target
	}
	return target + "#" + anchor
}
