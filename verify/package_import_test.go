package verify

import (
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

func TestJudgeImported(t *testing.T) {
	content := page(t, cited)
	content.Status, content.HeaderSize = 0, 0
	for _, c := range []struct {
		name, missing string
		visit         *archive.Visit
		want          archive.Verdict
		first         string
	}{
		{"an answer", "", visit(page(t, cited)), archive.Alive, "http-200"},
		{"a redirect", "", visit(redirect(t, cited, 301, cited+"/new"), page(t, cited+"/new")), archive.Moved, "redirect-permanent"},
		{"a redirect to what is not there", cited + "/new", visit(redirect(t, cited, 301, cited+"/new")), archive.Unknown, "import-incomplete"},
		{"content without an answer", "", visit(content), archive.Unknown, "import-incomplete"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := JudgeImported(c.visit, c.missing)
			if j.Verdict != c.want || ReasonCode(j.Reasons[0]) != c.first || ReasonCode(j.Reasons[len(j.Reasons)-1]) != "imported" {
				t.Errorf("%+v", j)
			}
		})
	}
}
