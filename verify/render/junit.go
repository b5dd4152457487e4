package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/verify"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	Classname string        `xml:"classname,attr"`
	File      string        `xml:"file,attr"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitOutcome `xml:"failure"`
	Skipped   *junitOutcome `xml:"skipped"`
	Output    string        `xml:"system-out,omitempty"`
}

type junitOutcome struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes one test suite per report and one test case per citation, in
// the form that CI systems share without a schema. A citation that
// verify.Fails is a failure; one that could not be judged, or only once, is
// skipped with its reason; one that stands passes.
func JUnit(w io.Writer, r *Result) error {
	all := junitSuites{Name: "ibid"}
	for i := range r.Reports {
		report := &r.Reports[i]
		suite := junitSuite{Name: clean(report.Path, longLine), Tests: len(report.Citations)}
		for j := range report.Citations {
			test := report.Citations[j].junit(suite.Name)
			if test.Failure != nil {
				suite.Failures++
			}
			if test.Skipped != nil {
				suite.Skipped++
			}
			suite.Cases = append(suite.Cases, test)
		}
		all.Tests, all.Failures, all.Skipped = all.Tests+suite.Tests, all.Failures+suite.Failures, all.Skipped+suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("encode JUnit XML: %w", err)
	}
	if _, err := io.WriteString(w, xml.Header+string(text)+"\n"); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	return nil
}

func (c *CitationResult) junit(path string) junitCase {
	test := junitCase{Name: clean(c.ID, longLine) + " " + c.shown(), Classname: path, File: fileOf(path, c.Position), Line: c.Line}
	verdict, why := c.verdict(), c.said(c.whyAndKept())
	if who := c.who(); who != "" {
		why += "; post: " + who
	}
	outcome := &junitOutcome{Message: joinColon(string(verdict), why), Type: string(verdict), Text: c.said(strings.Join(c.Reasons, " | "))}
	if where := place(c.Position); c.Line == 0 && where != "" {
		outcome.Text = joinColon(where, outcome.Text)
	}
	switch {
	case c.Fails():
		test.Failure = outcome
	case verdict == archive.Alive || verdict == archive.Moved || verdict == archive.Drifted:
		test.Output = outcome.Message
	default:
		test.Skipped = &junitOutcome{Message: outcome.Message}
	}
	return test
}

// Fails reports a citation that a job should fail on, see verify.Fails. One
// without a fetchable URL fails without a visit.
func (c *CitationResult) Fails() bool {
	if c.ignored() {
		return false
	}
	j := c.Judgement
	j.Verdict = c.verdict()
	return verify.Fails(j)
}

func joinColon(head, tail string) string {
	if head == "" {
		head = "not visited"
	}
	if tail == "" {
		return head
	}
	return head + ": " + tail
}
