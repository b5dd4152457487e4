package seeds

import (
	"testing"
	"time"
)

func TestPostedAt(t *testing.T) {
	for address, want := range map[string]string{
		"https://twitter.com/someone/status/1790637656616943991": "2024-05-15T06:57:40.433Z",
		"https://x.com/i/status/1516300000000000000":             "2022-04-19T06:17:46.148Z",
		"https://x.com/i/status/20":                              "", // numbered one by one
		"https://x.com/i/status/17179869183":                     "",
		"https://x.com/i/status/99999999999999999999":            "",
		"https://t.me/channel/1790637656616943991":               "",
		"https://example.org/status/1790637656616943991":         "",
	} {
		key, err := Normalize(address)
		if err != nil {
			t.Fatal(err)
		}
		at, ok := PostedAt(key)
		if got := at.Format("2006-01-02T15:04:05.999Z07:00"); ok != (want != "") || ok && got != want {
			t.Errorf("%s was posted at %s, %t, want %q", address, got, ok, want)
		}
		if ok && at.Location() != time.UTC {
			t.Errorf("%s has a time in %s", address, at.Location())
		}
	}
}
