// Package pdftest makes small PDF files for tests, from a description that can be read.
package pdftest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Draw makes a PDF file of a description. A line of it is one of
//
//	page                     begins a page of 612 by 792 points
//	text X Y SIZE TEXT       writes in Times, in Windows-1252; what stands between ^ and ^ is a superscript
//	bold X Y SIZE TEXT       writes in Times-Bold
//	rule X Y WIDTH           draws a line
//	link X0 Y0 X1 Y1 URL     lays a link over a rectangle
//	image                    draws an image without text
//	info KEY TEXT            says something of the file, such as Title
//	raw CONTENT              goes into the content of the page as it is
//
// A line that is empty or begins with # does nothing. Draw panics on any other one: it is for tests.
func Draw(description string, how ...Option) []byte {
	f := &file{}
	for _, o := range how {
		o(f)
	}
	for n, l := range strings.Split(description, "\n") {
		if err := f.draw(strings.TrimSpace(l)); err != nil {
			panic(fmt.Sprintf("line %d: %q: %v", n+1, l, err))
		}
	}
	return f.bytes()
}

// Option changes how a file is written, not what it shows.
type Option func(*file)

// Packed writes the objects into a compressed object stream and the table into a cross-reference stream.
func Packed(f *file) { f.packed = true }

// Damaged leaves the cross-reference table out.
func Damaged(f *file) { f.damaged = true }

type page struct {
	content bytes.Buffer
	links   []string
}

type file struct {
	pages           []*page
	info            strings.Builder
	packed, damaged bool
}

func (f *file) draw(l string) error {
	word, rest, _ := strings.Cut(l, " ")
	if l == "" || l[0] == '#' {
		return nil
	}
	if word == "info" {
		key, value, _ := strings.Cut(rest, " ")
		fmt.Fprintf(&f.info, "/%s %s ", key, literal(value))
		return nil
	}
	if word == "page" || len(f.pages) == 0 {
		f.pages = append(f.pages, &page{})
	}
	p := f.pages[len(f.pages)-1]
	var x, y, a, b float64
	switch word {
	case "page":
	case "text", "bold":
		if _, err := fmt.Sscan(rest, &x, &y, &a); err != nil {
			return err
		}
		font := map[string]string{"text": "R", "bold": "B"}[word]
		fmt.Fprintf(&p.content, "BT 1 0 0 1 %g %g Tm ", x, y)
		for i, part := range strings.Split(after(rest, 3), "^") {
			size, rise := a, 0.0
			if i%2 == 1 {
				size, rise = 0.6*a, 0.35*a
			}
			fmt.Fprintf(&p.content, "/%s %g Tf %g Ts %s Tj ", font, size, rise, literal(part))
		}
		p.content.WriteString("ET\n")
	case "rule":
		if _, err := fmt.Sscan(rest, &x, &y, &a); err != nil {
			return err
		}
		fmt.Fprintf(&p.content, "%g %g m %g %g l S\n", x, y, x+a, y)
	case "link":
		if _, err := fmt.Sscan(rest, &x, &y, &a, &b); err != nil {
			return err
		}
		p.links = append(p.links, fmt.Sprintf("<</Type/Annot/Subtype/Link/Rect[%g %g %g %g]/A<</S/URI/URI %s>>>>", x, y, a, b, literal(after(rest, 4))))
	case "image":
		p.content.WriteString("q 500 0 0 700 50 50 cm /I Do Q\n")
	case "raw":
		p.content.WriteString(rest + "\n")
	default:
		return fmt.Errorf("no word of the description")
	}
	return nil
}

// after is what follows n words.
func after(s string, n int) string {
	for range n {
		_, s, _ = strings.Cut(strings.TrimLeft(s, " "), " ")
	}
	return s
}

// literal writes a string of a PDF file, in Windows-1252.
func literal(s string) string {
	encoded, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return "(" + strings.NewReplacer("\\", "\\\\", "(", "\\(", ")", "\\)").Replace(encoded) + ")"
}

// bytes writes the file: catalog, pages, fonts, an image, and two objects for every page.
func (f *file) bytes() []byte {
	objects := []string{
		1: "<</Type/Catalog/Pages 2 0 R/Lang(en)>>",
		3: "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>",
		4: "<</Type/Font/Subtype/Type1/BaseFont/Times-Bold/Encoding/WinAnsiEncoding>>",
		5: "<<" + f.info.String() + ">>",
		6: stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", []byte{0}),
	}
	var kids strings.Builder
	for _, p := range f.pages {
		n := len(objects)
		fmt.Fprintf(&kids, "%d 0 R ", n)
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R/Annots[%s]>>", n+1, strings.Join(p.links, " ")),
			stream("", p.content.Bytes()))
	}
	objects[2] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 612 792]/Resources<</Font<</R 3 0 R/B 4 0 R>>/XObject<</I 6 0 R>>>>>>",
		kids.String(), len(f.pages))

	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	offsets := make([]int, len(objects)+2)
	var header, packed bytes.Buffer
	count := 0
	for n, o := range objects {
		switch {
		case n == 0:
		case f.packed && !strings.Contains(o, "stream\n"):
			fmt.Fprintf(&header, "%d %d ", n, packed.Len())
			packed.WriteString(o + " ")
			offsets[n] = -count - 1
			count++
		default:
			offsets[n] = b.Len()
			fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, o)
		}
	}
	if f.damaged {
		b.WriteString("trailer\n<</Root 1 0 R/Info 5 0 R>>\n")
		return b.Bytes()
	}
	if f.packed {
		n := len(objects)
		offsets[n] = b.Len()
		head := fmt.Sprintf("/Type/ObjStm/N %d/First %d", count, header.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, stream(head, append(header.Bytes(), packed.Bytes()...)))
		at := b.Len()
		offsets[n+1] = at
		var table bytes.Buffer
		for _, o := range offsets {
			switch {
			case o < 0:
				table.Write([]byte{2, byte(n >> 8), byte(n), byte(-o - 1)})
			default:
				table.Write([]byte{1, byte(o >> 8), byte(o), 0})
			}
		}
		head = fmt.Sprintf("/Type/XRef/Size %d/W[1 2 1]/Root 1 0 R/Info 5 0 R", n+2)
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", n+1, stream(head, table.Bytes()), at)
		return b.Bytes()
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects))
	for _, o := range offsets[1:len(objects)] {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects), at)
	return b.Bytes()
}

// stream writes a compressed stream.
func stream(head string, data []byte) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err := z.Write(data)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", head, b.Len(), b.String())
}
