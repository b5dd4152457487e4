package blob

import (
	"errors"
	"strings"
	"testing"
)

func TestQuarantineKey(t *testing.T) {
	for _, test := range []struct {
		key  string
		n    int
		want string
	}{
		{"a", 1, "quarantine/a.1"},
		{"captures/ab/x.warc.gz", 12, "quarantine/captures/ab/x.warc.gz.12"},
		{"quarantine", 9999, "quarantine/quarantine.9999"},
		{"quarantined/a", 1, "quarantine/quarantined/a.1"},
	} {
		got, err := QuarantineKey(test.key, test.n)
		if err != nil || got != test.want {
			t.Errorf("%q, %d: %q, error %v; want %q", test.key, test.n, got, err, test.want)
		}
	}
	for _, test := range []struct {
		key string
		n   int
	}{
		{"", 1}, {"../a", 1}, {"a", 10_000}, {"quarantine/a.1", 1}, {strings.Repeat("k", MaxName-1), 1}, {strings.Repeat("kk/", 168), 1},
	} {
		if got, err := QuarantineKey(test.key, test.n); !errors.Is(err, ErrKey) {
			t.Errorf("%q, %d: %q, error %v; want an invalid key", test.key, test.n, got, err)
		}
	}
}
