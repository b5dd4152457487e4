package seeds

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/seeds/reports"
)

// counts is what a report amounts to.
type counts struct{ Marks, Notes, Citations, Seeds int }

func countsOf(r *Report) counts {
	return counts{len(r.Marks), len(r.Notes), len(r.Citations), len(r.Seeds())}
}

func readSample(t testing.TB, name string) *Report {
	t.Helper()
	data, err := fs.ReadFile(reports.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return mustRead(t, name, data)
}

func mustRead(t testing.TB, name string, data []byte) *Report {
	t.Helper()
	r, err := Read(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rules lists the findings as "rule note".
func rules(r *Report) []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, strings.TrimSpace(f.Rule+" "+f.Note))
	}
	return all
}

func checkKhorasan(t *testing.T, r *Report) {
	t.Helper()
	if diff := cmp.Diff(counts{Marks: 18, Notes: 17, Citations: 30, Seeds: 28}, countsOf(r)); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	want := []string{"note-missing 9", "url-defanged 6", "citation-duplicate 13", "citation-duplicate 15"}
	if diff := cmp.Diff(want, rules(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	ids := make(map[string]Citation)
	for _, c := range r.Citations {
		ids[c.ID] = c
		if len(c.Marks) != 1 || c.Marks[0].Label != c.Note || c.Marks[0].Claim == "" {
			t.Errorf("citation %s has marks %v, want the one mark of its note with a claim", c.ID, c.Marks)
		}
	}
	c := ids["6.1"]
	if c.URL != "https://khovar.tj/rus/2022/05/soobshhenie-press-tsentra-pogranichnyh-vojsk-gknb-rt/" ||
		!strings.HasPrefix(c.Raw, "https://khovar(dot)tj/") || !c.Defanged || c.Repaired || c.Column != 5 {
		t.Errorf("citation 6.1 = %+v", c)
	}
	if c := ids["18.3"]; c.Line != ids["18.2"].Line || c.Column <= ids["18.2"].Column {
		t.Errorf("citation 18.3 stands at %v, want behind 18.2 at %v", c.Position, ids["18.2"].Position)
	}
	for _, s := range r.Seeds() {
		if s.Key == ids["12.1"].Key {
			if diff := cmp.Diff([]string{"12.1", "13.1"}, s.Citations); diff != "" {
				t.Errorf("citations of the shared seed (-want +got):\n%s", diff)
			}
		}
	}
}

func TestReadKhorasan(t *testing.T) {
	r := readSample(t, "islamic-state-khorasan.txt")
	checkKhorasan(t, r)
	if want := "Islamic State Khorasan and Its Neighbours, Spring 2022"; r.Title != want {
		t.Errorf("title = %q, want %q", r.Title, want)
	}
	claims := map[string]string{
		"2":  "Officials in Tashkent and in Kabul both rejected the account.",
		"10": "Material in Kyrgyz, Tajik and Uzbek had become more frequent since the turn of the year 2022.",
		"17": "A spokesman of the Ministry of Interior put it at “98% eliminated” on 26 April!",
		"18": "In early May some 3-4,000 soldiers were moved from the south toward the Panjshir Valley, where the National " +
			"Resistance Front (N.R.F.) had begun an offensive.",
	}
	for _, m := range r.Marks {
		if want, ok := claims[m.Label]; ok && m.Claim != want {
			t.Errorf("claim of [%s] = %q, want %q", m.Label, m.Claim, want)
		}
	}
}

func TestReadDemo(t *testing.T) {
	r := readSample(t, "demo.txt")
	if diff := cmp.Diff(counts{Marks: 17, Notes: 16, Citations: 15, Seeds: 14}, countsOf(r)); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	want := []string{"note-missing 17", "citation-duplicate 2", "url-defanged 14", "note-empty 16"}
	if diff := cmp.Diff(want, rules(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestReadReal reads the report that the sample's footnotes come from, where there is a copy of it.
func TestReadReal(t *testing.T) {
	dir := os.Getenv("IBID_DATA_DIR")
	if dir == "" {
		t.Skip("IBID_DATA_DIR is not set: the real report is not at hand")
	}
	const name = "iskp-expands-attacks.txt"
	data, err := os.ReadFile(filepath.Join(dir, "..", "reports", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real report is not beside IBID_DATA_DIR")
	}
	if err != nil {
		t.Fatal(err)
	}
	r := mustRead(t, name, data)
	checkKhorasan(t, r)
	for _, m := range r.Marks {
		if m.Label == "6" && !strings.HasPrefix(m.Claim, "Tajikistan denied that this attack took place, ") {
			t.Errorf("claim of [6] = %q", m.Claim)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"report.pdf", "", "this is no PDF file"},
		{"report.DOCX", "", "report.DOCX: it is no zip archive"},
		{"report", "%PDF-1.7", "the file has no pages: it is damaged"},
		{"report.txt", "PK\x03\x04", "zip archive"},
		{"report.txt", "\xff\xfe\x00\x00a\x00\x00\x00", "UTF-32"},
		{"report.txt", strings.Repeat("\x00\x00\x01\x02", 20), "no text"},
	}
	for _, tt := range tests {
		if _, err := Read(tt.name, []byte(tt.data)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Read(%q, %.8q) = %v, want an error with %q", tt.name, tt.data, err, tt.want)
		}
	}
}

func TestSeeds(t *testing.T) {
	r := mustRead(t, "list", []byte("https://A.example:443/x?utm_source=a&b=2&a=1#part\nhttps://a.example/x?b=2&a=1\nftp://a.example/x\nhttp://a.example:8080/\n"))
	want := []Seed{
		{Key: "https://a.example/x?b=2&a=1", URL: "https://a.example/x?utm_source=a&b=2&a=1", Host: "a.example", Citations: []string{"L1.1", "L2.1"}},
		{Key: "http://a.example:8080/", URL: "http://a.example:8080/", Host: "a.example:8080", Citations: []string{"L4.1"}},
	}
	if diff := cmp.Diff(want, r.Seeds()); diff != "" {
		t.Errorf("seeds (-want +got):\n%s", diff)
	}
	if c := r.Citations[2]; c.Invalid != "only http and https are fetched, not ftp" || c.Key != "" {
		t.Errorf("ftp citation = %+v", c)
	}
}
