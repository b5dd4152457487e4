package render

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "The dam", "The dam"},
		{"spaces", "  The\t\tdam \r\n held\u00a0\u2028 ", "The dam held"},
		{"colour", "a\x1b[31;1mb\x1b[0mc", "abc"},
		{"title of the window", "a\x1b]0;owned\ab", "ab"},
		{"clipboard", "a\x1b]52;c;aGk=\x1b\\b", "ab"},
		{"link", "a\x1b]8;;https://evil.test\x1b\\click\x1b]8;;\x1b\\b", "aclickb"},
		{"no end", "a\x1b]0;still here", "a0;still here"},
		{"no end of parameters", "a\x1b[12", "a12"},
		{"escape at the end", "a\x1b", "a"},
		{"character set", "a\x1b(0b", "ab"},
		{"C1", "a\u009b31mb\u009d0;x\u009cc\u0090d", "abcd"},
		{"NUL and DEL", "a\x00b\x7fc", "abc"},
		{"bidi", "a\u202eb\u2066c\u2069d\u200fe\u061cf", "abcdef"},
		{"invisible", "a\u200bb\ufeffc\u2060d\u00ade", "abcde"},
		{"tags", "a\U000e0041\U000e007fb", "ab"},
		{"no characters", "a\ufffe\uffff\ufdd0b", "ab"},
		{"joiners stay", "می\u200cخواهم 👩\u200d🔧", "می\u200cخواهم 👩\u200d🔧"},
		{"broken UTF-8", "a\xff\xc3b", "a\ufffd\ufffdb"},
		{"piled marks", "Z" + strings.Repeat("\u0301", 50) + "o", "Z" + strings.Repeat("\u0301", 3) + "o"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := clean(tc.in, longLine); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func TestDefang(t *testing.T) {
	for _, tc := range []struct{ in, host, want string }{
		{"moved to https://new.gazette.test/a.html, says it", "gazette.test", "moved to hxxps://new[.]gazette[.]test/a.html, says it"},
		{"lookup gazette.test: no such host", "gazette.test", "lookup gazette[.]test: no such host"},
		{"http://a.test:80/ and https://b.test", "", "hxxp://a[.]test:80/ and hxxps://b[.]test"},
		{"ftp://a.test", "", "ftp://a[.]test"},
		{"no address", "x", "no address"},
		{"https://", "", "hxxps://"},
	} {
		if got := defang(tc.in, tc.host); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, tc := range []struct {
		in    string
		width int
		want  string
	}{
		{"https://gazette.test/2026/dam", 40, "https://gazette.test/2026/dam"},
		{"https://gazette.test/2026/dam", 20, "https://gaze…026/dam"},
		{"長い題名の長い記事", 10, "長い題…事"},
		{"👩\u200d🔧👩\u200d🔧👩\u200d🔧👩\u200d🔧", 5, "👩\u200d🔧…👩\u200d🔧"},
		{"abc", 2, "a…"},
		{"abc", 0, ""},
	} {
		got := shorten(tc.in, tc.width)
		if columns(got) > tc.width || got != tc.want {
			t.Errorf("%q (%d columns), want %q in %d", got, columns(got), tc.want, tc.width)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b]52;c;aGk=\ab\u202e\r\n::error::", 60)
	f.Add("Z\u0301\u0301\u0301\u0301\u0301 長い 👩\u200d🔧\xff", 3)
	f.Fuzz(func(t *testing.T, s string, width int) {
		got := clean(s, 500)
		if !utf8.ValidString(got) || len(got) > 500 {
			t.Errorf("%d bytes: %q", len(got), got)
		}
		for _, r := range got {
			if dropped(r) {
				t.Errorf("%U is left in %q", r, got)
			}
		}
		if again := clean(got, 500); again != got {
			t.Errorf("cleaned twice: %q, then %q", got, again)
		}
		width = width & 0xff
		for _, short := range []string{shorten(got, width), cutEnd(got, width)} {
			if columns(short) > width {
				t.Errorf("%q has %d columns, not %d", short, columns(short), width)
			}
		}
		for _, line := range wrap(got, width+1, 3) {
			if columns(line) > width+1 {
				t.Errorf("%q has %d columns, not %d", line, columns(line), width+1)
			}
		}
	})
}
