package seeds

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestByline(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"Title\nBy Jane Doe\n\nText.", []string{"Jane Doe"}},
		{"Title\n\nA subtitle of it\nBY JANE DOE, John Q. Roe & Pieter van der Berg\n", []string{"JANE DOE", "John Q. Roe", "Pieter van der Berg"}},
		{"Название\nАвтор: Иван Петров и Анна Иванова\n", []string{"Иван Петров", "Анна Иванова"}},
		{"Title\nVon Jane Doe\n", []string{"Jane Doe"}},
		{"Title\nBy May the dam was open.\n", nil},
		{"Title\nBy the River\n", nil},
		{"Title\nBy Jane Doe, 3 May 2022\n", nil},
		{"Title\nOne.\nTwo.\nThree.\nBy Jane Doe\n", nil},
		{"By Jane Doe", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, mustRead(t, "report.txt", []byte(tt.text)).Authors); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}
