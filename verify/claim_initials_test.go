package verify

import "testing"

// TestShortNames compares names that are short in one text and long in the other.
func TestShortNames(t *testing.T) {
	for _, c := range []struct {
		claim, source string
		name          string
		state         FactState // "" when the name is not asked for
	}{
		{"The UN said so.", "The United Nations said so.", "UN", FactFound},
		{"The United Nations said so.", "The UN said so.", "United Nations", FactFound},
		{"On Monday ISKP claimed the attack.", "Islamic State Khorasan Province claimed it.", "ISKP", FactFound},
		{"A report by the IMF.", "The International Monetary Fund wrote it.", "IMF", FactFound},
		{"Troops of the USA left.", "The United States withdrew its troops.", "USA", FactFound},
		{"A report by the IMF.", "Igor met Fatima. It made it far.", "IMF", FactAbsent},
		{"He met Boris Karimov there.", "The BK was there.", "Boris Karimov", FactAbsent},
		{"It cost US$ 40m.", "It cost $40 million.", "US", ""},
		{"So says Resolution 1973 of the council.", "The resolution 1973 says so.", "Resolution", FactPartly},
		{"It works with 5G.", "It works.", "5", ""},
	} {
		state := FactState("")
		for _, f := range CheckClaim(c.claim, Doc{Text: c.source}, 1).Facts {
			if f.Text == c.name {
				state = f.State
				for _, s := range f.Source {
					if s.Start >= s.End || s.End > len(c.source) {
						t.Errorf("%q: %v lies outside of the source", c.claim, s)
					}
				}
			}
		}
		if state != c.state {
			t.Errorf("%q in %q: %q is %q, want %q", c.claim, c.source, c.name, state, c.state)
		}
	}
}
