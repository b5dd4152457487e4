package seeds

import (
	"fmt"
	"strings"
	"testing"
)

// TestListErrors reads lists that are none; the error says where.
func TestListErrors(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"deep.json", strings.Repeat("[", 300), "line 1, column 201: values lie more than 200 deep"},
		{"cut.json", "{\"a\": \"https://a.test/\",\n", "line 1, column 25: this is no JSON: unexpected EOF"},
		{"broken.jsonl", "{\"a\": 1}\n{\"a\": x}\n", "line 2, column 7: this is no JSON: "},
		{"extra.json", "[1]]", "line 1, column 4: this is no JSON: "},
		{"bomb.opml", "<?xml version='1.0'?>\n<!-- x --><!DOCTYPE opml [<!ENTITY a 'b'>]><opml><body/></opml>", "<!DOCTYPE …>"},
		{"table.csv", "\x00\x00\x01\x02\x03\x00\x00\x04", "no text"},
	}
	for _, tt := range tests {
		_, err := Read(tt.name, []byte(tt.data))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.name) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}

// TestListFormats tells lists by their first bytes, by their name, and by what their name says beside that.
func TestListFormats(t *testing.T) {
	as := func(name, format string) string {
		t.Helper()
		name, err := As(name, format)
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	tests := []struct{ name, data, want string }{
		{"(standard input)", " [\n{\"a\": 1}]", "json"},
		{"(standard input)", "{\"a\": 1}\n{\"a\": 2}", "json"},
		{"(standard input)", "[\"a\"] and text", "text"},
		{"(standard input)", "a,b\nc,d", "text"},
		{as("(standard input)", "csv"), "a,b\nc,d", "csv"},
		{as("page.html", "text"), "<!DOCTYPE html><p>x", "text"},
		{"report.md", "{\"title\": \"x\"}\n\nText", "markdown"},
		{"report (as word)", "x", "text"},
		{"x.html", "<!doctype netscape-bookmark-file-1>\n<dl>", "bookmarks"},
		{"bookmarks.json", `{"guid":"root________","title":"","children":[]}`, "bookmarks"},
		{"export.xml", `<?xml version="1.0"?><opml version="1.0"><body/></opml>`, "opml"},
	}
	for _, tt := range tests {
		if r := mustRead(t, tt.name, []byte(tt.data)); r.Format != tt.want {
			t.Errorf("%s: %q is read as %s, want %s", tt.name, tt.data, r.Format, tt.want)
		}
	}
	if _, err := As("x", "word"); err == nil || !strings.Contains(err.Error(), "want one of text, markdown") {
		t.Errorf("a format that is none: %v", err)
	}
}

func TestKnown(t *testing.T) {
	for name, want := range map[string]bool{
		"a.MD": true, "a.csv": true, "a.opml": true, "a.rtf": true, "a.json": false, "package.jsonl": true, "a.go": false, "README": false, "a.png": false,
	} {
		if got := Known(name); got != want {
			t.Errorf("Known(%q) = %v", name, got)
		}
	}
}

func FuzzList(f *testing.F) {
	for _, s := range []string{
		"url;claim;accessed\nhttps://a.test/;\"a \"\"b\"\"\nc\";2022-05-03\n\"x", "sep=|\na|b\r\n\"https://a.test/\"|\"\"\"\"\n", "a\tb\n\"x\" y\thttps://b.test/\n",
		`{"claim":"a\nb","u":["https:\/\/a.test\/\u0026\ud83d\ude00x","hxxp://b[.]test"],"accessed":"3 May 2022"}` + "\n" + `{"url":"www.a.org","claim":"c"}`,
		`[{"claim":"x","y":{"claim":"z","u":"https://a.test/"}},[[["https://b.test/."]]]]`,
		"<opml><head><title>a&amp;b</title><ownerName>x</ownerName></head><outline text='a&lt;' xmlUrl=https://a.test/&amp; htmlUrl=\"b.org\" title",
		"<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><H3>www.a.org</H3><DD>https://b.test/ &amp; <A HREF='https://a.test/?a&amp;b'>x<b>y</A>z",
		`{"claim":"\n0"}`, `{"roots":{"bookmark_bar":{"children":[{"name":"a.org","url":"https://a.test/","claim":"b"}]}}}`, "# a\nhttps://a.test/ # b\n\nwww.b.org\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []string{"csv", "json", "opml", "bookmarks", "text"} {
			name, err := As("list", format)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(name, data)
			if err != nil {
				continue
			}
			checkReport(t, r, data)
		}
	})
}

// TestListHostile reads much of what could take long: the limit is far above what a linear reader needs.
func TestListHostile(t *testing.T) {
	t.Parallel()
	for format, head := range map[string]string{"csv": "claim,url\n", "json": `{"k":["`, "opml": "<opml>", "bookmarks": "<!DOCTYPE NETSCAPE-Bookmark-file-1>"} {
		name, err := As("list", format)
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range []string{
			`"`, `",`, `"x"y,`, `,"""x`, "\n", ";", `,""`, "claim,", "claim\n", `{"claim":"a.b",`, `{"a":`, `["a.b",`, `{"k":"a.b"}`, `[`, `\`, `"\u`,
			"<outline a=", "<outline>", "<opml ", "<", "<!--", "<a href=x.org>", "<dl>", "<h3>", "<dd>", "&amp;", "https://a.test/,", "www.a.org ",
		} {
			for _, before := range []string{"", head} {
				hostileReport(t, name, piece, func(much string) []byte { return []byte(before + much) }, "") // that it ends is what counts
			}
		}
	}
}

func BenchmarkList(b *testing.B) {
	const links = 50_000
	filler := strings.Repeat("The dam was opened in May, and nobody knew. ", 3)
	for _, bb := range []struct {
		name, head, row string
	}{
		{"csv", "title,url,accessed\n", "\"" + filler + "\",https://gazette.test/page/%d,2022-05-03\n"},
		{"json", "", `{"title": "` + filler + `", "url": "https://gazette.test/page/%d", "accessed": "2022-05-03"}` + "\n"},
		{"opml", "<opml><body>", `<outline text="` + filler + `" htmlUrl="https://gazette.test/page/%d"/>` + "\n"},
		{"bookmarks", "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL>", `<DT><A HREF="https://gazette.test/page/%d">` + filler + "</A>\n"},
	} {
		var text strings.Builder
		text.WriteString(bb.head)
		for i := range links {
			fmt.Fprintf(&text, bb.row, i)
		}
		name, err := As("list", bb.name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if r, err := Read(name, []byte(text.String())); err != nil || len(r.Citations) != links {
					b.Fatal("citations are lost", err)
				}
			}
		})
	}
}
