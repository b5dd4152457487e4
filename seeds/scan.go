package seeds

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// found is one address in the text: text[start:end] as written, url as meant.
type found struct {
	start, end         int
	url                string
	defanged, repaired bool
	identifier         bool  // it names a source and is no address, see identified
	link               int32 // 1 + index of the link of the document, 0 for an address of the text
}

// addressScan reads one address. It only moves forward, and looks ahead by bounded amounts, which keeps the reading of
// any text linear.
type addressScan struct {
	text   string
	pos    int    // next byte of text
	out    []byte // the address as meant, so far
	opener rune   // the character before the address

	defanged, repaired bool
	spelled            bool // a dot of the host was written "dot" without brackets
}

// emit copies n bytes of text.
func (a *addressScan) emit(n int) {
	a.out = append(a.out, a.text[a.pos:a.pos+n]...)
	a.pos += n
}

// skipZeroWidth leaves out an invisible character inside an address; at its end it belongs to the text.
func (a *addressScan) skipZeroWidth(n int) bool {
	if !startsWord(a.text[a.pos+n:]) {
		return false
	}
	a.pos += n
	a.repaired = true
	return true
}

// addresses finds every address of a document in order: the links, and what is written outside of all that is barred.
func (d *document) addresses(barred []span) ([]found, error) {
	written := make([]found, 0, min(strings.Count(d.text, "://"), len(d.text)/32, maxCitations))
	at := 0
	for _, b := range append(barred, span{start: len(d.text)}) {
		written = findAddresses(written, d.text[:b.start], at)
		at = b.end
	}
	all := written
	if len(d.links) > 0 {
		all = append(all, d.linked()...)
		slices.SortStableFunc(all, func(a, b found) int { return a.start - b.start })
	}
	all = withoutIdentified(all)
	if len(all) > maxCitations {
		at := d.origin.position(all[maxCitations].start, all[maxCitations].end)
		return nil, fmt.Errorf("%s: more than %d addresses: split the report", at.line(), maxCitations)
	}
	return all, nil
}

// findAddresses appends every address of the text from offset i on, in order, until there are too many.
func findAddresses(all []found, text string, i int) []found {
	scratch := make([]byte, 0, 256)
	for i < len(text) && len(all) <= maxCitations {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) {
			i += n
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		inside := i > 0 && isWord(before)
		if s, ok := schemeAt(text[i:], inside); ok {
			f, next, ok := readAddress(text, i, s, before)
			if ok {
				all = append(all, f)
			}
			i = next
			continue
		}
		if !inside && (r|0x20 == 'd' || r|0x20 == 'a') {
			if f, next, ok := identified(text, i, before); ok {
				all = append(all, f)
				i = next
				continue
			}
		}
		if !inside {
			f, next, ok := readBare(text, i, before, scratch)
			if ok {
				all = append(all, f)
			}
			i = next
			continue
		}
		i = wordEnd(text, i)
	}
	return all
}

// wordEnd returns the end of the word at i, or the beginning of an address that is glued to it.
func wordEnd(text string, i int) int {
	for {
		r, n := utf8.DecodeRuneInString(text[i:])
		if n == 0 || !isWord(r) {
			return i
		}
		i += n
		if i < len(text) && text[i]|0x20 == 'h' {
			if _, ok := schemeAt(text[i:], true); ok {
				return i
			}
		}
	}
}

// readAddress reads the address whose scheme s stands at start. next is where reading goes on.
func readAddress(text string, start int, s scheme, before rune) (f found, next int, ok bool) {
	a := addressScan{text: text, pos: start + s.size, opener: before, defanged: s.defanged, repaired: s.repaired}
	for {
		// A scheme written twice is one slip of pasting.
		again, twice := schemeAt(text[a.pos:], false)
		if !twice {
			break
		}
		s = again
		a.pos += again.size
		a.defanged = a.defanged || again.defanged
		a.repaired = true
	}
	a.out = append(a.out, s.name...)
	a.out = append(a.out, "://"...)
	a.skipUserinfo()
	a.skipGap()
	hostAt := len(a.out)
	if !a.readLiteral() {
		a.readHost(true)
	}
	if len(a.out) == hostAt && s.name != "file" {
		return found{}, max(a.pos, start+1), false
	}
	// Behind a host anything in ASCII is taken in, if only to be refused as a whole; other scripts are prose.
	if r, _ := utf8.DecodeRuneInString(text[a.pos:]); r < utf8.RuneSelf || invisible(r) {
		a.readRest()
	}
	end := a.trim(start)
	return found{start: start, end: end, url: string(a.out), defanged: a.defanged, repaired: a.repaired}, a.pos, true
}

