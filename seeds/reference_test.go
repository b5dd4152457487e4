package seeds

import (
	"fmt"
	"strings"
	"testing"
)

func FuzzReferences(f *testing.F) {
	for _, s := range []string{
		`[{"id": 1, "type": "book", "URL": "https:\/\/a.test/\u00e9", "accessed": {"date-parts": [[2022, 5]]}, "DOI": "10.1/x", "author": [{"family": "a"}]}]`,
		`{"type": "book", "issued": {"raw": "x"}, "note": "a\n\nhttps://b.test/", "custom": [[{"a": [1]}]]}`,
		"TY  - A\r\nUR  - https://a.test/ \r\nDO  - 10.1/x<\r\nY2  - 2022/05/03\r\nER  - \r\nTY  - B\nL1  - www.b.test",
		"cff-version: 1\ntitle: 'a''b'\nauthors:\n- name: x\n  family-names: y\nurl: \"https://a.test/\" # b\nreferences:\n  - - url: https://b.test/\n    notes: >-\n      c\n\n      d\nidentifiers:\n- value: 10.1/x\n  type: doi\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"report.csljson", "report.ris", "report.cff"} {
			r, err := Read(name, data)
			if err != nil {
				continue
			}
			checkReport(t, r, data)
		}
	})
}

// TestReferencesHostile reads a great deal of pieces that make a careless reader quadratic; see [TestHostile].
func TestReferencesHostile(t *testing.T) {
	t.Parallel()
	testHostile(t, "report.ris", []string{"TY  - A\n", "TY  - A\nER  - \n", "UR  - http://a.b/\n", "TY  - A\nUR  - http://a.b/\n", "A\n", "TY  - ", "\r", "TY  - A\nDO  - 10.1/x\n"})
	testHostile(t, "report.cff", []string{"a:\n", "- \n", "- - a: b\n", "a: >\n ", "a: 'b\n", "references:\n", "references:\n- url: http://a.b/\n", "url: http://a.b/\n", "#", "a: [", ":", " a:\n"})
	for _, piece := range []string{`{"type":"a","URL":"http://a.b/"},`, `{"type":"a","note":"http://a.b/ ","c":[1]},`, `{},`, `1,`} {
		if _, err := Read("report.csljson", []byte("["+strings.Repeat(piece, 10_000)+"1]")); err != nil {
			t.Errorf("%q: %v", piece, err)
		}
	}
	for name, report := range map[string]string{
		"report.csljson": `[{"type": "book",` + "\n" + `"custom": ` + strings.Repeat("[", 100_000),
		"r.csljson":      "[{\n\"id\": 1,\n \"URL\": \"https://a.test/\"",
		"report.cff":     "\nreferences: " + "\n" + strings.Repeat("- ", 100_000) + "a: b",
		"r.cff":          "\n\turl: https://a.test/",
	} {
		if _, err := Read(name, []byte(report)); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v, want an error with its line", name, err)
		}
	}
}

// BenchmarkReferences reads about 10 MB with 50,000 links.
func BenchmarkReferences(b *testing.B) {
	var csl, ris strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&csl, `,{"id": "key%d", "type": "webpage", "title": "The dam and the river", "author": [{"family": "Doe", "given": "Jane"}], "URL": "https://h%d.test/in/the/text/%d", "accessed": {"date-parts": [[2022, 5, 3]]}}`+"\n", i, i%997, i)
		fmt.Fprintf(&ris, "TY  - ELEC\nID  - key%d\nAU  - Doe, Jane\nTI  - The dam and the river that is behind it, as it was seen by many\nT2  - The Gazette of the town\nY2  - 2022/05/03/\nUR  - https://h%d.test/in/the/text/%d\nER  - \n\n", i, i%997, i)
	}
	b.Run("csl-json", func(b *testing.B) { benchmarkFormat(b, "report.csljson", "["+csl.String()[1:]+"]") })
	b.Run("ris", func(b *testing.B) { benchmarkFormat(b, "report.ris", ris.String()) })
}
