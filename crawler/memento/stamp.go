package memento

import (
	"regexp"
	"strings"
)

// stamped is the part of an archive's address that says when and what: a time of
// 14 digits, with a modifier such as id_, and the original's address.
var stamped = regexp.MustCompile(`/([0-9]{14})([a-z]{2}_)?/(https?:/{1,2}[^\s]+)$`)

// parts takes time and original out of a memento's address.
func parts(memento string) (stamp, original string, ok bool) {
	m := stamped.FindStringSubmatch(memento)
	if m == nil {
		return "", "", false
	}
	original = m[3]
	if !strings.Contains(original, "://") {
		original = strings.Replace(original, ":/", "://", 1) // some servers fold the slashes
	}
	return m[1], original, true
}

// raw is where a memento is fetched without what the archive adds to it, when it
// can be known.
func (a *Archive) raw(memento string) string {
	if stamp, original, ok := parts(memento); ok && a.Replay != "" {
		return a.replay(stamp, original)
	}
	return memento
}

// shown is a memento's address for a reader: with what helps to read it.
func shown(memento string) string {
	m := stamped.FindStringSubmatchIndex(memento)
	if m == nil || m[4] < 0 {
		return memento
	}
	return memento[:m[4]] + memento[m[5]:]
}
