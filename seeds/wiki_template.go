package seeds

import (
	"strings"
)

// wikiParam is source.text[from:to], a parameter of a template. Its name is in lower case without blanks, hyphens and
// digits; it has none if only its place names it.
type wikiParam struct {
	name     string
	from, to int
}

// brace reads a template, or a parameter of this page, which is left out.
func (w *wiki) brace(i, to int) int {
	p := w.pair(i)
	if p == nil || int(p.close) >= to {
		n := runLength(w.src.text, i)
		w.text(i, min(to, i+n))
		return min(to, i+n)
	}
	next := int(p.close) + int(p.size)
	if p.size == 2 && w.depth < maxNesting {
		w.depth++
		w.template(p)
		w.depth--
	}
	return next
}

// parameters cuts a template at its pipes.
func (w *wiki) parameters(p *wikiPair) (name string, all []wikiParam) {
	t := w.src.text
	from, at := int(p.open)+2, p.first
	for first := true; ; first = false {
		to := int(p.close)
		if at >= 0 {
			to = int(w.pipes[at].at)
		}
		if first {
			name = wikiName(t[from:to])
		} else {
			all = append(all, w.parameter(from, to))
		}
		if at < 0 {
			return name, all
		}
		from, at = to+1, w.pipes[at].next
	}
}

// wikiName is what the spellings of the name of a template have in common.
func wikiName(t string) string {
	const longest = 200 // bytes
	t = t[:min(len(t), longest)]
	if n := strings.Index(t, "<!--"); n >= 0 {
		t = t[:n]
	}
	t = strings.ToLower(collapse(strings.ReplaceAll(t, "_", " ")))
	return strings.TrimPrefix(t, "template:")
}

func (w *wiki) parameter(from, to int) wikiParam {
	const longest = 60 // bytes of a name
	t := w.src.text
	p := wikiParam{from: from, to: to}
	if n := strings.IndexAny(t[from:min(to, from+longest)], "={[<&/:"); n >= 0 && t[from+n] == '=' {
		p.name = strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || strings.ContainsRune(" -_\n\r\t", r) {
				return -1
			}
			return r
		}, strings.ToLower(t[from:from+n]))
		p.from += n + 1
	}
	for p.from < p.to && strings.IndexByte(" \t\r\n", t[p.from]) >= 0 {
		p.from++
	}
	for p.from < p.to && strings.IndexByte(" \t\r\n", t[p.to-1]) >= 0 {
		p.to--
	}
	return p
}

// template writes what a template shows.
func (w *wiki) template(p *wikiPair) {
	name, all := w.parameters(p)
	end := int(p.close) + 2
	if text, ok := wikiCharacter(name); ok {
		w.symbol(text, int(p.open), end)
		return
	}
	switch name {
	case "reflist", "notelist", "notelist-ua", "notelist-lr", "refs", "references", "примечания", "références", "notes", "listaref", "fontes", "noteslist", "references-small":
		return // what it holds are notes with names
	case "sfn", "sfnp", "sfnm", "shortened footnote", "snf":
		w.shortNote(p, all)
		return
	case "harvnb", "harv", "harvp", "harvtxt", "harvcol", "harvcolnb":
		w.shortText(all)
		return
	case "r", "ref name":
		w.namedNotes(p, all)
		return
	case "efn", "efn-ua", "efn-lr", "refn", "#tag:ref", "efn-la", "ref":
		w.noteTemplate(name, p, all)
		return
	case "rp", "citation needed", "cn", "fact", "better source needed", "page needed", "clarify", "when", "who", "by whom", "dead link", "dubious", "coord", "short description", "anchor", "see also", "main":
		return
	case "url", "official url", "official website":
		if len(all) > 0 {
			w.writeLink(all[0].from, all[0].to, w.linkOf(all[0].from, all[0].to))
		}
		return
	case "lang", "transl", "transliteration":
		if n := len(all); n > 0 {
			w.value(all[n-1])
		}
		return
	case "convert", "cvt":
		w.shortText(all[:min(2, len(all))])
		return
	case "abbr", "nowrap", "nobr", "small", "em", "strong", "tooltip", "as of", "ill", "interlanguage link", "flag", "flagu", "gloss":
		if len(all) > 0 {
			w.value(all[0])
		}
		return
	}
	if wikiCites(name, all) {
		w.reference(all)
		return
	}
	w.unknown(p, all)
}

