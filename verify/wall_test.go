package verify

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestWalls judges each page of testdata/walls.txtar, plain and in every
// content coding.
func TestWalls(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/walls.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range archive.Files {
		verdict, rest, _ := strings.Cut(f.Name, " ")
		code, _, _ := strings.Cut(rest, " ")
		seen[code] = true
		rawURL, raw, _ := strings.Cut(string(f.Data), "\n")
		head, body, _ := strings.Cut(raw, "\n\n")
		for coding, encode := range codings {
			t.Run(f.Name+"/"+coding, func(t *testing.T) {
				head := strings.ReplaceAll(head, "\n", "\r\n")
				if coding != "" {
					head += "\r\nContent-Encoding: " + coding
				}
				x := answerTo(t, rawURL, head+"\r\n\r\n"+encode(t, body))
				j := Judge(visit(x))
				if string(j.Verdict) != verdict || ReasonCode(j.Reasons[0]) != code {
					t.Errorf("judged %s %q, want %s %s", j.Verdict, j.Reasons, verdict, code)
				}
			})
		}
	}
	for _, w := range knownWalls {
		if !seen["bot-wall-"+w.who] {
			t.Errorf("no page tests the wall %s", w.who)
		}
	}
}

// TestEveryWallIsNeeded takes each signature out of the table's reach: at
// least one page must be known by each.
func TestEveryWallIsNeeded(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/walls.txtar")
	if err != nil {
		t.Fatal(err)
	}
	hits := make([]int, len(knownWalls))
	for _, f := range archive.Files {
		rawURL, raw, _ := strings.Cut(string(f.Data), "\n")
		head, body, _ := strings.Cut(raw, "\n\n")
		e := visit(answerTo(t, rawURL, strings.ReplaceAll(head, "\n", "\r\n")+"\r\n\r\n"+body))
		for i, w := range knownWalls {
			if w.matches(&evidence{visit: e, hops: e.Exchanges}, e.Exchanges[0]) {
				hits[i]++
			}
		}
	}
	for i, w := range knownWalls {
		if hits[i] == 0 {
			t.Errorf("no page shows signature %d: %+v", i, w)
		}
	}
}

type encoder func(testing.TB, string) string

var codings = map[string]encoder{
	"":     func(_ testing.TB, s string) string { return s },
	"gzip": through(func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }),
	"br":   through(func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriter(w), nil }),
	"zstd": through(func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }),
	"deflate": through(func(w io.Writer) (io.WriteCloser, error) {
		return zlib.NewWriter(w), nil
	}),
	"gzip, br": func(t testing.TB, s string) string {
		gz := through(func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
		br := through(func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriter(w), nil })
		return br(t, gz(t, s))
	},
}

func through(open func(io.Writer) (io.WriteCloser, error)) encoder {
	return func(t testing.TB, s string) string {
		if s == "" {
			return "" // an empty body stays empty in every coding
		}
		var b bytes.Buffer
		w, err := open(&b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, s); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
}

func TestDecodedHead(t *testing.T) {
	bare := through(func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
	gz := codings["gzip"]
	bomb := strings.Repeat("0", 8<<20)
	for _, tc := range []struct {
		name, coding, body string
		want               int // bytes
	}{
		{"bare deflate", "deflate", bare(t, "the dam held"), 12},
		{"said gzip, is plain", "gzip", "the dam held", 0},
		{"unknown coding", "compress", "the dam held", 0},
		{"three layers", "gzip, gzip, gzip", "the dam held", 0},
		{"cut gzip", "gzip", gz(t, strings.Repeat("the dam held ", 50))[:30], -1},
		{"a bomb is not unpacked", "gzip", gz(t, bomb), textLimit},
		{"a bomb in a bomb", "gzip, gzip", gz(t, gz(t, bomb)), textLimit},
		{"no body", "gzip", "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := decodedHead(answer(t, "https://a.example/", 200, tc.body, "Content-Encoding: "+tc.coding))
			if tc.want >= 0 && len(got) != tc.want || len(got) > textLimit {
				t.Errorf("%d bytes, want %d", len(got), tc.want)
			}
		})
	}
}

func FuzzDecodedHead(f *testing.F) {
	for coding, encode := range codings {
		f.Add(coding, encode(f, "<title>The dam</title>"))
	}
	f.Fuzz(func(t *testing.T, coding, body string) {
		if strings.ContainsAny(coding, "\r\n\x00") || len(coding) > 100 {
			t.Skip("no header field")
		}
		x := answer(t, "https://a.example/", 200, body)
		x.Header.Set("Content-Encoding", coding)
		if n := len(decodedHead(x)); n > textLimit {
			t.Errorf("%d bytes, limit %d", n, textLimit)
		}
	})
}
