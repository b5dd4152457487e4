package blob

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

func TestValidKey(t *testing.T) {
	for _, key := range []string{
		"a", "captures/ab/abcdef.warc.gz", "tile/0/x001/067", "log/checkpoints/1", "a/tmp/b", "tmpx", "a b", "~", "-", "a..b", "(1)",
		strings.Repeat("kk/", 170) + "kk", strings.Repeat("k", MaxName), "console", "com", "com10", "nul1", "aux-1",
	} {
		if err := ValidKey(key); err != nil {
			t.Errorf("%q: %v, want it to be valid", key, err)
		}
	}
	for key, why := range map[string]string{
		"":                                 "clean",
		".":                                "clean",
		"..":                               "clean",
		"/":                                "clean",
		"a/":                               "clean",
		"/a":                               "clean",
		"a//b":                             "clean",
		"a/./b":                            "clean",
		"a/../b":                           "clean",
		".git/config":                      "begins with a dot",
		"a/.b":                             "begins with a dot",
		"a./b":                             "ends with a dot",
		"a /b":                             "ends with a dot or a space",
		"tmp":                              "tmp",
		"TMP/x":                            "tmp",
		"a\nb":                             "byte",
		"a\x7fb":                           "byte",
		"é":                                "byte",
		"\xff":                             "clean",
		`a\b`:                              "byte",
		"c:x":                              "byte",
		strings.Repeat("kk/", 170) + "kkk": "longer than 512",
		strings.Repeat("k", MaxName+1):     "more than 255",
		"a/NUL":                            "device",
		"con.txt/b":                        "device",
		"com1":                             "device",
	} {
		err := ValidKey(key)
		if !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want an invalid key because of %q", key, err, why)
		}
	}
}

func FuzzValidKey(f *testing.F) {
	for _, key := range []string{"captures/ab/x.warc.gz", "../x", "tmp/x", "a/.b", "a\\b", "", "\xff"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		err := ValidKey(key)
		if err != nil {
			if !errors.Is(err, ErrKey) {
				t.Errorf("%q: %v isn't ErrKey", key, err)
			}
			return
		}
		// What is valid is one name, and stays below any root.
		if path.Clean(key) != key || !fs.ValidPath(key) || !filepath.IsLocal(filepath.FromSlash(key)) {
			t.Errorf("%q is valid, but not a clean local path", key)
		}
		if strings.ToLower(strings.SplitN(key, "/", 2)[0]) == "tmp" || strings.Contains("/"+key, "/.") {
			t.Errorf("%q is valid, but is what stores don't show", key)
		}
	})
}
