package seeds

import (
	"strings"
)

// bracket reads [https://… text] and [[page|text]].
func (w *wiki) bracket(i, to int) int {
	t := w.src.text
	p := w.pair(i)
	if p == nil || int(p.close) >= to {
		n := runLength(t, i)
		if p != nil {
			n = int(p.size)
		}
		w.text(i, min(to, i+n))
		return i + n
	}
	end := int(p.close)
	if p.size == 2 {
		return w.wikiLink(p, i+2, end)
	}
	from := i + 1
	size := strings.IndexAny(t[from:end], " \t<>\"\u00a0")
	if size < 0 {
		size = end - from
	}
	if n := strings.Index(t[from:from+size], "''"); n >= 0 {
		size = n
	}
	raw := t[from : from+size]
	if !strings.HasPrefix(raw, "//") && !wikiScheme(raw) || w.linked {
		w.text(i, i+1) // the text of brackets is read as such
		return i + 1
	}
	at := from + size
	a := w.linkOf(from, at)
	if strings.TrimSpace(t[at:end]) == "" {
		w.writeLink(from, at, a)
		return end + 1
	}
	for at < end && (t[at] == ' ' || t[at] == '\t') {
		at++
	}
	w.openLink(end, end+1, a)
	return at
}

// wikiScheme tells what may begin a link to another site.
func wikiScheme(raw string) bool {
	scheme, rest, ok := strings.Cut(raw[:min(len(raw), 40)], ":")
	if !ok || rest == "" {
		return false
	}
	switch strings.ToLower(scheme) {
	case "mailto", "news", "tel", "irc", "urn", "geo":
		return true
	}
	return strings.HasPrefix(rest, "//")
}

// linkOf is the link to the address at source.text[from:to].
func (w *wiki) linkOf(from, to int) link {
	raw := w.src.text[from:to]
	return link{target: resolved(raw, false), raw: raw, from: int32(from), to: int32(to)}
}

// writeLink writes an address that is linked and shown.
func (w *wiki) writeLink(from, to int, a link) {
	w.ensure()
	start := w.at()
	w.write(a.target, from, to)
	if !w.linked {
		w.link(start, a)
	}
}

// openLink makes what is written up to the offset to the text of a link; reading goes on at next.
func (w *wiki) openLink(to, next int, a link) {
	w.ensure()
	start, blocks := w.at(), len(w.doc.blocks)
	w.linked = true
	w.closers = append(w.closers, fluentCloser{at: to, next: next, run: func() {
		w.linked = false
		if blocks != len(w.doc.blocks) || !w.open {
			w.ensure()
			start = w.at() // its text is more than a paragraph
		}
		w.link(start, a)
	}})
}

// wikiLink writes the text of [[page|text]], which is source.text[from:end].
func (w *wiki) wikiLink(p *wikiPair, from, end int) int {
	t := w.src.text
	next := end + 2
	target := t[from:end]
	if p.first >= 0 {
		target = t[from:w.pipes[p.first].at]
	}
	space, _, prefixed := strings.Cut(strings.TrimSpace(target[:min(len(target), 60)]), ":")
	if prefixed && space != "" {
		switch {
		case wikiFile(strings.ToLower(space)):
			w.caption(p, end)
			return next
		case wikiHidden(strings.ToLower(space)), p.first < 0 && len(space) <= 3 && strings.Trim(space, "abcdefghijklmnopqrstuvwxyz") == "":
			return next
		}
	}
	if p.first < 0 {
		if strings.HasPrefix(target, ":") {
			from++
		}
		w.text(from, end)
		return next
	}
	shown := int(w.pipes[p.first].at) + 1
	if shown == end { // [[Help:Contents|]]
		if prefixed {
			from += strings.IndexByte(target, ':') + 1
		}
		w.text(from, int(w.pipes[p.first].at))
		return next
	}
	w.closers = append(w.closers, fluentCloser{at: end, next: next, run: func() {}})
	return shown
}

// caption writes the text below an image, if it has notes or addresses: it is the last thing between pipes.
func (w *wiki) caption(p *wikiPair, end int) {
	if p.last < 0 || w.depth >= maxNesting {
		return
	}
	from := int(w.pipes[p.last].at) + 1
	if !w.worth(from, end) {
		return
	}
	before, gap := w.state, w.gap
	w.paragraph()
	w.state = fluentBlock{kind: w.outer()}
	w.depth++
	w.run(from, end, false)
	w.depth--
	w.paragraph()
	w.state, w.gap = before, gap
}

// worth tells whether notes, addresses or templates stand in source.text[from:to].
func (w *wiki) worth(from, to int) bool {
	t := w.src.text[from:to]
	return len(w.within(from, to)) > 0 || strings.Contains(t, "//") || strings.Contains(t, "{{")
}

// wikiFile tells the names of the namespace of files.
func wikiFile(space string) bool {
	switch space {
	case "file", "image", "media", "datei", "bild", "fichier", "archivo", "imagen", "ficheiro", "imagem", "file ", "immagine", "bestand", "plik", "fil", "tiedosto", "файл", "изображение", "зображення":
		return true
	}
	return false
}

// wikiHidden tells the namespaces to which a link is not shown.
func wikiHidden(space string) bool {
	switch space {
	case "category", "kategorie", "catégorie", "categoría", "categoria", "categorie", "kategoria", "категория", "категорія":
		return true
	}
	return false
}
