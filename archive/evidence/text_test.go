package evidence

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
)

// What is kept of a source until the package is written must not be a part of its
// whole text: a thousand of them would be in memory.
func TestDetached(t *testing.T) {
	text := strings.Repeat("the weir of 1962 ", 1000)
	p := []Passage{{{Text: text[:4]}, {Text: text[4:8], Found: true}}, nil}
	own := detached(p)
	if diff := cmp.Diff(p, own); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i, s := range own[0] {
		if unsafe.StringData(s.Text) == unsafe.StringData(p[0][i].Text) {
			t.Errorf("segment %d is a part of the text", i)
		}
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want string
	}{{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"aé", 2, "a"}, {"aé", 3, "aé"}, {"éé", 1, ""}} {
		if got := cut(tt.text, tt.n); got != tt.want {
			t.Errorf("%q, %d: got %q, want %q", tt.text, tt.n, got, tt.want)
		}
	}
}
