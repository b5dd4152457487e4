package render

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/verify"
)

// What a package says of itself cannot act on a terminal, nor pass for a line of
// ours.
func TestPackageTextIsClean(t *testing.T) {
	hostile := "x\x1b[2J\r\n  passed  everything\u202e::error::"
	r := &verify.PackageReport{File: hostile, Format: verify.FormatWACZ, Own: true, WARCs: 2, Records: 7,
		Steps: []verify.PackageResult{
			{Step: verify.StepStructure, Outcome: verify.StepPassed, Detail: hostile, Proves: "It is.", Limits: "It means."},
			{Step: verify.StepSignature, Outcome: verify.StepAbsent}, {Step: verify.StepTimestamps, Outcome: verify.StepAbsent},
			{Step: verify.StepCitations, Outcome: verify.StepFailed},
		},
		Findings: []verify.PackageFinding{{Step: verify.StepCitations, Code: hostile, File: hostile, Message: hostile}}}
	var out bytes.Buffer
	if err := PackageText(&out, r, TextOptions{Width: 80}); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, bad := range []string{"\x1b", "\r", "\u202e", "\n  passed  everything", "\n::error"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q stands in\n%s", bad, text)
		}
	}
	for _, want := range []string{"It is. Not proved: It means.", "  not there    signature, timestamps\n", "  failed       citations\n", "1 fault, it does not hold"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	out.Reset()
	if err := PackagesJSON(&out, []*verify.PackageReport{r}); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Version int
		Files   []struct {
			Holds *bool
			File  string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil || doc.Version != 1 || *doc.Files[0].Holds || doc.Files[0].File != hostile {
		t.Errorf("%v: %s", err, out.Bytes())
	}
	if strings.ContainsAny(out.String(), "\x1b\u202e") {
		t.Errorf("%q", out.String())
	}
}
