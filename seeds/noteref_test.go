package seeds

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReferences reads the last of some notes, which refers to others; the first ones cite a.test, b.test, c.test.
func TestReferences(t *testing.T) {
	const before = "A.[1] B.[2] C.[3] D.[4]\n\n[1] J. Smith, The River, https://a.test/\n[2] M. Jones, Dams, https://b.test/ and https://b2.test/\n[3] Иванов И. Плотина // Газета. https://c.test/\n[4] "
	tests := []struct {
		note string
		want string // hosts
		raw  string
	}{
		{"Ibid., p. 5", "c", "Ibid."},
		{"Id. at 7.", "c", "Id."},
		{"ebd.", "c", "ebd."},
		{"Там же. С. 5", "c", "Там же."},
		{"Loc. cit.", "c", "Loc. cit."},
		{"See note 2 above, p. 4.", "b b2", "See note 2 above"},
		{"Smith, supra note 1, at 12.", "a", "supra note 1"},
		{"Cf. notes 1 and 3", "a c", "Cf. notes 1 and 3"},
		{"Siehe Anm. 1–3.", "a b b2 c", "Siehe Anm. 1–3"},
		{"См. прим. 1", "a", "См. прим. 1"},
		{"Note 2.", "b b2", "Note 2"},
		{"Jones, op. cit., p. 9", "b b2", "op. cit."},
		{"Smith, The River, a. a. O., S. 3", "a", "a. a. O."},
		{"Иванов И. Указ. соч. С. 7", "c", "Указ. соч."},
		{"The minister took note 2 hours later.", "", ""},
		{"Interview, 3 May 2022, see p. 4 of the notes.", "", ""},
		{"Smith said so, citing nobody.", "", ""},
		{"Smith, op. cit., https://d.test/", "d", "https://d.test/"},
	}
	for _, tt := range tests {
		data := []byte(before + tt.note)
		r := mustRead(t, "t", data)
		checkReport(t, r, data)
		var got []string
		raw := ""
		for _, c := range r.Citations {
			if c.Note == "4" {
				got = append(got, strings.TrimSuffix(strings.TrimPrefix(c.URL, "https://"), ".test/"))
				raw = c.Raw
			}
		}
		if diff := cmp.Diff(tt.want+"|"+tt.raw, strings.Join(got, " ")+"|"+raw); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.note, diff)
		}
		if slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == RuleCitationDuplicate || f.Rule == RuleNoteReference }) {
			t.Errorf("%q: %+v", tt.note, r.Findings)
		}
	}
}

// TestReferenceAhead resolves a reference to a note that comes later.
func TestReferenceAhead(t *testing.T) {
	r := mustRead(t, "t", []byte("A.[1] B.[2]\n[1] See note 2 below.\n[2] https://b.test/"))
	if c := r.Citations[0]; c.ID != "1.1" || c.URL != "https://b.test/" || c.Raw != "See note 2 below" {
		t.Errorf("citation = %+v", c)
	}
}

func TestLintAddress(t *testing.T) {
	for address, want := range map[string]string{
		"http://localhost:8080/x":                                   RuleURLLocal,
		"http://127.0.0.1/":                                         RuleURLLocal,
		"http://[::1]/":                                             RuleURLLocal,
		"file:///home/me/x.pdf":                                     RuleURLLocal,
		"http://10.1.2.3/x":                                         RuleURLPrivate,
		"http://192.168.1.1/":                                       RuleURLPrivate,
		"http://172.31.0.1/":                                        RuleURLPrivate,
		"http://172.32.0.1/":                                        "",
		"http://100.64.1.1/":                                        RuleURLPrivate,
		"http://[fd00::1]/":                                         RuleURLPrivate,
		"http://intranet/page":                                      RuleURLPrivate,
		"https://files.corp/page":                                   RuleURLPrivate,
		"https://8.8.8.8/":                                          "",
		"https://bit.ly/3xYz":                                       RuleURLShortener,
		"https://bit.ly/":                                           "",
		"https://t.co/AbC":                                          RuleURLShortener,
		"https://bitterly.test/x":                                   "",
		"https://www.google.com/search?q=dam":                       RuleURLSearch,
		"https://www.google.co.uk/search?q=dam":                     RuleURLSearch,
		"https://www.google.com/maps":                               "",
		"https://duckduckgo.com/?q=dam":                             RuleURLSearch,
		"https://www.bing.com/search?q=dam":                         RuleURLSearch,
		"https://scholar.google.com/scholar?q=dam":                  RuleURLSearch,
		"https://x.com/search?q=from%3Ame":                          RuleURLSearch,
		"https://gazette.test/search?q=dam":                         "",
		"https://gazette.test/login":                                RuleURLLogin,
		"https://gazette.test/user/login.php?x=1":                   RuleURLLogin,
		"https://www.facebook.com/login/?next=https%3A%2F%2Fa.test": RuleURLLogin,
		"https://login.gazette.test/?returnUrl=%2Fa":                RuleURLLogin,
		"https://gazette.test/login/how-to":                         "",
		"https://accounts.google.com/x":                             RuleURLLogin,
		"https://www-gazette-test.ezproxy.uni.test/a":               RuleURLLogin,
		"https://gazette.test/2022/how-to-login":                    "",
	} {
		c := &Citation{URL: address, Raw: address, Key: address}
		rule, level, message := lintAddress(c)
		if rule != want || (rule == "") != (message == "") || (rule == "") != (level == "") {
			t.Errorf("%s: %s %s %s, want %q", address, rule, level, message, want)
		}
	}
}
