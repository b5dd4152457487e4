package seeds

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestPlainParts: what is taken apart without the parser of the URL standard is what the parser says.
func TestPlainParts(t *testing.T) {
	plain := 0
	check := func(t interface{ Fatalf(string, ...any) }, raw string) {
		got, ok := plainParts(raw)
		if !ok {
			return
		}
		plain++
		want, err := parts(raw)
		if err != nil {
			t.Fatalf("%q is plain, and refused: %v", raw, err)
		}
		if whole := want.origin() + want.path + want.search + want.hash; whole != raw {
			t.Fatalf("%q is plain, and becomes %q", raw, whole)
		}
		got.whole = ""
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(parsed{})); diff != "" {
			t.Fatalf("%q (-parser +plain):\n%s", raw, diff)
		}
	}
	for _, raw := range []string{
		"https://a.test/", "http://a-b.c1.test/x/~y?q=1&r=(2)#part", "https://a.test/x?y=https://b.test/z", "https://a.test/a//b/", "https://a.test/x#!/y/",
	} {
		if _, ok := plainParts(raw); !ok {
			t.Errorf("%q is not plain", raw)
		}
		check(t, raw)
	}
	plain = 0
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{
			"a", "b1", "xn--a", "0x7f", "127", "z", "A", "é", "%41", "%2e", ".", "..", "-", "--", "_", "~", "/", "//", "\\", "?", "#", "&", "=", ":", ":80", ":443", "@", "+", "!", "$", "'", "(", ")",
			"*", ",", ";", " ", "\t", "<", "\"", "`", "{", "|", "^", "[", "]", "test", ".test",
		})
		raw := rapid.SampledFrom([]string{"https://", "http://", "https:/", "HTTPS://", "https://a.test/", "https://a.b.test/x", "http://a.test/?", "https://a.test/x#"}).Draw(t, "start") +
			strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
		check(t, raw)
	})
	if plain < 5 {
		t.Errorf("of what was drawn only %d addresses are plain", plain)
	}
}
