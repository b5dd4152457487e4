package crawltest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
)

const siteCSS = `@import url("type.css");
body { max-width: 42em; margin: 0 auto; background: #fbfaf7 url("../img/paper.png") repeat; color: #222; }
img { max-width: 100%; height: auto; }
.byline { color: #666; }
`

const typeCSS = `@font-face { font-family: "Wend Serif"; src: url("/assets/wend-serif.woff2") format("woff2"); }
h1, h2 { font-family: "Wend Serif", Georgia, serif; }
`

const readerJS = `document.addEventListener("DOMContentLoaded", function () {
  var words = document.querySelector("article").textContent.trim().split(/\s+/).length;
  document.querySelector(".byline").textContent += " · " + Math.ceil(words / 220) + " min";
});
`

// gazetteAssets are the requisites of the gazette's pages.
func gazetteAssets() map[string]page {
	css := func(text string) page { return page{ctype: "text/css; charset=utf-8", body: text, etag: tagOf(text)} }
	pic := func(w, h int, seed uint32) page {
		data := picture(w, h, seed)
		return page{ctype: "image/png", body: data, etag: tagOf(data)}
	}
	font := fontStandIn()
	icon := picture(16, 16, 5)
	return map[string]page{
		"/assets/site.css":         css(siteCSS),
		"/assets/type.css":         css(typeCSS),
		"/assets/reader.js":        {ctype: "text/javascript; charset=utf-8", body: readerJS, etag: tagOf(readerJS)},
		"/assets/wend-serif.woff2": {ctype: "font/woff2", body: font, etag: tagOf(font)},
		"/favicon.ico":             {ctype: "image/png", body: icon, etag: tagOf(icon)},
		"/img/dam.png":             pic(320, 180, 1),
		"/img/dam-wide.png":        pic(640, 360, 2),
		"/img/map.png":             pic(240, 240, 3),
		"/img/paper.png":           pic(32, 32, 4),
	}
}

// picture draws hills over water: a small PNG that differs with its seed.
func picture(w, h int, seed uint32) string {
	palette := color.Palette{
		color.RGBA{0xdd, 0xe6, 0xea, 0xff}, color.RGBA{0x7d, 0x8f, 0x74, 0xff},
		color.RGBA{0x4f, 0x62, 0x55, 0xff}, color.RGBA{0x3c, 0x6e, 0x8f, 0xff},
	}
	img := image.NewPaletted(image.Rect(0, 0, w, h), palette)
	ridge, x32 := h/2, seed*2654435761+1
	for x := range w {
		x32 = x32*1664525 + 1013904223
		ridge = min(max(ridge+int(x32>>30)-1, h/4), 3*h/4)
		for y := range h {
			switch {
			case y > 4*h/5:
				img.SetColorIndex(x, y, 3)
			case y > ridge+h/8:
				img.SetColorIndex(x, y, 2)
			case y > ridge:
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // a bytes.Buffer takes everything
	return b.String()
}

// fontStandIn has the signature of a WOFF2 font and nothing else of one.
func fontStandIn() string {
	var b strings.Builder
	b.WriteString("wOF2\x00\x01\x00\x00")
	x := uint32(17)
	for range 2040 {
		x = x*1664525 + 1013904223
		b.WriteByte(byte(x >> 24))
	}
	return b.String()
}

// annualReport is a PDF of two pages.
func annualReport() string {
	return pdfOf(
		[]string{"Ministry of Works", "Rivers and Reservoirs: Annual Report 2025",
			"Works at the dam of Lower Wend cost 12.4 million crowns,", "which is 98 per cent of the year's budget for reservoirs."},
		[]string{"Table 3: repairs carried over to 2026",
			"Lower Wend, guide rail of the spillway gate: ordered again in January.",
			"Lower Wend, pumping station: none."})
}

// pdfOf makes a PDF 1.4 file with one page for each list of lines.
func pdfOf(pages ...[]string) string {
	var b strings.Builder
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(pages))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	escape := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`)
	for i, lines := range pages {
		var text strings.Builder
		text.WriteString("BT /F1 12 Tf 72 760 Td 18 TL\n")
		for _, line := range lines {
			text.WriteString("(" + escape.Replace(line) + ") Tj T*\n")
		}
		text.WriteString("ET")
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String())
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return b.String()
}
