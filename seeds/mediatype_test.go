package seeds

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func TestMediaType(t *testing.T) {
	for header, want := range map[string]string{
		"":                                    "",
		"text/html":                           "text/html",
		"Text/HTML; Charset=\"Windows-1251\"": "text/html; charset=windows-1251",
		"text/html;charset=latin1; x=y":       "text/html; charset=windows-1252", // so say browsers
		"text/html; charset=x-nobody-knows":   "text/html",
		"text/html; charset=":                 "text/html",
		"text/html; charset=\"; ,,/;":         "text/html",
		"html":                                "",
		"text/html; x=" + strings.Repeat("y", 999): "",
	} {
		if got := MediaType(header); got != want {
			t.Errorf("MediaType(%q) = %q, want %q", header, got, want)
		}
	}
}

// TestReadTyped: what the bytes say of themselves comes before the media type, and that before all that is guessed.
func TestReadTyped(t *testing.T) {
	const page = `<!DOCTYPE html><meta charset=windows-1252><title>x</title><p>Мост. https://a.test/`
	russian := func(text string) string {
		encoded, err := charmap.Windows1251.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return encoded
	}
	const list = "- a\n- [b](https://b.test/)\n"
	for _, tt := range []struct {
		what, name, mediaType, data string
		format, encoding            string
	}{
		{"the header's charset before that of <meta>", "https://a.test/x", "text/html; charset=windows-1251", russian(page), "html", "windows-1251"},
		{"without one that of <meta>", "https://a.test/x", "text/html", russian(page), "html", "windows-1252"},
		{"a byte order mark before both", "https://a.test/x", "text/html; charset=windows-1251", "\xef\xbb\xbf" + page, "html", "utf-8"},
		{"UTF-8 before <meta>, if it is true", "https://a.test/x", "text/html; charset=utf-8", page, "html", "utf-8"},
		{"and not if it is not", "https://a.test/x", "text/html; charset=utf-8", russian(page), "html", "windows-1252"},
		{"of text as well", "https://a.test/x", "text/plain; charset=koi8-r", russian("Мост."), "text", "koi8-r"},
		{"the type where the address says nothing", "https://a.test/x", "text/markdown", list, "markdown", "utf-8"},
		{"the type before the address", "https://a.test/x.txt", "text/markdown", list, "markdown", "utf-8"},
		{"what all servers send says nothing", "https://a.test/x.md", "text/plain", list, "markdown", "utf-8"},
		{"nor does what none knows", "https://a.test/x.md", "application/octet-stream", list, "markdown", "utf-8"},
		{"the first bytes before the type", "https://a.test/x", "text/markdown", page, "html", "windows-1252"},
		{"a fragment of a page", "https://a.test/x", "text/html", "Hello <a href=https://b.test/>b</a>", "html", "utf-8"},
		{"is text if the type says so", "https://a.test/x", "text/plain", "<b>https://b.test/</b>", "text", "utf-8"},
		{"a name that says how before all", "https://a.test/x (as text)", "text/html", "<b>https://b.test/</b>", "text", "utf-8"},
	} {
		r, err := ReadTyped(tt.name, tt.mediaType, []byte(tt.data))
		if err != nil {
			t.Errorf("%s: %v", tt.what, err)
			continue
		}
		if r.Format != tt.format || r.Encoding != tt.encoding {
			t.Errorf("%s: %s in %s, want %s in %s", tt.what, r.Format, r.Encoding, tt.format, tt.encoding)
		}
		if r.MediaType != tt.mediaType {
			t.Errorf("%s: media type %q", tt.what, r.MediaType)
		}
	}
}

// FuzzReadTyped: whatever a header says, reading ends, and every place is one of the bytes.
func FuzzReadTyped(f *testing.F) {
	for _, header := range []string{"text/html; charset=windows-1251", "text/plain; charset=shift_jis", "text/csv; charset=gb18030", "text/markdown; charset=utf-8", "text/x-opml; charset=iso-2022-jp", "application/json"} {
		f.Add(header, []byte("<a href='https://a.test/\xcf'>\xcf\xf0\x1b$B</a>, [1] https://b.test/\n"))
	}
	f.Fuzz(func(t *testing.T, header string, data []byte) {
		r, err := ReadTyped("https://a.test/report", MediaType(header), data)
		if err != nil {
			return
		}
		for _, c := range r.Citations {
			if c.Offset < 0 || c.Length < 0 || c.Offset+c.Length > len(data) {
				t.Fatalf("%+v of %d bytes", c.Position, len(data))
			}
		}
	})
}
