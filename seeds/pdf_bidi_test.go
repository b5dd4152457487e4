package seeds

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// visual writes a line that is read from right to left as its glyphs stand, but for words in Latin letters and numbers.
func visual(parts ...string) string {
	var all []string
	for _, p := range parts {
		runes := []rune(p)
		if strings.IndexFunc(p, fromRight) >= 0 || strings.IndexFunc(p, func(r rune) bool { return utf8.RuneLen(r) == 1 && isWordByte(byte(r)) || digit(r) >= 0 }) < 0 {
			slices.Reverse(runes)
		}
		all = append(all, string(runes))
	}
	slices.Reverse(all)
	return strings.Join(all, "")
}

func TestAsRead(t *testing.T) {
	for _, parts := range [][]string{
		{"گزارش سد در شمال"},
		{"سد در روز ", "۳", " مه ", "۲۰۲۲", " شکست.[", "۱", "]"},
		{"[", "۱", "] خبرگزاری، ", "https://a.test/1", " (بازدید: ", "۱۳", " اردیبهشت ", "۱۴۰۱", ")"},
		{"دولت ", "Radio Free Europe 2022", " را تکذیب کرد."},
		{"و ", "35", " نفر (به گفته وزارت)، ", "3,400", " خانه و ", "12.5", " درصد"},
		{"الوزارة: «السد» انهار"},
		{"הסכר נפרץ ב-", "3.5.2022", " (לפי המשרד)"},
	} {
		want := strings.Join(parts, "")
		shown := visual(parts...)
		mirrors := strings.Map(mirrored, shown)
		for _, line := range []string{shown, mirrors} {
			// Runs may begin anywhere.
			cut := len([]rune(line)) / 2
			runs := []pdfRun{{text: string([]rune(line)[:cut]), x0: 1}, {text: string([]rune(line)[cut:]), x0: 2}}
			var got strings.Builder
			for _, r := range asRead(runs) {
				got.WriteString(r.text)
			}
			if got.String() != want {
				t.Errorf("%q is read as %q, want %q", line, got.String(), want)
			}
		}
	}
}

func TestRightToLeft(t *testing.T) {
	for text, want := range map[string][2]bool{ // alone, and among lines that are
		"The dam broke.": {false, false}, "سد شکست": {true, true}, "Radio Free Europe را": {false, true}, "The word سد": {false, true}, "https://a.test/12345 سد": {true, true}, "2022": {false, false}, "": {false, false},
	} {
		if got := [2]bool{rightToLeft(text, false), rightToLeft(text, true)}; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzAsRead(f *testing.F) {
	f.Add("سد [۱] https://a.test/ (b)", 3)
	f.Fuzz(func(t *testing.T, text string, cut int) {
		text = strings.ToValidUTF8(text, "")
		runes := []rune(text)
		cut = max(0, min(cut, len(runes)))
		var got []rune
		for _, r := range asRead([]pdfRun{{text: string(runes[:cut])}, {text: string(runes[cut:])}}) {
			got = append(got, []rune(r.text)...)
		}
		sorted := func(all []rune) string {
			all = slices.Clone(all)
			for i := range all {
				all[i] = min(all[i], mirrored(all[i]))
			}
			slices.Sort(all)
			return string(all)
		}
		if sorted(got) != sorted(runes) {
			t.Errorf("%q loses characters: %q", text, string(got))
		}
	})
}
