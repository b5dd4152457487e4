package blob

import (
	"fmt"
	"io/fs"
	"strings"
)

// MaxKey is the greatest length of a key in bytes, and MaxName that of one
// component.
const (
	MaxKey  = 512
	MaxName = 255
)

// reserved are the printable bytes that some file system can't hold in a name.
const reserved = `\:*?"<>|`

// ValidKey returns nil when every store can hold key, and otherwise an error
// that wraps [ErrKey] and says why. A key is a slash-separated path as in
// [fs.ValidPath], of printable ASCII without the characters \ : * ? " < > |,
// and at most [MaxKey] bytes long. No component is longer than [MaxName], begins
// with a dot, ends with a dot or a space, or is a device to Windows ("nul",
// "com1.txt"), and the first isn't "tmp", in upper or lower case: that one is
// the store's own.
//
// A key that is also the directory of another key ("a" and "a/b") is valid,
// but a directory can't hold both, so callers must not use such pairs.
func ValidKey(key string) error {
	if why := invalid(key); why != "" {
		return fmt.Errorf("%w: %q %s", ErrKey, key[:min(len(key), MaxKey)], why)
	}
	return nil
}

func invalid(key string) string {
	switch {
	case len(key) > MaxKey:
		return fmt.Sprintf("is longer than %d bytes", MaxKey)
	case key == "." || !fs.ValidPath(key):
		return "is not a clean relative path"
	}
	for i := range len(key) {
		if c := key[i]; c < ' ' || c > '~' || strings.IndexByte(reserved, c) >= 0 {
			return fmt.Sprintf("holds the byte %q", c)
		}
	}
	first := true
	for name := range strings.SplitSeq(key, "/") {
		switch {
		case first && strings.EqualFold(name, "tmp"):
			return "is under tmp, which belongs to the store"
		case name[0] == '.':
			return "has a component that begins with a dot"
		case len(name) > MaxName:
			return fmt.Sprintf("has a component of more than %d bytes", MaxName)
		case device(name):
			return "has a component that is a device to Windows"
		case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
			return "has a component that ends with a dot or a space"
		}
		first = false
	}
	return ""
}

// device reports whether Windows takes a file name for a device, whatever
// follows its first dot.
func device(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	switch name = strings.TrimRight(name, " "); name {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return true
	}
	return len(name) == 4 && (name[:3] == "com" || name[:3] == "lpt") && '0' <= name[3] && name[3] <= '9'
}
