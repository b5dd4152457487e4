package verify

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkJudgePage judges a page as news sites send them, with a head full
// of scripts and data.
func BenchmarkJudgePage(b *testing.B) {
	var head, body strings.Builder
	for i := range 40 {
		fmt.Fprintf(&head, "<meta property=\"og:x%d\" content=\"the dam above the town\"><link rel=stylesheet href=/s/%d.css>\n", i, i)
		fmt.Fprintf(&head, "<script>window.q%d=[%q];</script>\n", i, strings.Repeat("the river <b>rose</b> ", 20))
	}
	for i := range 60 {
		fmt.Fprintf(&body, "<div class=row><a href=/story/%d>Item %d</a></div><p>%s</p>\n", i, i, strings.Repeat("The gauge is read twice a day. ", 8))
	}
	page := "<!doctype html><html><head><title>The survey of the dam, in full – The Gazette</title>" + head.String() + "</head><body><h1>The survey of the dam</h1>" + body.String() + "</body></html>"
	for _, coding := range []string{"", "gzip"} {
		b.Run("coding="+coding, func(b *testing.B) {
			v := visit(answer(b, cited, 200, codings[coding](b, page), "Content-Type: text/html; charset=utf-8", "Content-Encoding: "+coding))
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				Judge(v)
			}
		})
	}
}