// skipUserinfo leaves out "user:password@": credentials are neither stored nor sent.
func (a *addressScan) skipUserinfo() {
	const lookAhead = 256
	t := a.text[a.pos:min(len(a.text), a.pos+lookAhead)]
	i := strings.IndexAny(t, "@/?#<>\"()[]\\ \t\r\n")
	if i >= 0 && t[i] == '@' {
		a.pos += i + 1
		a.repaired = true
	}
}

// skipGap closes the gap of "https:// example.org" if a real host follows it.
func (a *addressScan) skipGap() {
	t := a.text[a.pos:]
	gap := spaces(t)
	if gap == 0 {
		if gap = lineBreak(t); gap == 0 {
			return
		}
	}
	probe := addressScan{text: a.text[:min(len(a.text), a.pos+gap+maxHost)], pos: a.pos + gap}
	probe.readHost(false)
	host, _, _ := bytes.Cut(probe.out, []byte(":"))
	if publicHost(host) {
		a.pos += gap
		a.repaired = true
	}
}

// readLiteral reads an IPv6 address in brackets.
func (a *addressScan) readLiteral() bool {
	t := a.text[a.pos:min(len(a.text), a.pos+64)]
	if !strings.HasPrefix(t, "[") {
		return false
	}
	i := strings.IndexByte(t, ']')
	if i < 0 || !strings.Contains(t[:i], ":") || strings.Trim(t[1:i], "0123456789abcdefABCDEF:.") != "" {
		return false
	}
	a.emit(i + 1)
	a.readPort()
	return true
}

// readBare reads an address without a scheme, such as www.example.org/page or example[.]org. A plain name must end in
// a public suffix; without a path it must also look like no file name and no word with its full stop. next is
// where reading goes on. Most calls read one word of prose, so scratch spares them an allocation.
func readBare(text string, i int, before rune, scratch []byte) (f found, next int, ok bool) {
	a := addressScan{text: text, pos: i, opener: before, out: scratch[:0]}
	a.readHost(false)
	if bytes.IndexByte(a.out, '.') < 0 {
		return found{}, a.pos, false
	}
	name, _, _ := bytes.Cut(bytes.Clone(a.out), []byte(":"))
	if strings.HasPrefix(a.text[a.pos:], "@") {
		// The domain of an e-mail address is no citation.
		a.pos++
		a.readHost(false)
		return found{}, a.pos, false
	}
	if strings.ContainsRune(`@/\.-_#%&=~+$`, before) && i > 0 || !bareHostShape(string(name)) {
		return found{}, a.pos, false
	}
	if !publicHost(name) && !(a.defanged && isIPv4(string(name))) {
		return found{}, a.pos, false
	}
	hostEnd := a.pos
	path := a.hasPath()
	www := hasPrefixFold(string(name), "www.")
	switch {
	case a.spelled && !path && !www:
		return found{}, hostEnd, false
	case a.defanged, www, path:
	case string(name) != strings.ToLower(string(name)), fileSuffix(string(name)), wordy(string(name)), a.possessive():
		return found{}, hostEnd, false
	}
	a.out = append([]byte("https://"), a.out...)
	if path {
		a.readRest()
	}
	end := a.trim(i)
	return found{start: i, end: end, url: string(a.out), defanged: a.defanged, repaired: true}, a.pos, true
}

// hasPath tells whether a path or a query follows a host.
func (a *addressScan) hasPath() bool {
	t := a.text[a.pos:]
	if n, _, _ := slashAt(t); n > 0 && t[0] != '\\' {
		return true
	}
	return strings.HasPrefix(t, "?") && startsWord(t[1:]) && strings.Contains(t[:min(len(t), 64)], "=")
}

// possessive tells the "'s" of a sentence that speaks about a site rather than citing it.
func (a *addressScan) possessive() bool {
	t := a.text[a.pos:]
	return strings.HasPrefix(t, "'s") || strings.HasPrefix(t, "’s")
}

func isIPv4(name string) bool {
	parts := strings.Split(name, ".")
	for _, p := range parts {
		if !isDigits(p, 3) {
			return false
		}
	}
	return len(parts) == 4
}
