package seeds

import "testing"

// TestPipe keeps a pipe within an address and ends at one between columns.
func TestPipe(t *testing.T) {
	for text, want := range map[string]string{
		"[1] https://wiki.example.org/a|b?x=1|2 said": "https://wiki.example.org/a|b?x=1|2",
		"[1] https://example.org/a | next column":     "https://example.org/a",
		"[1] | https://example.org/a| next column":    "https://example.org/a",
	} {
		r, err := Read("a.txt", []byte("A claim. [1]\n\nNotes\n"+text+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Citations) != 1 || r.Citations[0].Raw != want {
			t.Errorf("%q gives %+v, want %q", text, r.Citations, want)
		}
	}
}