// value writes the wikitext of a parameter.
func (w *wiki) value(p wikiParam) { w.run(p.from, p.to, false) }

// unknown writes what is given to a template of which nothing is known, if notes or addresses are in it, and what a
// template within a sentence has for its only parameter.
func (w *wiki) unknown(p *wikiPair, all []wikiParam) {
	block := strings.Contains(w.src.text[p.open:p.close], "\n") || !w.open
	if len(all) == 1 && all[0].name == "" && !block {
		w.value(all[0])
		return
	}
	for _, a := range all {
		if !w.worth(a.from, a.to) {
			continue
		}
		if !block {
			w.value(a)
			w.space(a.from, a.to, false)
			continue
		}
		before := w.state
		w.paragraph()
		w.state = fluentBlock{kind: blockCell}
		if before.kind == blockNote {
			w.state = before
		}
		w.value(a)
		w.paragraph()
		w.state = before
	}
}

// shortText writes parameters without names one behind the other, and pages.
func (w *wiki) shortText(all []wikiParam) {
	for i, a := range all {
		switch {
		case a.name == "":
			if i > 0 {
				w.space(a.from, a.from+1, false)
			}
		case a.name == "p" || a.name == "pp" || a.name == "page" || a.name == "pages":
			w.ensure()
			w.put(", p. ")
		case a.name == "loc":
			w.ensure()
			w.put(", ")
		default:
			continue
		}
		w.value(a)
	}
}

// shortNote reads {{sfn|Smith|2020|p=3}}: a note for all that say the same.
func (w *wiki) shortNote(p *wikiPair, all []wikiParam) {
	key := "\x00sfn" + w.src.text[p.open:p.close]
	label, ok := w.notes.labels[key]
	if !ok {
		label = w.notes.number("")
		w.notes.labels[key] = label
		w.wait(label, func() { w.shortText(all) })
	}
	w.refer("["+label+"]", int(p.open), int(p.close)+2, label)
}

// namedNotes reads {{r|a|b}}, which are marks of notes with names.
func (w *wiki) namedNotes(p *wikiPair, all []wikiParam) {
	var labels []string
	group := w.named(all, "group", "g")
	for _, a := range all {
		if a.name == "" && a.from < a.to {
			labels = append(labels, w.label(wikiRef{open: int(p.open), group: group, name: w.src.text[a.from:a.to], empty: true}))
		}
	}
	if len(labels) > 0 {
		w.refer("["+strings.Join(labels, ", ")+"]", int(p.open), int(p.close)+2, labels...)
	}
}

// named is the value of the first parameter that has one of some names.
func (w *wiki) named(all []wikiParam, names ...string) string {
	for _, a := range all {
		for _, n := range names {
			if a.name == n {
				return strings.Trim(w.src.text[a.from:a.to], `"`)
			}
		}
	}
	return ""
}

// noteTemplate reads {{efn|…}} and the like. Notes within it come first, as MediaWiki numbers them.
func (w *wiki) noteTemplate(name string, p *wikiPair, all []wikiParam) {
	r := wikiRef{open: int(p.open), group: w.named(all, "group"), name: w.named(all, "name"), empty: true}
	switch {
	case r.group != "":
	case name == "efn", name == "efn-la":
		r.group = "lower-alpha"
	case name == "efn-ua":
		r.group = "upper-alpha"
	case name == "efn-lr":
		r.group = "note"
	}
	for _, a := range all {
		if a.name == "" && a.from < a.to {
			r.from, r.to, r.empty = a.from, a.to, false
			break
		}
	}
	if r.empty && r.name == "" {
		return
	}
	for _, inner := range w.within(r.from, r.to) {
		w.label(inner)
	}
	label := w.label(r)
	w.refer("["+label+"]", int(p.open), int(p.close)+2, label)
}

// wikiCharacter is what a template shows that stands for a character.
func wikiCharacter(name string) (string, bool) {
	switch name {
	case "nbsp", "spaces", "thinsp", "hair space":
		return " ", true
	case "snd", "spaced ndash", "spnd", "–":
		return " – ", true
	case "ndash", "en dash":
		return "–", true
	case "mdash", "em dash":
		return "—", true
	case "!":
		return "|", true
	case "=":
		return "=", true
	case "'":
		return "'", true
	case "·", "bull", "middot":
		return "·", true
	case "...", "ellipsis":
		return "…", true
	}
	return "", false
}
