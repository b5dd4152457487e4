package seeds

import "testing"

func TestAccessed(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.test/ (accessed 3 May 2022).":                                  "2022-05-03",
		"https://a.test/, last accessed on May 3rd, 2022":                         "2022-05-03",
		"Retrieved May 3, 2022, from https://a.test/":                             "2022-05-03",
		"https://a.test/ Retrieved 2022-05-03.":                                   "2022-05-03",
		"https://a.test/ [accessed May 2022]":                                     "2022-05",
		"https://a.test/, abgerufen am 3. Mai 2022":                               "2022-05-03",
		"https://a.test/ (zuletzt aufgerufen am 03.05.2022)":                      "2022-05-03",
		"https://a.test/ (3. März 2022 abgerufen)":                                "2022-03-03",
		"https://a.test/, consulté le 1er août 2022":                              "2022-08-01",
		"https://a.test/ [Consulta: 3 de mayo de 2022]":                           "2022-05-03",
		"https://a.test/ (дата обращения: 03.05.2022)":                            "2022-05-03",
		"https://a.test/ (дата обращения: 3 мая 2022 г.)":                         "2022-05-03",
		"https://a.test/, 3 May 2022":                                             "",
		"https://a.test/, accessed 5/3/2022":                                      "",
		"https://a.test/ accessed 1 May 1822":                                     "",
		"He accessed it. https://a.test/":                                         "",
		"The site was visited by few; 3 May 2022, https://a.test/":                "",
		"https://a.test/, accessed 3 May 2022; https://b.test/ accessed May 2021": "2022-05-03",
		"https://a.test/; https://b.test/, both accessed 3 May 2022":              "",
		"https://a.test/accessed/2022-05-03":                                      "",
	} {
		r := mustRead(t, "t", []byte("A claim.[1]\n\n[1] "+text+"\n"))
		if got := r.Citations[0].Accessed; got != want {
			t.Errorf("%q was accessed %q, want %q", text, got, want)
		}
	}
}
