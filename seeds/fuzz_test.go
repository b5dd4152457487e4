package seeds

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/seeds/reports"
)

// checkReport tests what must hold for any report.
func checkReport(t failer, r *Report, data []byte) {
	t.Helper()
	checkPositions(t, r, data)
	ids := make(map[string]Citation)
	for _, c := range r.Citations {
		if _, ok := ids[c.ID]; ok {
			t.Fatalf("two citations have the ID %s", c.ID)
		}
		ids[c.ID] = c
		for _, m := range c.Marks {
			if m.Label != c.Note {
				t.Fatalf("citation %s of note %s has a mark %s", c.ID, c.Note, m.Label)
			}
		}
	}
	keys := make(map[string]bool)
	for _, s := range r.Seeds() {
		if keys[s.Key] || len(s.Citations) == 0 || s.Host == "" || strings.Contains(s.URL, "#") {
			t.Fatalf("seed %+v", s)
		}
		keys[s.Key] = true
		for _, id := range s.Citations {
			if ids[id].Key != s.Key {
				t.Fatalf("citation %s has the key %q, its seed %q", id, ids[id].Key, s.Key)
			}
		}
		if again, err := Normalize(s.URL); err != nil || strings.TrimSuffix(again, "/") != strings.TrimSuffix(withoutRoute(s.Key), "/") {
			t.Fatalf("seed %q with key %q normalises to %q, %v", s.URL, s.Key, again, err)
		}
	}
}

func withoutRoute(key string) string {
	key, _, _ = strings.Cut(key, "#")
	return key
}

func FuzzRead(f *testing.F) {
	names, err := fs.Glob(reports.FS, "*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(reports.FS, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, s := range []string{
		"", "\xef\xbb\xbf[1]", "\xff\xfeh\x00t\x00t\x00p\x00:\x00/\x00/\x00a\x00", "\xfe\xff\x00[\x001\x00]\xd8\x00",
		"[1]–[3] [^a] ¹²⁻³ (1)\n[^a]: hxxp[:]//a [.] b[/]x?y[0]=1\r\n", "1. https://a/\n2. Там же\n", "\xcf\xf0\xe8\xe2\xe5\xf2.[1]\n[1] www.a.ru",
		"http://[::1]:80/(a(b)c)#!x https://u:p@a\\.b/\u200bx", "x¹\n¹ https://a.example/b-\nc/d", "a . b dot c [dot] d.com/ é.com",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("report.txt", data)
		if err != nil {
			return
		}
		checkReport(t, r, data)
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"---\ntitle: \"x\"\nauthor: [a, 'b']\n---\n# T\n\nA.[^1] B ^[c [d](https://a.test/\\_x)]\n\n[^1]: https://b.test/\n\n    more",
		"| a | b |\n|---|---|\n| [x][y] | `https://c.test/` |\n\n[y]: <https://y.test/> 't'\n", "<a href='https://h.test/?a&amp;b'>x<sup>1</sup></a>\n\n<p>\n<b>",
		"> - 1. [a](\n> b)[^x]\n\n+++\ntitle='x'\n", "+++\ntitle = \"a\"\nauthors = [\"b\"]\n+++\n1. <https://x.test>\n2. ~~www.b.test~~\n", "\t[^a]:\tb\r\n\r\n\t\tc ![^a]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("report.md", data)
		if err != nil {
			return
		}
		checkReport(t, r, data)
	})
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{
		"https://example.com/a?utm_source=x&b#!c", "http://twitter.com/a/status/1", "https://t.me/s/chan/1", "https://youtu.be/dQw4w9WgXcQ",
		"https://a/%zz%%341?%&&=", "HTTP:\\\\u:p@[::1]:80\\x", "https://a.b./..//./?#", "http://0x7f.1", "https://ß.de/ſ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, err := Normalize(s)
		if err != nil {
			return
		}
		again, err := Normalize(key)
		if err != nil || again != key {
			t.Fatalf("Normalize(%q) = %q, and of that %q, %v", s, key, again, err)
		}
	})
}

// TestSpellings is a property: whatever is done to the spelling of an address, its key stays the same.
func TestSpellings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		host := rapid.StringMatching(`[a-z]{1,8}(\.[a-z]{2,6}){1,2}`).Draw(t, "host")
		path := rapid.StringMatching(`(/[A-Za-z0-9_]{1,6}){0,3}/`).Draw(t, "path")
		query := rapid.StringMatching(`([a-z]{3,5}=[0-9]{1,3}(&[a-z]{6,8}=[A-Z]{0,3})?)?`).Draw(t, "query")
		plain := "https://" + host + path
		if query != "" {
			plain += "?" + query
		}
		want, err := Normalize(plain)
		if err != nil {
			t.Fatal(err)
		}
		tracked := "utm_source=x"
		if query != "" {
			tracked = rapid.SampledFrom([]string{"utm_source=x&" + query, query + "&fbclid=1"}).Draw(t, "tracked")
		}
		for _, spelling := range []string{
			"HTTPS://" + strings.ToUpper(host) + plain[len("https://")+len(host):],
			"https://" + host + ":443" + plain[len("https://")+len(host):],
			plain + "#part",
			"https://" + host + path + "?" + tracked,
			"https://" + host + "/x/.." + plain[len("https://")+len(host):],
		} {
			if got, err := Normalize(spelling); err != nil || got != want {
				t.Fatalf("Normalize(%q) = %q, %v, want %q", spelling, got, err, want)
			}
		}
	})
}

