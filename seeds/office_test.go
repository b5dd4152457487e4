package seeds

import (
	"archive/zip"
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

const wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// docxOf makes a document of a body and other parts: names and what is in them.
func docxOf(t testing.TB, body string, parts ...string) []byte {
	t.Helper()
	files := []txtar.File{{Name: "report.docx/word/document.xml", Data: []byte("<w:document " + wordSpace + "><w:body>" + body + "</w:body></w:document>")}}
	for i := 0; i < len(parts); i += 2 {
		files = append(files, txtar.File{Name: "report.docx/" + parts[i], Data: []byte(parts[i+1])})
	}
	return zipped(t, files).Data
}

// TestHostileDOCX gives what no word processor writes: each is an error that says what and where, or is read in part.
func TestHostileDOCX(t *testing.T) {
	t.Parallel()
	const paragraph = `<w:p><w:r><w:t>https://a.test/</w:t></w:r></w:p>`
	plain := docxOf(t, paragraph)
	encrypted := bytes.Clone(plain)
	for _, magic := range []string{"PK\x03\x04", "PK\x01\x02"} {
		at := bytes.Index(encrypted, []byte(magic)) + 6
		if magic == "PK\x01\x02" {
			at += 2
		}
		encrypted[at] |= 1
	}
	var lying bytes.Buffer
	w := zip.NewWriter(&lying)
	part, err := w.CreateRaw(&zip.FileHeader{Name: "word/document.xml", Method: zip.Store, CompressedSize64: uint64(len(paragraph)), UncompressedSize64: 3, CRC32: 1})
	if err == nil {
		_, err = part.Write([]byte(paragraph))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	var crowd []string
	for i := range maxParts {
		crowd = append(crowd, fmt.Sprintf("x/%d", i), "")
	}
	for _, tt := range []struct {
		name, want string // of the error; nothing for none
		data       []byte
	}{
		{"document type", "document type is not allowed", docxOf(t, paragraph, "word/styles.xml", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`)},
		{"entity", "invalid character entity", docxOf(t, "<w:p><w:r><w:t>&lol;</w:t></w:r></w:p>")},
		{"depth", "elements lie more than 200 deep", docxOf(t, strings.Repeat("<w:sdt>", 1000))},
		{"tables in tables", "elements lie more than 200 deep", docxOf(t, strings.Repeat("<w:tbl><w:tr><w:tc>", 100))},
		{"fields in fields", "paragraph 1: fields lie more than 32 deep", docxOf(t, "<w:p>"+strings.Repeat(`<w:r><w:fldChar w:fldCharType="begin"/></w:r>`, 100)+"</w:p>")},
		{"zip bomb", "times its size", docxOf(t, strings.Repeat("<w:x>"+strings.Repeat(" ", 1<<20)+"</w:x>", freeRatio>>20))},
		{"many notes", "references to notes", docxOf(t, "<w:p><w:r>"+strings.Repeat(`<w:footnoteReference/>`, maxNotes+1)+"</w:r></w:p>")},
		{"one tag", "a tag or a text has more than", docxOf(t, `<w:p a="`+strings.Repeat(" ", maxToken+1<<16)+`"/>`)},
		{"two parts", "two parts", docxOf(t, paragraph, `WORD\document.xml`, "<x/>")},
		{"many parts", "entries, more than", docxOf(t, paragraph, crowd...)},
		{"cut", "damaged or cut", plain[:len(plain)-30]},
		{"cut XML", `part "word/document.xml": XML syntax error on line 1`, zipped(t, []txtar.File{{Name: "r.docx/word/document.xml", Data: []byte("<w:document " + wordSpace + "><w:body><w:p>")}}).Data},
		{"lies", "not a valid zip file", lying.Bytes()},
		{"encrypted entry", "protected by a password", encrypted},
		{"protected", "protected by a password", []byte(oleMagic + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")},
		{"old Word", "save it as .docx", []byte(oleMagic)},
		{"spreadsheet", "a spreadsheet is not read", docxOf(t, "", "_rels/.rels", `<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`)},
		{"no document", "no Word document is in the zip archive", docxOf(t, "", "_rels/.rels", `<Relationships><Relationship Type="x/officeDocument" Target="../../../etc/passwd"/></Relationships>`)},
		{"another root", "is no Word document", docxOf(t, "", "_rels/.rels", `<Relationships><Relationship Type="x/officeDocument" Target="x.xml"/></Relationships>`, "x.xml", "<html/>")},
		{"no notes", "", docxOf(t, `<w:p><w:r><w:t>https://a.test/</w:t><w:footnoteReference w:id="x"/></w:r></w:p>`)},
		{"no end of fields", "", docxOf(t, `<w:p><w:r><w:t>https://a.test/</w:t><w:fldChar w:fldCharType="end"/><w:fldChar w:fldCharType="begin"/></w:r></w:p>`)},
		{"styles in a circle", "", docxOf(t, `<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>https://a.test/</w:t></w:r></w:p>`,
			"word/styles.xml", `<w:styles `+wordSpace+`><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>`)},
	} {
		r, err := Read("report.docx", tt.data)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want == "" && len(r.Citations) != 1:
			t.Errorf("%s: %d citations, want one", tt.name, len(r.Citations))
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// TestPackBounds reads parts that are too much only together, and text that is.
func TestPackBounds(t *testing.T) {
	p, err := openPack(docxOf(t, "", "a", strings.Repeat("a", 60), "b", strings.Repeat("b", 60)))
	if err != nil {
		t.Fatal(err)
	}
	p.left = 100
	if data, err := p.readAll("a"); err != nil || len(data) != 60 {
		t.Errorf("the first part has %d bytes, %v", len(data), err)
	}
	if _, err := p.readAll("b"); err == nil || !strings.Contains(err.Error(), "bytes are unpacked") {
		t.Errorf("the second part: %v", err)
	}
	s := newBook().sheet()
	s.begin(blockParagraph, 0)
	for range MaxSize>>20 + 1 {
		s.put(strings.Repeat("x", 1<<20))
	}
	if _, err := s.finish(); err == nil || s.at() > MaxSize {
		t.Errorf("%d bytes of text: %v", s.at(), err)
	}
}

// hostileDOCX are pieces of a body that make a careless reader quadratic.
var hostileDOCX = []string{
	`<w:p/>`, `<w:p><w:r><w:t>a</w:t></w:r></w:p>`, `<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>`, `<w:bookmarkStart w:id="1" w:name="a"/>`,
	`<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>`, `<w:p><w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>*</w:t></w:r></w:p>`,
	`<w:p><w:pPr><w:sectPr/></w:pPr></w:p>`, `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>a </w:t></w:r></w:p>`,
	`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK a.test</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>x</w:t><w:fldChar w:fldCharType="end"/></w:r></w:p>`,
	`<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>a</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>`,
}

// TestHostileDOCXPieces reads a great deal of each piece.
func TestHostileDOCXPieces(t *testing.T) {
	for _, piece := range hostileDOCX {
		hostileReport(t, "report.docx", piece, func(much string) []byte { return docxOf(t, much) }, "deep")
	}
}

// fuzzParts fuzzes the parts of a zip archive; the parser of the archive itself is not ours. The fixtures are the corpus.
func fuzzParts(f *testing.F, report, pattern string, parts [4]string) {
	names, err := filepath.Glob("testdata/formats/" + pattern)
	if err != nil || len(names) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var data [len(parts)][]byte
		for _, file := range archive.Files {
			if i := slices.Index(parts[:], strings.TrimPrefix(file.Name, report+"/")); i >= 0 {
				data[i] = file.Data
			}
		}
		f.Add(data[0], data[1], data[2], data[3])
	}
	f.Fuzz(func(t *testing.T, a, b, c, d []byte) {
		files := []txtar.File{{Name: report + "/mimetype", Data: []byte(odtType)}}
		if strings.HasSuffix(report, ".docx") {
			files[0].Name = report + "/word/x"
		}
		for i, data := range [...][]byte{a, b, c, d} {
			if len(data) > 0 {
				files = append(files, txtar.File{Name: report + "/" + parts[i], Data: data})
			}
		}
		data := zipped(t, files).Data
		r, err := Read(report, data)
		if err != nil {
			return
		}
		checkReport(t, r, data)
	})
}

func FuzzDOCX(f *testing.F) {
	fuzzParts(f, "report.docx", "docx-*", [...]string{"word/document.xml", "word/footnotes.xml", "word/numbering.xml", "word/settings.xml"})
}
