// Package wacz writes, reads and validates WACZ 1.1.1 packages: web archives in
// one zip file, with an index, a list of pages, a manifest of hashes, and a
// signature over it (wacz-auth 0.1.0).
//
// What it guarantees. A [Writer] streams: memory does not grow with the package,
// nothing is sought, and equal input gives equal bytes. Every file is stored
// uncompressed and every byte of the zip structure follows from the manifest, so
// that [Validate] names any single byte that was changed in a package of ours.
// [Validate] takes nothing for granted: of packages of others it refuses what
// two readers could understand differently, and whatever their manifest does
// not account for. A [Reader] opens only packages whose structure is beyond
// doubt; it never uses the name of an entry as a path of this machine.
//
// What it does not. An anonymous signature shows that manifest and key belong
// together, and nothing else: who holds the key must be known from elsewhere. A
// domain-name signature is checked as far as that goes without network; which
// root certificates are to be trusted is the caller's to say. Nothing here can
// show that a server meant what it sent.
//
// The commit point is [Writer.Close]: before it has returned nil, what was
// written is no package. To make it durable is up to the owner of the output.
package wacz

import (
	"errors"
	"time"
)

// MediaType is what a package is served as (WACZ 1.1.1, "Media Type").
const MediaType = "application/wacz"

// Version is the version of WACZ that is written.
const Version = "1.1.1"

// Names and directories that the format gives (WACZ 1.1.1, "Directory Layout").
const (
	ArchiveDir      = "archive/"
	IndexDir        = "indexes/"
	PagesDir        = "pages/"
	PagesFile       = "pages/pages.jsonl"
	ExtraPagesFile  = "pages/extraPages.jsonl"
	DatapackageFile = "datapackage.json"
	DigestFile      = "datapackage-digest.json"

	// indexFile is plain text: wabac.js reads *.cdx and *.cdxj whole, and of
	// compressed indexes only those with an .idx beside them, whose binary
	// search wants keys in lower case.
	indexFile = "indexes/index.cdxj"
)

// ours begins the software of packages that are held to our own bytes.
const ours = "ibid/"

// Page is an entry of pages.jsonl.
type Page struct {
	ID    string    // "" for one made from URL and TS
	URL   string    // as in the index
	Title string    // "" for none
	TS    time.Time // of the capture
	Text  string    // of the page, "" for none
}

// Info is what a package says about itself in datapackage.json.
type Info struct {
	Profile     string // "data-package"; "wacz" in the draft of 1.2.0
	WACZVersion string // "1.1.1"; "" in that draft
	Title       string
	Description string
	Software    string
	Created     string // RFC 3339, as written
	Modified    string
	MainPageURL string // url of "home" in the draft
	MainPageTS  string
	Resources   []Resource
}

// Resource is one file in the manifest.
type Resource struct {
	Name   string
	Path   string // in the zip file
	SHA256 string // lower-case hex
	Bytes  int64
}

// ErrNotFound is returned, wrapped, for a file that is not in the package.
var ErrNotFound = errors.New("wacz: no such file in the package")
