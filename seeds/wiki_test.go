package seeds

import (
	"fmt"
	"strings"
	"testing"
)

func FuzzWiki(f *testing.F) {
	for _, s := range []string{
		"a<ref name=x>[https://a.test/ b]</ref><ref name=x/>{{reflist|refs=<ref name=\"y\">{{cite web|url=https://b.test/|title=''c''}}</ref>}}",
		"== A ==\n{|\n! a !! b\n|-\n| style=x | c || [[File:d.jpg|e<ref>f</ref>]]\n|}\n* g\n## h\n; i : j", "{{efn|a<ref>b</ref>}}{{r|c|d}}{{sfn|E|2020|p=1}}{{{f|{{g}}}}}",
		"<nowiki>[[</nowiki><pre>{{</pre><!-- a --><code>b</code><sup>1</sup><br>[[A:B|]][[c]]d '''''e''''' __TOC__ &amp;&nbsp;", "{{a|{{b|\n{{c|[https://d.test/]}}}}}}\n{{cite web|url=https://e.test/|title=a\n\n* b|doi=10.1/x}}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("report.wiki", data)
		if err != nil {
			return
		}
		checkReport(t, r, data)
	})
}

// TestWikiHostile reads a great deal of pieces that make a careless reader of wikitext quadratic; see [TestHostile].
func TestWikiHostile(t *testing.T) {
	testHostile(t, "report.wiki", []string{
		"{", "{{", "{{{", "}", "}}", "[", "[[", "]", "]]", "{{a|", "{{a|b}}", "{{a|{{b}}", "[[a|", "[[a]]", "[[File:a|", "[http://a.b/ ", "[http://a.b/ c]", "<ref>", "<ref>a</ref>", "<ref name=a>", "<ref name=a/>",
		"<ref", "</ref>", "<ref>{{efn|", "{{efn|a<ref>b</ref>}}", "{{efn|", "{{r|a}}", "{{sfn|a|b}}", "{{cite web|url=", "{{cite web|url=http://a.b/}}", "{{cite web|title={{cite web|title=", "{{a|\n<ref>b</ref>|", "<!--", "-->",
		"<nowiki>", "<pre>", "<code>", "<sup>", "<math>", "<a ", "<br>", "''", "'''''a", "=", "== a ==\n", "=a\n", "*", "* a\n", "#", "# a\n", "{|", "{|\n", "|-\n", "|a\n", "||", "{|\n|", "{|\n|a||", "!!", "----\n", "__", "__A__",
		"&", "&amp;", "\n", " \n", "\n ", "|", "{{reflist|refs=", "<references>", "[[File:a|<ref>", "== <!-- a --> ==\n", "== a <!-- a -->",
	})
	nested := strings.Repeat("{{a|\n{{cite web|title=", 4000) + strings.Repeat("<ref>b</ref>", 1000) + strings.Repeat("}}}}", 4000)
	if _, err := Read("report.wiki", []byte(nested)); err != nil {
		t.Error(err)
	}
}

// BenchmarkWiki reads about 10 MB with 50,000 links.
func BenchmarkWiki(b *testing.B) {
	var s strings.Builder
	const words = "The ministry said on that day that the crossing had been closed, and that nobody had been hurt when it happened. "
	for i := range 25_000 {
		fmt.Fprintf(&s, "%s''Nobody'' else [https://h%d.test/in/the/text/%d reported it].<ref>{{cite news|title=A title|url=https://n%d.test/news/%d/page.html|work=The '''Gazette'''|access-date=3 May 2022}}</ref> %s\n\n",
			words, i%997, i, i%991, i, words)
	}
	benchmarkFormat(b, "report.wiki", s.String())
}
