package seeds

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// readHost reads a host at the position of a: labels, dots in every form that defanging gives them, and a port. With
// a scheme before it any name will do; without one the caller checks the result, and forms that prose uses as well are
// left alone.
func (a *addressScan) readHost(hasScheme bool) {
	start := len(a.out)
	labels := start
	for a.pos < len(a.text) {
		r, n := utf8.DecodeRuneInString(a.text[a.pos:])
		switch {
		case r|0x20 == 'h' && len(a.out) > start && a.glued():
			return
		case r < utf8.RuneSelf && isWordByte(byte(r)), r == '-', r == '_':
			a.emit(n)
			continue
		case zeroWidth(r):
			if !a.skipZeroWidth(n) {
				return
			}
			continue
		case r >= utf8.RuneSelf && !isIdeographicDot(r) && (isWord(r) || unicode.IsMark(r)):
			// A script without spaces goes straight on after the address.
			if len(a.out) > labels && a.out[labels] < utf8.RuneSelf && publicHost(a.out[start:]) {
				return
			}
			a.emit(n)
			continue
		}
		if len(a.out) == labels {
			return // two dots in a row, or no label at all
		}
		n, kind := a.dotAt(a.pos, hasScheme)
		if kind == dotNone || (kind == dotLoose || kind == dotSpelled) && publicHost(a.out[start:]) {
			break
		}
		a.out = append(a.out, '.')
		a.pos += n
		a.defanged = a.defanged || kind != dotPlain
		a.spelled = a.spelled || kind == dotSpelled
		labels = len(a.out)
	}
	if len(a.out) > start {
		a.readPort()
	}
}

// readPort reads ":" and digits; a colon with nothing behind it belongs to the sentence.
func (a *addressScan) readPort() {
	for _, form := range [...]string{":", "[:]"} {
		rest, ok := strings.CutPrefix(a.text[a.pos:], form)
		if !ok {
			continue
		}
		n := 0
		for n < len(rest) && n < 8 && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if n > 0 {
			a.out = append(append(a.out, ':'), rest[:n]...)
			a.pos += len(form) + n
			a.defanged = a.defanged || form != ":"
		}
	}
}

// dotKind says how a dot of a host name is written.
type dotKind int

const (
	dotNone    dotKind = iota
	dotPlain           // a.b
	dotMarked          // a[.]b, a(dot)b, a\.b and the like: nobody writes this by accident
	dotSpelled         // a dot b: English too, so it counts only while the name is no host yet
	dotLoose           // "a .b", or an ideographic full stop: likewise
)

// dotAt reads a dot of any form at offset at; a word must follow it.
func (a *addressScan) dotAt(at int, hasScheme bool) (n int, kind dotKind) {
	t := a.text[at:]
	defer func() {
		if kind != dotNone && !startsWord(t[n:]) && !strings.HasPrefix(t[n:], "_") {
			n, kind = 0, dotNone
		}
	}()
	switch {
	case t == "":
		return 0, dotNone
	case strings.HasPrefix(t, ".]"), strings.HasPrefix(t, "[.") && !strings.HasPrefix(t, "[.]"), strings.HasPrefix(t, `\.`):
		return 2, dotMarked
	case t[0] == '.':
		return 1, dotPlain
	case strings.ContainsRune("[({<", rune(t[0])):
		return bracketedDot(t)
	}
	if r, size := utf8.DecodeRuneInString(t); isIdeographicDot(r) {
		return size, dotLoose
	}
	gap := spaces(t)
	if gap == 0 || gap == len(t) {
		return 0, dotNone
	}
	switch inner := t[gap:]; {
	case strings.ContainsRune("[({<", rune(inner[0])):
		if n, kind := bracketedDot(inner); kind != dotNone {
			return gap + n, kind
		}
	case hasPrefixFold(inner, "dot") && spaces(inner[3:]) > 0:
		return gap + 3 + spaces(inner[3:]), dotSpelled
	case inner[0] == '.' && hasScheme:
		// Mail gateways put a space before the dots of addresses.
		return gap + 1, dotLoose
	}
	return 0, dotNone
}

// bracketedDot reads [.] (.) {.} <.> and the same around "dot", with up to two spaces inside and behind.
func bracketedDot(t string) (n int, kind dotKind) {
	closer := closerOf(t[0])
	i := 1 + spaces(t[1:])
	switch {
	case i < len(t) && t[i] == '.':
		i++
	case hasPrefixFold(t[i:], "dot"):
		i += 3
	default:
		return 0, dotNone
	}
	i += spaces(t[i:])
	if i >= len(t) || t[i] != closer {
		return 0, dotNone
	}
	i++
	return i + spaces(t[i:]), dotMarked
}

// spaces counts the bytes of up to two blanks at the beginning of t.
func spaces(t string) int {
	n := 0
	for range 2 {
		switch {
		case strings.HasPrefix(t[n:], " "):
			n++
		case strings.HasPrefix(t[n:], "\u00a0"):
			n += 2
		}
	}
	return n
}

func isIdeographicDot(r rune) bool { return r == '．' || r == '。' || r == '｡' || r == '・' }

// maxHost is the longest host name in bytes (RFC 1035 §2.3.4, without the dot of the root).
const maxHost = 253

// publicHost tells whether a name ends in a suffix of the public suffix list's ICANN section and is more than that
// suffix alone. Rules of the private section only prove that the name lies under a real one.
func publicHost(host []byte) bool {
	if len(host) > maxHost || bytes.IndexByte(host, '.') < 0 {
		return false
	}
	name, err := idna.Punycode.ToASCII(strings.ToLower(string(host)))
	if err != nil {
		return false
	}
	suffix, icann := publicsuffix.PublicSuffix(name)
	if icann {
		return name != suffix
	}
	return strings.Contains(suffix, ".")
}

// bareHostShape tells whether the labels of a name without a scheme are those of a host.
func bareHostShape(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
	}
	return true
}

// wordy tells a name that is rather a slip of typing than a host: "i.e.in", "10.30.am".
func wordy(name string) bool {
	return strings.IndexByte(name, '.') < 2 || strings.Trim(name[:strings.LastIndexByte(name, '.')], "0123456789.") == ""
}

// fileSuffix tells the top-level domains that are met as endings of file names more often than in addresses.
func fileSuffix(name string) bool {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "md", "py", "rs", "sh", "pl", "zip", "mov", "so", "ps", "cc", "ml", "mm", "app", "bat", "tf", "hs", "vi":
		return true
	}
	return false
}
