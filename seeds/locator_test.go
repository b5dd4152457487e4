package seeds

import (
	"slices"
	"testing"
)

func TestGroupAt(t *testing.T) {
	for text, want := range map[string][]string{
		"[1]": {"1"}, "[1, 2; 4–6]": {"1", "2", "4", "5", "6"}, "[1, с. 15]": {"1"}, "[7. С. 12]": {"7"}, "[см.: 6, с. 7–9]": {"6"}, "[1, p. 15; 2, pp. 3–4, 9; 5]": {"1", "2", "5"},
		"[see 2]": {"2"}, "[3, § 4]": {"3"}, "[3, ch. 2, art. 5]": {"3"}, "[4, т. 2, с. 4]": {"4"}, "[12, 15-б.]": {"12"}, "[vgl. 3, S. 7f.]": {"3"}, "(1, p. 15)": {"1"},
		"[7.\nС. 12]": {"7"}, "[1, p.\n15]": {"1"},
		"[۱]": {"1"}, "[۱، ۲]": {"1", "2"}, "[٣، ص ١٥]": {"3"},
		"[see above]": nil, "[p. 15]": nil, "[1, 12,000 men]": nil, "[1, of 1960]": nil, "[Smith, p. 4]": nil, "(see [1])": nil, "[]": nil, "[1, с. ]": nil, "[1; see Smith]": nil,
	} {
		labels, size, ok := groupAt(text + " rest")
		if ok != (want != nil) || !slices.Equal(labels, want) || ok && size != len(text) || !ok && size != 1 {
			t.Errorf("%s: %q, %d bytes, %t, want %q", text, labels, size, ok, want)
		}
	}
}