// TestRoundTrip is a property: what is written as notes is read back as those notes.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "notes")
		shape := rapid.SampledFrom([]string{"[%d] ", "%d. ", "%d) ", "[%d]: "}).Draw(t, "shape")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		var body, notes strings.Builder
		var want []string
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&body, "Sentence number %d ends here.[%d] ", i, i)
			fmt.Fprintf(&notes, shape, i)
			for j := range rapid.IntRange(1, 3).Draw(t, "addresses") {
				url := fmt.Sprintf("https://h%d.test/%s", i, rapid.StringMatching(`[a-z]{1,5}(-[a-z]{1,5})?(/|\.html)?`).Draw(t, "path"))
				want = append(want, fmt.Sprintf("%d.%d %s", i, j+1, url))
				notes.WriteString(url + rapid.SampledFrom([]string{end, " "}).Draw(t, "separator"))
			}
			notes.WriteString(end)
		}
		data := []byte(body.String() + end + end + notes.String())
		r, err := Read("report.txt", data)
		if err != nil {
			t.Fatal(err)
		}
		checkReport(t, r, data)
		var got []string
		for _, c := range r.Citations {
			got = append(got, c.ID+" "+c.URL)
			if want := fmt.Sprintf("Sentence number %s ends here.", c.Note); len(c.Marks) != 1 || c.Marks[0].Claim != want {
				t.Fatalf("citation %s has marks %v, want the claim %q", c.ID, c.Marks, want)
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("%q\n got %q\nwant %q", data, got, want)
		}
	})
}

// hostile are pieces that make a careless reader quadratic.
var hostile = []string{
	"[", "(", "]", "[[1]", "[1]", "[1-50]", "a[1]", "a [1] ", "[1]\n", "[1] \n\n", "1. a\n", "http://", "http://a", "http://a(/", "http://a[", "https://a.b/\n",
	"[.]", "a[.]", "a[.]b ", "a(dot)", "a.", "a-", "a_h", "a . ", "a dot ", "\\.", "¹", "a¹", "¹,", "。", "字", "字。", "a字", "&amp;", "\u200b", "a\u200b",
	"\n", "\r", " ", " \n", "\t", ".", "...", "A. ", "a.b ", "a@b.c ", "ibid. ", "[1] ibid.\n", "http://a/x-\n", "http://a.b/?x[", "notes\n", "\xff", "\u00a0",
	"http:// ", "h", "hxxp", "1", "1.", "www.", "<", "<http://a\n", "“", "a.com字",
	"^[", "^[a]", "^[^[a] ", "[^1]", "[^1]: ", "[^a]: b\n\n", "![", "[a](", "[a](<", "[a][", "[a]: b\n", "[a](http://a.b/)", "[[a](b)", "*", "**a", "*a_ ", "_", "~~", "~~a~", "`", "`a``",
	"> ", ">", "- ", "-\n", "1. ", "* a\n ", "  - a\n", "|", "|a", "a|b\n", "|-|-\n", "<a>", "<a href=http://a.b/>", "<a href='", "<b", "<sup>", "<!--", "<div>\n\n", "<p>", "</a>", "&", "&amp", "\\", "# ", "===\n",
	"a\n: b\n", "a\n:  b\n\n", ":   a\n", "a\n\n:   b\n    : ",
	"---\n", "+++\n", "title:\n", "    a\n", "```\n", "a@b.c<", "<http://a.b>", "http://a.b/* ",
}

// TestHostile reads a great deal of each piece.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, piece := range hostile {
		hostileReport(t, "report.txt", piece, nil)
	}
}

// TestHostileMarkdown reads a great deal of each piece as Markdown, several times what is parsed in one go, within which
// time may grow with the square: so an eighth tells nothing of the whole, and there is a limit to the work, of some fifty
// times what the slowest piece needs.
func TestHostileMarkdown(t *testing.T) {
	t.Parallel()
	const size, limit = 4 * maxInline, 10 * time.Second
	for _, piece := range hostile {
		took := workTime(t, func() {
			if _, err := Read("report.md", []byte(strings.Repeat(piece, size/len(piece)))); err != nil && !strings.Contains(err.Error(), "deep") {
				t.Errorf("%q: %v", piece, err)
			}
		})
		if took > limit {
			t.Errorf("%d bytes of %q took %v", size, piece, took)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	data, err := fs.ReadFile(reports.FS, "islamic-state-khorasan.txt")
	if err != nil {
		b.Fatal(err)
	}
	big := []byte(strings.Repeat(string(data)+"\n\n", 5<<20/len(data)))
	for _, bb := range []struct {
		name string
		data []byte
	}{{"sample", data}, {"5MB", big}} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read("report.txt", bb.data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
