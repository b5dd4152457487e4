// Package reports holds sample reports for the manual, the tests and the demonstration.
//
// islamic-state-khorasan.txt has the footnotes of a real report, faults included, under prose of its own. demo.txt is
// fiction: its sources live under .test, a domain that never resolves on the internet (RFC 6761 §6.2).
package reports

import "embed"

// FS holds the reports, each a plain-text file in its root.
//
//go:embed *.txt
var FS embed.FS
