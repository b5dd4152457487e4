// Package warctest lets tests hold WARC files against an implementation that
// shares no code with ours: warcio from npm, run by node.
//
// [CheckWithNode] guarantees that this reader finds every record, block digest
// and payload digest of a file right and warns of nothing. It needs node, and
// warcio where the environment variable IBID_NODE_MODULES says
// (.ci/node-tools installs it there). Where either is missing the test skips
// with a reason, or fails when IBID_REQUIRE_SERVICES is set.
package warctest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed check.mjs
var script []byte

// Record is one record as warcio read it. Digests are "sha256:" and lower-case hex.
type Record struct {
	Type          string      `json:"type"`
	ID            string      `json:"id"`
	Date          string      `json:"date"`
	TargetURI     string      `json:"target_uri"`
	Version       string      `json:"version"`
	Fields        [][2]string `json:"fields"` // in order, as written
	ContentLength int64       `json:"content_length"`
	BlockLength   int64       `json:"block_length"`
	BlockDigest   string      `json:"block_digest"`   // as declared; "" when not
	BlockComputed string      `json:"block_computed"` // of the block's bytes
	PayloadDigest string      `json:"payload_digest"` // as declared; "" when not
	PayloadWarcio string      `json:"payload_warcio"` // of the body as warcio de-chunks it
	PayloadOwn    string      `json:"payload_own"`    // of the body as the script de-chunks it
	Truncated     string      `json:"truncated"`
	HTTPStatus    int         `json:"http_status"` // of a response or revisit; 0 when none
	Offset        int64       `json:"offset"`      // -1 when the file is over 64 MiB
	Length        int64       `json:"length"`      // of the gzip member; -1 as above, or when plain
	Alone         bool        `json:"alone"`       // the record can be inflated from offset and length
}

// Report is what warcio found in a file.
type Report struct {
	Records  []Record
	CDX      []CDXEntry // one a record that a CDX index would hold
	Warnings []string
}

// CDXEntry is one line of the CDX index that warcio makes.
type CDXEntry struct {
	URL    string `json:"url"`
	Status string `json:"status"`
	MIME   string `json:"mime"`
	Offset int64  `json:"offset"`
}

// ReadWithNode returns what warcio reads in the WARC file at path, good or bad.
func ReadWithNode(t testing.TB, path string) *Report {
	t.Helper()
	modules := os.Getenv("IBID_NODE_MODULES")
	if modules == "" {
		missing(t, "IBID_NODE_MODULES is not set: run .ci/node-tools DIR and set it to DIR")
	}
	if _, err := os.Stat(filepath.Join(modules, "node_modules", "warcio", "package.json")); err != nil {
		missing(t, "no warcio in IBID_NODE_MODULES: run .ci/node-tools: "+err.Error())
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "no node: "+err.Error())
	}
	check := filepath.Join(t.TempDir(), "check.mjs")
	if err := os.WriteFile(check, script, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, check, modules, path)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("node cannot read %s: %v\n%s", path, err, stderr.String())
	}
	var r Report
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatalf("report on %s: %v\n%.500s", path, err, stdout.String())
	}
	if s := strings.TrimSpace(stderr.String()); s != "" {
		r.Warnings = append(r.Warnings, s)
	}
	return &r
}

// CheckWithNode fails the test unless warcio reads the WARC file at path
// without warnings, finds at least one record, and every digest that the
// records declare is right; each must be of SHA-256. It returns what warcio
// read, for further comparison.
func CheckWithNode(t testing.TB, path string) *Report {
	t.Helper()
	r := ReadWithNode(t, path)
	for _, w := range r.Warnings {
		t.Errorf("%s: warcio warns: %s", path, w)
	}
	if len(r.Records) == 0 {
		t.Errorf("%s: warcio found no record", path)
	}
	for i, rec := range r.Records {
		if rec.BlockLength != rec.ContentLength {
			t.Errorf("%s: record %d (%s): block of %d bytes, Content-Length %d", path, i, rec.Type, rec.BlockLength, rec.ContentLength)
		}
		if rec.BlockDigest != "" && rec.BlockDigest != rec.BlockComputed {
			t.Errorf("%s: record %d (%s): block digest %s, computed %s", path, i, rec.Type, rec.BlockDigest, rec.BlockComputed)
		}
		// A revisit's payload is in another record.
		if rec.PayloadDigest != "" && rec.Type != "revisit" && rec.PayloadDigest != rec.PayloadWarcio && rec.PayloadDigest != rec.PayloadOwn {
			t.Errorf("%s: record %d (%s %s): payload digest %s, warcio computes %s, the script %s",
				path, i, rec.Type, rec.TargetURI, rec.PayloadDigest, rec.PayloadWarcio, rec.PayloadOwn)
		}
		if rec.Length >= 0 && !rec.Alone {
			t.Errorf("%s: record %d (%s) cannot be read from its offset %d alone", path, i, rec.Type, rec.Offset)
		}
	}
	return r
}

func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("IBID_REQUIRE_SERVICES") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}
