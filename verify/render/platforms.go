package render

import (
	"fmt"
	"io"

	"github.com/ibid-archive/ibid/archive"
)

// Platform is what is known of one platform that visits ask, and how its
// self-test went.
type Platform struct {
	Name      string        `json:"name"`
	About     string        `json:"about"`
	Note      string        `json:"note,omitempty"`
	Page      bool          `json:"page"` // whether the source's own page is evidence too
	Endpoints []Endpoint    `json:"endpoints"`
	Test      *PlatformTest `json:"test,omitempty"` // nil when it was not tested
}

// Endpoint is an address of a platform that is asked.
type Endpoint struct {
	Name string `json:"name"`
	URL  string `json:"url"` // "" for one on the host of the source
	Off  bool   `json:"off,omitempty"`
}

// PlatformTest is how a platform answered about what has been there for long and
// what never was.
type PlatformTest struct {
	OK          bool          `json:"ok"`
	Differences []string      `json:"differences"` // what was answered otherwise than expected
	Known       *archive.Post `json:"known,omitempty"`
	Missing     *archive.Post `json:"missing,omitempty"`
}

// Widths of the columns of names.
const (
	platformColumn = 10
	endpointColumn = 22
)

// Platforms writes each platform, whom visits ask about it, and how that went.
func Platforms(w io.Writer, all []Platform, o TextOptions) error {
	p := newPrinter(w, o)
	for i := range all {
		if i > 0 {
			p.line("")
		}
		p.platform(&all[i])
	}
	return p.flush()
}

// PlatformsJSON writes the same as version 1 of a document.
func PlatformsJSON(w io.Writer, all []Platform) error {
	return encode(w, struct {
		Version   int        `json:"version"`
		Platforms []Platform `json:"platforms"`
	}{1, all})
}

func (p *printer) platform(f *Platform) {
	head := p.paint(bold, pad(f.Name, platformColumn))
	switch {
	case f.Test == nil:
	case f.Test.OK:
		p.line(head + p.paint(green, "as expected"))
		head = pad("", platformColumn)
	default:
		p.line(head + p.paint(red, "DIFFERS"))
		head = pad("", platformColumn)
	}
	for _, line := range wrap(f.About, p.width-platformColumn, 4) {
		p.line(head + line)
		head = pad("", platformColumn)
	}
	for _, e := range f.Endpoints {
		at := e.URL
		switch {
		case e.Off:
			at = "off"
		case at == "":
			at = "on the host of the source"
		}
		name := "  " + pad(e.Name, endpointColumn)
		if columns(name)+columns(at) > p.width {
			p.line("  " + e.Name)
			name = "    "
		}
		p.line(name + at) // whole: an address that is cut cannot be copied
	}
	for _, line := range wrap(f.Note, p.width-2, 4) {
		p.line("  " + p.paint(dim, line))
	}
	if f.Test == nil {
		return
	}
	for _, d := range f.Test.Differences {
		for i, line := range wrap(clean(d, longLine), p.width-4, 6) {
			p.line(fmt.Sprintf("  %c %s", "! "[min(i, 1)], p.paint(yellow, line)))
		}
	}
}
