package catalog

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func sampleReport(content, path string, hour int) Report {
	return Report{SHA256: hexSum(content), Path: path, Title: "On " + content, Format: "text", Object: "reports/" + content,
		SeenAt: sampleTime().Add(time.Duration(hour) * time.Hour)}
}

func sampleCitations() []Citation {
	return []Citation{
		{ID: "2.1", Note: "2", Key: "https://b.test/", URL: "https://b.test/", Raw: "https://b(dot)test/", Line: 30, Column: 5, Defanged: true, Claim: "It was so."},
		{ID: "1.1", Note: "1", Raw: "https://[broken", Line: 31, Column: 5, Invalid: "no host"},
		{ID: "L40.1", Key: "https://c.test/", URL: "https://c.test/", Raw: "https://c.test/", Line: 40, Column: 1},
	}
}

func putReports(t *testing.T, c *Catalog, reports ...Report) {
	t.Helper()
	for _, r := range reports {
		if err := c.PutReport(context.Background(), r, sampleCitations()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReportRoundTrip(t *testing.T) {
	c := openTest(t)
	want := sampleReport("one", "r.txt", 0)
	putReports(t, c, want)
	once := dump(t, c)
	putReports(t, c, want)
	if diff := cmp.Diff(once, dump(t, c)); diff != "" {
		t.Errorf("putting it again changed the catalog:\n%s", diff)
	}
	for _, name := range []string{"r.txt", want.SHA256} {
		got, citations, err := c.Report(context.Background(), name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("report %s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(sampleCitations(), citations); diff != "" {
			t.Errorf("citations of %s (-want +got):\n%s", name, diff)
		}
	}
	for _, name := range []string{"another.txt", hexSum("another"), ""} {
		if _, _, err := c.Report(context.Background(), name); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: error is %v", name, err)
		}
	}
}

func TestVersions(t *testing.T) {
	old, newer := sampleReport("old", "r.txt", 0), sampleReport("newer", "r.txt", 1)
	other, copied := sampleReport("other", "a.txt", 0), sampleReport("old", "copy.txt", 2)
	restored := old
	restored.SeenAt, restored.Object = sampleTime().Add(9*time.Hour), "reports/restored"
	for _, tt := range []struct {
		name     string
		put      []Report
		current  []Report
		versions []Report // of r.txt
	}{
		{"in order", []Report{old, newer, other}, []Report{other, newer}, []Report{newer, old}},
		{"backwards", []Report{other, newer, old}, []Report{other, newer}, []Report{newer, old}},
		{"one content under two paths", []Report{old, copied, newer}, []Report{copied, newer}, []Report{newer, old}},
		{"the old content comes back", []Report{old, newer, restored}, []Report{restored}, []Report{restored, newer}},
		{"the old content came back", []Report{restored, newer, old}, []Report{restored}, []Report{restored, newer}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := openTest(t)
			putReports(t, c, tt.put...)
			current, err := c.Reports(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.current, current); diff != "" {
				t.Errorf("current reports (-want +got):\n%s", diff)
			}
			versions, err := c.Versions(context.Background(), "r.txt")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.versions, versions); diff != "" {
				t.Errorf("versions (-want +got):\n%s", diff)
			}
			got, citations, err := c.Report(context.Background(), "r.txt")
			if err != nil || len(citations) != 3 {
				t.Fatal(len(citations), err)
			}
			if diff := cmp.Diff(tt.versions[0], got); diff != "" {
				t.Errorf("report by path (-want +got):\n%s", diff)
			}
		})
	}
}

// A better reader finds other citations in the same bytes.
func TestReportReadDifferently(t *testing.T) {
	c := openTest(t)
	r := sampleReport("one", "r.txt", 5)
	putReports(t, c, r)
	better := sampleCitations()[:1]
	if err := c.PutReport(context.Background(), r, better); err != nil {
		t.Fatal(err)
	}
	if _, got, err := c.Report(context.Background(), "r.txt"); err != nil || !cmp.Equal(better, got) {
		t.Errorf("citations are %v, %v", got, err)
	}
	putReports(t, c, sampleReport("one", "r.txt", 4)) // read before
	if _, got, err := c.Report(context.Background(), "r.txt"); err != nil || !cmp.Equal(better, got) {
		t.Errorf("an earlier reading changed the citations to %v, %v", got, err)
	}
	if err := c.PutReport(context.Background(), r, nil); err != nil {
		t.Fatal(err)
	}
	if _, got, err := c.Report(context.Background(), "r.txt"); err != nil || len(got) != 0 {
		t.Errorf("citations are %v, %v", got, err)
	}
}

func TestPutReportRefusesWhatIsNoDigest(t *testing.T) {
	c := openTest(t)
	err := c.PutReport(context.Background(), Report{SHA256: "abc", Path: "r.txt"}, nil)
	if err == nil || !strings.Contains(err.Error(), "r.txt") || !strings.Contains(err.Error(), `"abc"`) {
		t.Errorf("error is %v", err)
	}
}
