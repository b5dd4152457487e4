package render

import "github.com/ibid-archive/ibid/archive"

// sgr is the parameters of one Select Graphic Rendition sequence (ECMA-48
// §8.3.117), of the eight colours that every terminal maps to its theme.
type sgr string

const (
	bold    sgr = "1"
	dim     sgr = "2"
	red     sgr = "31"
	green   sgr = "32"
	yellow  sgr = "33"
	magenta sgr = "35"
	cyan    sgr = "36"
)

func (p *printer) paint(color sgr, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[" + string(color) + "m" + s + "\x1b[0m"
}

func colorOf(v archive.Verdict) sgr {
	switch v {
	case archive.Alive:
		return green
	case archive.Moved:
		return cyan
	case archive.Drifted, archive.Unreachable:
		return yellow
	case archive.Restricted, archive.Blocked:
		return magenta
	case archive.Soft404, archive.Gone, archive.Invalid:
		return red
	}
	return dim
}
