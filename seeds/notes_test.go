package seeds

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline writes a report down in short: notes with their citations, marks, findings.
func outline(r *Report) []string {
	var all []string
	for _, n := range r.Notes {
		line := "note " + n.Label + ":"
		for _, c := range r.Citations {
			if c.Note == n.Label && c.Offset >= n.Offset && c.Offset < n.Offset+n.Length {
				line += " " + c.ID + "=" + strings.TrimPrefix(c.URL, "https://")
			}
		}
		all = append(all, line)
	}
	for _, c := range r.Citations {
		if c.Note == "" {
			all = append(all, "body "+c.ID+"="+strings.TrimPrefix(c.URL, "https://"))
		}
	}
	for _, m := range r.Marks {
		all = append(all, "mark "+m.Label)
	}
	for _, f := range r.Findings {
		if strings.HasPrefix(f.Rule, "note-") {
			all = append(all, f.Rule+" "+f.Note)
		}
	}
	return all
}

func TestNotes(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"brackets", "One.[1] Two.[2]\n[1] https://a.test/\n[2] https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "mark 2"}},
		{"dots", "One.[1] Two.[2]\n\n1. https://a.test/\n2. https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "mark 2"}},
		{"parentheses", "One.[1] Two.[2]\n\n1) https://a.test/\n2) https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "mark 2"}},
		{"raised", "One.¹ Two.²,³ Ten.¹⁰\n\n¹ https://a.test/\n² https://b.test/\n³ https://c.test/\n¹⁰ https://d.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "note 3: 3.1=c.test/", "note 10: 10.1=d.test/", "mark 1", "mark 2", "mark 3", "mark 10", "note-gap 10"}},
		{"colons and prose", "One.[1]\n\n1: The Gazette, https://a.test/x, accessed 5 May 2022.\n2: Also (see https://b.test/y).",
			[]string{"note 1: 1.1=a.test/x", "note 2: 2.1=b.test/y", "mark 1", "note-unused 2"}},
		{"bare numbers", "One.1 Two.2\n\n1 https://a.test/\n2 https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "mark 2"}},
		{"round marks", "One (1). Two (2).\n\n(1) https://a.test/\n(2) https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "mark 2"}},
		{"carets", "One.[^1] Two.[^x]\n\n[^1]: https://a.test/\n\n[^x]: https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note x: x.1=b.test/", "mark 1", "mark x"}},
		{"letters", "One.[a]\n[a] https://a.test/\n[b] https://b.test/",
			[]string{"note a: a.1=a.test/", "note b: b.1=b.test/", "mark a", "note-unused b"}},
		{"Roman numbers", "One.[i] Two.[ii] Three [sic].[iii]\n\n[i] https://a.test/\n[ii] https://b.test/\n[iii] Ibid.",
			[]string{"note i: i.1=a.test/", "note ii: ii.1=b.test/", "note iii: iii.1=b.test/", "mark i", "mark ii", "mark iii"}},
		{"links of Markdown", "One.[1]\n\n1. [A page](https://a.test/x_(y)), 2022\n2. <a href=\"https://b.test/\">b</a>",
			[]string{"note 1: 1.1=a.test/x_(y)", "note 2: 2.1=b.test/", "mark 1", "note-unused 2"}},
		{"glued to the address", "One.[1]\n[1]https://a.test/\n[2]: https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "note-unused 2"}},
		{"several addresses and lines", "One.[1]\n[1] Text https://a.test/\nhttps://b.test/ https://c.test/\n\n    More: https://d.test/\n[2] No address.",
			[]string{"note 1: 1.1=a.test/ 1.2=b.test/ 1.3=c.test/ 1.4=d.test/", "note 2:", "mark 1", "note-empty 2", "note-unused 2"}},
		{"end of the notes", "One.[1]\n\n[1] https://a.test/\n\nAbout the author: www.example.org.",
			[]string{"note 1: 1.1=a.test/", "body L5.1=www.example.org/", "mark 1"}},
		{"empty lines between", "One.[1]\n\nNotes\n\n[1] https://a.test/\n\nMore of it.\n\n[2] https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "note-unused 2"}},
		{"feet of pages", "One.[1]\n\n[1] https://a.test/\n\nSecond page.[2]\n\n[2] https://b.test/\n[3] https://c.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "note 3: 3.1=c.test/", "mark 1", "mark 2", "note-unused 3"}},
		{"list under a heading", "Text [1].\n\n1. buy\n2. sell\n\nSources:\n1. Interview.\n2. https://b.test/",
			[]string{"note 1:", "note 2: 2.1=b.test/", "mark 1", "note-empty 1", "note-unused 2"}},
		{"Russian heading", "Текст [1].\n\nПримечания\n1. https://a.test/\n2. Там же",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=a.test/", "mark 1", "note-unused 2"}},
		{"date in a list", "Text [1].\n\nNotes\n1. https://a.test/\n12. March, https://b.test/\n2. https://c.test/",
			[]string{"note 1: 1.1=a.test/ 1.2=b.test/", "note 2: 2.1=c.test/", "mark 1", "note-unused 2"}},
		{"list in the prose", "Do this:\n1. Read https://a.test/\n2. Think.\n\nThen write.",
			[]string{"body L2.1=a.test/"}},
		{"list at the end without sources", "Do this:\n\n1. Read.\n2. Think.\n3. Ask https://a.test/",
			[]string{"body L5.1=a.test/"}},
		{"wrapped mark", "The group said so in a long statement that went on and on, it is said.\n[1] After that it said no more.\n\n[1] https://a.test/",
			[]string{"note 1: 1.1=a.test/", "mark 1"}},
		{"wrapped mark, no empty line", "The group said this and that.[1] After that\n[2] came more of it.\n[1] https://a.test/\n[2] https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "mark 2"}},
		{"marks without notes", "One.[1] Two.[2] In [2022] he [sic] wrote [12,000] lines and m² too.",
			[]string{"mark 1", "mark 2", "note-missing 1", "note-missing 2"}},
		{"no marks", "Sources\n\n[1] https://a.test/\n[2] https://b.test/", []string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/"}},
		{"chains", "One.[1][2] Two.[1, 3] Three.[1]–[3] Four.[2-3]\n[1] https://a.test/\n[2] https://b.test/\n[3] https://c.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "note 3: 3.1=c.test/",
				"mark 1", "mark 2", "mark 1", "mark 3", "mark 1", "mark 2", "mark 3", "mark 2", "mark 3"}},
		{"years", "One.[1] In [2021] and [1999-2003].\n[1] https://a.test/", []string{"note 1: 1.1=a.test/", "mark 1"}},
		{"last note lost", "One.[1] Two.[2]\n[1] https://a.test/", []string{"note 1: 1.1=a.test/", "mark 1", "mark 2", "note-missing 2"}},
		{"units", "Ten km² and 5 m² of it.¹ Also x² and 10³.\n\n¹ https://a.test/\n² https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 2: 2.1=b.test/", "mark 1", "note-unused 2"}},
		{"two notes of one label", "One.[1]\n[1] https://a.test/\n[1] https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 1: 1.2=b.test/", "mark 1", "note-duplicate 1"}},
		{"out of order", "A.[1] B.[2] C.[3]\n[1] https://a.test/\n[3] https://c.test/\n[2] https://b.test/",
			[]string{"note 1: 1.1=a.test/", "note 3: 3.1=c.test/", "note 2: 2.1=b.test/", "mark 1", "mark 2", "mark 3"}},
		{"empty note", "A.[1] B.[2]\n[1]\n[2] https://b.test/",
			[]string{"note 1:", "note 2: 2.1=b.test/", "mark 1", "mark 2", "note-empty 1"}},
		{"ibid", "A.[1] B.[2] C.[3] D.[4]\n[1] https://a.test/ https://b.test/\n[2] Ibid., p. 5.\n[3] See ibid. and https://c.test/\n[4] ibidem",
			[]string{"note 1: 1.1=a.test/ 1.2=b.test/", "note 2: 2.1=a.test/ 2.2=b.test/", "note 3: 3.1=c.test/", "note 4: 4.1=c.test/",
				"mark 1", "mark 2", "mark 3", "mark 4"}},
		{"no notes at all", "See https://a.test/ and\nhttps://b.test/ and https://c.test/",
			[]string{"body L1.1=a.test/", "body L2.1=b.test/", "body L2.2=c.test/"}},
		{"mark in a link", "[1] https://a.test/x?f[1]=2", []string{"note 1: 1.1=a.test/x?f[1]=2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range []struct{ name, text string }{
				{"LF", tt.text}, {"LF at the end", tt.text + "\n"}, {"CRLF", strings.ReplaceAll(tt.text, "\n", "\r\n")},
				{"CR", strings.ReplaceAll(tt.text, "\n", "\r")}, {"BOM", "\ufeff" + tt.text},
			} {
				if diff := cmp.Diff(tt.want, outline(mustRead(t, "t", []byte(form.text)))); diff != "" {
					t.Errorf("%s: %q (-want +got):\n%s", form.name, form.text, diff)
				}
			}
		})
	}
}

func TestIbid(t *testing.T) {
	const text = "A.[1] B.[2]\n[1] https://a.test/\n[2] См. Там же, с. 5"
	c := mustRead(t, "t", []byte(text)).Citations[1]
	if c.ID != "2.1" || c.URL != "https://a.test/" || c.Raw != "Там же" || text[c.Offset:c.Offset+c.Length] != c.Raw || c.Line != 3 || c.Column != 9 {
		t.Errorf("citation = %+v", c)
	}
}
