package crawltest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// checkPDF follows startxref to the table and the table to the objects.
func checkPDF(t *testing.T, name, pdf string) {
	t.Helper()
	if !strings.HasPrefix(pdf, "%PDF-1.4\n") || !strings.HasSuffix(pdf, "%%EOF\n") {
		t.Errorf("%s: not framed as a PDF", name)
	}
	_, tail, _ := strings.Cut(pdf[strings.LastIndex(pdf, "startxref"):], "\n")
	digits, _, _ := strings.Cut(tail, "\n")
	at, err := strconv.Atoi(digits)
	if err != nil || at >= len(pdf) {
		t.Fatalf("%s: startxref %q", name, digits)
	}
	lines := strings.Split(pdf[at:], "\n")
	var size int
	if _, err := fmt.Sscanf(lines[1], "0 %d", &size); err != nil || lines[0] != "xref" || size < 2 {
		t.Fatalf("%s: table %q %q", name, lines[0], lines[1])
	}
	for n := 1; n < size; n++ {
		offset, err := strconv.Atoi(lines[2+n][:10])
		if want := fmt.Sprintf("%d 0 obj\n", n); err != nil || !strings.HasPrefix(pdf[offset:], want) {
			t.Errorf("%s: object %d is not at %d", name, n, offset)
		}
		if len(lines[2+n]) != 19 {
			t.Errorf("%s: entry %q is not 20 bytes with its end", name, lines[2+n])
		}
	}
}
