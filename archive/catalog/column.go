package catalog

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/ibid-archive/ibid/archive"
)

// micros is how a time is stored: microseconds since 1970 UTC, 0 for never.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// digest reads the 64 lower-case hexadecimal digits of a SHA-256.
func digest(s string) ([]byte, bool) {
	if len(s) != 64 {
		return nil, false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return nil, false
		}
	}
	b, err := hex.DecodeString(s)
	return b, err == nil
}

// digestOrNone stores what is no SHA-256 as no bytes.
func digestOrNone(s string) []byte {
	if b, ok := digest(s); ok {
		return b
	}
	return []byte{}
}

// same stands for a URL that equals the one that it is compared with. Most URLs
// of a visit are equal, and they are the longest part of its row.
const same = "="

func unlessSame(url, other string) string {
	if url == other && url != "" {
		return same
	}
	return url
}

func orSame(url, other string) string {
	if url == same {
		return other
	}
	return url
}

// clean replaces every byte that is not UTF-8 by U+FFFD, as encoding/json does.
func clean(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// packList stores a list as JSON, an empty one as "".
func packList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	valid := make([]string, len(list))
	for i, s := range list {
		valid[i] = clean(s) // or a wrong byte would become an escape, and a U+FFFD not
	}
	b, err := json.Marshal(valid)
	if err != nil {
		return "" // a list of strings always has a JSON form
	}
	return string(b)
}

func unpackList(s string) (list []string, err error) {
	if s == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(s), &list); err != nil {
		return nil, fmt.Errorf("list %q: %w", s, err)
	}
	return list, nil
}

// packPost stores a post as JSON, none as "".
func packPost(p *archive.Post) string {
	if p == nil {
		return ""
	}
	b, err := json.Marshal(p)
	if err != nil {
		return "" // a time beyond what JSON has; the capture record would not have held it either
	}
	return string(b)
}

func unpackPost(s string) (*archive.Post, error) {
	if s == "" {
		return nil, nil
	}
	var p archive.Post
	if err := json.Unmarshal([]byte(s), &p); err != nil {
		return nil, fmt.Errorf("post %.100q: %w", s, err)
	}
	return &p, nil
}

// packChain stores certificate digests one after the other. What is no digest
// is left out: the chain only saves storing certificates twice.
func packChain(chain []string) []byte {
	packed := make([]byte, 0, 32*len(chain))
	for _, fingerprint := range chain {
		if b, ok := digest(fingerprint); ok {
			packed = append(packed, b...)
		}
	}
	return packed
}

func unpackChain(packed []byte) []string {
	var chain []string
	for ; len(packed) >= 32; packed = packed[32:] {
		chain = append(chain, hex.EncodeToString(packed[:32]))
	}
	return chain
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
