package seeds

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
)

const fillerText = "The ministry said on that day that the crossing had been closed, and that nobody had been hurt when it happened. "

// TestMemory: what is in use at once, while a report is read, is bounded by its size. Reports with a link in 200 bytes take a
// few times that; those that are nothing but notes, rows or addresses take what these take.
func TestMemory(t *testing.T) {
	for _, tt := range []struct {
		name, head string
		row        func(i int) string
		rows       int
		limit      float64 // times the size of the report
	}{
		{"report.md", "", func(i int) string {
			return fmt.Sprintf("%s*Nobody* else [reported it](https://h%d.test/text/%d \"so\").[^%d] %s\n\n[^%d]: The **Gazette**, https://n%d.test/news/%d/page.html, accessed 3 May 2022.\n\n", fillerText, i%97, i, i, fillerText, i, i%91, i)
		}, 5_000, 5.7},
		{"report.html", "<!DOCTYPE html><main>", func(i int) string {
			return fmt.Sprintf(`<p class="text">%s by <a href="https://site%d.example/page/%d">another</a>.<sup id="r%d"><a href="#n%d">%d</a></sup></p>`+
				`<aside id="n%d" role="doc-footnote">%d <cite>About it</cite>, <a href="https://host%d.example/article?id=%d&amp;x=y">a title</a>. <a href="#r%d">↩</a></aside>`+"\n", fillerText, i%97, i, i, i, i, i, i, i%91, i, i)
		}, 5_000, 5.7},
		{"report.tex", "", func(i int) string {
			return fmt.Sprintf("%s\\emph{Nobody} else \\href{https://h%d.test/text/%d}{reported it}.\\footnote{The \\textbf{Gazette}, \\url{https://n%d.test/news/%d/page.html}.} %s\n\n", fillerText, i%97, i, i%91, i, fillerText)
		}, 5_000, 5.7},
		{"report.txt", "", func(i int) string {
			return fmt.Sprintf("%s Nobody else reported it https://h%d.test/text/%d.[%d] %s\n\n", fillerText, i%97, i, i%1000, fillerText)
		}, 5_000, 3.3},
		{"sources.csv", "claim,url\n", func(i int) string {
			return fmt.Sprintf("The dam %d was opened,https://a%d.test/p/%d\n", i, i%97, i)
		}, 10_000, 28},
		{"addresses.txt", "", func(i int) string { return fmt.Sprintf("https://a%d.test/x\n", i) }, 20_000, 20},
		{"notes.tex", "", func(int) string { return "\\footnote{a}\n" }, 20_000, 58},
		{"notes.md", "", func(i int) string { return fmt.Sprintf("a.[^%d]\n\n[^%d]: b\n\n", i, i) }, 12_000, 60},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString(tt.head)
			for i := range tt.rows {
				b.WriteString(tt.row(i + 1))
			}
			data := []byte(b.String())
			b.Reset()
			took := tt.limit + 1
			for tries := 0; took > tt.limit && tries < 3; tries++ { // what is allocated while the collector marks counts as alive
				took = float64(mostLive(t, func() error { _, err := Read(tt.name, data); return err })) / float64(len(data))
			}
			if took > tt.limit {
				t.Errorf("%d bytes of report take %.1f times their size, more than %.1f", len(data), took, tt.limit)
			}
			t.Logf("%.1f times", took)
		})
	}
}

// mostLive is how many bytes more than before live at once while something is done, as far as collections see them: one
// follows upon the other. What is garbage does not count, however busy the machine is.
func mostLive(t *testing.T, do func() error) uint64 {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(2))
	runtime.GC()
	live := func() uint64 {
		s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	before, done, most := live(), make(chan bool), make(chan uint64)
	go func() {
		var peak uint64
		for {
			peak = max(peak, live())
			select {
			case <-done:
				most <- peak
				return
			default:
				runtime.Gosched()
			}
		}
	}()
	err := do()
	close(done)
	peak := <-most
	if err != nil {
		t.Fatal(err)
	}
	return peak - before
}
