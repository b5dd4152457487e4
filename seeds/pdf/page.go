package pdf

import (
	"fmt"
	"math"
)

// Page is what one page shows. Lengths are in points (1/72 inch), the origin is the lower left corner of the page as
// it is viewed, and y grows upwards.
type Page struct {
	Width, Height float64
	Glyphs        []Glyph // in the order in which they are drawn
	Rules         []Rule  // horizontal lines
	Links         []Link
	// Images tells that the page draws images.
	Images bool
}

// Glyph is one drawn character, or several that the font draws as one.
type Glyph struct {
	Text string // without ligatures; U+FFFD if the font does not say; empty behind a glyph that stands for more
	// X and Y are the beginning of the baseline in a page that is turned by Turn quarters so that the text is upright.
	X, Y  float64
	Width float64
	Size  float64 // of the font
	Turn  int     // 0 to 3: quarter turns, counterclockwise, of the direction of the text
	Bold  bool
}

// Rule is a horizontal line.
type Rule struct{ X0, X1, Y float64 }

// Rect is a rectangle with its lower left and upper right corner.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Link is a link annotation. Either URI is set or Page, for a place within the file.
type Link struct {
	Rects []Rect
	URI   string
	Page  int // from 1
	X, Y  float64
}

// node is a page with what it inherits.
type node struct {
	dict      dict
	resources any
	box       Rect
	turn      int
}

// Pages is the number of pages.
func (f *File) Pages() int { return len(f.pages) }

// findPages walks the tree of pages.
func (f *File) findPages() error {
	f.pages, f.numbers = nil, make(map[ref]int)
	type step struct {
		o     any
		above node
		depth int
	}
	seen := make(map[ref]bool)
	todo := []step{{o: f.dict(f.trailer["Root"])["Pages"], above: node{box: Rect{0, 0, 612, 792}}}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		r, isRef := s.o.(ref)
		if isRef && seen[r] || s.depth > maxDepth {
			continue
		}
		seen[r] = isRef
		d := f.dict(s.o)
		if d == nil {
			continue
		}
		n := s.above
		n.dict = d
		if o := d["Resources"]; o != nil {
			n.resources = o
		}
		if box, ok := f.rect(d["MediaBox"]); ok {
			n.box = box
		}
		if box, ok := f.rect(d["CropBox"]); ok {
			n.box = box
		}
		if o := d["Rotate"]; o != nil {
			n.turn = (int(f.number(o, 0))/90%4 + 4) % 4
		}
		if kids := f.list(d["Kids"]); len(kids) > 0 && f.name(d["Type"]) != "Page" {
			for i := len(kids) - 1; i >= 0; i-- {
				todo = append(todo, step{kids[i], n, s.depth + 1})
			}
			continue
		}
		if f.name(d["Type"]) == "Pages" {
			continue
		}
		f.pages = append(f.pages, n)
		if isRef {
			f.numbers[r] = len(f.pages)
		}
		if len(f.pages) > MaxPages {
			return fmt.Errorf("the file has more than %d pages: split it", MaxPages)
		}
	}
	return nil
}

// rect reads a rectangle of some size.
func (f *File) rect(o any) (Rect, bool) {
	a := f.list(o)
	if len(a) < 4 {
		return Rect{}, false
	}
	var v [4]float64
	for i := range v {
		v[i] = f.number(a[i], math.NaN())
		if !sane(v[i]) {
			return Rect{}, false
		}
	}
	r := Rect{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}
	return r, r.X1 > r.X0 && r.Y1 > r.Y0
}

// sane tells the coordinates of a page from what no page has.
func sane(x float64) bool { return x > -1e6 && x < 1e6 }

// view is the matrix from the space of a page to the page as it is viewed.
func (n node) view() matrix {
	w, h := n.box.X1-n.box.X0, n.box.Y1-n.box.Y0
	m := matrix{1, 0, 0, 1, -n.box.X0, -n.box.Y0}
	switch n.turn {
	case 1:
		return m.times(matrix{0, -1, 1, 0, 0, w})
	case 2:
		return m.times(matrix{-1, 0, 0, -1, w, h})
	case 3:
		return m.times(matrix{0, 1, -1, 0, h, 0})
	}
	return m
}

// Page reads page number from 1 on. The error is a bound that was passed; what is broken is left out.
func (f *File) Page(number int) (*Page, error) {
	n := f.pages[number-1]
	p := &Page{Width: n.box.X1 - n.box.X0, Height: n.box.Y1 - n.box.Y0}
	if n.turn%2 == 1 {
		p.Width, p.Height = p.Height, p.Width
	}
	var content []byte
	for _, o := range f.list(n.dict["Contents"]) {
		s, ok := f.resolve(o).(stream)
		if !ok {
			continue
		}
		part, err := f.decode(s)
		if err == errTooLarge {
			return nil, fmt.Errorf("page %d: %w", number, err)
		}
		if content == nil {
			content = part
			continue
		}
		content = append(append(content, '\n'), part...)
		if len(content) > f.left {
			return nil, fmt.Errorf("page %d: %w", number, errTooLarge)
		}
	}
	in := interpreter{file: f, page: p}
	in.state = state{ctm: n.view(), scale: 1}
	if err := in.run(content, f.dict(n.resources), 0); err != nil {
		return nil, fmt.Errorf("page %d: %w", number, err)
	}
	f.links(p, n)
	if f.elements < 0 {
		return nil, fmt.Errorf("page %d: the file holds more objects than are read: split it", number)
	}
	return p, nil
}
