package seeds

import (
	"net/url"
	"strings"

	"github.com/ibid-archive/ibid/seeds/pdf"
)

// linkGrid finds the link at a place of a page.
type linkGrid struct {
	first int // the links of the page are those from here on
	rects []gridRect
	cells map[[2]int][]int32
}

type gridRect struct {
	pdf.Rect
	link int32
}

const (
	gridCell = 12      // points
	maxCells = 4000    // that one link may cover
	maxGrid  = 8 << 20 // cells that all links together may cover
	maxStack = 8       // links in one cell
)

// grid registers the links of a page.
func (p *pdfReader) grid(page *pdf.Page) *linkGrid {
	g := &linkGrid{first: len(p.links), cells: make(map[[2]int][]int32)}
	for i, l := range page.Links {
		if len(p.links) > maxCitations {
			continue
		}
		// The parts of one link that goes on in the next line are often links of their own: they come to the same entry.
		index := len(p.links)
		switch {
		case l.URI == "":
			index = -i - 1
		case index > g.first && p.links[index-1].target == l.URI:
			index--
		default:
			p.links = append(p.links, pdfLink{target: l.URI, y: l.Rects[0].Y0})
		}
		for _, r := range l.Rects {
			x0, x1, y0, y1 := int(r.X0)/gridCell, int(r.X1)/gridCell, int(r.Y0)/gridCell, int(r.Y1)/gridCell
			n := (x1 - x0 + 1) * (y1 - y0 + 1)
			if n > maxCells || p.cells+n > maxGrid {
				continue
			}
			p.cells += n
			g.rects = append(g.rects, gridRect{r, int32(index)})
			for x := x0; x <= x1; x++ {
				for y := y0; y <= y1; y++ {
					if c := g.cells[[2]int{x, y}]; len(c) < maxStack {
						g.cells[[2]int{x, y}] = append(c, int32(len(g.rects)-1))
					}
				}
			}
		}
	}
	return g
}

// at returns the link at a place, or 0.
func (g *linkGrid) at(x, y float64) int32 {
	for _, i := range g.cells[[2]int{int(x) / gridCell, int(y) / gridCell}] {
		r := g.rects[i]
		if x >= r.X0 && x <= r.X1 && y >= r.Y0 && y <= r.Y1 {
			return r.link
		}
	}
	return 0
}

// joint says how a link goes on from the end of one line, shown so far, at the beginning of the next one: without
// a space, and perhaps without the hyphen at the end. It is false if the target does not tell.
func joint(target, shown, next string) (hyphen, ok bool) {
	const enough = 12
	shown = strings.TrimRight(shown, " ")
	next = strings.TrimLeft(next, " ")
	tail := shown[max(0, len(shown)-enough):]
	head := next[:min(len(next), enough)]
	if tail == "" || head == "" || !strings.ContainsAny(shown, "./") {
		return false, false
	}
	targets := []string{target}
	if meant, err := url.PathUnescape(target); err == nil && meant != target {
		targets = append(targets, meant) // what a report shows, instead of %C3%A9
	}
	for _, target := range targets {
		if strings.Contains(target, tail+head) {
			return true, true
		}
		for _, h := range [...]string{"-", "\u00ad", "‐"} {
			if cut, found := strings.CutSuffix(tail, h); found && strings.Contains(target, cut+head) {
				return false, true
			}
		}
	}
	return false, false
}
