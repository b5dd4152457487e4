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
	RuleLog       Rule = "log"       // the log contradicts itself, the archive, or what was kept of it elsewhere
	RuleStamp     Rule = "timestamp" // a time-stamp does not hold
)

// Finding is one thing that is wrong with the archive.
type Finding struct {
	Rule    Rule   `json:"rule"`
	Key     string `json:"key"`              // of the object
	Record  string `json:"record,omitempty"` // WARC-Record-ID of the record in it, without <>
	Offset  int64  `json:"offset"`           // bytes from the start of the object to that record
	Message string `json:"message"`          // for people; may quote the object, so clean it before it is shown

	// Affects are the citations that rest on what is wrong, as far as that can
	// be said; More counts those beyond the first 100.
	Affects []Affected `json:"affects,omitempty"`
	More    int        `json:"affects_more,omitempty"`
}

// Affected is a citation, or a whole report, whose evidence is damaged.
type Affected struct {
	Report   string `json:"report"`             // SHA-256 of its bytes, lower-case hex
	Path     string `json:"path,omitempty"`     // where it was read
	Citation string `json:"citation,omitempty"` // "<note>.<n>" or "L<line>.<n>"; "" for all of the report
	URL      string `json:"url,omitempty"`      // what was visited for it
}

// maxAffected is how many citations a finding names.
const maxAffected = 100

func (f *Finding) affect(list []Affected) {
	f.Affects = list[:min(len(list), maxAffected):min(len(list), maxAffected)]
	f.More = len(list) - len(f.Affects)
}

func compareFindings(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Record, b.Record), cmp.Compare(a.Message, b.Message))
}

// AuditReport is what an audit read and found. Of what could not be read it has
// the keys; the error says why.
type AuditReport struct {
	Objects  int64     `json:"objects"`  // captures and reports that were read
	Records  int64     `json:"records"`  // in them
	Bytes    int64     `json:"bytes"`    // of them
	Found    int64     `json:"found"`    // findings, those beyond the limit included
	Findings []Finding `json:"findings"` // ordered by key, offset and rule; never nil

	Quick bool  `json:"quick,omitempty"` // names were compared with bytes, and no more
	Scope Scope `json:"scope,omitzero"`  // what was read; absent for everything

	// Log is what the archive's log says of itself; nil when there is none, or
	// none that can be believed.
	Log *LogReport `json:"log,omitempty"`

	// Unindexed counts captures that the index does not have; `ibid reindex`
	// enters them. Nil when the archive was not compared with an index.
	Unindexed *int64 `json:"unindexed,omitempty"`

	// Unread are the keys of objects that could not be read, ordered.
	Unread []string `json:"unread,omitempty"`
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
