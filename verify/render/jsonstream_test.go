package render

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

// jsonResult is the document that JSON writes piece by piece.
type jsonResult struct {
	Version int          `json:"version"`
	Reports []jsonReport `json:"reports"`
}

type jsonReport struct {
	seeds.ReportJSON
	Citations []jsonCitation          `json:"citations"` // in the place of those of ReportJSON
	Summary   map[archive.Verdict]int `json:"summary"`
}

func (r *ReportResult) json() jsonReport {
	known := seeds.NewReportJSON(&seeds.Report{
		Path: r.Path, Format: r.Format, Title: r.Title, Authors: r.Authors, Published: r.Published, Language: r.Language, Canonical: r.Canonical,
		SHA256: r.SHA256, Findings: r.Findings,
	})
	known.Seeds, known.Citations = list(r.Seeds), nil
	out := jsonReport{ReportJSON: known, Citations: []jsonCitation{}, Summary: map[archive.Verdict]int{}}
	for i := range r.Citations {
		out.Citations = append(out.Citations, r.Citations[i].json())
	}
	for _, v := range archive.Verdicts() {
		out.Summary[v] = 0
	}
	for v, n := range r.Summary() {
		out.Summary[v] = n
	}
	return out
}

// TestJSONStream: piece by piece the document is, byte for byte, what it is
// when it is encoded as one value.
func TestJSONStream(t *testing.T) {
	for _, tt := range []struct {
		name string
		give *Result
	}{
		{"sample", sample()},
		{"no report", &Result{}},
		{"nothing cited", &Result{Reports: []ReportResult{{Path: "a.txt"}}}},
		{"empty, full, empty", &Result{Reports: []ReportResult{{Path: "a.txt"}, sample().Reports[0], {Path: "b.txt"}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := jsonResult{Version: seeds.JSONVersion, Reports: []jsonReport{}}
			for i := range tt.give.Reports {
				doc.Reports = append(doc.Reports, tt.give.Reports[i].json())
			}
			var want, got bytes.Buffer
			if err := encode(&want, doc); err != nil {
				t.Fatal(err)
			}
			if err := JSON(&got, tt.give); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.String(), got.String()); diff != "" {
				t.Errorf("as one value (-) and piece by piece (+):\n%s", diff)
			}
		})
	}
}

// TestExtractJSONWhole: what reports cite, too, is the document that it would be as one value.
func TestExtractJSONWhole(t *testing.T) {
	twice := sample().cited()
	twice[0].Citations = append(twice[0].Citations, twice[0].Citations[0]) // one seed
	for _, reports := range [][]*seeds.Report{nil, {{Path: "a.txt"}}, twice} {
		doc := seeds.Document{Version: seeds.JSONVersion, Reports: []seeds.ReportJSON{}}
		for _, r := range reports {
			doc.Reports = append(doc.Reports, seeds.NewReportJSON(r))
		}
		var want, got bytes.Buffer
		if err := encode(&want, doc); err != nil {
			t.Fatal(err)
		}
		if err := ExtractJSON(&got, reports); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("as one value (-) and piece by piece (+):\n%s", diff)
		}
	}
}
