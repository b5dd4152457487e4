package seeds

import (
	"strings"
	"unicode"
)

// linked are the links of a document that lead to other documents.
func (d *document) linked() []found {
	all := make([]found, 0, len(d.links))
	for i, l := range d.links {
		if f, ok := l.address(); ok {
			f.start, f.end, f.link = l.start, l.end, int32(i+1)
			all = append(all, f)
		}
	}
	return all
}

// linkedAt is where the address of a link is written, whose text is at shown.
func (d *document) linkedAt(l link, shown Position) Position {
	m, ok := d.origin.(*mapped)
	if !ok {
		return shown
	}
	at := m.source.position(int(l.from), int(l.to))
	at.Place = shown.Place
	return at
}

// address reads the target of a link. It is none if it leads to no other document: a fragment, a relative path, or a
// scheme such as mailto. A target that nobody could follow as it is, such as www.example.org or hxxps://…, counts if
// plain text would be read so.
func (l link) address() (found, bool) {
	target := strings.TrimFunc(l.target, invisible)
	if strings.HasPrefix(target, "//") && startsWord(target[2:]) {
		return found{url: "https:" + target}, true
	}
	scheme, rest, ok := strings.Cut(target, "://")
	if ok && schemeName(scheme) && !strings.ContainsAny(rest[:min(len(rest), maxHost)], "[({<") {
		return found{url: target}, true
	}
	if target == "" || target[0] == '#' || target[0] == '/' || target[0] == '.' {
		return found{}, false
	}
	const longest = 8 << 10
	all := findAddresses(nil, target[:min(len(target), longest)], 0)
	if len(all) == 0 || all[0].start > 0 {
		return found{}, false
	}
	f := all[0]
	if ok && schemeName(scheme) && !f.defanged {
		return found{url: target}, true
	}
	if f.end < len(target) && strings.TrimFunc(target[f.end:], unicode.IsPunct) != "" {
		return found{}, false
	}
	return f, true
}

// schemeName tells the schemes of addresses that are cited, whether or not they are fetched.
func schemeName(name string) bool {
	for _, known := range schemeNames {
		if known.written == known.meant && hasPrefixFold(name, known.meant) {
			if rest := name[len(known.meant):]; rest == "" || known.meant == "http" && (rest == "s" || rest == "S") {
				return true
			}
		}
	}
	return false
}

// mismatch tells whether a link shows an address, and leads to another one. Scheme, "www.", a slash at the end and what
// [Normalize] drops make no difference; an address that is cut with an ellipsis, and a bare host, need only begin alike.
func (c *Citation) mismatch() (shown string, ok bool) {
	if c.Shown == "" || strings.ContainsRune(c.Shown, ' ') || !strings.ContainsRune(c.Shown, '.') {
		return "", false
	}
	all := findAddresses(nil, c.Shown, 0)
	if len(all) != 1 || all[0].start > 0 {
		return "", false
	}
	rest := c.Shown[all[0].end:]
	cut := strings.HasPrefix(rest, "…") || strings.HasPrefix(rest, "..")
	if rest != "" && !cut {
		return "", false
	}
	a, err := parseAddress(all[0].url)
	if err != nil {
		return "", false
	}
	want, got := bare(a.key), bare(c.Key)
	if want == got || cut && strings.HasPrefix(got, want) || !strings.Contains(want, "/") && strings.HasPrefix(got, want+"/") {
		return "", false
	}
	return a.href, true
}

// bare is an address without its scheme, "www." and the slash at its end.
func bare(key string) string {
	_, rest, _ := strings.Cut(key, "://")
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}
