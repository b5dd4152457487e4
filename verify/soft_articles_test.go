package verify

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

// TestJudgeArticles judges real pages of articles: each of them is alive.
func TestJudgeArticles(t *testing.T) {
	dir := articleDir(t)
	truth, err := os.ReadFile(filepath.Join(dir, "ground-truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var articles map[string]struct{ URL string }
	if err := json.Unmarshal(truth, &articles); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "html", "*.gz"))
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	gz := codings["gzip"]
	for _, file := range files {
		url := articles[strings.TrimSuffix(filepath.Base(file), ".html.gz")].URL
		if url == "" {
			t.Errorf("%s has no URL", file)
			continue
		}
		page := readArticle(t, file)
		x := answer(t, url, 200, gz(t, page), "Content-Type: text/html; charset=utf-8", "Content-Encoding: gzip")
		j := Judge(visit(x))
		if j.Verdict != archive.Alive || len(j.Reasons) != 1 || j.Ask != "" {
			t.Errorf("%s is %s %q, asks %q", url, j.Verdict, j.Reasons, j.Ask)
		}
	}
	t.Logf("%d pages", len(files))
}
