package seeds

import (
	"slices"
	"testing"
)

// TestPublisher tells the name of a publisher from an address.
func TestPublisher(t *testing.T) {
	for note, want := range map[string][]string{
		"The dam. latimes.com. https://www.latimes.com/dam":                         {"https://www.latimes.com/dam"},
		"The dam. www.latimes.com, https://latimes.com/dam":                         {"https://latimes.com/dam"},
		"https://web.archive.org/web/2022/https://www.latimes.com/dam, latimes.com": {"https://web.archive.org/web/2022/https://www.latimes.com/dam"},
		"The dam. latimes.com":                                                          {"https://latimes.com/"},
		"The dam. latimes.com. https://nytimes.com/dam":                                 {"https://latimes.com/", "https://nytimes.com/dam"},
		"The dam. times.com. https://latimes.com/dam":                                   {"https://times.com/", "https://latimes.com/dam"},
		"The dam. latimes[.]com. https://www.latimes.com/dam":                           {"https://latimes.com/", "https://www.latimes.com/dam"},
		"The dam. latimes.com/home. https://www.latimes.com/dam":                        {"https://latimes.com/home", "https://www.latimes.com/dam"},
		"https://latimes.com/a latimes.com https://latimes.com/b latimes.com and so on": {"https://latimes.com/a", "https://latimes.com/b"},
	} {
		r, err := Read("a.txt", []byte("A claim. [1] Another one. [2]\n\nNotes\n[1] "+note+"\n[2] https://example.org/\n"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, c := range r.Citations {
			if c.Note == "1" {
				got = append(got, c.URL)
			} else if c.ID != "2.1" || i != len(r.Citations)-1 {
				t.Errorf("%q: citation %s is out of place", note, c.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q cites %q, want %q", note, got, want)
		}
	}
}
