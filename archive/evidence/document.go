package evidence

import (
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

// Names of files in the package.
const (
	PageFile      = "report.html"
	CitationsFile = "ibid/citations.json"
	ReportDir     = "ibid/report/"

	LogDir          = "ibid/log/"
	CheckpointFile  = LogDir + "checkpoint"
	KeyDir          = LogDir + "keys/"
	IntroductionDir = LogDir + "introductions/"
	EntryDir        = LogDir + "entries/"
	ProofDir        = LogDir + "proofs/"
	TimestampDir    = LogDir + "timestamps/"

	entrySuffix = ".json"
	proofSuffix = ".tlog-proof"
	warcSuffix  = ".warc.gz"
)

// DocumentVersion is the version of the JSON of a Document. It grows when a name
// changes its meaning or goes away; new names may come.
const DocumentVersion = 1

// Document is ibid/citations.json: what the package says about the report. All
// that it says of a capture is in the last record of that capture's WARC, which
// is in the package. Times are RFC 3339 in UTC. Values are as found in the report
// and on the web: clean them before they are shown.
type Document struct {
	Version    int        `json:"version"`
	Software   string     `json:"software"`
	ExportedAt time.Time  `json:"exported_at"`
	Choice     Choice     `json:"choice"`
	Report     Report     `json:"report"`
	Log        *Log       `json:"log"` // null when the archive has no log
	Objects    []Object   `json:"objects"`
	Citations  []Citation `json:"citations"`
}

// Report is the report whose citations these are.
type Report struct {
	Path      string    `json:"path"`                 // where it was read
	MediaType string    `json:"media_type,omitempty"` // that it came with from the web
	Title     string    `json:"title"`
	Format    string    `json:"format"`
	SHA256    string    `json:"sha256"` // of its bytes
	Size      int64     `json:"size"`
	SeenAt    time.Time `json:"seen_at"`
	Object    string    `json:"object"` // SHA-256 of the WARC that holds it
	File      string    `json:"file"`   // its bytes, in the package
}

// Log is the tree of which all proofs in the package speak.
type Log struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root"` // base64
	Key    string `json:"key"`  // vkey line of the key that signed
	// Timestamps are the directories of stamped checkpoints.
	Timestamps []Timestamp `json:"timestamps"`
}

// Timestamp is a checkpoint that authorities have stamped. It covers all entries
// with an index below Size.
type Timestamp struct {
	Directory string    `json:"directory"` // in the package, with a slash at the end
	Size      int64     `json:"size"`
	Times     []Stamped `json:"times"`
}

// Stamped is what a token says. It is for orientation: whoever needs it to be
// true verifies the token.
type Stamped struct {
	File      string    `json:"file"` // in the package
	Time      time.Time `json:"time"`
	Authority string    `json:"authority"`
}

// Object is a WARC in the package.
type Object struct {
	SHA256 string `json:"sha256"`
	Kind   string `json:"kind"`  // "capture" or "report"
	File   string `json:"file"`  // in the package
	Entry  *int64 `json:"entry"` // index in the log; null when it is not entered
}

// Citation is one citation of the report and how it stands: by the newest visit
// to its source that the archive knows of.
type Citation struct {
	seeds.CitationJSON

	archive.Judgement            // of the newest visit; verdict "" when there was none
	CheckedAt         *time.Time `json:"checked_at"` // when it was judged
	Capture           string     `json:"capture"`    // SHA-256 of its WARC
	File              string     `json:"file"`       // that WARC, in the package

	// CitedAt is when a version of the report with this citation was first kept.
	CitedAt *time.Time `json:"cited_at"`
	// Shown is the SHA-256 of that capture whose text report.html and pages.jsonl
	// show, "" when there is none.
	Shown    string    `json:"shown"`
	Captures []Capture `json:"captures"` // those that were chosen, the oldest first

	// Quotes are the passages of the shown capture, for each mark in its order.
	Quotes [][]Passage `json:"-"`
	// Facts are what was looked for in the text, for each mark in its order.
	Facts [][]Fact `json:"-"`
	// Unread says why there is no text to quote from, "" when there is one.
	Unread string `json:"-"`
	// Language of the text, a BCP 47 tag as the source declares it, "" for none.
	Language string `json:"-"`
}

// Capture is what the last record of one capture says.
type Capture struct {
	SHA256    string    `json:"sha256"`
	File      string    `json:"file"`
	URL       string    `json:"url"` // as it was visited
	StartedAt time.Time `json:"started_at"`
	CheckedAt time.Time `json:"checked_at"` // when the visit was judged
	archive.Judgement
	archive.Outcome
	// Content is the SHA-256 of the WARC that holds the payload of the final
	// answer: this one, the one that its revisit refers to, or "" for none.
	Content string `json:"content"`
}

// Text is what can be read of a source.
type Text struct {
	Title    string
	Language string // BCP 47
	Text     string
	Quotes   [][]Passage // for each claim, the best first; empty when none speaks to it
	Facts    [][]Fact    // for each claim, what was looked for
}

// Fact is something of a claim that was looked for in its source.
type Fact struct {
	What  string // "number not found"
	Of    string // as the claim writes it
	There string // as the source writes it, "" when it does not or writes the same
}

// Passage is a part of a source's text, as segments of which some were found in
// the claim.
type Passage []Segment

// Segment is a piece of a passage.
type Segment struct {
	Text  string
	Found bool // this is what the passage has in common with the claim
}
