package crawler

import (
	"bytes"
	"strings"
	"testing"
)

func TestToUTF8(t *testing.T) {
	for _, tt := range []struct {
		name, body, contentType, want, enc string
	}{
		{"plain", "abc", "text/html", "abc", "utf-8"},
		{"utf-8 without a word", strings.Repeat("a", 2000) + "Хабар", "text/html", strings.Repeat("a", 2000) + "Хабар", "utf-8"},
		{"BOM", "\xef\xbb\xbfabc", "text/html; charset=windows-1251", "abc", "utf-8"},
		{"header", "\xd5\xe0\xe1\xe0\xf0", "text/html; charset=windows-1251", "Хабар", "windows-1251"},
		{"meta", "<meta charset=windows-1251>\xd5\xe0\xe1\xe0\xf0", "text/html", "<meta charset=windows-1251>Хабар", "windows-1251"},
		{"meta http-equiv", "<meta http-equiv=content-type content='text/html; charset=koi8-r'>\xe8", "", "<meta http-equiv=content-type content='text/html; charset=koi8-r'>Х", "koi8-r"},
		{"header beats meta", "<meta charset=windows-1251>é", "text/html; charset=utf-8", "<meta charset=windows-1251>é", "utf-8"},
		{"nothing known", "caf\xe9", "text/html", "café", "windows-1252"},
		{"iso-8859-1 is windows-1252", "\x93a\x94", "text/html; charset=iso-8859-1", "“a”", "windows-1252"},
		{"utf-16 BOM", "\xff\xfea\x00b\x00", "text/html", "ab", "utf-16le"},
		{"utf-16 header", "\x00a\x00b", "text/html; charset=utf-16be", "ab", "utf-16be"},
		{"broken utf-8", "a\xffb", "text/html; charset=utf-8", "a\ufffdb", "utf-8"},
		{"shift_jis", "\x93\xfa\x96{", "text/html; charset=Shift_JIS", "日本", "shift_jis"},
	} {
		if got, enc := ToUTF8([]byte(tt.body), tt.contentType); got != tt.want || enc != tt.enc {
			t.Errorf("%s: %q, %s; want %q, %s", tt.name, got, enc, tt.want, tt.enc)
		}
	}
}

func FuzzToUTF8(f *testing.F) {
	f.Add([]byte("\xff\xfea"), "text/html; charset=utf-16")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		if text, _ := ToUTF8(body, contentType); strings.ToValidUTF8(text, "") != text {
			t.Fatalf("%q is no UTF-8", text)
		}
	})
}

func BenchmarkToUTF8(b *testing.B) {
	for name, body := range map[string][]byte{"utf-8": bytes.Repeat([]byte("plain words and some <markup> "), 1707), "windows-1251": bytes.Repeat([]byte("\xd5\xe0\xe1 "), 12800)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				ToUTF8(body, "text/html; charset="+name)
			}
		})
	}
}
