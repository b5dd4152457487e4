package ibid_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/ibid-archive/ibid/"

// arrows is the whole table of who may import whom among our packages. A
// package that is not in it may not exist; "crawler/crawltest" and the test
// packages are helpers for tests and the demo.
var arrows = map[string][]string{
	"seeds":                 {"seeds/pdf"},
	"seeds/pdf":             {},
	"seeds/pdf/pdftest":     {},
	"seeds/reports":         {},
	"archive/warc":          {"archive/warc/inflate"},
	"archive/warc/inflate":  {},
	"archive/warc/warctest": {},
	"archive/cdxj":          {"archive/warc", "archive/cdxj/strict"},
	"archive/cdxj/strict":   {},
	"archive/wacz":          {"archive/warc", "archive/cdxj", "archive/cdxj/strict", "archive/log/timestamp"},
	"archive/blob":          {},
	"archive/blob/dir":      {"archive/blob"},
	"archive/blob/s3":       {"archive/blob"},
	"archive/blob/blobtest": {"archive/blob"},
	"archive/log":           {"archive/blob", "archive/log/timestamp"},
	"archive/mirror":        {"archive/blob"},
	"archive/foreign":       {"seeds", "archive", "archive/warc"},
	"archive":               {"seeds", "archive/warc", "archive/blob"},
	"archive/catalog":       {"archive", "seeds"},
	"archive/evidence":      {"seeds", "archive", "archive/warc", "archive/wacz", "archive/log", "archive/log/timestamp"},
	"crawler/wire":          {},
	"crawler":               {"seeds", "archive", "crawler/wire", "crawler/platform"},
	"crawler/platform":      {"seeds", "archive"},
	"crawler/crawltest":     {},
	"crawler/memento":       {"seeds", "archive"},
	"crawler/schedule":      {"crawler", "crawler/memento", "archive", "archive/catalog", "seeds"},
	"verify":                {"seeds", "archive", "archive/warc", "archive/wacz", "archive/blob", "archive/log", "archive/log/timestamp"},
	"verify/render":         {"verify", "seeds", "archive", "archive/log", "archive/evidence"},
	"cmd/ibid":              nil, // everything

	"archive/log/timestamp":         {},
	"archive/log/timestamp/tsatest": {},
}

// only names who alone may import a library.
var only = map[string][]string{
	"github.com/gocolly/colly/v2":         {"crawler"},
	"github.com/minio/minio-go/v7":        {"archive/blob/s3"},
	"github.com/robfig/cron/v3":           {"crawler/schedule"},
	"modernc.org/sqlite":                  {"archive/catalog"},
	"github.com/pressly/goose/v3":         {"archive/catalog"},
	"github.com/PuerkitoBio/goquery":      {"seeds", "crawler", "verify"},
	"golang.org/x/mod/sumdb":              {"archive/log"},
	"github.com/spf13/cobra":              {"cmd/ibid"},
	"github.com/goccy/go-yaml":            {"cmd/ibid"},
	"github.com/bmatcuk/doublestar/v4":    {"cmd/ibid"},
	"github.com/yuin/goldmark":            {"seeds"},
	"github.com/vbauerster/mpb/v8":        {"cmd/ibid"},
	"github.com/lmittmann/tint":           {"cmd/ibid"},
	"github.com/klauspost/compress":       {"archive/warc", "archive/wacz", "archive"},
	"github.com/prometheus/client_golang": {"cmd/ibid"},
	"github.com/digitorus/timestamp":      {},
	"codeberg.org/readeck/go-readability": {"verify"},
	"github.com/sergi/go-diff":            {"verify"},
	"github.com/abadojack/whatlanggo":     {"verify"},
	"github.com/digitorus/pkcs7":          {"archive/log/timestamp/tsatest"},
}

// TestArrows keeps data flowing one way: seeds, crawler, archive, verify, cmd.
func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		pkg := path.Dir(filepath.ToSlash(file))
		seen[pkg] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			check(t, file, pkg, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range seen {
		if _, ok := arrows[pkg]; !ok {
			t.Errorf("package %s is not in the table of arrows", pkg)
		}
	}
	for pkg := range arrows {
		if !seen[pkg] {
			t.Errorf("the table of arrows has %s, which does not exist", pkg)
		}
	}
}

func check(t *testing.T, file, pkg, imported string) {
	if ours, ok := strings.CutPrefix(imported, module); ok {
		if allowed := arrows[pkg]; allowed != nil && !slices.Contains(allowed, ours) {
			t.Errorf("%s: %s may not import %s", file, pkg, ours)
		}
		return
	}
	for library, users := range only {
		if (imported == library || strings.HasPrefix(imported, library+"/")) && !slices.Contains(users, pkg) {
			t.Errorf("%s: only %s may import %s", file, strings.Join(users, ", "), library)
		}
	}
}
