package seeds

import (
	"fmt"
	"strings"
	"testing"
)

func FuzzBibtex(f *testing.F) {
	for _, s := range []string{
		"@string{a = \"b\" # {c}}\n@misc{k, url = {https://a.test/\\_%20}, note = a # \"\\url{https://b.test/}\", urldate={2022-05-03}}", "@book(k,doi=10.1/x,eprint={2001.01234})",
		"@comment{@a{b,c={d}}} @preamble{\"x\"} @a{b,c={d", "@a{b}@c{d,}@e{,}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("report.bib", data)
		if err != nil {
			return
		}
		checkReport(t, r, data)
	})
}

// TestBibtexHostile reads a great deal of pieces that make a careless reader of BibTeX quadratic; see [TestHostile].
func TestBibtexHostile(t *testing.T) {
	t.Parallel()
	testHostile(t, "report.bib", []string{
		"@", "@a", "@a{", "@a{b", "@a{b,", "@a{b,c={", "@a{b,c=\"", "@a{b,c={d}}\n", "@a{b,c=\"d\"}\n", "@a{b,c=d#", "@a{b,url={http://a.b/}}\n", "@a{b,note={\\url{http://a.b/}}}\n", "@string{a={", "@string{a=a#a}",
		"@string{a={bbbbbbbbbb}}@a{b,note=a#a#a}", "@comment{", "@comment{}", "c={d},", "a b ", "@a{b,note={\\footnote{c}}}", "@a{b,note={\\cite{c}}}", "@a{b,note={\\begin{equation}}}", "@a{b,title={{", "@a{b,c=\"{", "%",
	})
}

// BenchmarkBibtex reads about 10 MB with 50,000 links.
func BenchmarkBibtex(b *testing.B) {
	var s strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&s, "@online{key%d,\n  author = {Doe, Jane and M{\\\"u}ller, Jo{\\~a}o},\n  title = {The {Dam} and the river},\n  url = {https://h%d.test/in/the/text/%d},\n  urldate = {2022-05-03},\n  journal = {The Gazette},\n}\n\n", i, i%997, i)
	}
	benchmarkFormat(b, "report.bib", s.String())
}
