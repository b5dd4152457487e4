package seeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scheme is the beginning of an address up to its host, as written.
type scheme struct {
	name     string // in lower case, without "://"
	size     int    // bytes of text, slashes included
	defanged bool
	repaired bool
}

// schemeNames maps the spellings of a scheme, in lower case, to what they stand for; longer ones come first. Schemes
// that are not fetched are known so that such a citation is reported rather than overlooked.
var schemeNames = [...]struct{ written, meant string }{
	{"http", "http"}, {"hxxp", "http"}, {"h**p", "http"}, {"h__p", "http"}, {"h--p", "http"}, {"hxtp", "http"},
	{"htxp", "http"}, {"ht*p", "http"}, {"h*tp", "http"}, {"hppt", "http"}, {"htpp", "http"},
	{"ftps", "ftps"}, {"ftp", "ftp"}, {"fxp", "ftp"}, {"sftp", "sftp"}, {"file", "file"}, {"gopher", "gopher"},
	{"gemini", "gemini"}, {"ipfs", "ipfs"}, {"ipns", "ipns"}, {"wss", "wss"}, {"ws", "ws"}, {"s3", "s3"},
}

// schemeAt reads a scheme and its slashes at the beginning of t. Inside a word only the plain form counts, for there
// it is an address glued to the word before.
func schemeAt(t string, insideWord bool) (scheme, bool) {
	if t == "" || !strings.ContainsRune("hfgiws", rune(t[0]|0x20)) {
		return scheme{}, false
	}
	for _, known := range schemeNames {
		if !hasPrefixFold(t, known.written) {
			continue
		}
		s := scheme{name: known.meant, size: len(known.written)}
		switch known.written {
		case "http", "ftps", "ftp", "sftp", "file", "gopher", "gemini", "ipfs", "ipns", "wss", "ws", "s3":
		case "hppt", "htpp":
			s.repaired = true
		default:
			s.defanged = true
		}
		if known.meant == "http" {
			s.readSecure(t)
		}
		if ok := s.readSlashes(t); !ok {
			return scheme{}, false
		}
		if insideWord && (s.defanged || s.repaired) {
			return scheme{}, false
		}
		return s, true
	}
	return scheme{}, false
}

// readSecure reads the s of https, which some authors bracket too.
func (s *scheme) readSecure(t string) {
	for _, form := range [...]string{"s", "[s]", "(s)"} {
		if hasPrefixFold(t[s.size:], form) {
			s.name = "https"
			s.size += len(form)
			s.defanged = s.defanged || len(form) > 1
			return
		}
	}
}

// readSlashes reads "://" in the forms that authors give it.
func (s *scheme) readSlashes(t string) bool {
	for _, form := range [...]string{"[://]", "(://)", "{://}", "<://>"} {
		if strings.HasPrefix(t[s.size:], form) {
			s.size += len(form)
			s.defanged = true
			return true
		}
	}
	colon := false
	for _, form := range [...]string{":", "[:]", "(:)", "{:}", "<:>", "：", "[:"} {
		if strings.HasPrefix(t[s.size:], form) {
			s.size += len(form)
			s.defanged = s.defanged || len(form) > 1
			colon = true
			break
		}
	}
	slashes, plain := 0, true
	for {
		n, count, form := slashAt(t[s.size:])
		if n == 0 {
			break
		}
		s.size += n
		slashes += count
		plain = plain && form == slashPlain
		s.defanged = s.defanged || form == slashDefanged
		s.repaired = s.repaired || form == slashEscaped
	}
	switch {
	case slashes == 0, !colon && slashes != 2:
		return false
	case !colon, slashes != 2 && s.name != "file":
		s.repaired = true
	}
	// One slash is a slip only in front of a host; "http:/" alone is prose.
	return slashes > 1 || startsWord(t[s.size:])
}

type slashForm int

const (
	slashPlain slashForm = iota
	slashEscaped
	slashDefanged
)

// slashAt reads one slash, or two within one pair of brackets.
func slashAt(t string) (n, count int, form slashForm) {
	switch {
	case t == "":
		return 0, 0, slashPlain
	case t[0] == '/':
		return 1, 1, slashPlain
	case strings.HasPrefix(t, `\/`):
		return 2, 1, slashEscaped // as JSON writes it
	case t[0] == '\\':
		return 1, 1, slashDefanged
	}
	for _, pair := range [...]string{"[/]", "(/)", "{/}", "[//]", "(//)", "{//}", "／"} {
		if strings.HasPrefix(t, pair) {
			return len(pair), max(1, strings.Count(pair, "/")), slashDefanged
		}
	}
	return 0, 0, slashPlain
}

// hasPrefixFold compares ASCII without regard to case; prefix is in lower case.
func hasPrefixFold(t, prefix string) bool {
	if len(t) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		c := t[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}

// startsWord tells whether t begins with a letter or a digit.
func startsWord(t string) bool {
	r, n := utf8.DecodeRuneInString(t)
	return n > 0 && isWord(r)
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return isWordByte(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
