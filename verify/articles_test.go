package verify

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// articleDir is $IBID_DATA_DIR/articles: real pages, and the text of the
// article in each as people marked it.
func articleDir(t *testing.T) string {
	dir := os.Getenv("IBID_DATA_DIR")
	if dir == "" {
		t.Skip("IBID_DATA_DIR is not set: no real pages to read")
	}
	dir = filepath.Join(dir, "articles")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no folder articles in IBID_DATA_DIR")
	}
	return dir
}

func readArticle(t *testing.T, file string) string {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// TestTextArticles compares the walk over tags with the tree of the standard
// on real pages, where both should see the same text.
func TestTextArticles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(articleDir(t), "html", "*.gz"))
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	same := 0
	for _, file := range files {
		page := readArticle(t, file)
		d, err := Text(strings.NewReader(page), "text/html; charset=utf-8", "")
		if err != nil {
			t.Fatal(err)
		}
		if d.Text == treeText(t, page) {
			same++
		} else {
			t.Logf("%s differs", filepath.Base(file))
		}
	}
	t.Logf("%d of %d pages have the text of their tree", same, len(files))
	if same*100 < len(files)*98 {
		t.Error("the walk does not see what the tree has")
	}
}

// treeText is the text of a page by its tree.
func treeText(t *testing.T, page string) string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var l lines
	treeLines(&l, root, false)
	return l.String()
}

func treeLines(l *lines, n *html.Node, pre bool) {
	kind := tagKind(0)
	switch n.Type {
	case html.TextNode:
		l.write(n.Data, pre)
		return
	case html.ElementNode:
		kind = kinds[n.Data]
		for _, a := range n.Attr {
			if a.Key == "hidden" || a.Key == "style" && hidingStyle(a.Val) {
				kind |= hides
			}
		}
		if kind&hides != 0 && n.Data != "html" && n.Data != "body" {
			return
		}
		switch n.Data {
		case "br", "hr":
			l.separate(line)
		case "img", "input", "embed":
			l.separate(space)
		}
	}
	edge := nothing
	switch {
	case kind&cells != 0:
		edge = cell
	case kind&block != 0:
		edge = line
	}
	l.separate(edge)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		treeLines(l, c, pre || kind&preformatted != 0)
	}
	l.separate(edge)
}

// TestPassagesArticles takes a sentence out of each article as the claim: its
// page must give it back, and the page of another article nothing.
func TestPassagesArticles(t *testing.T) {
	dir := articleDir(t)
	truth, err := os.ReadFile(filepath.Join(dir, "ground-truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var articles map[string]struct {
		Body string `json:"articleBody"`
	}
	if err := json.Unmarshal(truth, &articles); err != nil {
		t.Fatal(err)
	}
	var docs []Doc
	var claims []string
	for _, id := range slices.Sorted(maps.Keys(articles)) {
		article := articles[id]
		d, err := Text(strings.NewReader(readArticle(t, filepath.Join(dir, "html", id+".html.gz"))), "text/html; charset=utf-8", "")
		if err != nil {
			t.Fatal(err)
		}
		all := Sentences(article.Body)
		if len(all) == 0 {
			continue
		}
		s := all[len(all)/2]
		if claim := oneLine(article.Body[s.Start:s.End], claimLimit); len(readClaim(claim).weight) >= 6 {
			docs, claims = append(docs, d), append(claims, claim)
		}
	}
	found, foreign := 0, 0
	for i, claim := range claims {
		best := StrongPassages(docs[i], claim, 1)
		if len(best) > 0 && readClaim(claim).sharedWith(best[0].Text) >= 0.9 {
			found++
		} else {
			t.Logf("%q: %+v", claim, best)
		}
		other := StrongPassages(docs[(i+1)%len(docs)], claim, 1)
		if len(other) > 0 {
			foreign++
			t.Logf("foreign %q: %v %q", claim, other[0].Terms, other[0].Text)
		}
	}
	t.Logf("%d of %d sentences found in their page, %d in a foreign one", found, len(claims), foreign)
	if found*100 < len(claims)*97 || foreign*100 > len(claims)*5 {
		t.Error("passages are worse than they were")
	}
}

// sharedWith is which share of a claim's terms stand in a text.
func (c claimTerms) sharedWith(text string) float64 {
	shared := map[int]bool{}
	for t := range terms(text) {
		if n, ok := c.index[t.key]; ok {
			shared[n] = true
		}
	}
	return float64(len(shared)) / float64(len(c.weight))
}
