package wacz

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The roots that the reference verifier authsign trusts and that the samples use.
const (
	isrgCrossSigned = "6d99fb265eb1c5b3744765fcbc648f3cd8e1bffafdc4c2f99b9d47cf7ff1c24f"
	freeTSA         = "a6379e7cecc05faa3cbf076013d745e327bbbaa38c0b9af22469d4701d18aabc"
)

// TestSamples reads packages that others made, good and bad.
func TestSamples(t *testing.T) {
	dir := os.Getenv("IBID_DATA_DIR")
	if dir == "" {
		t.Skip("IBID_DATA_DIR is not set: it names a folder with py-wacz/*.wacz")
	}
	trust := Options{DomainRoots: []string{isrgCrossSigned}, TimestampRoots: []string{freeTSA}}
	for _, c := range []struct {
		file      string
		opts      Options
		signature Outcome
		want      []Code // in any order, notes apart
	}{
		{"valid_example_1.wacz", Options{}, Absent, nil},
		{"valid_example_2.wacz", Options{}, Absent, nil},
		{"valid_signed_example_1.wacz", Options{}, Consistent, nil},
		{"valid_signed_example_1.wacz", trust, Passed, nil},
		{"invalid_example_1.wacz", Options{}, Absent, []Code{
			CodeManifest, CodeHashAlgorithm, CodeMissing, CodeUnlisted, CodeMissing, CodeMissing, CodeMissing,
		}},
		// Signed with a certificate of the issuer's tests.
		{"invalid_signed_example_1.wacz", trust, Failed, []Code{CodeTrust}},
	} {
		t.Run(c.file, func(t *testing.T) {
			f, err := os.Open(filepath.Join(dir, "py-wacz", c.file))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			info, err := f.Stat()
			if err != nil {
				t.Fatal(err)
			}
			list, s, err := Validate(t.Context(), f, info.Size(), c.opts)
			if err != nil {
				t.Fatal(err)
			}
			var got []Code
			for _, p := range list {
				if !p.Note {
					got = append(got, p.Code)
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) || s.Valid() != (len(c.want) == 0) {
				t.Errorf("found %v, want %v, valid: %v", list, c.want, s.Valid())
			}
			if o := s.Results[3]; o.Outcome != c.signature {
				t.Errorf("signature: %+v, want %s", o, c.signature)
			}
			if c.signature == Passed {
				at := time.Date(2022, 1, 18, 19, 0, 12, 0, time.UTC)
				if sig := s.Signature; sig.Form != FormDomain || sig.Domain != "btrix-sign-test.webrecorder.net" || !sig.StampedAt.Equal(at) || !sig.Trusted {
					t.Errorf("signature %+v", sig)
				}
			}
		})
	}
}
