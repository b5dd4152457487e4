package verify

import "cmp"

// Rule names what is wrong with an object. The strings are stable.
type Rule string

// Rules of Audit.
const (
	RuleMissing   Rule = "missing"   // something that the archive refers to is not in it
	RuleAltered   Rule = "altered"   // the bytes are not those that the name stands for
	RuleTruncated Rule = "truncated" // the file ends within a record
	RuleStray     Rule = "stray"     // no object of the archive has such a key
	RuleStructure Rule = "structure" // not built as a capture or report is
	RuleDigest    Rule = "digest"    // a block, a payload or what refers to it does not match its digest
)

// Finding is one thing that is wrong with the archive.
type Finding struct {
	Rule    Rule   `json:"rule"`
	Key     string `json:"key"`              // of the object
	Record  string `json:"record,omitempty"` // WARC-Record-ID of the record in it, without <>
	Offset  int64  `json:"offset"`           // bytes from the start of the object to that record
	Message string `json:"message"`          // for people; may quote the object, so clean it before it is shown
}

func compareFindings(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Record, b.Record), cmp.Compare(a.Message, b.Message))
}

// AuditReport is what an audit read and found. Errors of reading are not in it.
type AuditReport struct {
	Objects  int64     `json:"objects"`  // captures and reports that were read
	Records  int64     `json:"records"`  // in them
	Bytes    int64     `json:"bytes"`    // of them
	Found    int64     `json:"found"`    // findings, those beyond the limit included
	Findings []Finding `json:"findings"` // ordered by key, offset and rule; never nil
}

// add keeps a finding while there is room.
func (r *AuditReport) add(limit int, findings ...Finding) {
	for _, f := range findings {
		r.Found++
		if len(r.Findings) < limit {
			r.Findings = append(r.Findings, f)
		}
	}
}
