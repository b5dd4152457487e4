package seeds

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// hostileRTF are such pieces of RTF.
var hostileRTF = []string{
	`a\par `, `{`, `{}`, `}`, `\'`, `\'41`, `\u8211-`, `\u-10179?`, `\bin`, `\bin9999999999 `, `\*`, `{\*\x `, `\chftn`, `{\footnote a}`, `{\chftn{\footnote a}}`,
	`{\super *{\footnote a}}`, `\intbl a\cell\row `, `\cell`, `{\field{\*\fldinst HYPERLINK "a.test"}{\fldrslt b}}`, `{\fldrslt `, `{\shp{\*\shpinst{\shptxt a\par}}}`,
	`{\listtext 1.}a\par `, `\uc9999 \u1`, `{\stylesheet{\s1 a;}}`, `{\info{\title a}{\author b}}`, `\sect1\ftnrestart `, `{\deleted a\par}`,
}

// TestHostileRTF reads a great deal of each piece.
func TestHostileRTF(t *testing.T) {
	for _, piece := range hostileRTF {
		hostileReport(t, "report.rtf", piece, func(much string) []byte { return []byte(`{\rtf1` + much) }, "deep")
	}
}

func FuzzRTF(f *testing.F) {
	names, err := filepath.Glob("testdata/formats/rtf-*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("report.rtf", data)
		if err != nil {
			return
		}
		checkReport(t, r, data)
	})
}
