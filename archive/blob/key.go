package blob

import (
	"fmt"
	"io/fs"
	"strings"
)

// MaxKey is the greatest length of a key in bytes.
const MaxKey = 512

// reserved are the printable bytes that some file system can't hold in a name.
const reserved = `\:*?"<>|`

// ValidKey returns nil when every store can hold key, and otherwise an error
// that wraps [ErrKey] and says why. A key is a slash-separated path as in
// [fs.ValidPath], of printable ASCII without the characters \ : * ? " < > |,
// and at most [MaxKey] bytes long. No component begins with a dot or ends with
// a dot or a space, and the first isn't "tmp", in any case: that one is the
// store's own.
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
		case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
			return "has a component that ends with a dot or a space"
		}
		first = false
	}
	return ""
}
