package verify

import "github.com/ibid-archive/ibid/archive"

// upgraded reports a look by https at an address that is cited by http: browsers
// ask so, and the crawler does where nothing takes connections by http.
func upgraded(cited, asked string) bool {
	a, b := addressOf(cited), addressOf(asked)
	return a.scheme == "http" && b.scheme == "https" && a.port == "" && b.port == "" && a.host == b.host && a.place() == b.place() && a.query == b.query
}

// byHTTPS judges such a look by j. It can find the source; what it does not find is
// no absence, for what answers by https need not be what answered by http.
func byHTTPS(j archive.Judgement) archive.Judgement {
	switch {
	case found(j.Verdict) || drifted(j.Verdict):
		j.Reasons = append(j.Reasons, because("https-upgrade", "nothing takes connections by http; it answered by https, which browsers ask first"))
	case condemns(j.Verdict):
		j.Verdict = archive.Unreachable
		j.Reasons = append([]string{because("https-upgrade", "nothing takes connections by http, and what answers by https need not be what was cited")}, j.Reasons...)
	}
	return j
}
