package dir

import "testing"

func TestReportsErrors(t *testing.T) {
	for release, want := range map[string]bool{
		"5.7.19": false, "5.8.0-rc1": true, "5.10.0-8-amd64": true, "6.1": true, "4.19.0": false, "10.0": true, "": false, "six": false,
	} {
		if got := reportsErrors(release); got != want {
			t.Errorf("%q: %v, want %v", release, got, want)
		}
	}
}
