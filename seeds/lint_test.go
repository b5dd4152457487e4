package seeds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindings(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // rule level line:column note citation message
	}{
		{"missing", "One.[1] Two.[2] Two again.[2]\n[1] https://a.test/",
			[]string{"note-missing warning 1:13 2 - mark [2] has no note"}},
		{"unused", "One.[1]\n[1] https://a.test/\n[2] https://b.test/",
			[]string{"note-unused warning 3:1 2 - no mark points to note 2"}},
		{"duplicate", "One.[1]\n[1] https://a.test/\n[1] https://b.test/",
			[]string{"note-duplicate warning 3:1 1 - note 1 stands in line 2 already"}},
		{"empty", "One.[1] Two.[2] Three.[3]\n[1]\n[2] Interview.\n[3] https://a.test/",
			[]string{"note-empty warning 2:1 1 - note 1 is empty", "note-empty note 3:1 2 - note 2 names no address that can be visited"}},
		{"defanged", "[1] hxxp://a[.]test/x",
			[]string{"url-defanged note 1:5 1 1.1 hxxp://a[.]test/x is read as http://a.test/x"}},
		{"repaired", "  www.example.org/x",
			[]string{"url-repaired note 1:3  L1.1 www.example.org/x is read as https://www.example.org/x"}},
		{"credentials", "https://me:secret@a.test/x",
			[]string{"url-repaired note 1:1  L1.1 https://…@a.test/x is read as https://a.test/x"}},
		{"invalid", "[1] https://a.test:99999/",
			[]string{"url-invalid error 1:5 1 1.1 https://a.test:99999/ cannot be fetched: the port is not a number up to 65535"}},
		{"own mailbox", "[1] https://mail.google.com/mail/u/0/#inbox/1",
			[]string{"url-login warning 1:5 1 1.1 https://mail.google.com/mail/u/0/#inbox/1 is a page to log in: cite the page behind it, or a public copy of that"}},
		{"library's gateway", "[1] https://www-jstor-org.proxy.lib.council.test/stable/1",
			[]string{"url-login warning 1:5 1 1.1 https://www-jstor-org.proxy.lib.council.test/stable/1 is a page to log in: cite the page behind it, or a public copy of that"}},
		{"shared folder", "[1] https://drive.google.com/drive/folders/1", nil},
		{"local file", "[1] file:///C:/Users/me/report.pdf",
			[]string{"url-local error 1:5 1 1.1 file:///C:/Users/me/report.pdf is a file of one computer: cite where it is published, or attach it"}},
		{"local path", "C:\\x.exe ran.[1] So.[2]\n[1] Report, C:\\Users\\me\\report.pdf.\n[2] \\\\server\\share\\b.docx https://b.test/",
			[]string{
				"note-empty note 2:1 1 - note 1 names no address that can be visited",
				`url-local warning 2:13 1 - C:\Users\me\report.pdf is a file of one computer: cite where it is published, or attach it`,
				`url-local warning 3:5 2 - \\server\share\b.docx is a file of one computer: cite where it is published, or attach it`,
			}},
		{"gap", "One.[1] Two.[2] Five.[5] Nine.[9]\n[1] https://a.test/\n[2] https://b.test/\n[5] https://c.test/\n[6] https://e.test/\n[9] https://d.test/\n[10] https://f.test/",
			[]string{
				"note-gap note 4:1 5 - note 5 follows note 2: where are the notes 3 to 4?",
				"note-unused warning 5:1 6 - no mark points to note 6",
				"note-gap note 6:1 9 - note 9 follows note 6: where are the notes 7 to 8?",
				"note-unused warning 7:1 10 - no mark points to note 10",
			}},
		{"no gap", "One.[1] Two.[2] Three.[3]\n[1] https://a.test/\n[3] https://c.test/",
			[]string{"note-missing warning 1:13 2 - mark [2] has no note"}},
		{"references", "A.[1] B.[2] C.[3] D.[4]\n[1] Ibid.\n[2] See note 9 above.\n[3] Op. cit., p. 4\n[4] Smith, op. cit.",
			[]string{
				`note-reference warning 2:5 1 - note 1 says "Ibid.", and no note is before it: name the source`,
				"note-reference warning 3:5 2 - note 2 refers to note 9, which is not there",
				`note-reference warning 4:5 3 - note 3 says "Op. cit." and not of whom: name the author, or the source`,
				`note-reference warning 5:12 4 - note 4 says "op. cit.", and no note before it with an address names the author: name the source`,
			}},
		{"ambiguous", "A.[1] B.[2] C.[3]\n[1] J. Smith, One, https://a.test/\n[2] M. Smith, Two, https://b.test/\n[3] Smith, op. cit.",
			[]string{`note-reference warning 4:12 3 - note 3 says "op. cit.", which may be the source of note 1 or of note 2: say which`}},
		{"cited twice", "[1] https://a.test/x\n[2] https://A.test/x#part\n[3] Ibid.",
			[]string{"citation-duplicate note 2:5 2 2.1 citation 2.1 cites the same source as 1.1"}},
		{"link elsewhere", "See https://a.test/x <https://b.test/y> and https://a.test/z <https://a.test/w>",
			[]string{"url-mismatch warning 1:23  L1.2 https://a.test/x is shown, but https://b.test/y is linked"}},
		{"link elsewhere in Markdown", "[https://a.test/x](https://b.test/y)",
			[]string{"url-mismatch warning 1:20  L1.2 https://a.test/x is shown, but https://b.test/y is linked"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range mustRead(t, "t", []byte(tt.text)).Findings {
				citation := f.Citation
				if citation == "" {
					citation = "-"
				}
				got = append(got, fmt.Sprintf("%s %s %d:%d %s %s %s", f.Rule, f.Level, f.Line, f.Column, f.Note, citation, f.Message))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// encode writes one report as an indented [Document].
func encode(w io.Writer, r *Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(Document{Version: JSONVersion, Reports: []ReportJSON{NewReportJSON(r)}})
}

func TestDocument(t *testing.T) {
	const text = "A title & more\nTajikistan denied that <this> took place.[6] Nothing else.[9]\n" +
		"[6] https://khovar(dot)tj/rus/\n[10] www.example.org https://a.test:x/"
	var b bytes.Buffer
	if err := encode(&b, mustRead(t, "r.txt", []byte(text))); err != nil {
		t.Fatal(err)
	}
	want := `{
  "version": 1,
  "reports": [
    {
      "path": "r.txt",
      "format": "text",
      "title": "A title & more",
      "sha256": "SUM",
      "citations": [
        {
          "id": "6.1",
          "note": "6",
          "url": "https://khovar.tj/rus/",
          "raw": "https://khovar(dot)tj/rus/",
          "defanged": true,
          "line": 3,
          "column": 5,
          "marks": [
            {
              "line": 2,
              "column": 42,
              "claim": "Tajikistan denied that <this> took place."
            }
          ]
        },
        {
          "id": "10.1",
          "note": "10",
          "url": "https://www.example.org/",
          "raw": "www.example.org",
          "defanged": false,
          "repaired": true,
          "line": 4,
          "column": 6,
          "marks": []
        },
        {
          "id": "10.2",
          "note": "10",
          "url": "https://a.test:x/",
          "raw": "https://a.test:x/",
          "defanged": false,
          "invalid": "the port is not a number up to 65535",
          "line": 4,
          "column": 22,
          "marks": []
        }
      ],
      "seeds": [
        "https://khovar.tj/rus/",
        "https://www.example.org/"
      ],
      "findings": [
        {
          "rule": "note-missing",
          "level": "warning",
          "note": "9",
          "line": 2,
          "column": 59,
          "message": "mark [9] has no note"
        },
        {
          "rule": "url-defanged",
          "level": "note",
          "note": "6",
          "citation": "6.1",
          "line": 3,
          "column": 5,
          "message": "https://khovar(dot)tj/rus/ is read as https://khovar.tj/rus/"
        },
        {
          "rule": "note-gap",
          "level": "note",
          "note": "10",
          "line": 4,
          "column": 1,
          "message": "note 10 follows note 6: where are the notes 7 to 8?"
        },
        {
          "rule": "note-unused",
          "level": "warning",
          "note": "10",
          "line": 4,
          "column": 1,
          "message": "no mark points to note 10"
        },
        {
          "rule": "url-repaired",
          "level": "note",
          "note": "10",
          "citation": "10.1",
          "line": 4,
          "column": 6,
          "message": "www.example.org is read as https://www.example.org/"
        },
        {
          "rule": "url-invalid",
          "level": "error",
          "note": "10",
          "citation": "10.2",
          "line": 4,
          "column": 22,
          "message": "https://a.test:x/ cannot be fetched: the port is not a number up to 65535"
        }
      ]
    }
  ]
}
`
	want = string(bytes.Replace([]byte(want), []byte("SUM"), []byte("d0"), 1))
	var doc Document
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	got := string(bytes.Replace(b.Bytes(), []byte(doc.Reports[0].SHA256), []byte("d0"), 1))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if len(doc.Reports[0].SHA256) != 64 {
		t.Errorf("sha256 = %q", doc.Reports[0].SHA256)
	}
}

func TestDocumentEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := encode(&b, mustRead(t, "empty", nil)); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b.Bytes(), []byte("null")) {
		t.Errorf("an empty list is null:\n%s", b.Bytes())
	}
}
