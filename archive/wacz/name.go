package wacz

import (
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxName is the longest name of a file in a package, in bytes.
const maxName = 1024

// checkName says what is wrong with the name of a file, "" when nothing is: it
// must mean the same file inside the package on every system.
func checkName(name string) string {
	switch {
	case name == "":
		return "it is empty"
	case len(name) > maxName:
		return "it is too long"
	case !utf8.ValidString(name):
		return "it is not UTF-8"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "it holds control characters"
	case strings.ContainsRune(name, '\\'):
		return "it holds a backslash"
	case strings.HasPrefix(name, "/"):
		return "it is absolute"
	case len(name) > 1 && name[1] == ':':
		return "it begins with a drive"
	case !fs.ValidPath(name) || name == ".":
		return "it is no plain path"
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") {
			return "a part of it ends in what some systems leave out"
		}
	}
	return ""
}

// fold returns what two names have in common that some file systems take for
// one: letters of either case, composed or not.
func fold(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}
