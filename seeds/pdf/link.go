package pdf

// maxLinks bounds the link annotations of a page.
const maxLinks = 100_000

// links reads the link annotations of a page.
func (f *File) links(p *Page, n node) {
	view := n.view()
	for _, o := range f.list(n.dict["Annots"]) {
		const cost = 8 // pages may share their annotations
		if f.elements -= cost; f.elements < 0 || len(p.Links) >= maxLinks {
			return
		}
		d := f.dict(o)
		if f.name(d["Subtype"]) != "Link" {
			continue
		}
		const hidden = 2
		if int(f.number(d["F"], 0))&hidden != 0 {
			continue
		}
		l := Link{}
		if quads := f.list(d["QuadPoints"]); len(quads) >= 8 && len(quads)%8 == 0 {
			for i := 0; i < len(quads) && len(l.Rects) < 100; i += 8 {
				if r, ok := f.quad(quads[i : i+8]); ok {
					l.Rects = append(l.Rects, view.rect(r))
				}
			}
		}
		if len(l.Rects) == 0 {
			r, ok := f.rect(d["Rect"])
			if !ok {
				continue
			}
			l.Rects = append(l.Rects, view.rect(r))
		}
		dest := d["Dest"]
		if action := f.dict(d["A"]); action != nil {
			switch f.name(action["S"]) {
			case "URI":
				l.URI = decodeText(f.text(action["URI"]))
			case "GoTo":
				dest = action["D"]
			}
		}
		if l.URI == "" {
			f.destination(&l, dest)
		}
		if l.URI != "" || l.Page > 0 {
			p.Links = append(p.Links, l)
		}
	}
}

// quad is the rectangle around four points.
func (f *File) quad(a array) (Rect, bool) {
	r := Rect{1e9, 1e9, -1e9, -1e9}
	for i := 0; i+1 < len(a); i += 2 {
		x, y := f.number(a[i], 0), f.number(a[i+1], 0)
		if !sane(x) || !sane(y) {
			return Rect{}, false
		}
		r = Rect{min(r.X0, x), min(r.Y0, y), max(r.X1, x), max(r.Y1, y)}
	}
	return r, r.X1 > r.X0 && r.Y1 > r.Y0
}

// destination finds the place in the file that a link leads to.
func (f *File) destination(l *Link, dest any) {
	dest = f.resolve(dest)
	switch d := dest.(type) {
	case name:
		dest = f.resolve(f.dict(f.dict(f.trailer["Root"])["Dests"])[d])
	case string:
		dest = f.resolve(f.named(d))
	}
	if d, ok := dest.(dict); ok {
		dest = f.resolve(d["D"])
	}
	a, ok := dest.(array)
	if !ok || len(a) < 2 {
		return
	}
	r, ok := a[0].(ref)
	number := f.numbers[r]
	if !ok || number == 0 {
		return
	}
	l.Page = number
	n := f.pages[number-1]
	x, y := n.box.X0, n.box.Y1
	coordinate := func(i int, otherwise float64) float64 {
		if i >= len(a) {
			return otherwise
		}
		return f.number(a[i], otherwise)
	}
	switch f.name(a[1]) {
	case "XYZ", "FitR":
		x, y = coordinate(2, x), coordinate(3, y)
	case "FitH", "FitBH":
		y = coordinate(2, y)
	}
	l.X, l.Y = n.view().apply(x, y)
}

// named looks a name up in the tree of named destinations, which is read once.
func (f *File) named(key string) any {
	if f.names == nil {
		f.names = make(map[string]any)
		seen := make(map[ref]bool)
		todo := []any{f.dict(f.dict(f.trailer["Root"])["Names"])["Dests"]}
		for len(todo) > 0 && len(f.names) < maxObjects {
			o := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if r, ok := o.(ref); ok {
				if seen[r] {
					continue
				}
				seen[r] = true
			}
			d := f.dict(o)
			todo = append(todo, f.list(d["Kids"])...)
			names := f.list(d["Names"])
			for i := 0; i+1 < len(names); i += 2 {
				f.names[f.text(names[i])] = names[i+1]
			}
		}
	}
	return f.names[key]
}
