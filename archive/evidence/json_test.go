package evidence

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// Whatever a text holds, JSON gives it back, and a terminal takes it for text.
func TestEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := strings.ToValidUTF8(rapid.String().Draw(t, "text"), "\ufffd")
		want += rapid.SampledFrom([]string{"", "\u202e", "\u009b31m", "\U000e0041", "\u2028", "\x7f", "<b>&", "\x00"}).Draw(t, "more")
		b, err := encode(map[string]string{"text": want})
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := json.Unmarshal(b, &got); err != nil || got["text"] != want {
			t.Fatalf("got %q, want %q, error %v", got["text"], want, err)
		}
		for _, r := range string(b) {
			if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
				t.Fatalf("the character %U in %q", r, b)
			}
		}
	})
}

func TestFileName(t *testing.T) {
	for path, want := range map[string]string{
		"report.txt": "report.txt", "a/b/c.md": "c.md", `C:\r\x y.docx`: "x-y.docx", "отчёт.txt": "txt", "": "report", "..": "report", "a/../.": "report",
		".hidden": "hidden", "a.": "a", "nul\x00.txt": "nul-.txt", strings.Repeat("x", 300) + ".txt": strings.Repeat("x", 96) + ".txt",
	} {
		if got := fileName(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}
