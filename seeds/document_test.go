package seeds

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"

	"github.com/ibid-archive/ibid/seeds/reports"
)

// TestPlaces builds a document as the reader of a format without lines would, and reads it.
func TestPlaces(t *testing.T) {
	w := newWriter(nil)
	w.doc.meta = metadata{title: " The\nRiver ", authors: []string{"", "Jane Doe"}, canonical: "river.test"}
	w.place(Position{Page: 1, Place: "paragraph 1, run 1"})
	w.begin(blockHeading, 1)
	w.put("Not the title")
	w.begin(blockParagraph, 0)
	w.place(Position{Page: 1, Place: "paragraph 2, run 1"})
	w.put("The dam was opened in ")
	start := w.at()
	w.put("May")
	w.link(start, link{target: "https://a.test/x"})
	w.put(".")
	w.place(Position{Page: 1, Place: "paragraph 2, run 2"})
	start = w.at()
	w.put("1")
	w.mark(start, "1")
	w.put(" See www.example.org or ")
	start = w.at()
	w.put("https://code.test/")
	w.bar(start)
	w.begin(blockParagraph, 0) // nothing is in it
	w.place(Position{Page: 2, Place: "note 1"})
	w.begin(blockNote, 0)
	start = w.at()
	w.put("Says https://b.test/, accessed 3 May 2022.")
	w.note(start, start, "1")
	w.place(Position{Place: "note 2"})
	w.begin(blockNote, 0)
	start = w.at()
	w.put("Ibid.")
	w.note(start, start, "2")
	w.begin(blockCell, 0)
	w.place(Position{Place: "row 7"})
	w.put("https://c.test/")

	r := &Report{}
	if err := w.document().fill(r); err != nil {
		t.Fatal(err)
	}
	want := `title: The River
authors: Jane Doe
mark 1 at page 1, paragraph 2, run 2: The dam was opened in May.
note 1 at page 2, note 1: Says https://b.test/, accessed 3 May 2022.
note 2 at note 2: Ibid.
citation P1.1 at page 1, paragraph 2, run 1: https://a.test/x shown="May"
citation P1.2 at page 1, paragraph 2, run 2: https://www.example.org/ raw="www.example.org"
citation 1.1 at page 2, note 1: https://b.test/ accessed="2022-05-03"
citation 2.1 at note 2: https://b.test/ raw="Ibid."
citation R7.1 at row 7: https://c.test/
note url-repaired at page 1, paragraph 2, run 2: www.example.org is read as https://www.example.org/
warning note-unused at note 2: no mark points to note 2
`
	if diff := cmp.Diff(want, described(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if j := NewReportJSON(r); j.Citations[1].Page != 1 || j.Citations[1].Place != "paragraph 2, run 2" || j.Citations[1].Line != 0 || j.Findings[1].Place != "note 2" {
		t.Errorf("JSON has %+v and %+v", j.Citations[1], j.Findings[1])
	}
}

// TestMarkdownEncodings reads one report in several encodings: what is found stands where the report says.
func TestMarkdownEncodings(t *testing.T) {
	const text = "---\ntitle: Отчёт\n---\nПлотину **открыли** в мае.[^1] Никого не [предупредили](https://а.рф/путь).^[См. https://b.test/\\_x.]\n\n" +
		"> Всё [это][2] &amp; <a href=\"https://c.test/?a&amp;b\">то</a>\n> www.пример.рф/x\n\n[^1]: 😀 https://d.test/\n\n[2]: https://e.test/\n"
	want := countsOf(mustRead(t, "r.md", []byte(text)))
	if (want != counts{Marks: 2, Notes: 2, Citations: 6, Seeds: 6}) {
		t.Fatalf("counts = %+v", want)
	}
	for name, e := range map[string]encoding.Encoding{
		"UTF-8":    encoding.Nop,
		"BOM":      unicode.UTF8BOM,
		"UTF-16LE": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16BE": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	} {
		for _, end := range []string{"\n", "\r\n"} {
			data, err := e.NewEncoder().Bytes([]byte(strings.ReplaceAll(text, "\n", end)))
			if err != nil {
				t.Fatal(err)
			}
			r := mustRead(t, "r.md", data)
			checkReport(t, r, data)
			if got := countsOf(r); got != want || r.Title != "Отчёт" {
				t.Errorf("%s with %q: %+v, title %q, want %+v", name, end, got, r.Title, want)
			}
		}
	}
}

// TestMarkdownAsText reads plain text as Markdown: the samples have no markup but <https://…>, so everything must be the
// same but the text of notes.
func TestMarkdownAsText(t *testing.T) {
	names, err := fs.Glob(reports.FS, "*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal("no samples", err)
	}
	for _, name := range names {
		text := readSample(t, name)
		data, err := fs.ReadFile(reports.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		markdown := mustRead(t, name+".md", data)
		if len(markdown.Notes) != len(text.Notes) {
			t.Errorf("%s: %d notes, want %d", name, len(markdown.Notes), len(text.Notes))
		}
		markdown.Path, markdown.Format, markdown.Notes = text.Path, text.Format, text.Notes
		if diff := cmp.Diff(text, markdown); diff != "" {
			t.Errorf("%s (-text +markdown):\n%s", name, diff)
		}
	}
}
