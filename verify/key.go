package verify

import "strings"

// kind is what an object is, by the first part of its key.
type kind string

const (
	captureKind kind = "captures"
	reportKind  kind = "reports"

	decisionKind kind = "decisions"
)

// parseKey reads <kind>/<aa>/<sha256>.warc.gz and decisions/<sha256>.json. The form is spelled out here
// again, so that a mistake of the writer is not also the auditor's.
func parseKey(key string) (k kind, sum string, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) == 2 && parts[0] == string(decisionKind) {
		sum, ok = strings.CutSuffix(parts[1], ".json")
		return decisionKind, sum, ok && isSum(sum)
	}
	if len(parts) != 3 || parts[0] != string(captureKind) && parts[0] != string(reportKind) {
		return "", "", false
	}
	sum, ok = strings.CutSuffix(parts[2], ".warc.gz")
	if !ok || !isSum(sum) || parts[1] != sum[:2] {
		return "", "", false
	}
	return kind(parts[0]), sum, true
}

// besides reports keys that are no captures or reports but may stand beside
// them: the log, which has a check of its own; what audits noted (EventPrefix);
// damaged objects that were set aside; the catalog, which lives in the same
// directory by default; and what stores keep for themselves.
func besides(key string) bool {
	for _, prefix := range []string{"log/", EventPrefix, "quarantine/", "catalog.", "probe/", "tmp/"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
