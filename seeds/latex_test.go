package seeds

import (
	"fmt"
	"strings"
	"testing"
)

func FuzzLatex(f *testing.F) {
	for _, s := range []string{
		"\\documentclass{report}\n\\title{A\\thanks{b}}\n\\begin{document}\\maketitle\\chapter{A}B\\footnote{c \\url{https://a.test/\\_%20}}\\end{document}",
		"a\\footnotemark b\\footnotetext{\\cite{x}\\footnote{y}}\\begin{thebibliography}{9}\\bibitem[\\'e]{x} \\href{https://b.test/}{t}\\end{thebibliography}",
		"\\begin{tabular}{l}a & b\\\\[2pt] $x$ \\( y \\) \\[z\\]\\end{tabular}\\verb|a| \\item[x] \\newcommand{\\a}{\\b}\\a{}", "% \r\n\r\n\\\"", "\\begin{verbatim}",
		"\\begin{enumerate}\\item \\begin{itemize}\\item {[}1{]}\\end{enumerate} https://c.test/\\~{}a--b``c'' \\bibliography{r}\\cites[a][b]{c}{d}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("report.tex", data)
		if err != nil {
			return
		}
		checkReport(t, r, data)
	})
}

// TestLatexHostile reads a great deal of pieces that make a careless reader of LaTeX quadratic; see [TestHostile].
func TestLatexHostile(t *testing.T) {
	testHostile(t, "report.tex", []string{
		"\\", "{", "}", "[", "]", "{[", "\\url{", "\\url{a}", "\\href{", "\\href{http://a.b/}{", "\\footnote{", "\\footnote{a}", "\\footnote[", "\\footnotemark ", "\\footnotetext{a}",
		"\\cite{", "\\cite{a}", "\\cite{a}\\bibliography{b}", "\\cites{a}", "\\bibitem{a}", "\\bibitem[", "\\bibitem[a]{b}", "\\begin{", "\\begin{a}", "\\end{a}", "\\begin{verbatim}", "\\begin{equation}",
		"\\begin{thebibliography}{", "\\begin{enumerate}\\item ", "\\item[", "\\section{", "\\caption{", "$", "$$", "$a", "\\(", "\\[", "\\verb|", "\\verb", "%", "%\n", "\\newcommand{\\a}{", "\\newcommand{\\a}{b}\\a",
		"\\def\\a{\\a\\a}\\a", "\\title{", "\\title{a}\\maketitle ", "\\author{a\\and ", "\\enquote{", "\\texttt{", "\\textsuperscript{1}", "\\\"", "\\\"{", "``", "---", "https://a.b/\\_", "\\input{a}", "\\label{", "\\x[",
		"\\footnote{\\begin{equation}}", "\\footnote{\\footnote{", "\\setcounter{footnote}{", "\\begin{document}", "\\end{document}", "\\hypersetup{a={", "\\\\[", "\n\n", "~", "&",
	})
	nested := strings.Repeat("\\footnote{a\\textbf{", 4000) + strings.Repeat("}}", 4000)
	if _, err := Read("report.tex", []byte(nested)); err != nil {
		t.Error(err)
	}
}

// testHostile reads a great deal of each piece; see [TestHostile] for the limit.
func testHostile(t *testing.T, name string, pieces []string) {
	t.Helper()
	for _, piece := range pieces {
		hostileReport(t, name, piece, nil)
	}
}

// BenchmarkLatex reads about 10 MB with 50,000 links.
func BenchmarkLatex(b *testing.B) {
	var s strings.Builder
	const words = "The ministry said on that day that the crossing had been closed, and that nobody had been hurt when it happened. "
	for i := range 25_000 {
		fmt.Fprintf(&s, "%s\\emph{Nobody} else \\href{https://h%d.test/in/the/text/%d}{reported it}.\\footnote{The \\textbf{Gazette}, ``A title'', \\url{https://n%d.test/news/%d/page.html}, accessed 3 May 2022.} %s\n\n",
			words, i%997, i, i%991, i, words)
	}
	benchmarkFormat(b, "report.tex", s.String())
}

func benchmarkFormat(b *testing.B, name, data string) {
	b.Helper()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Read(name, []byte(data)); err != nil || len(r.Citations) != 50_000 {
			b.Fatal(err, len(r.Citations))
		}
	}
}
