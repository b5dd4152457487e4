package wacz

import "fmt"

// Step is one of the steps of a validation, in the order in which they are made.
type Step string

// The steps of wacz-auth 0.1.0, "Verification", and the structure before them.
const (
	StepStructure Step = "structure" // the zip file means the same to every reader
	StepHashes    Step = "hashes"    // the manifest accounts for every byte, index and WARCs are sound
	StepDigest    Step = "digest"    // the manifest is the one whose hash is given
	StepSignature Step = "signature" // who vouches for that hash
)

// Code names one kind of [Problem]. The strings are stable.
type Code string

// Faults of the zip file.
const (
	CodeNoZip      Code = "no-zip"          // no end of a central directory
	CodeEnd        Code = "zip-end"         // the records at the end contradict each other
	CodeTrailing   Code = "zip-trailing"    // bytes before, behind or between what the directory describes
	CodeOverlap    Code = "zip-overlap"     // two files share bytes
	CodeDirectory  Code = "zip-directory"   // a malformed entry of the directory
	CodeHeader     Code = "zip-header"      // local header and directory say different things
	CodeName       Code = "zip-name"        // a name that is no safe, plain path
	CodeDuplicate  Code = "zip-duplicate"   // two names that are one, on some system at least
	CodeSpecial    Code = "zip-special"     // a symbolic link, device or the like
	CodeEncrypted  Code = "zip-encrypted"   // or of a kind of zip file that nobody reads
	CodeMethod     Code = "zip-method"      // neither stored nor deflated
	CodeCompressed Code = "zip-compressed"  // a file that must be stored is deflated
	CodeZip64      Code = "zip-zip64"       // wide fields that contradict the others
	CodeComment    Code = "zip-comment"     // bytes that no reader shows
	CodeBomb       Code = "zip-bomb"        // more than the limits allow
	CodeCRC        Code = "zip-crc"         // the bytes are not those of the checksum
	CodeInflate    Code = "zip-inflate"     // the deflated bytes are damaged, or not all there is
	CodeCanonical  Code = "not-as-written"  // a package of ours differs from what we write
	CodeDuplicated Code = "zip-file-as-dir" // a name is a file and a directory
)

// Faults of what is in it.
const (
	CodeMissing        Code = "file-missing"       // a file that must be there
	CodeUnlisted       Code = "file-unlisted"      // a file that the manifest does not name
	CodeForeign        Code = "file-foreign"       // a file of another kind in one of the format's directories
	CodeManifest       Code = "manifest"           // datapackage.json is malformed
	CodeHash           Code = "hash"               // a file is not the one that the manifest names
	CodeSize           Code = "size"               // the same of its size
	CodeHashAlgorithm  Code = "hash-algorithm"     // a hash that is not SHA-256
	CodePages          Code = "pages"              // a line of a list of pages is malformed
	CodeIndex          Code = "index"              // a line of an index is malformed
	CodeIndexOrder     Code = "index-order"        // the index is not sorted
	CodeIndexTarget    Code = "index-target"       // a line points to nothing, or to something else
	CodeIndexMissing   Code = "index-missing"      // a record without a line
	CodeIndexed        Code = "index-unreadable"   // a compressed index that cannot be inflated
	CodeWARC           Code = "warc"               // a fault of a WARC, see package warc
	CodeDigest         Code = "digest"             // datapackage-digest.json is malformed
	CodeDigestMismatch Code = "digest-mismatch"    // it is of another manifest
	CodeSignatureForm  Code = "signature-form"     // signedData is neither of the two forms
	CodeSignatureKey   Code = "signature-key"      // the key or certificate is none that could have signed
	CodeSignature      Code = "signature"          // the signature is wrong
	CodeDomain         Code = "signature-domain"   // the certificate is not the domain's
	CodeChain          Code = "signature-chain"    // a chain of certificates does not hold
	CodeTimestamp      Code = "signature-time"     // the time-stamp is not one of this signature
	CodeTrust          Code = "signature-trust"    // a root certificate is not among the trusted ones
	CodeSuperfluous    Code = "digest-superfluous" // datapackage-digest.json says more than the format knows
)

// DirectoryFile stands for the zip directory where a [Problem] names a file.
const DirectoryFile = "the zip directory"

// Problem is one fault of a package.
type Problem struct {
	Step    Step
	Code    Code
	File    string // in the package, [DirectoryFile], or "" for the package
	Message string

	// Note marks what deserves to be said and refuses nothing: a fault by which
	// nobody is deceived, in a package of others.
	Note bool
}

func (p Problem) String() string {
	if p.File == "" {
		return fmt.Sprintf("%s: %s", p.Code, p.Message)
	}
	return fmt.Sprintf("%s: %s: %s", p.File, p.Code, p.Message)
}

// problems collects what is found, up to a bound: a hostile package has as many
// faults as its author likes.
type problems struct {
	step    Step
	list    []Problem
	dropped int
	failed  map[Step]bool
}

const maxProblems = 1000

func (ps *problems) add(code Code, file, format string, args ...any) {
	ps.put(Problem{Step: ps.step, Code: code, File: file, Message: fmt.Sprintf(format, args...)})
}

func (ps *problems) note(code Code, file, format string, args ...any) {
	ps.put(Problem{Step: ps.step, Code: code, File: file, Message: fmt.Sprintf(format, args...), Note: true})
}

func (ps *problems) put(p Problem) {
	if !p.Note {
		if ps.failed == nil {
			ps.failed = map[Step]bool{}
		}
		ps.failed[p.Step] = true
	}
	if len(ps.list) == maxProblems {
		ps.dropped++
		return
	}
	ps.list = append(ps.list, p)
}
